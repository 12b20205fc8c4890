"""What an editor sent, beside what someone else saved meanwhile: three states of a form, compared and merged.

`base` is what the sender's form was filled in from (a version that was kept), `theirs` what is stored now, `mine`
what was sent. All three are put into the same shape, so that `archive.merging` can compare them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Model
from django.forms import Media
from django.http import QueryDict
from reversion.models import Revision, Version

from archive import body, restoring, versions
from archive.admin.forms import BodyWidget
from archive.admin.states import (
    ARTICLE_FIELDS,
    GONE,
    ISSUE_FIELDS,
    KEPT,
    LINE_FIELDS,
    State,
    article_state,
    cleaned_text,
    issue_state,
    note_presence,
    sent_article,
    sent_issue,
    unresolved,
)
from archive.merging import Difference, Verdict, differences, merged_order
from archive.models import Article, Issue
from archive.textdiff import DiffLine, compare

_OWN_KEYS = ("csrfmiddlewaretoken", "_decided")
_CHOOSE, _EDITED = "choose:", "edited:"


@dataclass(frozen=True, slots=True)
class Choice:
    """A difference as the page shows it."""

    difference: Difference
    label: str
    rows: list[DiffLine]
    is_body: bool = False
    can_be_edited: bool = False
    editor: str = ""
    chosen: str = ""
    before: str = ""

    @property
    def key(self) -> str:
        return self.difference.key

    @property
    def is_undecided(self) -> bool:
        return self.difference.verdict is Verdict.UNDECIDED


@dataclass(slots=True)
class Conflict:
    """Someone saved before the sender did, and their forms differ."""

    issue: Issue
    saved: Revision | None
    """The newest version: who saved, when, what."""
    choices: list[Choice]
    added: list[str]
    """Titles of articles that the other person added."""
    is_decided: bool
    is_incomplete: bool
    _post: QueryDict
    _theirs: State
    _mine: State

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Everything that was sent, to be sent again with the choices."""
        return carried(self._post, lambda key: key in _OWN_KEYS or key.startswith((_CHOOSE, _EDITED)))

    @property
    def media(self) -> Media:
        return BodyWidget().media if any(choice.is_body for choice in self.choices) else Media()

    def decided(self) -> QueryDict:
        """What is to be saved: the sent form with the chosen texts in it. Brings back articles that were kept."""
        values = {choice.key: self._value_of(choice) for choice in self.choices}
        post = self._post.copy()
        post["version"] = str(self.issue.version)
        for key, value in values.items():
            if key in post:
                post[key] = value
        if self._mine.order or self._theirs.order:
            self._write_articles(post, values)
        return post

    def _value_of(self, choice: Choice) -> str:
        if choice.chosen == "edited":
            return self._post.get(_EDITED + choice.key, "")
        return choice.difference.theirs if choice.chosen == "theirs" else choice.difference.mine

    def _write_articles(self, post: QueryDict, values: Mapping[str, str]) -> None:
        mine, theirs = self._mine, self._theirs
        gone = {
            key
            for key in {*mine.order, *theirs.order}
            if values.get(f"{key}.kept", mine.fields.get(f"{key}.kept", KEPT)) == GONE
        }
        for key in [
            key for key in mine.order if key.isdecimal() and key not in theirs.order and key not in gone
        ]:
            self._bring_back(int(key))
        order_of, other = (
            (theirs, mine) if values.get("order") == theirs.fields.get("order") else (mine, theirs)
        )
        order = merged_order(order_of.order, other.order, {*mine.order, *theirs.order} - gone)
        for key in [key for key in post if key.startswith("articles-")]:
            del post[key]
        lines = [*sorted((key for key in order if key.isdecimal()), key=int)]
        lines += [key for key in theirs.order if key in gone]
        post["articles-INITIAL_FORMS"] = str(len(lines))
        lines += [key for key in order if not key.isdecimal()]
        post["articles-TOTAL_FORMS"] = str(len(lines))
        for number, key in enumerate(lines):
            prefix = f"articles-{number}-"
            post[f"{prefix}id"] = key if key.isdecimal() else ""
            post[f"{prefix}issue"] = str(self.issue.pk)
            post[f"{prefix}position"] = str(order.index(key) + 1 if key in order else len(order) + 1 + number)
            for name in LINE_FIELDS:
                either = mine.fields.get(f"{key}.{name}", theirs.fields.get(f"{key}.{name}", ""))
                post[f"{prefix}{name}"] = values.get(f"{key}.{name}", either)
            if key in gone:
                post[f"{prefix}DELETE"] = "on"

    def _bring_back(self, pk: int) -> None:
        kept = Version.objects.get_for_object_reference(Article, pk).order_by("-pk").first()
        if kept is not None:
            restoring.bring_back(kept)


# --- Finding -------------------------------------------------------------------------------------------


def find(post: QueryDict, obj: Issue | Article, issue: Issue) -> Conflict | None:
    """Returns what stands between the sent form and a save, or None when nothing does.

    A form without a version (a program's, or one from before there were any) is saved as it is.
    """
    sent_version = post.get("version", "")
    if not sent_version.isdecimal() or int(sent_version) == issue.version:
        return None
    kept = versions.at_version(issue.pk, int(sent_version))
    stored = versions.current(issue)
    if isinstance(obj, Issue):
        theirs, mine = issue_state(stored), sent_issue(post)
        base = issue_state(kept) if kept else None
        note_presence(base, theirs, mine)
        found = differences(base.fields if base else None, theirs.fields, mine.fields)
        found = [unresolved(difference, kept, stored, base, mine) for difference in found]
    else:
        theirs, mine = article_state(stored, obj.pk), sent_article(post)
        base = article_state(kept, obj.pk) if kept and kept.article(obj.pk) else None
        found = differences(base.fields if base else None, theirs.fields, mine.fields)
    known = set(mine.order)
    added = [key for key in theirs.order if key not in known]
    if not added and all(difference.verdict is Verdict.MINE for difference in found):
        return None
    choices = [_choice(type(obj), difference, post, theirs, mine) for difference in found]
    was_asked = post.get("_decided") == str(issue.version)
    is_complete = all(choice.chosen for choice in choices)
    return Conflict(
        issue=issue,
        saved=versions.revisions_of(issue.pk).first(),
        choices=choices,
        added=[theirs.fields[f"{key}.title"] for key in added],
        is_decided=was_asked and is_complete,
        is_incomplete=was_asked and not is_complete,
        _post=post,
        _theirs=theirs,
        _mine=mine,
    )


def sent_texts(model: type[Model], post: QueryDict) -> list[tuple[str, str]]:
    """Labels and texts of what was sent, as a person reads them."""
    names = ISSUE_FIELDS if model is Issue else ARTICLE_FIELDS
    sent = {name: text for name in names if (text := post.get(name, ""))}
    if "body" in sent:
        sent["body"] = readable(cleaned_text(sent["body"]))
    return [(label_of(model, name), text) for name, text in sent.items()]


def carried(post: QueryDict, is_ours: Callable[[str], bool]) -> list[tuple[str, str]]:
    """Everything that was sent, to be sent again, but for what is ours."""
    return [(key, value) for key, values in post.lists() if not is_ours(key) for value in values]


def readable(html: str) -> str:
    """The visible text of a body, a line a paragraph."""
    return "\n".join(block.text for block in body.blocks_of(html))


def label_of(model: type[Model], name: str) -> str:
    """What editors call a field."""
    return str(getattr(model._meta.get_field(name), "verbose_name", name))


# --- As the page shows it ------------------------------------------------------------------------------


def _choice(
    model: type[Model], difference: Difference, post: QueryDict, theirs: State, mine: State
) -> Choice:
    chosen = post.get(_CHOOSE + difference.key, "")
    if not chosen and difference.verdict is not Verdict.UNDECIDED:
        chosen = difference.verdict.value
    is_body = difference.key == "body"
    old, new = difference.theirs, difference.mine
    if is_body:
        old, new = readable(old), readable(new)
    elif difference.key == "order":
        old, new = _titles(old, theirs), _titles(new, mine)
    before = difference.base or ""
    can_be_edited = not difference.key.endswith(".kept") and difference.key != "order"
    return Choice(
        difference,
        _label(model, difference.key, theirs, mine),
        compare(old, new),
        is_body=is_body,
        can_be_edited=can_be_edited,
        editor=_editor(difference, post) if can_be_edited else "",
        chosen=chosen,
        before=readable(before) if is_body else "" if difference.key == "order" else before,
    )


def _editor(difference: Difference, post: QueryDict) -> str:
    name = _EDITED + difference.key
    value = post.get(name, difference.mine)
    if difference.key == "body":
        return str(BodyWidget().render(name, value, {"id": "id_edited_body"}))
    return value


def _titles(order: str, state: State) -> str:
    return "\n".join(
        f"{place}. {state.fields.get(f'{key}.title', '')}" for place, key in enumerate(order.splitlines(), 1)
    )


def _label(model: type[Model], key: str, theirs: State, mine: State) -> str:
    if key == "order":
        return "文章的次序"
    member, _, name = key.rpartition(".")
    if not member:
        return label_of(model, key)
    title = theirs.fields.get(f"{member}.title") or mine.fields.get(f"{member}.title", "")
    if name == "kept":
        return f"是否保留《{title}》"
    return f"文章《{title}》的{label_of(Article, name)}"

"""A form as plain texts: what was sent, what is stored, and what both started from, in one shape to compare."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.http import QueryDict

from archive import body, versions
from archive.admin.forms import IssueForm
from archive.merging import Difference, Verdict
from archive.refusal import ImportRefused
from archive.versions import ARTICLE_FIELDS as ARTICLE_FIELDS
from archive.versions import ISSUE_FIELDS as ISSUE_FIELDS

LINE_FIELDS = ("section", "title", "source")
"""What the form of an issue shows of its articles."""
KEPT, GONE = "保留", "删除"


@dataclass(frozen=True, slots=True)
class State:
    """A form as plain texts: fields by key, and the keys of its articles in order."""

    fields: dict[str, str]
    order: list[str] = field(default_factory=list)


def _plain(value: object) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def issue_state(kept: versions.Snapshot) -> State:
    fields = {name: _plain(kept.issue[name]) for name in ISSUE_FIELDS}
    order = [str(article["id"]) for article in kept.articles]
    for article in kept.articles:
        fields |= {f"{article['id']}.{name}": _plain(article[name]) for name in LINE_FIELDS}
    return State(fields, order)


def sent_issue(post: QueryDict) -> State:
    fields = {name: _sent(name, post.get(name, "")) for name in ISSUE_FIELDS if name in post}
    placed: list[tuple[int, str]] = []
    total = post.get("articles-TOTAL_FORMS", "0")
    for number in range(int(total) if total.isdecimal() else 0):
        prefix = f"articles-{number}-"
        pk = post.get(f"{prefix}id", "")
        if not pk and not post.get(f"{prefix}title", "").strip():
            continue
        key = pk or f"new{number}"
        fields |= {f"{key}.{name}": _plain(post.get(f"{prefix}{name}", "")) for name in LINE_FIELDS}
        fields[f"{key}.kept"] = GONE if post.get(f"{prefix}DELETE") else KEPT
        position = post.get(f"{prefix}position", "")
        placed.append((int(position) if position.isdecimal() else 10**6, key))
    return State(fields, [key for _, key in sorted(placed, key=lambda pair: pair[0])])


def note_presence(base: State | None, theirs: State, mine: State) -> None:
    """Says in all three which articles are kept, and their order as far as all three have them."""
    shared = [key for key in mine.order if key in theirs.order and (base is None or key in base.order)]
    for state in filter(None, (base, theirs)):
        for key in mine.order:
            if key.isdecimal():
                state.fields[f"{key}.kept"] = KEPT if key in state.order else GONE
    shared = [key for key in shared if mine.fields[f"{key}.kept"] == KEPT]
    for state in filter(None, (base, theirs, mine)):
        state.fields["order"] = "\n".join(key for key in state.order if key in shared)


def unresolved(
    difference: Difference,
    kept: versions.Snapshot | None,
    stored: versions.Snapshot,
    base: State | None,
    mine: State,
) -> Difference:
    """One deleted what the other was writing: that is for a person to decide, whoever deleted it."""
    key, _, name = difference.key.partition(".")
    if name != "kept" or kept is None or base is None:
        return difference
    before = kept.article(int(key))
    now = stored.article(int(key))
    if difference.mine == KEPT:
        is_touched = any(
            mine.fields[f"{key}.{name}"] != base.fields.get(f"{key}.{name}") for name in LINE_FIELDS
        )
    else:
        is_touched = bool(before and now) and any(before[name] != now[name] for name in ARTICLE_FIELDS)  # type: ignore[index]
    if not is_touched:
        return difference
    return replace(difference, verdict=Verdict.UNDECIDED)


def article_state(kept: versions.Snapshot, pk: int) -> State:
    article = kept.article(pk) or {}
    return State({name: _plain(article.get(name)) for name in ARTICLE_FIELDS})


def sent_article(post: QueryDict) -> State:
    return State({name: _sent(name, post.get(name, "")) for name in ARTICLE_FIELDS if name in post})


def clean_beforehand(post: QueryDict) -> None:
    """Reads the texts of an article's form before anything is locked: `clean` and `blocks_of` remember."""
    for name in ("body", "edited:body"):
        if name in post:
            body.blocks_of(cleaned_text(post.get(name, "").strip()))


def cleaned_text(html: str) -> str:
    """A sent text as it would be stored; nothing when the form will refuse it."""
    try:
        return body.clean(html) if len(html) <= body.MAX_BODY else ""
    except ImportRefused:
        return ""


def _sent(name: str, value: str) -> str:
    """A sent value as it would be stored, so that it compares equal when nothing was changed."""
    if name == "body":
        return cleaned_text(value).strip()
    if name.endswith("_date"):
        return _sent_day(name, value.strip())
    return _plain(value)


def _sent_day(name: str, value: str) -> str:
    """A day as the form will read it; what it can not read as it was sent."""
    try:
        return _plain(IssueForm.base_fields[name].clean(value))
    except ValidationError:
        return value

"""What a change makes of an issue, by itself: kept while it waits, then laid on the issue as that is by then.

    before, after ─ delta_of ─► Delta ─ as_json ─► stored … from_json ─► merged(delta, issue now) ─► issue with it

Each changed value is kept with the one that it takes the place of: where the issue has neither, someone else changed
the same meanwhile, and a person has to look.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from archive.merging import merged_order
from archive.models import Article, Issue
from archive.versions import ARTICLE_CONTENT, ISSUE_FIELDS, Snapshot, Values

Fields = dict[str, list[Any]]
"""Field → its value before and after."""


@dataclass(slots=True)
class Delta:
    """What differs between two states of an issue.

    Articles are named by their ids as texts, as JSON has them; one that is new has a negative id, which it loses
    when it is stored.
    """

    issue: Fields = field(default_factory=dict)
    articles: dict[str, Fields] = field(default_factory=dict)
    added: list[dict[str, Any]] = field(default_factory=list)
    removed: list[dict[str, Any]] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)
    """Figures that come back with a restored text."""
    places_before: dict[str, int] = field(default_factory=dict)
    places_after: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Titles, as they were, of articles that are changed; of all, when they change places."""

    def __bool__(self) -> bool:
        return (
            bool(self.issue or self.articles or self.added or self.removed or self.figures)
            or self.places_before != self.places_after
        )

    @property
    def only_article(self) -> int | None:
        """The id of the article that is all it changes; None when there is more, or another kind of change."""
        more = self.issue or self.added or self.removed or self.places_before != self.places_after
        return int(next(iter(self.articles))) if len(self.articles) == 1 and not more else None


def delta_of(before: Snapshot, after: Snapshot, known: Iterable[int]) -> Delta:
    """Returns what makes `after` of `before`. `known` are ids of articles that were stored once: others are new."""
    was = {values["id"]: values for values in before.articles}
    now = {values["id"]: values for values in after.articles}
    new = (pk for pk in now if pk not in was and pk not in set(known))
    ids = {pk: pk for pk in {**was, **now}} | {pk: -number for number, pk in enumerate(new, 1)}
    figures = {values["id"] for values in before.figures}
    changed = {str(pk): _changed(was[pk], now[pk], ARTICLE_CONTENT) for pk in now if pk in was}
    changed = {key: fields for key, fields in changed.items() if fields}
    is_moved = any(was[pk]["position"] != now[pk]["position"] for pk in now if pk in was)
    return Delta(
        _changed(before.issue, after.issue, ISSUE_FIELDS),
        changed,
        [_article(values, ids[pk]) for pk, values in now.items() if pk not in was],
        [_article(values, pk) for pk, values in was.items() if pk not in now],
        [dict(values) for values in after.figures if values["id"] not in figures],
        {str(ids[pk]): values["position"] for pk, values in was.items()},
        {str(ids[pk]): values["position"] for pk, values in now.items()},
        {
            str(pk): values["title"]
            for pk, values in was.items()
            if pk in now and (is_moved or str(pk) in changed)
        },
    )


def seen_by_author(delta: Delta) -> tuple[Snapshot, Snapshot]:
    """Returns what is changed as it was when it was proposed, and as it is proposed; nothing else of the issue.

    For a page that lays them side by side, also when the issue is another one by now.
    """
    old = [_partly(delta, key, 0) for key in delta.names] + delta.removed
    new = [_partly(delta, key, 1) for key in delta.names] + delta.added
    issues = [{name: pair[place] for name, pair in delta.issue.items()} for place in (0, 1)]
    before, after = (tuple(sorted(rows, key=lambda row: row["position"])) for rows in (old, new))
    return Snapshot(issues[0], before, ()), Snapshot(issues[1], after, ())


def _partly(delta: Delta, key: str, place: int) -> dict[str, Any]:
    """An article with nothing but its title, its place and what is changed; `place` 0 is before, 1 after."""
    positions = (delta.places_before, delta.places_after)[place]
    changed = {name: pair[place] for name, pair in delta.articles.get(key, {}).items()}
    return {"id": int(key), "position": positions[key], "title": delta.names[key]} | changed


def as_json(delta: Delta) -> dict[str, Any]:
    """Returns the delta as it is stored; an empty one as nothing."""
    return asdict(delta) if delta else {}


def from_json(stored: Mapping[str, Any]) -> Delta:
    """Returns the delta that was stored."""
    return Delta(**stored)


@dataclass(frozen=True, slots=True)
class Merged:
    """An issue with a delta laid on it, and what stands against that, in words for editors."""

    snapshot: Snapshot
    obstacles: list[str]


def merged(delta: Delta, now: Snapshot) -> Merged:
    """Returns the issue as it is `now` with the change made. What someone else changed otherwise stays as it is."""
    obstacles: list[str] = []
    issue = {**now.issue, **_laid(delta.issue, now.issue, Issue, "这一期", obstacles)}
    articles = {values["id"]: dict(values) for values in now.articles}
    for key, fields in delta.articles.items():
        pk = int(key)
        if pk not in articles:
            obstacles.append("改的那一篇已经删除了")
            continue
        name = f"《{articles[pk]['title']}》"
        articles[pk] |= _laid(fields, articles[pk], Article, name, obstacles)
    for values in delta.removed:
        there = articles.get(values["id"])
        if there is None:
            continue
        if any(there[name] != values[name] for name in ARTICLE_CONTENT):
            obstacles.append(f"《{there['title']}》要删除，但后来改过")
        else:
            del articles[values["id"]]
    for values in delta.added:
        if values["id"] in articles:
            obstacles.append(f"《{values['title']}》已经在这一期里了")
        else:
            articles[values["id"]] = dict(values)
    for pk, position in _places(delta, now, articles, obstacles).items():
        articles[pk]["position"] = position
    ordered = sorted(articles.values(), key=lambda values: values["position"])
    known = {values["id"] for values in now.figures}
    figures = [*now.figures, *(values for values in delta.figures if values["id"] not in known)]
    snapshot = replace(now, issue=issue, articles=tuple(ordered), figures=tuple(figures))
    return Merged(snapshot, obstacles)


def _changed(old: Values, new: Values, names: Iterable[str]) -> Fields:
    pairs = {name: [_plain(old[name]), _plain(new[name])] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _article(values: Values, pk: int) -> dict[str, Any]:
    return {"id": pk, "issue_id": values["issue_id"], "position": values["position"]} | {
        name: values[name] for name in ARTICLE_CONTENT
    }


def _laid(
    fields: Fields, now: Values, model: type[Issue | Article], name: str, obstacles: list[str]
) -> dict[str, Any]:
    """Returns the new values of the fields that nobody else changed; notes the others."""
    laid = {}
    for key, (old, new) in fields.items():
        if _plain(now[key]) not in (old, new):
            obstacles.append(f"{name}的{model._meta.get_field(key).verbose_name}后来改过")  # type: ignore[union-attr]
        else:
            laid[key] = model._meta.get_field(key).to_python(new)  # type: ignore[union-attr]
    return laid


def _places(
    delta: Delta, now: Snapshot, articles: Mapping[int, Values], obstacles: list[str]
) -> dict[int, int]:
    """Returns the positions of the articles: as proposed when they are what they were, else joined with the others'."""
    current = {str(values["id"]): values["position"] for values in now.articles}
    if delta.places_before == delta.places_after:
        return {int(key): position for key, position in current.items()}
    wanted = {str(pk) for pk in articles}
    if current == delta.places_before and wanted == delta.places_after.keys():
        return {int(key): position for key, position in delta.places_after.items()}
    before, after, there = map(_by_place, (delta.places_before, delta.places_after, current))
    shared = set(before) & set(after) & set(there)
    start, mine, theirs = ([key for key in order if key in shared] for order in (before, after, there))
    if mine == start and wanted == current.keys():
        return {int(key): position for key, position in current.items()}
    if mine != start and theirs not in (start, mine):
        obstacles.append("文章的次序后来也调过")
    first, second = (after, there) if mine != start else (there, after)
    return {int(key): place for place, key in enumerate(merged_order(first, second, wanted), 1)}


def _by_place(places: Mapping[str, int]) -> list[str]:
    return sorted(places, key=lambda key: places[key])

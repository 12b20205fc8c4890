"""The glossary out of a CSV or .xlsx file into the database and back. One transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from archive import audit
from archive.refusal import ImportRefused
from glossary.editing import pairs_of, words_changed
from glossary.matching import form_of
from glossary.models import Alias, Term, TermQuerySet
from glossary.slugs import free_slug
from glossary.table import GlossaryRefused, TermRow, read_table, write_table, write_table_for_editors

SHIPPED: Path = settings.BASE_DIR / "fixtures" / "glossary.csv"
"""The vocabulary that comes with the site."""


class ImportResult(NamedTuple):
    """How many terms an import made, changed, found as they were, and deleted."""

    created: int
    changed: int
    unchanged: int
    deleted: int


class ChangedTerm(NamedTuple):
    """A term that an import changes: what it is and what it would be."""

    before: TermRow
    after: TermRow

    @property
    def more(self) -> tuple[str, ...]:
        """Aliases that it gains."""
        return tuple(alias for alias in self.after.aliases if alias not in self.before.aliases)

    @property
    def fewer(self) -> tuple[str, ...]:
        """Aliases that it loses."""
        return tuple(alias for alias in self.before.aliases if alias not in self.after.aliases)


class ImportPlan(NamedTuple):
    """What an import would do."""

    created: list[TermRow]
    changed: list[ChangedTerm]
    unchanged: int
    deleted: list[str]
    """Names of terms."""

    @property
    def does_nothing(self) -> bool:
        return not (self.created or self.changed or self.deleted)


def import_glossary(path: Path = SHIPPED, *, replace: bool = False) -> ImportResult:
    """Stores the terms of a CSV or .xlsx file, or raises GlossaryRefused and stores nothing.

    A term that is there already (by its name) gets the file's kind, its note if it has one, and its aliases
    on top of its own; nothing is deleted. With `replace` the glossary becomes what the file says: other
    terms, aliases and notes go.
    """
    return import_rows(read_table(path), path, replace=replace)


def import_rows(rows: list[TermRow], path: Path, *, replace: bool = False) -> ImportResult:
    """As `import_glossary`, for rows that were read already; `path` is what errors call their file."""
    with transaction.atomic():
        stored = _stored(lock=True)
        plan = _plan(rows, stored, path, replace=replace)
        _carry_out(plan, stored)
    return ImportResult(len(plan.created), len(plan.changed), plan.unchanged, len(plan.deleted))


def plan_import(rows: list[TermRow], path: Path, *, replace: bool = False) -> ImportPlan:
    """Returns what `import_rows` would do, or raises GlossaryRefused as it would. Stores nothing."""
    return _plan(rows, _stored(), path, replace=replace)


def export_glossary(terms: TermQuerySet | None = None) -> str:
    """Returns terms (all, when None) as the CSV text that `import_glossary` reads, in the order of their making."""
    return write_table(_rows(terms))


def export_for_editors(terms: TermQuerySet | None = None) -> str:
    """As `export_glossary`, with headings and kinds in Chinese."""
    return write_table_for_editors(_rows(terms))


def _rows(terms: TermQuerySet | None) -> Iterable[TermRow]:
    chosen = Term.objects.all() if terms is None else terms
    return (_row(term) for term in chosen.order_by("pk").prefetch_related("aliases"))


def _row(term: Term) -> TermRow:
    return TermRow(0, term.name, term.kind, tuple(alias.text for alias in term.aliases.all()), term.note)


def _stored(*, lock: bool = False) -> dict[str, Term]:
    terms = Term.objects.prefetch_related("aliases")
    return {term.name: term for term in (terms.select_for_update() if lock else terms)}


def _plan(rows: list[TermRow], stored: dict[str, Term], path: Path, *, replace: bool) -> ImportPlan:
    if faults := list(_faults(rows, {} if replace else stored, path)):
        raise GlossaryRefused(faults)
    changed = []
    for row in rows:
        if term := stored.get(row.name):
            own = _row(term)
            wanted = row if replace else _added_to(own, row)
            if not _is_same(own, wanted):
                changed.append(ChangedTerm(own, wanted))
    created = [row for row in rows if row.name not in stored]
    names = {row.name for row in rows}
    deleted = [name for name in stored if name not in names] if replace else []
    return ImportPlan(created, changed, len(rows) - len(created) - len(changed), deleted)


def _is_same(one: TermRow, other: TermRow) -> bool:
    return (one.kind, one.note, one.aliases) == (other.kind, other.note, other.aliases)


def _faults(rows: list[TermRow], stored: dict[str, Term], path: Path) -> Iterable[ImportRefused]:
    """Names that come twice, and writings that would belong to two terms."""
    owners = {
        form_of(text): (name, "词库里") for name, term in stored.items() for text in _row(term).writings
    }
    lines: dict[str, int] = {}
    for row in rows:
        if row.name in lines:
            message = f"词条“{row.name}”在第 {lines[row.name]} 行已经有了。请把两行合成一行"
            yield ImportRefused(message, path=path, line=row.line)
            continue
        lines[row.name] = row.line
        for text in row.writings:
            owner, place = owners.setdefault(form_of(text), (row.name, f"第 {row.line} 行"))
            if owner != row.name:
                message = (
                    f"“{text}”已经是词条“{owner}”（{place}）的写法，不能再属于“{row.name}”。"
                    "一个写法只能属于一个词条：请从其中一个删除"
                )
                yield ImportRefused(message, path=path, line=row.line)


def _carry_out(plan: ImportPlan, stored: dict[str, Term]) -> None:
    gone = [stored[name].pk for name in plan.deleted]
    gone_pairs = pairs_of(gone)
    Term.objects.filter(pk__in=gone).delete()
    _create(plan.created)
    for term in plan.changed:
        _change(stored[term.before.name], term)
    if not plan.does_nothing:
        words_changed(gone=gone_pairs)
        counts = (
            f"导入：新建 {len(plan.created)} 个，修改 {len(plan.changed)} 个，删除 {len(plan.deleted)} 个"
        )
        audit.note("words_changed", "词库", detail=counts)


def _create(rows: list[TermRow]) -> None:
    taken = set(Term.objects.values_list("slug", flat=True))
    terms: list[Term] = []
    for row in rows:
        term = Term(name=row.name, kind=row.kind, note=row.note, slug=free_slug(row.name, taken))
        taken.add(term.slug)
        terms.append(term)
    Term.objects.bulk_create(terms)
    Alias.objects.bulk_create(
        Alias(term=term, text=text) for term, row in zip(terms, rows, strict=True) for text in row.aliases
    )


def _added_to(own: TermRow, row: TermRow) -> TermRow:
    """What a stored term becomes with `row` on top of it."""
    return row._replace(aliases=tuple(dict.fromkeys(own.aliases + row.aliases)), note=row.note or own.note)


def _change(term: Term, change: ChangedTerm) -> None:
    own, wanted = change.before, change.after
    Term.objects.filter(pk=term.pk).update(kind=wanted.kind, note=wanted.note, updated_at=timezone.now())
    kept = len(own.aliases)
    if wanted.aliases[:kept] != own.aliases:
        term.aliases.all().delete()
        kept = 0
    Alias.objects.bulk_create(Alias(term=term, text=text) for text in wanted.aliases[kept:])

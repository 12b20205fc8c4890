"""The glossary out of a CSV file into the database and back. One transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import replace as changed_copy
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from archive.refusal import ImportRefused
from glossary.editing import pairs_of, words_changed
from glossary.matching import form_of
from glossary.models import Alias, Term, TermQuerySet
from glossary.slugs import free_slug
from glossary.table import GlossaryRefused, TermRow, read_table, write_table

SHIPPED: Path = settings.BASE_DIR / "fixtures" / "glossary.csv"
"""The vocabulary that comes with the site."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many terms an import made, changed, found as they were, and deleted."""

    created: int
    changed: int
    unchanged: int
    deleted: int


@dataclass(frozen=True, slots=True)
class ChangedTerm:
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


@dataclass(frozen=True, slots=True)
class ImportPlan:
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
    """Stores the terms of a CSV file, or raises GlossaryRefused and stores nothing.

    A term that is there already (by its name) gets the file's kind, its note if it has one, and its aliases
    on top of its own; nothing is deleted. With `replace` the glossary becomes what the file says: other
    terms, aliases and notes go.
    """
    return import_rows(read_table(path), path, replace=replace)


def import_rows(rows: list[TermRow], path: Path, *, replace: bool = False) -> ImportResult:
    """As `import_glossary`, for rows that were read already; `path` is what errors call their file."""
    with transaction.atomic():
        stored = _stored(lock=True)
        _refuse(rows, stored, path, replace=replace)
        return _store(rows, stored, replace=replace)


def plan_import(rows: list[TermRow], path: Path, *, replace: bool = False) -> ImportPlan:
    """Returns what `import_rows` would do, or raises GlossaryRefused as it would. Stores nothing."""
    stored = _stored()
    _refuse(rows, stored, path, replace=replace)
    changed = []
    for row in rows:
        if term := stored.get(row.name):
            wanted = row if replace else _added_to(term, row)
            if not _is_same(_row(term), wanted):
                changed.append(ChangedTerm(_row(term), wanted))
    created = [row for row in rows if row.name not in stored]
    names = {row.name for row in rows}
    deleted = [name for name in stored if name not in names] if replace else []
    return ImportPlan(created, changed, len(rows) - len(created) - len(changed), deleted)


def export_glossary(terms: TermQuerySet | None = None) -> str:
    """Returns terms (all, when None) as the CSV text that `import_glossary` reads, in the order of their making."""
    terms = Term.objects.all() if terms is None else terms
    return write_table(_row(term) for term in terms.order_by("pk").prefetch_related("aliases"))


def _row(term: Term) -> TermRow:
    return TermRow(0, term.name, term.kind, tuple(alias.text for alias in term.aliases.all()), term.note)


def _stored(*, lock: bool = False) -> dict[str, Term]:
    terms = Term.objects.prefetch_related("aliases")
    return {term.name: term for term in (terms.select_for_update() if lock else terms)}


def _refuse(rows: list[TermRow], stored: dict[str, Term], path: Path, *, replace: bool) -> None:
    faults = list(_faults(rows, {} if replace else stored, path))
    if faults:
        raise GlossaryRefused(faults)


def _is_same(one: TermRow, other: TermRow) -> bool:
    return (one.kind, one.note, one.aliases) == (other.kind, other.note, other.aliases)


def _faults(rows: list[TermRow], stored: dict[str, Term], path: Path) -> Iterable[ImportRefused]:
    """Names that come twice, and writings that would belong to two terms."""
    owners = {form_of(text): (name, "库里") for name, term in stored.items() for text in _row(term).writings}
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
                    "一个写法只能属于一个词条：请从其中一个删去"
                )
                yield ImportRefused(message, path=path, line=row.line)


def _store(rows: list[TermRow], stored: dict[str, Term], *, replace: bool) -> ImportResult:
    names = {row.name for row in rows}
    gone = [term.pk for name, term in stored.items() if name not in names] if replace else []
    gone_pairs = pairs_of(gone)
    Term.objects.filter(pk__in=gone).delete()
    created = _create([row for row in rows if row.name not in stored])
    changed = 0
    for row in rows:
        if term := stored.get(row.name):
            changed += _change(term, row if replace else _added_to(term, row))
    if created or changed or gone:
        words_changed(gone=gone_pairs)
    return ImportResult(created, changed, len(rows) - created - changed, len(gone))


def _create(rows: list[TermRow]) -> int:
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
    return len(terms)


def _added_to(term: Term, row: TermRow) -> TermRow:
    """What a stored term becomes with `row` on top of it."""
    own = _row(term)
    return changed_copy(
        row, aliases=tuple(dict.fromkeys(own.aliases + row.aliases)), note=row.note or own.note
    )


def _change(term: Term, wanted: TermRow) -> bool:
    """Makes a stored term what `wanted` says. Returns whether it was anything else."""
    own = _row(term)
    if _is_same(own, wanted):
        return False
    Term.objects.filter(pk=term.pk).update(kind=wanted.kind, note=wanted.note, updated_at=timezone.now())
    kept = len(own.aliases)
    if wanted.aliases[:kept] != own.aliases:
        term.aliases.all().delete()
        kept = 0
    Alias.objects.bulk_create(Alias(term=term, text=text) for text in wanted.aliases[kept:])
    return True

"""Compares the index with the database, article by article and issue by issue, and mends what differs.

    database ─ published(), prepared, hashed ─┐
                                              ├─► differences (pure) ─► Comparison ─► mend
    index ─ the hashes that it holds ─────────┘

It takes no lock: saves and searches go on while it looks. What changed after the state of the index that it compares
is no difference: the outbox tells, it is on its way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from archive.issue_text import with_section_names
from archive.models import Article, Issue
from glossary.current import look_again
from glossary.vocabulary import current_vocabulary
from search.engines.base import Held
from search.engines.documents import Kind, digest
from search.engines.registry import current_engine
from search.indexing import outbox, sync
from search.indexing.apply_changes import BATCH, NOT_ITS_FAULT
from search.search_indexes import ArticleIndex, IssueIndex


class Expected(NamedTuple):
    """A published article as the index should hold it."""

    year: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the index differs from the database, by ids of articles (of issues in `issues`), ascending."""

    missing: tuple[int, ...] = ()
    """Published and not in the index: nobody finds them."""
    stale: tuple[int, ...] = ()
    """In the index as they once were, or with terms that the glossary no longer has."""
    duplicated: tuple[int, ...] = ()
    """In the index more than once."""
    drafts: tuple[int, ...] = ()
    """In the index, in the archive, and not for members to see."""
    surplus: tuple[int, ...] = ()
    """In the index and no longer in the archive."""
    unknown: int = 0
    """Documents of the index that can not be told to be an article or an issue."""
    waiting: int = 0
    """Articles whose change is noted and not in the index yet; that is no difference."""
    years: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Year → articles in the database, and in the index; the newest first."""
    issues: tuple[int, ...] = ()
    """Whose own words are not in the index as they are, or are there and should not be."""

    @property
    def differing(self) -> set[int]:
        """The articles to index again."""
        return {*self.missing, *self.stale, *self.duplicated, *self.drafts, *self.surplus}

    @property
    def is_equal(self) -> bool:
        """Whether the index is what the database says, but for what is waiting."""
        return not self.differing and not self.issues and not self.unknown

    def to_json(self) -> dict[str, Any]:
        """Everything, as `check_index --json` prints it."""
        years = {
            str(year): {"database": in_database, "index": in_index}
            for year, (in_database, in_index) in self.years.items()
        }
        return {"equal": self.is_equal, **asdict(self), "years": years}


def differences(
    expected: Mapping[int, Expected],
    documents: Iterable[Held],
    *,
    hidden: Collection[int] = (),
    waiting: Collection[int] = (),
    kind: Kind = "article",
) -> Comparison:
    """Compares what the index should hold of a kind with what it holds. Pure.

    `hidden` are articles of the archive that members may not see, `waiting` those whose change is under way.

    >>> from search.engines.documents import DocumentId
    >>> wanted = {1: Expected(2025, b"a"), 2: Expected(2025, b"b"), 3: Expected(2024, b"c")}
    >>> held = [Held(DocumentId("article", pk), 2025, made) for pk, made in [(1, b"a"), (2, b"old"), (4, b"d")]]
    >>> found = differences(wanted, held, hidden={4})
    >>> found.missing, found.stale, found.drafts, found.years
    ((3,), (2,), (4,), {2025: (2, 3), 2024: (1, 0)})
    """
    digests: dict[int, list[bytes]] = {}
    years: Counter[int] = Counter()
    unknown = 0
    for document in documents:
        if document.id is None:
            unknown += 1
        elif document.id.kind == kind:
            years[document.year] += 1
            digests.setdefault(document.id.pk, []).append(document.digest)
    wanted_years = Counter(article.year for article in expected.values())
    settled = {*expected, *digests} - {*waiting}
    several = {article for article in settled if len(digests.get(article, ())) > 1 and article in expected}
    not_wanted = settled - expected.keys()
    return Comparison(
        missing=_ordered(settled - digests.keys()),
        stale=_ordered(
            article
            for article in (settled & expected.keys() & digests.keys()) - several
            if digests[article] != [expected[article].digest]
        ),
        duplicated=_ordered(several),
        drafts=_ordered(not_wanted & {*hidden}),
        surplus=_ordered(not_wanted - {*hidden}),
        unknown=unknown,
        waiting=len({*waiting}),
        years={
            year: (wanted_years[year], years[year]) for year in sorted({*wanted_years, *years}, reverse=True)
        },
    )


def compare() -> Comparison:
    """Compares the live index with the database. Raises IndexUnavailable when no index can answer.

    The order matters: index, database, outbox. Whatever the database shows and this state of the index does not,
    changed after it, and then the outbox has it by now.
    """
    state, contents = current_engine().contents()
    documents = [*contents]
    look_again()
    index = ArticleIndex()
    expected = _expected(index, index.index_queryset().iterator(chunk_size=BATCH))
    expected_issues = _expected(IssueIndex(), with_section_names(IssueIndex().index_queryset()))
    held = {document.id.pk for document in documents if document.id and document.id.kind == "article"}
    hidden = set(Article.objects.filter(pk__in=held - expected.keys()).values_list("pk", flat=True))
    changed = outbox.beyond(state.position) if state.position else outbox.Waiting([], set(), "", None)
    articles = differences(expected, documents, hidden=hidden, waiting=changed.articles)
    issues = differences(expected_issues, documents, waiting=changed.issues, kind="issue")
    return replace(articles, issues=_ordered(issues.differing))


def mend(found: Comparison) -> Comparison:
    """Brings what differs into the index, and compares again.

    Only what differs is read and written; a document that is neither article nor issue means a new index.
    """
    if found.unknown:
        sync.rebuild()
    else:
        sync.index_again(found.differing, found.issues)
    return compare()


def _expected(index: ArticleIndex | IssueIndex, rows: Iterable[Article | Issue]) -> dict[int, Expected]:
    terms = current_vocabulary()
    expected = {}
    for row in rows:
        is_article = isinstance(row, Article)
        try:
            prepared = index.full_prepare(row)
            made_from = digest(prepared, terms.find(prepared["text"]) if is_article else ())
        except NOT_ITS_FAULT:
            raise
        except Exception:  # noqa: BLE001 - whatever is wrong with it: it can not be in the index as it is
            made_from = b""
        issue = row.issue if isinstance(row, Article) else row
        expected[row.pk] = Expected(issue.end_date.year, made_from)
    return expected


def _ordered(ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(ids))

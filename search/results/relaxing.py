"""What holds some of the words of a query that nothing answers: grouped by how many, and what each result lacks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from glossary.folding import fold
from glossary.vocabulary import Vocabulary, current_vocabulary, without
from search.engines.base import IndexQuery
from search.engines.registry import current_engine
from search.query.parting import QUESTION_WORDS, is_only_asking
from search.query.query import Query
from search.query.tree import And, Leaf, Most, Node, Some, Where
from search.text.analysis import TermFinder

MOST_WORDS = 32
"""Words of a relaxed query that are looked up: who pastes a page means its beginning."""


@dataclass(frozen=True)
class Group:
    """The articles that hold the same number of the words."""

    held: int
    count: int
    node: Node


@dataclass(frozen=True)
class Relaxed:
    """A query of which only some words are asked for."""

    words: tuple[Leaf, ...]
    node: Node
    """What the results hold, whatever the conditions."""
    terms: Vocabulary
    """What the words were cut by."""
    groups: tuple[Group, ...] = ()
    """Those that hold the most first, none of them empty; without any, the best results come first."""
    is_cut: bool = False
    """Whether there are more words than are looked up."""

    @property
    def held(self) -> str:
        """Returns how many of the words the results hold: `2`, `3 个或 2`, `5 到 3`."""
        most, least = self.groups[0].held, self.groups[-1].held
        return str(most) if most == least else f"{most} 个{'或' if most - least == 1 else '到'} {least}"


def relax(query: Query, conditions: Sequence[Node]) -> Relaxed | None:
    """Returns what holds some of the words of `query`, and all that was asked for besides; None when nothing does.

    Words that were typed one by one are counted: the results are groups of those that hold the same number, at least
    half. A sentence is cut into words by us, and not all of them say the same: its results hold most of their weight.
    Only what was asked for as words is let go: exclusions, fields, quotations, dates and `conditions` hold.
    """
    typed = [leaf for leaf in query.plain if not _asks_nothing(leaf)]
    if not typed or query.tree is None:
        return None
    are_held = current_engine().counts(typed)
    terms = _without_empty_terms([leaf for leaf, held in zip(typed, are_held, strict=True) if not held])
    cut = [[leaf] if held else _units(leaf, terms) for leaf, held in zip(typed, are_held, strict=True)]
    found = [*dict.fromkeys(word for words in cut for word in words if not _asks_nothing(word))]
    words = tuple(found[:MOST_WORDS])
    children = query.tree.children if isinstance(query.tree, And) else (query.tree,)
    rest = [child for child in children if child not in query.plain]
    is_cut = len(found) > MOST_WORDS
    if not all(len(units) == 1 for units in cut):
        node = _all(Most(tuple(typed), None if terms is current_vocabulary() else terms), rest)
        return Relaxed(words, node, terms, is_cut=is_cut) if words and _count([node], conditions)[0] else None
    numbers = range(len(words) - 1, -(-len(words) // 2) - 1, -1)
    nodes = [_all(Some(words, number, number), rest) for number in numbers]
    groups = tuple(
        Group(number, count, node)
        for number, count, node in zip(numbers, _count(nodes, conditions), nodes, strict=True)
        if count
    )
    node = _all(Some(words, numbers[-1], numbers[0]), rest) if groups else query.tree
    return Relaxed(words, node, terms, groups, is_cut) if groups else None


def _count(nodes: Sequence[Node], conditions: Sequence[Node]) -> list[int]:
    return current_engine().counts([_all(node, conditions) for node in nodes])


def missing(words: Sequence[Leaf], ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Returns for each article which of `words` it does not hold."""
    here = Where("pk", "in", tuple(ids))
    held = [
        {
            document.pk
            for document in current_engine().search(IndexQuery(And((here, word)), ("pk",))).documents
        }
        for word in words
    ]
    return {
        pk: tuple(word.text for word, holders in zip(words, held, strict=True) if pk not in holders)
        for pk in ids
    }


def _all(node: Node, rest: Sequence[Node]) -> Node:
    return And((node, *rest)) if rest else node


def _asks_nothing(word: Leaf) -> bool:
    return fold(word.text) in QUESTION_WORDS or is_only_asking(word.text)


def _without_empty_terms(leaves: Sequence[Leaf]) -> Vocabulary:
    """The glossary but for the terms of `leaves` that nothing holds.

    A term may be new: its first article is still a draft, and what is near it is all that members can find.
    """
    vocabulary = current_vocabulary()
    terms = {
        unit.text: unit.term for leaf in leaves for unit in leaf.units(vocabulary) if unit.term is not None
    }
    held = current_engine().counts([Leaf(text) for text in terms]) if terms else []
    empty = frozenset(term for term, count in zip(terms.values(), held, strict=True) if not count)
    return without(vocabulary, empty) if empty else vocabulary


def _units(leaf: Leaf, terms: TermFinder) -> list[Leaf]:
    """The words of a leaf, as they stand in it; of a date, or of a single word, the leaf itself."""
    if leaf.is_exact:
        return [leaf]
    folded = fold(leaf.text)
    texts = []
    for unit in leaf.units(terms):
        at = folded.find(fold(unit.text))
        texts.append(leaf.text[at : at + len(unit.text)] if at >= 0 else unit.text)
    return [Leaf(text) for text in texts] if len(texts) > 1 else [leaf]

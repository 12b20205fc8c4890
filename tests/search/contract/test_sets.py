"""Every engine finds what reading every article finds."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from archive.models import Article
from glossary.vocabulary import current_vocabulary
from search.engines.base import Engine, Unsupported
from search.engines.database import ScannedArticle, matches
from search.engines.ranking import LEAST_SHARE, NEAR_BEST
from search.query.parser import parse
from search.query.tree import And, Leaf, Most, Node, Some
from search.text.analysis import squeeze
from search.text.runs import run_to_find, runs_of_text
from tests.search.contract.asking import SEED, found, queries, scanned
from tests.search.contract.conftest import Kind
from tests.tiers import nightly


@pytest.mark.slow
@pytest.mark.usefixtures("trade_archive")
@pytest.mark.parametrize(("every", "every_without_index"), [nightly(1, 1), (4, 32)])
def test_typed_queries_find_what_reading_every_article_finds(
    kind: Kind, engine: Engine, every: int, every_without_index: int
) -> None:
    """An engine without an index reads every article for each query, as the test does: it is asked few of them."""
    archive, each = scanned(), every if kind.has_index else every_without_index
    nodes = [
        node for query in queries()[::each] if (node := parse(query, current_vocabulary()).effective_tree)
    ]
    assert len(nodes) > 400 // each
    expected = [{a.values["pk"] for a in archive if matches(node, a)} for node in nodes]
    wrong = {}
    for node, ids in zip(nodes, expected, strict=True):
        documents = found(engine, node)
        if ({*documents}, len(documents)) != (ids, len(ids)):
            wrong[repr(node)] = {*documents} ^ ids
    assert wrong == {}
    assert engine.counts(nodes) == [len(ids) for ids in expected]
    assert sum(map(bool, expected)) > 300 // each


@pytest.mark.usefixtures("trade_archive")
def test_relaxed_queries_find_what_holds_most_of_the_words(kind: Kind, engine: Engine) -> None:
    archive = scanned()
    loose = [tree for query in queries() if (tree := _loosened(query, Most))]
    assert len(loose) > 250
    if not kind.has_index:
        with pytest.raises(Unsupported, match="does not weigh words"):
            engine.counts(loose[:1])
        return
    for tree in loose:
        surely, perhaps = _hold_most(tree, archive)
        assert surely <= {*found(engine, tree)} <= perhaps, tree


def _loosened(text: str, node: Callable[[tuple[Leaf, ...]], Node]) -> Node | None:
    """The query with its words let go, and nothing else."""
    query = parse(text, current_vocabulary())
    if not query.plain or query.tree is None:
        return None
    children = query.tree.children if isinstance(query.tree, And) else (query.tree,)
    return And((node(query.plain), *(child for child in children if child not in query.plain)))


@pytest.mark.slow
@pytest.mark.usefixtures("trade_archive")
def test_some_of_the_words_are_held_by_what_reading_every_article_finds(engine: Engine) -> None:
    archive = scanned()
    texts = ["英伟达 HBM 台积电 亏损", "光刻 量产 -台积电", "title:台积电 先进封装 良率 产能", "甲 乙 丙"]
    for text in texts:
        for number in range(1, 5):
            node = _loosened(text, lambda words, number=number: Some(words, number, number))  # type: ignore[misc]
            assert node
            expected = {article.values["pk"] for article in archive if matches(node, article)}
            assert {*found(engine, node)} == expected
            assert engine.counts([node]) == [len(expected)]
    everything = _loosened(texts[0], lambda words: Some(words, 1, 4))
    assert everything
    assert len(found(engine, everything)) > 50


def _hold_most(tree: Node, archive: Sequence[ScannedArticle]) -> tuple[set[int], set[int]]:
    """What holds more than the least share of the words' weight, and what may by a rounding of it."""
    most, *rest = tree.children if isinstance(tree, And) else (tree,)
    assert isinstance(most, Most)
    units = most.units(current_vocabulary())
    holders = [
        {a.values["pk"] for a in archive if any(a.texts[""].words.issuperset(form) for form in unit.forms)}
        for unit in units
    ]
    weights = [math.log(len(archive) / (len(ids) + 1)) + 1 for ids in holders]
    share: Counter[int] = Counter()
    for ids, weight in zip(holders, weights, strict=True):
        for pk in ids:
            share[pk] += weight / sum(weights)  # type: ignore[assignment]
    least = max(LEAST_SHARE, NEAR_BEST * max(share.values(), default=0))
    allowed = {a.values["pk"] for a in archive if all(matches(node, a) for node in rest)}
    return (
        {pk for pk, held in share.items() if held > least + 1e-5} & allowed,
        {pk for pk, held in share.items() if held > least - 1e-5} & allowed,
    )


@pytest.mark.usefixtures("demo_archive")
def test_any_run_of_characters_is_found_and_whole_codes_are_told_from_parts(engine: Engine) -> None:
    chance = random.Random(SEED)
    texts = {a.pk: "\n".join(map(squeeze, a.text.splitlines())) for a in Article.objects.published()}
    pieces = [chance.choice([*texts.values()]) for _ in range(300)]
    starts = [(text, chance.randrange(len(text))) for text in pieces]
    runs = {
        text[start : start + chance.choice([1, 2, 3, 5, 9, 30])].split("\n")[0].strip()
        for text, start in starts
    }
    held = engine.containing(runs)
    assert held.keys() == runs
    as_joined = {pk: runs_of_text(text) for pk, text in texts.items()}
    assert {run: {*ids} for run, ids in held.items()} == {
        run: {pk for pk, text in as_joined.items() if run and run_to_find(run) in text} for run in runs
    }
    codes = {word for text in texts.values() for word in re.findall("[a-z]{2,}|[0-9]{2,}", text)}
    codes |= {code[:-1] for code in codes}
    whole = engine.containing(codes, whole=True)
    for code, ids in whole.items():
        other = "[a-z]" if code[0].isalpha() else "[0-9]"
        pattern = re.compile(f"(?<!{other}){code}(?!{other})")
        assert {*ids} == {
            pk for pk, text in texts.items() if pattern.search(text) or pattern.search(as_joined[pk])
        }, code

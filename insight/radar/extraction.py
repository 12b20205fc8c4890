"""Reads the newest articles for words that the glossary lacks, and counts them in the whole archive."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from django.core.cache import cache

from archive.models import Article
from glossary.current import current_revision
from glossary.matching import Matcher, form_of
from glossary.models import Term
from glossary.vocabulary import Vocabulary, current_vocabulary
from insight.models import IgnoredWord
from insight.radar import latin
from insight.radar.candidate import Candidate, Example
from insight.radar.han import Word, find_words, without_terms
from insight.radar.signs import reads_as_person
from insight.radar.stopping import stop_words
from search.engines.base import IndexUnavailable
from search.indexing import visible
from search.text import analysis
from search.text.analysis import TermFinder, TermMatch
from search.text.cutter import first_tag

READ_ARTICLES = 1000
"""The newest articles, which are read: about two years of a weekly digest. Older words are no news."""
MAX_TEXT = 200_000
"""Characters of one text that are read: six weeks in one."""
KEPT = 300
"""Candidates that are counted and shown at most."""
EXAMPLES = 3
AROUND = 24
"""Characters of an example on either side of the word."""
RISE_WEEKS = 4
KEPT_SECONDS = 3600

_KINDS = {"person": Term.Kind.PERSON, "company": Term.Kind.COMPANY, "product": Term.Kind.PRODUCT}
_SIGN_WEIGHTS = {"company": 1.0, "person": 2.0, "gloss": 2.0, "list": 1.5, "product": 1.5}


@dataclass
class _Found:
    """A word in the texts that were read."""

    writings: Counter[str] = field(default_factory=Counter)
    places: list[tuple[int, int, int]] = field(default_factory=list)
    """Article, start, end."""
    kind: str = Term.Kind.TECHNOLOGY
    evidence: float = 0.0

    @property
    def count(self) -> int:
        return len(self.places)


def candidates() -> Sequence[Candidate]:
    """Returns what the newest articles hold and the glossary lacks, the most likely first.

    Kept until the archive or the glossary changes; ignored words are left out at once.
    """
    return _without_ignored(_latest())


def unknown_words(text: str) -> list[Candidate]:
    """Returns the words of one text (its first MAX_TEXT characters), published or not, that the glossary lacks.

    They come in the order of the text, with examples out of it. What the archive gives away as a word is one here
    too, even where this text alone would not show it. Kept until archive, index or glossary change; ignored words
    are left out at once.
    """
    text = text[:MAX_TEXT]
    vocabulary = current_vocabulary()
    try:
        with visible.pinned() as index:
            state = f"{index.content} {current_revision()}"
    except IndexUnavailable:  # without an index there is no state to cache by
        return _without_ignored(_read_one(text, vocabulary))
    key = f"insight.radar:{hashlib.sha256(f'{state} {text}'.encode()).hexdigest()}"
    found: list[Candidate] = cache.get_or_set(key, lambda: _read_one(text, vocabulary), KEPT_SECONDS)  # type: ignore[assignment]
    return _without_ignored(found)


def _read_one(text: str, vocabulary: Vocabulary) -> list[Candidate]:
    found = _find([(0, text)], vocabulary)
    squeezed = analysis.squeeze(text)
    known = {c.form: c for c in _latest() if c.form in squeezed}
    own = _counted({form: word for form, word in found.items() if form not in known}, {0: text}, vocabulary)
    here = sorted([*known.values(), *own], key=lambda candidate: squeezed.find(candidate.form))
    return [replace(candidate, examples=examples) for candidate, examples in _with_examples(here, text)]


def _with_examples(found: Sequence[Candidate], text: str) -> Iterator[tuple[Candidate, Sequence[Example]]]:
    """Yields each candidate with its first uses in the text, one for each line."""
    places: dict[int, dict[int, TermMatch]] = defaultdict(dict)
    for match in Matcher({candidate.form: number for number, candidate in enumerate(found)}).find(text):
        places[match.term].setdefault(text.count("\n", 0, match.start), match)
    for number, candidate in enumerate(found):
        matches = list(places[number].values())[:EXAMPLES]
        yield candidate, [Example(None, "", "", *_around(text, match.start, match.end)) for match in matches]


def _without_ignored(found: Iterable[Candidate]) -> list[Candidate]:
    ignored = set(IgnoredWord.objects.values_list("form", flat=True))
    return [candidate for candidate in found if candidate.form not in ignored]


def _latest() -> Sequence[Candidate]:
    vocabulary = current_vocabulary()
    try:
        with visible.pinned() as index:
            state = index.content
    except IndexUnavailable:  # without an index there is no state to cache by
        return _read.__wrapped__("", vocabulary)
    return _read(state, vocabulary)


@lru_cache(maxsize=1)
def _read(state: str, vocabulary: Vocabulary) -> Sequence[Candidate]:
    """Returns the candidates; keeps them for one state of index and glossary, for all threads of a process."""
    newest = Article.objects.published().order_by("-issue__end_date", "-pk")[:READ_ARTICLES]
    texts = {article.pk: article.text for article in newest.iterator(chunk_size=500)}
    found = _find(texts.items(), vocabulary)
    likely = dict(sorted(found.items(), key=lambda item: -_likelihood(item[1]))[:KEPT])
    return sorted(_counted(likely, texts, vocabulary), key=lambda candidate: -candidate.score)


# --- Finding -------------------------------------------------------------------------------------------


def _find(texts: Iterable[tuple[int, str]], vocabulary: Vocabulary) -> dict[str, _Found]:
    """Returns the words found, in Han and in Latin letters, by form."""
    pairs = list(texts)
    terms = _FoundTerms(vocabulary)
    firms = {pk for pk, term in vocabulary.terms.items() if term.kind == Term.Kind.COMPANY}
    found: dict[str, _Found] = defaultdict(_Found)
    for word in find_words(pairs, terms, firms):
        entry = found[form_of(word.text)]
        entry.kind, entry.evidence = _kind(word), _evidence(word)
    for article, text in pairs:
        masked = without_terms(text, terms, firms)
        for start, end in latin.find_codes(text, terms):
            entry = found[form_of(text[start:end])]
            kind = latin.kind_of(
                text[start:end], masked[max(0, start - AROUND) : start], masked[end : end + AROUND]
            )
            if kind != Term.Kind.TECHNOLOGY or not entry.count:  # one place that says more is enough
                entry.kind = kind
            entry.evidence = _latin_evidence(text[start:end])
            entry.writings[text[start:end]] += 1
            entry.places.append((article, start, end))
    _place(found, pairs)
    left_out = vocabulary.matcher.writings.keys() | stop_words() | _surnames(vocabulary)
    return {form: word for form, word in found.items() if word.count and form and form not in left_out}


def _surnames(vocabulary: Vocabulary) -> set[str]:
    """The last words of the people whom the glossary knows: after `Ada Example` a text says `Example`."""
    people = [term for term in vocabulary.terms.values() if term.kind == Term.Kind.PERSON]
    names = [writing.split() for term in people for writing in term.writings]
    return {form_of(words[-1]) for words in names if len(words) > 1}


class _FoundTerms:
    """A cache of the glossary's terms in texts that are read twice."""

    def __init__(self, terms: TermFinder) -> None:
        self._terms = terms
        self._found: dict[str, Sequence[TermMatch]] = {}

    def find(self, text: str) -> Sequence[TermMatch]:
        found = self._found.get(text)
        if found is None:
            found = self._found[text] = self._terms.find(text)
        return found


def _place(found: Mapping[str, _Found], texts: list[tuple[int, str]]) -> None:
    """Finds where the Han words stand: their search gave only how often, and in folded text."""
    forms = [form for form, word in found.items() if not word.places]
    if not forms:
        return
    matcher = Matcher({form: number for number, form in enumerate(forms)})
    for article, text in texts:
        for match in matcher.find(text):
            word = found[forms[match.term]]
            word.writings[text[match.start : match.end]] += 1
            word.places.append((article, match.start, match.end))


def _kind(word: Word) -> str:
    seen = {kind: word.signs[sign] for sign, kind in _KINDS.items()}
    best = max(seen, key=seen.__getitem__)
    if seen[best] >= word.count / 4:
        return best
    if reads_as_person(word.text, first_tag(word.text)):
        return Term.Kind.PERSON
    return Term.Kind.COMPANY if word.signs["firms"] >= word.count / 4 else Term.Kind.TECHNOLOGY


def _evidence(word: Word) -> float:
    """Returns a score between 0 and about 2: how often signs of a name are near the word, and how free it is."""
    signs = sum(weight * word.signs[sign] for sign, weight in _SIGN_WEIGHTS.items())
    return min(signs / word.count, 2) + min(word.freedom, 3) / 6


def _latin_evidence(name: str) -> float:
    """Returns the score of a Latin name: codes and names of two words are hardly ever anything else."""
    return 1.5 if len(name) > latin.SHORT and (latin.is_code(name) or " " in name) else 1.0


def _likelihood(word: _Found) -> float:
    articles = len({article for article, _, _ in word.places})
    often = math.log2(articles + 0.5 * (word.count - articles) + 0.5)  # under 1 for what stands there once
    return (0.1 + word.evidence) * often


# --- Counting ------------------------------------------------------------------------------------------


def _counted(
    found: Mapping[str, _Found], texts: Mapping[int, str], vocabulary: Vocabulary
) -> list[Candidate]:
    rows = Article.objects.published().values_list("pk", "issue__end_date", "title")
    dates = {pk: date for pk, date, _ in rows}
    titles = {pk: title for pk, _, title in rows}
    newest = max(dates.values(), default=dt.date.min)
    try:
        held = visible.containing(found, whole=True)
    except IndexUnavailable:
        held = {form: sorted({article for article, _, _ in word.places}) for form, word in found.items()}
    counted = []
    for form, word in found.items():
        text = word.writings.most_common(1)[0][0]
        weeks_ago = [(newest - dates[pk]).days // 7 for pk in held[form] if pk in dates]
        recent = sum(weeks < RISE_WEEKS for weeks in weeks_ago)
        earlier = sum(RISE_WEEKS <= weeks < 2 * RISE_WEEKS for weeks in weeks_ago)
        counted.append(
            Candidate(
                text=text,
                form=form,
                kind=str(word.kind),
                pieces=tuple(analysis.words(text, vocabulary)),
                count=word.count,
                articles=len(held[form]),
                recent=recent,
                earlier=earlier,
                score=_likelihood(word) * (1 + max(0, recent - earlier) / (1 + recent + earlier)),
                examples=[
                    Example(
                        article, titles[article], str(dates[article]), *_around(texts[article], start, end)
                    )
                    for article, start, end in _of_different_articles(word.places)
                    if article in titles
                ],
            )
        )
    return counted


def _of_different_articles(places: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    first: dict[int, tuple[int, int, int]] = {}
    for place in places:
        first.setdefault(place[0], place)
    return list(first.values())[:EXAMPLES]


def _around(text: str, start: int, end: int) -> tuple[str, str, str]:
    """Returns what is before a word in its line, the word, and what is behind it."""
    before, after = text[max(start - AROUND, 0) : start], text[end : end + AROUND]
    return before.rpartition("\n")[2], text[start:end], after.partition("\n")[0]

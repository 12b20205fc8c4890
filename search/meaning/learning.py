"""Learns the archive's meaning anew when articles or glossary have changed: a task of the worker."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from archive.models import Article
from glossary.models import Term
from glossary.vocabulary import current_vocabulary
from search.meaning import store
from search.meaning.lsa import learn
from search.text import TEXT_VERSION
from search.text.analysis import term_token, words

VERSION = 3
"""Raise it by one when the same articles become another model."""
BATCH = 200


def bring_up_to_date() -> bool:
    """Learns what there is now, unless that is what the model was made of. Returns whether it learnt."""
    seen = _new_hash()
    for _ in _articles(seen):
        pass
    if store.current_name() == seen.hexdigest() and store.load(seen.hexdigest()):
        return False
    seen = _new_hash()
    space = learn(_texts(seen))
    if space is not None:
        store.save(seen.hexdigest(), space)
    return space is not None


def _new_hash() -> hashlib.blake2b:
    """A hash that names the model: everything that it is made of goes into it."""
    seen = hashlib.blake2b(repr((VERSION, TEXT_VERSION)).encode(), digest_size=12)
    terms = Term.objects.order_by("pk").prefetch_related("aliases")
    for term in terms:
        made_from = (term.pk, term.name, term.note, [alias.text for alias in term.aliases.all()])
        seen.update(repr(made_from).encode("utf-8", "surrogatepass"))
    return seen


def _articles(seen: hashlib.blake2b) -> Iterator[Article]:
    for article in Article.objects.published().order_by("pk").iterator(chunk_size=BATCH):
        made_from = (article.pk, article.title, article.body, article.source)
        seen.update(repr(made_from).encode("utf-8", "surrogatepass"))
        yield article


def _texts(seen: hashlib.blake2b) -> Iterator[tuple[int, Counter[str]]]:
    """Each article with its words. What the glossary notes of a term counts as said wherever the term is named.

    So an article of `Wolfspeed` is near to `碳化硅厂商` too, in words that it need not use. A note says a word once,
    however often it stands there; the notes of terms that a note names stay out (they put 手机 and 电脑 into all).
    """
    vocabulary = current_vocabulary()
    rows = Term.objects.exclude(note="").order_by("pk").values_list("pk", "note")
    notes = {term_token(pk): sorted(set(words(note, vocabulary))) for pk, note in rows}
    for article in _articles(seen):
        named = Counter(words(article.text, vocabulary))
        counts = named.copy()
        for token, times in named.items():
            for word in notes.get(token, ()):
                counts[word] += times
        yield article.pk, counts

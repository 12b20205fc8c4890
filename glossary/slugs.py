"""Makes readable addresses for terms. Pure."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Container
from functools import cache

from glossary.folding import HAN, fold
from glossary.pinyin import lazy_pinyin, load_phrases_dict

MAX_LENGTH = 80
_HAN_RUN = re.compile(f"[{HAN}]+")
_SPOKEN = {"+": "plus", "&": "and", "#": "sharp"}
"""Marks that are spelled out, or two names would share an address: C++ and C, N+2 and N2."""


def slug_of(name: str) -> str:
    """Returns the address of a term: Latin as it is, Han as pinyin; "term" when nothing is left of the name.

    >>> [slug_of(name) for name in ("台積電", "SK海力士", "CoWoS-L", "2.5D封装", "N+2", "长江存储")]
    ['taijidian', 'sk-hailishi', 'cowos-l', '2-5d-fengzhuang', 'nplus2', 'changjiangcunchu']
    """
    spelt = _HAN_RUN.sub(lambda run: f" {_pinyin_of(run[0])} ", fold(name))
    for mark, word in _SPOKEN.items():
        spelt = spelt.replace(mark, word)
    ascii_only = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode("ascii")
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:MAX_LENGTH].strip("-")
    return slug or "term"


def _pinyin_of(phrase: str) -> str:
    """Returns the pinyin of the word as a phrase: `长江` is changjiang, though `长` alone is zhang."""
    _load_phrases()
    return "".join(lazy_pinyin(phrase))


@cache
def _load_phrases() -> None:
    """Loads pypinyin's phrases only when a term is added: they take 43 MB, so `glossary.pinyin` turns them off."""
    from pypinyin.phrases_dict import phrases_dict

    load_phrases_dict(phrases_dict)


def free_slug(name: str, taken: Container[str]) -> str:
    """Returns the address of a term that no other term has: the second one gets `-2`.

    >>> free_slug("台积电", {"taijidian"})
    'taijidian-2'
    """
    slug = slug_of(name)
    numbered = (f"{slug}-{number}" for number in itertools.count(2))
    return next(slug for slug in itertools.chain([slug], numbered) if slug not in taken)

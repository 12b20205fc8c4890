"""How Chinese words are spoken, in pinyin without tones: `台积电` → `taijidian`, `tjd`. Pure.

pypinyin's table of phrases knows which of two readings a phrase has (`重庆` is chongqing), and takes 43 MB of a worker
(`glossary.pinyin` leaves it out). Who searches by sound is served better by both: a word is found as either.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice, product

from glossary.pinyin import Style, pinyin

READINGS = 2
"""Of a character. pypinyin has the usual ones first; the third and later ones are rare or archaic."""
MAX_SOUNDS = 32
"""Of a word: five characters that are read in two ways. Nobody types a longer one by its sound alone."""


def sounds_of(word: str) -> list[str]:
    """Returns the pinyin of a word in one run, in each way that it may be read; the usual one of each character first.

    >>> sounds_of("台积"), sounds_of("SK海力士")
    (['taiji'], ['SKhailishi'])
    """
    return _spoken(word, Style.NORMAL)


def initials_of(word: str) -> list[str]:
    """Returns the first letters of its syllables, in each way that it may be read.

    >>> initials_of("台积电"), initials_of("重庆")
    (['tjd'], ['zq', 'cq'])
    """
    return _spoken(word, Style.FIRST_LETTER)


@lru_cache(maxsize=10_000)
def sound_of(character: str) -> str:
    """Returns the pinyin of one character as it is usually read; what is not Chinese stays as it is.

    >>> sound_of("长"), sound_of("G")
    ('zhang', 'G')
    """
    return sounds_of(character)[0]


def _spoken(word: str, style: Style) -> list[str]:
    readings = [
        list(dict.fromkeys(syllable))[:READINGS] for syllable in pinyin(word, style=style, heteronym=True)
    ]
    return list(dict.fromkeys(islice(map("".join, product(*readings)), MAX_SOUNDS)))

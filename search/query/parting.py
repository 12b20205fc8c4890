"""What parts one stretch of a query into words: `、`, and `和` between two names; and what is only the asking. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.text import analysis
from search.text.analysis import TermFinder

QUESTION_WORDS = frozenset(
    "哪些 哪 哪个 哪家 哪里 什么 什么样 什么时候 时候 何时 怎么 怎么样 怎样 如何 为什么 为何 多少 几 吗 呢 吧 啊 "
    "的 了 是 是否 有 有没有 在 和 与 及 跟 对 把 被 会 能 要 都 就 还 也 谁 请问 告诉 我 我们 情况 一下".split()
)
"""Words of a question that say nothing of what is asked about."""
JOINING = ("和", "与", "及", "以及", "跟", "and", "vs", "vs.")
"""Between two words, each set off by spaces, they ask for nothing."""
EITHER = ("OR", "or", "或", "或者", "还是", "|", "||")
"""Between two words: one of them will do."""
_LOOSE = "和与及的、"
"""Beside a date in a sentence, these go with neither side."""
_COMMA = re.compile("[、､]")
_JOINT = re.compile("以及|[和与與及跟]|(?<![A-Za-z0-9])vs[.]?(?![A-Za-z0-9])", re.IGNORECASE)
_EITHER = re.compile("或者?|还是")
_DATE = re.compile(
    r"(?<!\d)\d{1,4}\s?(?:年(?:\s?\d{1,4}\s?月(?:份|\s?\d{1,4}\s?[日号])?)?|月(?:份|\s?\d{1,4}\s?[日号])?)"
)
_CODE = "[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]"
_IS_CODE = re.compile(rf"{_CODE}+(?:-{_CODE}+)*")
_ENDS_IN_CODE = re.compile(rf"{_CODE}$")
_BEGINS_WITH_CODE = re.compile(_CODE)

_OPENING = (
    "请问|请教|请告诉我|告诉我|我想知道|我想了解|想知道|想了解|想问一下|想问|介绍一下|什么是|什么叫|什么样的|什么|为什么|"
    "为何|怎么样|怎么|怎样|如何|有哪些|哪些|谁是|是否|是不是|有没有|关于|有关"
)
_CLOSING = (
    "是什么意思|什么意思|是什么|有什么|什么样|什么|是谁|有哪些|是哪些|哪些|怎么样了|怎么样|怎么回事|怎样|如何|为什么|"
    "吗|呢|吧|呀|啊|的(?:相关)?(?:文章|报道|新闻|消息|信息|情况)"
)
_ASKED_FIRST = re.compile(rf"(?:{_OPENING})++")
_ASKED_LAST = re.compile(rf"(?:{_CLOSING})*+[？?]*+$")
_ONLY_ASKED = re.compile(rf"(?:{_OPENING}|{_CLOSING})++[？?！!。]*")


def is_only_asking(word: str) -> bool:
    """Returns whether a word says nothing of what is asked about.

    >>> is_only_asking("请问"), is_only_asking("有哪些？"), is_only_asking("哪吒")
    (True, True, False)
    """
    return _ONLY_ASKED.fullmatch(word) is not None


def without_asking(word: str, terms: TermFinder, *, is_first: bool, is_last: bool) -> tuple[int, int]:
    """Returns where the words lie that a question is about; all of it where nothing would be left.

    >>> start, end = without_asking("什么是混合键合？", analysis.NO_TERMS, is_first=True, is_last=True)
    >>> "什么是混合键合？"[start:end]
    '混合键合'
    """
    opening = _ASKED_FIRST.match(word) if is_first else None
    start = opening.end() if opening else 0
    closing = _ASKED_LAST.search(word, start) if is_last else None
    end = closing.start() if closing and closing.group() else len(word)
    if (start, end) == (0, len(word)) or not analysis.has_word(word[start:end]):
        return 0, len(word)
    if any(match.start < start < match.end or match.start < end < match.end for match in terms.find(word)):
        return 0, len(word)
    return start, end


def is_written_date(word: str) -> bool:
    """Returns whether a word is a date in figures: it means something as a whole, and nothing in pieces."""
    return _DATE.fullmatch(word) is not None


def parted(word: str, terms: TermFinder) -> list[tuple[int, int]]:
    """Returns where the parts of a word lie that are to be asked for one by one.

    A date in a word (`2024年3月`) is a part of its own. `、` parts wherever both sides hold a word; `和`, `与` and
    `及` only between two names, each a term of the glossary or a code: not in 和舰, nor in 与非门. `或` is a part of
    its own where nothing but names stands around it: in `英伟达或收购Arm` it says something else.

    >>> [("HBM、CoWoS和Foveros"[start:end]) for start, end in parted("HBM、CoWoS和Foveros", analysis.NO_TERMS)]
    ['HBM', 'CoWoS', 'Foveros']
    >>> parted("SLC与非门", analysis.NO_TERMS)
    [(0, 6)]
    """
    gaps = sorted([*_gaps(word, terms), *_around_either(word, terms), *_around_dates(word)])
    starts, ends = [0, *(end for _, end in gaps)], [*(start for start, _ in gaps), len(word)]
    spans = zip(starts, ends, strict=True)
    parts = [(start, end) for start, end in spans if analysis.has_word(word[start:end])]
    return parts if len(parts) > 1 else [(0, len(word))]


def _around_dates(word: str) -> Iterator[tuple[int, int]]:
    for date in _DATE.finditer(word):
        before, after = word[: date.start()], word[date.end() :]
        yield len(before.rstrip(_LOOSE)), date.start()
        yield date.end(), len(word) - len(after.lstrip(_LOOSE))


def _around_either(word: str, terms: TermFinder) -> Iterator[tuple[int, int]]:
    joints = [*_EITHER.finditer(word)]
    if not joints:
        return
    starts, ends = [0, *(joint.end() for joint in joints)], [*(joint.start() for joint in joints), len(word)]
    names = {(name.start, name.end) for name in terms.find(word)}
    if all(
        (start, end) in names or _IS_CODE.fullmatch(word, start, end)
        for start, end in zip(starts, ends, strict=True)
    ):
        for joint in joints:
            yield joint.start(), joint.start()
            yield joint.end(), joint.end()


def _gaps(word: str, terms: TermFinder) -> Iterator[tuple[int, int]]:
    joints = [*_JOINT.finditer(word)]
    commas = [*_COMMA.finditer(word)]
    if not joints and not commas:  # nearly always
        return
    names = terms.find(word)
    begins, ends = {name.start for name in names}, {name.end for name in names}
    for gap in sorted([*joints, *commas], key=lambda found: found.start()):
        start, end = gap.span()
        if any(name.start <= start < name.end for name in names):
            continue
        is_comma = word[start] in "、､"
        is_after_name = start in ends or _ENDS_IN_CODE.search(word[:start])
        is_before_name = end in begins or _BEGINS_WITH_CODE.match(word, end)
        if is_comma or (is_after_name and is_before_name):
            yield start, end

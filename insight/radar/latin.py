"""Finds product codes and names in Latin letters that the glossary does not know. Pure.

A Chinese text writes in Latin letters what has no Chinese name: `S5000C-E`, `Panther Lake`, `Lennart Heim`, `PDK`.
So nearly every such run is a name, and the work is to leave out the others: quantities, dates, addresses, plain
English, and what trade papers write of every company (`CEO`, `Q3`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from glossary.folding import fold
from insight.radar.signs import COMPANY_ENDINGS, FIRM_MASK, TITLE_BEFORE, is_among_firms
from search.text.analysis import TermFinder
from search.text.quantities import find_quantities

_CODE = re.compile(r"[A-Za-z0-9]+(?:[.+\-&_'’/][A-Za-z0-9]+)*(?:\+{1,2}(?![A-Za-z0-9]))?")
_ADDRESS = re.compile(
    r"(?:https?://|www\.|[\w.-]+@)\S+|\b[\w-]+\.(?:com|cn|net|org|io|ai|html?)\b\S*", re.IGNORECASE
)
_HAS_LETTER = re.compile(r"[A-Za-z]")
_HAS_DIGIT = re.compile(r"\d")
_ACRONYM = re.compile(r"[A-Z][A-Z&.\-]*[A-Z]s?")
_CAPITALISED = re.compile(r"[A-Z][A-Za-z'’\-]*[a-z][A-Za-z'’\-]*|[a-z]{1,2}[A-Z][A-Za-z]+")
_LOWER_BEFORE, _LOWER_AFTER = re.compile("[a-z] "), re.compile(" [a-z]")
_JOINED = re.compile(r" (?=[A-Z0-9])")
"""Between two words of one name."""
_UNITS = (
    "x k m b g t w v s h nm um mm cm km hz khz mhz ghz thz kb mb gb tb pb kbps mbps gbps tbps gt mt kw "
    "mw gw kwh mwh gwh mah ah kv mv ma ms ns us ps fps ppm ppi dpi bit bits byte tops tflops pflops "
    "eflops flops kg usd rmb nit nits th st nd rd d wpm wph kwpm db dbm lm pcs cc l mp"
).split()
_UNIT = re.compile(rf"[\d.,+\-/]+(?:{'|'.join(_UNITS)})(?:/[swh])?", re.IGNORECASE)
_DATE = re.compile(
    r"[a-z]+(?:19|20)\d\d|(?:\d{2,4})?[qh][1-4](?:\d{2,4})?|[1-4][qh](?:\d{2,4})?(?:fy\d+)?|[cf]y\d{2,4}|\d{1,2}[ap]m",
    re.IGNORECASE,
)
_COMMON = frozenset(
    (
        "PC KB GB TB MB CEO CFO CTO COO CMO CIO CSO EVP SVP VP IPO GDP CPI PMI CAGR YOY QOQ MOM ROE EPS PE PB "
        "TTM ESG ETF OK VS PS PPT PDF APP ID TV US USA UK EU UN IT HR PR IR QA FAQ A B C D E F G H I J K L M "
        "N O P Q R S T U V W X Y Z II III IV VI VII AM PM ST NEWS INC LTD CORP CO LLC THE AND FOR OF IN ON AT "
        "TO BY WITH FROM IS ARE AS OR NOT NEW NO"
    ).split()
)
_COMPANIES = (
    "Inc Corp Ltd Co LLC Limited Corporation Technology Technologies Semiconductor Semiconductors Systems "
    "Group Holdings Lab Labs Capital"
)
_SUFFIX = re.compile(rf"\b(?:{_COMPANIES.replace(' ', '|')})\.?\Z")
_PERSON_AFTER = re.compile(r"\s*(?:博士|先生|女士|教授|院士)|\s*(?:的分析|的观点|出任|接任|辞去|卸任)")
_FIRM_AFTER = re.compile(
    r"\s?(?:公司|集团|宣布|推出|公告|股价|财报|营收|净利|市值|旗下|官网|总部|首席|董事长|总裁|收购|递交)"
)
_GLOSS_OF_FIRM = re.compile(rf"(?:{'|'.join(COMPANY_ENDINGS)}|{FIRM_MASK})\s?[(（]\Z")
MAX_WORDS = 4
SHORT = 3
"""Characters of a code that many makers use: `R1`, `V3`."""

Span = tuple[int, int]


def find_codes(text: str, terms: TermFinder) -> Iterator[Span]:
    """Yields where codes and names stand that are no part of a term of the glossary, `text[start:end]`.

    >>> from search.text.analysis import NO_TERMS
    >>> text = "Lennart Heim说，3nm的S5000C-E在Q3上市，CEO不评论"
    >>> [text[start:end] for start, end in find_codes(text, NO_TERMS)]
    ['Lennart Heim', 'S5000C-E']
    """
    taken = [(match.start, match.end) for match in terms.find(text)]
    taken += [(quantity.start, quantity.end) for quantity in find_quantities(fold(text))]
    taken += [match.span() for match in _ADDRESS.finditer(text)]
    taken.sort()
    name: list[re.Match[str]] = []
    for code in _CODE.finditer(text):
        if name and (len(name) == MAX_WORDS or not _joins(text, name[-1], code)):
            yield from _name(text, name, taken)
            name = []
        if any(start < code.end() and code.start() < end for start, end in taken) or not _is_name_like(
            code.group()
        ):
            yield from _name(text, name, taken)
            name = []
            continue
        name.append(code)
    yield from _name(text, name, taken)


def is_code(name: str) -> bool:
    """Whether a name is a product code rather than the name of someone: `S5000C-E`, `MI450`."""
    return _HAS_DIGIT.search(name) is not None


def kind_of(name: str, before: str = "", after: str = "") -> str:
    """Guesses what a Latin name is a name of: a kind of term.

    `before` and `after` are folded, with terms of the glossary masked. Only what is said of a company (`宣布`, listed
    beside one, the English of one) makes a name one: an English phrase in brackets has its capitals for show.

    >>> kind_of("S5000C-E"), kind_of("Fictional Semiconductor"), kind_of("HVM")
    ('product', 'company', 'technology')
    >>> kind_of("Compute Tray", "运算匣("), kind_of("Ada Example", "项目经理"), kind_of("Fictor", "", "宣布扩产")
    ('technology', 'person', 'company')
    """
    if is_code(name):
        return "product"
    if _SUFFIX.search(name):
        return "company"
    if _ACRONYM.fullmatch(name):
        return "technology"
    if TITLE_BEFORE.search(before) or _PERSON_AFTER.match(after):
        return "person"
    is_firm = _FIRM_AFTER.match(after) or is_among_firms(before, after) or _GLOSS_OF_FIRM.search(before)
    return "company" if is_firm else "technology"


def _joins(text: str, earlier: re.Match[str], later: re.Match[str]) -> bool:
    """Whether two codes are words of one name: `Panther Lake`, `Ultra 300`."""
    between = text[earlier.end() : later.start()]
    return between == " " and _JOINED.match(text, earlier.end()) is not None


def _is_name_like(code: str) -> bool:
    if code.upper() in _COMMON or _DATE.fullmatch(code) or _UNIT.fullmatch(code):
        return False
    if not _HAS_LETTER.search(code):
        return code.isdecimal() and len(code) <= 5  # a number may end a name; it is none by itself
    if _HAS_DIGIT.search(code):
        return True
    return bool(_ACRONYM.fullmatch(code) or _CAPITALISED.fullmatch(code))


def _name(text: str, words: list[re.Match[str]], taken: list[Span]) -> Iterator[Span]:
    while words and not _HAS_LETTER.search(words[0].group()):
        words = words[1:]
    while words and words[-1].group().isdecimal() and not _stands_alone(text, words[-1]):
        words = words[:-1]  # `Lake 300亿`: the number belongs to what follows
    if words:
        start, end = words[0].start(), words[-1].end()
        if end - start <= SHORT and _HAS_DIGIT.search(text, start, end):
            start = _with_its_maker(text, start, taken)
        if end - start > 1 and not _is_part_of_phrase(text, start, end, taken):
            yield start, end


def _is_part_of_phrase(text: str, start: int, end: int, taken: list[Span]) -> bool:
    """Whether a single plain word belongs to a term or to lower-case English beside it: `GB300 Rack`, `Track of`."""
    if not _CAPITALISED.fullmatch(text, start, end):
        return False
    is_beside_term = any(last + 1 == start or first == end + 1 for first, last in taken)
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    is_beside_term = is_beside_term and (before[-1:] == " " or after[:1] == " ")
    return is_beside_term or bool(_LOWER_BEFORE.fullmatch(before) or _LOWER_AFTER.fullmatch(after))


def _with_its_maker(text: str, start: int, taken: list[Span]) -> int:
    """Returns where the name begins, with a Latin term before it: `R1` says nothing, `DeepSeek R1` does."""
    before = next((first for first, last in taken if last + 1 == start and text[last] == " "), None)
    return before if before is not None and _HAS_LETTER.match(text, before) else start


def _stands_alone(text: str, number: re.Match[str]) -> bool:
    return not re.match(
        r"\s?[%％亿万千百年月日颗款家名个倍块元美吨片台条次位nN]", text[number.end() : number.end() + 2]
    )

"""Splits pasted text into lines, and folds the characters that have two widths or two scripts."""

from __future__ import annotations

from archive.characters import without_invisible
from archive.parsing.document import Line

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys([0x09, 0xA0, 0x3000, *range(0x2000, 0x200B)], 0x20)
_TRADITIONAL = str.maketrans(
    "條則節訊項題標錄導讀點內開閱關註權歸屬責編輯連結網圖務來訂獲評價議觀聲轉載發佈後續號歡專欄單與為準經學協會聯國際產業動態"
    "線簡報聞資週掃碼識別顧問實審壹貳叁肆伍陸柒捌玖拾請僅參處並繫郵電話組織構贊謝險據創辦畢於師總監現歷營團體時間從過",
    "条则节讯项题标录导读点内开阅关注权归属责编辑连结网图务来订获评价议观声转载发布后续号欢专栏单与为准经学协会联国际产业动态"
    "线简报闻资周扫码识别顾问实审一二三四五六七八九十请仅参处并系邮电话组织构赞谢险据创办毕于师总监现历营团体时间从过",
)
_DIGITS = {0x1D7CE + place: str(place % 10) for place in range(50)}
"""Digits of mathematical alphabets, as social networks have them: `𝟏`, `𝟙`."""
_FOLD = _FULL_WIDTH | _DIGITS | _SPACES | _TRADITIONAL | str.maketrans("﹒∶︰｡﹑贰陆", ".::。、二六")

TERMINALS = "。.；;，,、：:…"
"""Characters that end a sentence or clause but no heading. `!` and `?` may end a heading, too."""


def read_lines(text: str) -> tuple[Line, ...]:
    """Splits pasted text into the lines that are not empty.

    Invisible characters and white space at both ends are removed. Blank lines are dropped but counted, so a gap in
    the numbers shows where one was.

    >>> [(line.number, line.text) for line in read_lines("\\ufeff半导体一周要闻\\r\\n\\r\\n　1. 台积电\\t")]
    [(1, '半导体一周要闻'), (3, '1. 台积电')]
    """
    cleaned = ((number, tidy(raw)) for number, raw in enumerate(text.splitlines(), start=1))
    return tuple(Line(number, shown) for number, shown in cleaned if shown)


def tidy(text: str) -> str:
    """Returns `text` without invisible characters and without white space at its ends."""
    return without_invisible(text).strip()


def fold(text: str) -> str:
    """Makes `text` half-width and simplified, one character for one, so that offsets stay the same.

    Only characters that the rules look for are folded (`條` `錄` `來源`…). All others are folded by
    `glossary.folding.fold`, which this package may not import.

    >>> fold("（１）　來源：集微網")
    '(1) 来源:集微网'
    """
    return text.translate(_FOLD)


def ends_openly(folded: str) -> bool:
    """Whether a folded line ends as a sentence or clause does: `。` `；` `，` `：` but not `！` or `？`."""
    return folded.rstrip("”’」』\"') ").endswith(tuple(TERMINALS))

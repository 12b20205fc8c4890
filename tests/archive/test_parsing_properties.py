"""What must hold for every paste: nothing lost, nothing twice, never an error; and articles come back as written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.parsing import Line, parse_issue, read_lines
from tests.archive.wholeness import visible, visible_in
from tests.growth import is_linear
from tests.tiers import examples, thinned

CHINESE = "零一二三四五六七八九十"
WORDS = [
    "晶圆",
    "先进封装",
    "HBM4",
    "台积电",
    "产能",
    "良率",
    "光刻机",
    "CoWoS",
    "三星",
    "扩产",
    "12英寸",
    "联合研发",
    "车规芯片",
    "GPU",
    "存储器",
    "涨价",
]
NESTED = [
    lambda n: f"({n})",
    lambda n: f"（{CHINESE[n]}）",
    lambda n: f"{n})",
    lambda n: "①②③④⑤"[n - 1],
    lambda n: f"{CHINESE[n]}、",
    lambda n: f"{n}. ",
]
NUMBERINGS = {
    "1.": lambda n: f"{n}. ",
    "1.x": lambda n: f"{n}.",
    "1、": lambda n: f"{n}、",
    "１．": lambda n: "".join(chr(0xFF10 + int(digit)) for digit in str(n)) + "．",
    "1）": lambda n: f"{n}）",
    "(1)": lambda n: f"({n}) ",
    "01": lambda n: f"{n:02}\n",
    "01 x": lambda n: f"{n:02} ",
    "一、": lambda n: f"{CHINESE[n]}、",
    "（一）": lambda n: f"（{CHINESE[n]}）",
    "第一条": lambda n: f"第{CHINESE[n]}条 ",
    "第1条": lambda n: f"第{n}条\n",
    "PART 01": lambda n: f"PART 0{n}\n",
    "## 1.": lambda n: f"## {n}. ",
    "##": lambda n: "## ",
}
SIGN_OFFS = [
    "",
    "栏目作者：王小明\n以上内容不构成投资建议。",
    "王小明：甲乙大学校友，产业联盟顾问。\n- 以上评价仅代表作者立场。\n- 转载请注明出处。",
    "责任编辑：李小红\n扫码关注我们",
]


@dataclass
class Written:
    """A week as it was written, to be compared with what is read."""

    text: str
    titles: list[str]
    bodies: list[list[str]]
    sign_off: str


def phrases(least: int, most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS), min_size=least, max_size=most).map("".join)


sentences = st.builds("{}，{}。".format, phrases(3, 12), phrases(2, 30))
titles = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "2024年", "16项", "700万颗"]),
    phrases(2, 6),
    st.sampled_from(["", "", "！", "？"]),
)


@st.composite
def bodies(draw: st.DrawFn, style: str) -> list[str]:
    lines = draw(st.lists(sentences, min_size=1, max_size=4))
    if style != "##" and draw(st.booleans()):
        item = draw(
            st.sampled_from([one for one in NESTED if one(2).strip() != NUMBERINGS[style](2).strip()])
        )
        items = [
            item(number) + "其中" + draw(phrases(1, 3)) for number in range(1, draw(st.integers(2, 5)) + 1)
        ]
        lines = [*lines, *items, draw(sentences)]
    return lines


@st.composite
def weeks(draw: st.DrawFn) -> Written:
    style = draw(st.sampled_from(sorted(NUMBERINGS)))
    count = draw(st.integers(3, 9))
    its_titles = draw(
        st.lists(titles, min_size=count, max_size=count, unique_by=lambda title: title.rstrip("！？"))
    )
    its_bodies = [draw(bodies(style)) for _ in its_titles]
    sign_off = draw(st.sampled_from(SIGN_OFFS))
    contents = "".join(f"{number}. {title}\n" for number, title in enumerate(its_titles, start=1))
    place = draw(st.sampled_from(["none", "none", "before", "after"]))
    name = draw(st.sampled_from(["", "目录\n", "【本期导读】\n"]))
    text = "芯片周报\n2025.3.17-2025.3.21\n"
    text += name + contents if place == "before" else ""
    for number, (title, lines) in enumerate(zip(its_titles, its_bodies, strict=True), start=1):
        text += NUMBERINGS[style](number) + title + "\n" + "\n".join(lines) + "\n"
    text += name + contents if place == "after" else ""
    text += sign_off
    return Written(text, its_titles, its_bodies, sign_off)


@st.composite
def pasted(draw: st.DrawFn, text: str) -> str:
    """The same text as a word processor might hand it over."""
    line_end = draw(st.sampled_from(["\n", "\r\n", "\n\n", "\u3000\r\n", "\u200b\n"]))
    return draw(st.sampled_from(["", "\ufeff"])) + text.replace("\n", line_end)


# Always the same weeks: one in several thousand is ambiguous (a list written just like the headings, at the very end
# of its article), and a test that fails once in a blue moon teaches nobody anything.
@pytest.mark.slow
@settings(deadline=None, max_examples=examples(100), derandomize=True)
@given(st.data())
def test_articles_come_back_as_they_were_written(data: st.DataObject) -> None:
    week = data.draw(weeks())
    issue = parse_issue(data.draw(pasted(week.text)))
    assert [article.title for article in issue.articles] == week.titles
    assert [article.body.split("\n") for article in issue.articles] == week.bodies
    assert (issue.title, issue.sign_off) == ("芯片周报", week.sign_off)


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(100))
@given(st.data())
def test_nothing_of_a_week_is_lost_or_doubled(data: st.DataObject) -> None:
    text = data.draw(pasted(data.draw(weeks()).text))
    assert visible_in(parse_issue(text)) == visible(text)


fragments = st.sampled_from(
    [
        *WORDS,
        "1. ",
        "2、",
        "一、",
        "（二）",
        "03",
        "第四条",
        "【头条】",
        "## ",
        "**",
        "PART 5",
        "目录",
        "\n",
        "\n\n",
        "\r\n",
        "：",
        "。",
        "来源：",
        "作者：",
        "https://a.cn/b",
        "2025.3.17-3.21",
        "3月17日-21日",
        "\n3月18日\n",
        "\n芯闻(2025-03-19)\n",
        "【芯片】",
        "- ",
        "■ ",
        "---\n",
        "招聘",
        "转载请注明",
        "仅供参考",
        "\u200b",
        "\u3000",
    ]
)


@settings(deadline=None, max_examples=examples(150))
@given(st.text() | st.lists(fragments, max_size=60).map("".join), st.none() | st.integers(1, 9999))
def test_nothing_of_any_text_is_lost_or_doubled(text: str, year: int | None) -> None:
    assert visible_in(parse_issue(text, year=year)) == visible(text)


@settings(deadline=None, max_examples=examples(100))
@given(
    st.lists(
        st.tuples(
            st.lists(fragments, max_size=4).map("".join), st.integers(0, 6), st.booleans(), st.booleans()
        ),
        max_size=30,
    )
)
def test_nothing_of_rich_lines_is_lost_or_doubled(drawn: list[tuple[str, int, bool, bool]]) -> None:
    lines = [
        Line(
            number,
            text.replace("\n", "").replace("\r", ""),
            "<figure></figure>" if has_html else None,
            level,
            is_bold,
        )
        for number, (text, level, is_bold, has_html) in enumerate(drawn, start=1)
    ]
    issue = parse_issue(lines)
    assert visible_in(issue) == visible("".join(line.text for line in lines))


def test_body_lines_keep_the_html_of_the_source() -> None:
    lines = [
        Line(1, "芯片周报"),
        Line(2, "2025.3.17-3.21"),
        Line(3, "1. 台积电扩产", "<p><b>1. 台积电扩产</b></p>", is_bold=True),
        Line(4, "份额如下：", "<p>份额如下：</p>"),
        Line(5, "", '<figure><img src="a.png"></figure>'),
    ]
    issue = parse_issue(lines)
    assert issue.articles[0].lines == (lines[3], lines[4])
    assert issue.warnings == ()


def test_lines_keep_the_numbers_of_the_source() -> None:
    assert [(line.number, line.text) for line in read_lines("\ufeff甲\r\n\u3000\r\n\t乙\u200b\xa0")] == [
        (1, "甲"),
        (3, "乙"),
    ]


MEGABYTE = 1_000_000 // 3
LARGE: dict[str, Callable[[int], str]] = {
    "one line": lambda length: "芯" * length,
    "one line of digits": lambda length: "1." * length,
    "one line of dates": lambda length: "2025.3.17-" * (length // 10),
    "one line of brackets": lambda length: "【" * length,
    "one line of 是": lambda length: "是" * length,
    "one line of dots": lambda length: "目录" + "…" * length,
    "lines of numbers": lambda length: "".join(f"{n % 999}. 芯片涨价\n" for n in range(length // 10)),
    "lines of ones": lambda length: "1. 芯片涨价\n" * (length // 8),
    "lines of days": lambda length: "3月17日\n1. 芯片涨价\n" * (length // 14),
    "lines of briefs": lambda length: "政策\n【芯片涨价】芯片涨价了。\n" * (length // 16),
    "lines of levels": lambda length: "## 政策\n### 芯片涨价\n" * (length // 15),
    "lines of bullets": lambda length: "本周要点\n- 芯片涨价\n■ 芯片涨价\n" * (length // 20),
    "lines of disclaimers": lambda length: "转载请注明出处。\n" * (length // 9),
    "many articles": lambda length: "".join(
        f"{n}. 芯片涨价第{n}轮\n{'需求回升，产能紧张。' * 30}\n" for n in range(1, length // 310)
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", thinned(LARGE, every=3))
def test_half_a_megabyte_of_anything_is_read_in_linear_time(name: str) -> None:
    def read(text: str) -> None:
        parse_issue("芯片周报\n2025.3.17-3.21\n" + text)

    assert is_linear(read, LARGE[name], of=MEGABYTE // 8)

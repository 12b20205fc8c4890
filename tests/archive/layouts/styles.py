"""The styles in which headings are set."""

from __future__ import annotations

from archive.parsing import Line
from tests.archive.layouts.layout import (
    BODIES,
    HEAD,
    TITLES,
    Layout,
    articles,
    chinese,
    dot,
    hanzi,
    picked,
    spaced,
    titled,
    week,
)

LABELS = ["头条", "产业", "存储", "设计", "封装"]
WORDS = ("One", "Two", "Three", "Four", "Five")
ROMAN = ["I", "II", "III", "IV", "V"]
MARKDOWN_HEAD = "# 芯片周报\n2025.3.17-2025.3.21\n"


def dressed(form: str, n: int, title: str) -> str:
    """The title with its number as `form` has it."""
    return form.format(
        n=n, t=title, c=chinese(n), r="ⅠⅡⅢⅣⅤ"[n - 1], l="ABCDE"[n - 1], w=WORDS[n - 1], m=chr(0x1D7CE + n),
        o=chr(0x2460 + n - 1), d=chr(0x24F5 + n - 1), u="壹贰叁肆伍"[n - 1],
    )  # fmt: skip


NUMBERS = [
    Layout("1. with a space", week(dot)),
    Layout("1. without a space", week(lambda n, t: f"{n}.{t}")),
    Layout("1、", week(lambda n, t: f"{n}、{t}")),
    Layout("1．full-width dot", week(lambda n, t: f"{n}．{t}")),
    Layout("１．full-width digits", week(lambda n, t: f"{chr(0xFF10 + n)}．{t}")),
    Layout("1）", week(lambda n, t: f"{n}）{t}")),
    Layout("1) half-width", week(lambda n, t: f"{n}) {t}")),
    Layout("(1)", week(lambda n, t: f"({n}) {t}")),
    Layout("（1）", week(lambda n, t: f"（{n}）{t}")),
    Layout("【1】", week(lambda n, t: f"【{n}】{t}")),
    Layout("1 、 with spaces around", week(lambda n, t: f" {n} 、 {t}")),
    Layout("01 and a space", week(lambda n, t: f"{n:02} {t}")),
    Layout("01 glued to the title", week(lambda n, t: f"{n:02}{t}")),
    Layout("01 and a bar", week(lambda n, t: f"{n:02}丨{t}")),
    Layout("01 alone, the heading on the next line", week(lambda n, t: f"{n:02}\n{t}")),
    Layout("01 alone between blank lines", spaced(lambda n, t: f"{n:02}\n{t}")),
    Layout("1. alone, the heading on the next line", week(lambda n, t: f"{n}.\n{t}")),
    Layout("一、", week(hanzi)),
    Layout("一. and 一， mixed", week(lambda n, t: f"{chinese(n)}{'.，'[n % 2]}{t}")),
    Layout("（一）", week(lambda n, t: f"（{chinese(n)}）{t}")),
    Layout("第一条", week(lambda n, t: f"第{chinese(n)}条 {t}")),
    Layout("第一條, traditional", week(lambda n, t: f"第{chinese(n)}條：{t}")),
    Layout("第1条", week(lambda n, t: f"第{n}条、{t}")),
    Layout("第1条 alone, the heading on the next line", week(lambda n, t: f"第{n}条\n{t}")),
    Layout("PART 01 alone, the heading on the next line", week(lambda n, t: f"PART 0{n}\n{t}")),
    Layout("PART.01 alone, the heading on the next line", week(lambda n, t: f"PART.0{n}\n{t}")),
    Layout("Part 1 with the heading", week(lambda n, t: f"Part {n}: {t}")),
    Layout("No.1", week(lambda n, t: f"No.{n} {t}")),
    Layout("新闻一：", week(lambda n, t: f"新闻{chinese(n)}：{t}")),
    Layout("circled numbers", week(lambda n, t: f"{chr(0x2460 + n - 1)}{t}")),
    Layout("one-character ⒈", week(lambda n, t: f"{chr(0x2488 + n - 1)}{t}")),
    Layout("keycaps", week(lambda n, t: f"{n}\ufe0f\u20e3 {t}")),
    Layout("Roman numbers", week(lambda n, t: f"{ROMAN[n - 1]}. {t}")),
    *(
        Layout(f"numbers in other dress: {form}", week(lambda n, t, form=form: dressed(form, n, t)))
        for form in (
            "其{c} {t}",
            "其{c}：{t}",
            "「{n}」{t}",
            "『{n}』{t}",
            "<{n}> {t}",
            "〈{n}〉{t}",
            "（{n}/5）{t}",
            "{n}> {t}",
            "{n}》{t}",
            "{r} {t}",
            "{r}｜{t}",
            "{l}. {t}",
            "{l}、{t}",
            "{l}) {t}",
            "第{c}、{t}",
            "第{c}条新闻：{t}",
            "Story {n}: {t}",
            "Item {n}. {t}",
            "Part {w} {t}",
            "PART {w}\n{t}",
            "0{n}–{t}",
            "0{n}-{t}",
            "0{n} _ {t}",
            "0{n}\\ {t}",
            "//0{n} {t}",
            "// 0{n} {t}",
            "/0{n}/ {t}",
            "_0{n}_ {t}",
            "-{n}- {t}",
            "—0{n}—\n{t}",
            "0{n} ◆ {t}",
            "#{n}# {t}",
            "{m}. {t}",
            "{o}｜{t}",
            "{d} {t}",
            "【{n}、{t}】",
            "**0{n}** {t}",
            "**0{n}** | **{t}**",
            "- {n}. {t}",
            "• {n}、{t}",
            "🔹 {n}. {t}",
            "▶0{n} {t}",
            "📌 TOP {n}｜{t}",
            "{u} {t}",
            "0{n}/{t}",
            "NO.{n} | {t}",
            "Vol.{n} | {t}",
        )
    ),
    Layout("punctuation mixed", week(lambda n, t: f"{'1234５'[n - 1]}{'.、．.．'[n - 1]}{t}")),
    Layout("one heading in another writing", week(lambda n, t: f"{n}）{t}" if n == 3 else dot(n, t))),
    Layout("a single article", week(dot, 1), titles=TITLES[:1]),
    Layout("two articles", week(hanzi, 2), titles=TITLES[:2]),
    Layout("blank lines everywhere", spaced(dot), bodies=BODIES),
]

MARKS = [
    Layout(
        "the source in brackets at the end of the title",
        week(lambda n, t: f"{n}. {t}（来源：某网）"),
        bodies=BODIES,
        sources=[("某网", "")] * 5,
    ),
    Layout("ornaments before bold lines", spaced(lambda n, t: f"**▎{t}**"), bodies=BODIES),
    Layout(
        "Markdown ## with numbers",
        week(lambda n, t: f"## {n}. {t}", head=MARKDOWN_HEAD),
        numbers=[1, 2, 3, 4, 5],
    ),
    Layout(
        "Markdown ## without numbers", spaced(lambda n, t: f"## {t}", head=MARKDOWN_HEAD), numbers=[None] * 5
    ),
    Layout(
        "Markdown ### under ## sections",
        MARKDOWN_HEAD
        + "## 制造\n"
        + articles([1, 2], [0, 1], lambda n, t: f"### {t}")
        + "## 设计\n"
        + articles([1], [3], lambda n, t: f"### {t}"),
        titles=picked(0, 1, 3),
        sections=["制造", "制造", "设计"],
    ),
    Layout(
        "### subheads inside ## articles",
        week(lambda n, t: f"## {t}\n一句话交代这条消息的缘起。\n### 背景", head=MARKDOWN_HEAD),
        bodies=[f"一句话交代这条消息的缘起。\n### 背景\n{body}" for body in BODIES],
    ),
    Layout("Markdown bold lines with numbers", week(lambda n, t: f"**{n}. {t}**"), numbers=[1, 2, 3, 4, 5]),
    Layout("Markdown bold lines", week(lambda n, t: f"**{t}**", head="**芯片周报**\n2025.3.17-2025.3.21\n")),
    Layout("【头条】 labels", week(lambda n, t: f"【{LABELS[n - 1]}】{t}"), sections=LABELS),
    Layout("【heading】 in brackets", week(lambda n, t: f"【{t}】")),
    Layout(
        "【头条】 alone, the heading on the next line",
        week(lambda n, t: f"【{LABELS[n - 1]}】\n{t}"),
        sections=LABELS,
    ),
    Layout("◆ ornaments", week(lambda n, t: f"◆ {t}")),
    Layout("short lines between blank lines", spaced(lambda n, t: t), numbers=[None] * 5, bodies=BODIES),
    Layout("short lines with a blank line above only", week(lambda n, t: f"\n{t}")),
    Layout("short lines in a paste without blank lines", week(lambda n, t: t)),
]

SECTIONS = [
    Layout(
        "numbers begin anew under 一、",
        HEAD
        + "一、制造动态\n"
        + articles([1, 2], [0, 1])
        + "二、设计动态\n"
        + articles([1], [3])
        + "三、封测动态\n"
        + articles([1], [4]),
        titles=picked(0, 1, 3, 4),
        sections=["制造动态", "制造动态", "设计动态", "封测动态"],
        numbers=[1, 2, 1, 1],
    ),
    Layout(
        "numbers run on under 一、",
        HEAD + "一、制造动态\n" + articles([1, 2], [0, 1]) + "二、设计动态\n" + articles([3, 4], [3, 4]),
        titles=picked(0, 1, 3, 4),
        sections=["制造动态", "制造动态", "设计动态", "设计动态"],
        numbers=[1, 2, 3, 4],
    ),
    Layout(
        "numbers begin anew under 【政策】",
        HEAD + "【制造】\n" + articles([1, 2], [0, 1]) + "【设计】\n" + articles([1, 2], [3, 4]),
        titles=picked(0, 1, 3, 4),
        sections=["制造", "制造", "设计", "设计"],
    ),
    Layout(
        "numbers begin anew under 第一部分",
        HEAD + "第一部分 制造\n" + articles([1, 2], [0, 1]) + "第二部分 设计\n" + articles([1, 2], [3, 4]),
        titles=picked(0, 1, 3, 4),
        sections=["制造", "制造", "设计", "设计"],
    ),
    Layout(
        "numbers begin anew under plain section names",
        HEAD + "制造动态\n" + articles([1, 2], [0, 1]) + "设计动态\n" + articles([1], [3]),
        titles=picked(0, 1, 3),
        sections=["制造动态", "制造动态", "设计动态"],
    ),
    Layout(
        "（一） anew under 一、",
        HEAD
        + "一、制造\n"
        + articles([1, 2], [0, 1], lambda n, t: f"（{chinese(n)}）{t}")
        + "二、设计\n"
        + articles([1, 2], [3, 4], lambda n, t: f"（{chinese(n)}）{t}"),
        titles=picked(0, 1, 3, 4),
        sections=["制造", "制造", "设计", "设计"],
    ),
]

ONE_LINE = "公司说新产线下半年投产。"
LEADS = [
    Layout(
        "【heading】 before its paragraph, the source in brackets at the end",
        HEAD + "".join(f"{n}、【{title}】{ONE_LINE}（某某社）\n" for n, title in enumerate(TITLES, start=1)),
        bodies=[ONE_LINE] * 5,
        sources=[("某某社", "")] * 5,
    ),
    Layout(
        "a bracket at the end of one paragraph is no source",
        week(dot) + "新产线下半年投产。（一期）",
        bodies=[*BODIES[:4], f"{BODIES[4]}\n新产线下半年投产。（一期）"],
        sources=[("", "")] * 5,
    ),
    Layout(
        "links with their addresses and nothing below them",
        HEAD + "".join(f"{n}. {title} https://a.example/{n}\n" for n, title in enumerate(TITLES, start=1)),
        bodies=[""] * 5,
        sources=[("", f"https://a.example/{n}") for n in range(1, 6)],
    ),
    Layout(
        "「…」 at the beginning of a title is part of it",
        titled("「甲微」完成两亿元融资", "「乙光」完成一亿元融资", "「丙芯」首发过会"),
        titles=["「甲微」完成两亿元融资", "「乙光」完成一亿元融资", "「丙芯」首发过会"],
    ),
]


def rich(*lines: tuple[str, int, bool]) -> list[Line]:
    """Lines of rich text: what they say, their heading level, whether they are bold."""
    return [
        Line(i, text, f"<p>{text}</p>", level, is_bold)
        for i, (text, level, is_bold) in enumerate(lines, start=1)
    ]


PARAGRAPHS = [body.replace("\n", "") for body in BODIES]
TITLE_AND_DATES = [("芯片周报", 1, False), ("2025.3.17-3.21", 0, False)]
RICH = [
    Layout(
        "headings marked by the source",
        rich(
            *TITLE_AND_DATES,
            *(line for i in range(5) for line in ((TITLES[i], 2, False), (PARAGRAPHS[i], 0, False))),
        ),
        bodies=PARAGRAPHS,
    ),
    Layout(
        "bold lines marked by the source",
        rich(
            ("芯片周报", 0, True),
            ("2025.3.17-3.21", 0, True),
            *(line for i in range(5) for line in ((TITLES[i], 0, True), (PARAGRAPHS[i], 0, False))),
        ),
        bodies=PARAGRAPHS,
    ),
    Layout(
        "numbers win over bold subheads",
        rich(
            *TITLE_AND_DATES,
            *(
                line
                for i in range(5)
                for line in (
                    (f"{i + 1}. {TITLES[i]}", 0, True),
                    ("背景介绍", 0, True),
                    (PARAGRAPHS[i], 0, False),
                    ("市场影响", 0, True),
                    (PARAGRAPHS[i], 0, False),
                )
            ),
        ),
        bodies=[f"背景介绍\n{text}\n市场影响\n{text}" for text in PARAGRAPHS],
    ),
]

STYLES = [*NUMBERS, *MARKS, *SECTIONS, *LEADS, *RICH]

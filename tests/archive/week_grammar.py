"""A grammar of weeks: prefaces, sections, levels, markers, bodies and closings, put together in every way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

CHINESE = "零一二三四五六七八九十"
HEAD = "芯片周报\n2025.3.17-2025.3.21\n"
COMPANIES = ["甲微", "乙光", "丙芯", "丁材", "戊测", "己能", "庚星", "辛原", "壬科", "癸创"]
EVENTS = [
    "宣布扩产两成",
    "裁撤海外部门",
    "发布新款控制器",
    "完成B轮融资",
    "首条产线通线",
    "更换总经理",
    "回应停产传闻",
]
SECTIONS = ["政策动态", "产业要闻", "企业新闻", "资本市场", "海外观察", "技术前沿", "市场数据"]
SENTENCES = [
    "公司在周二的说明会上说，新产线计划下半年投产，产能主要面向车规客户。",
    "分析师认为，供给的收缩比需求的回升更重要，涨价可能持续到年中。",
    "项目总投资三十亿元，分两期建设，一期设备已经到货。",
    "双方没有透露金额，交易预计在下个季度完成。",
    "受此消息影响，股价当天上涨百分之三。",
]
LISTS = [
    "\n主要内容有：\n1) 明确能耗指标；\n2) 明确研发投入；\n3) 建立公告制度。\n各地将陆续跟进。",
    "\n① 资金到位\n② 设备到货\n③ 人员到岗\n公司说一切按计划进行。",
]
"""What may follow the first sentence of a body: a list in a style that no heading has."""
PREFACES = ["", "", "本周消息不多，价格仍是主线。\n", "编者按：本期只选了几条值得一看的消息。\n"]
CLOSINGS = ["", "", "责任编辑：小芯\n扫码关注我们\n", "往期推荐\n芯片周报2025.3.10-3.14\n"]

ARTICLES: dict[str, Callable[[int, str, str], str]] = {
    "1.": lambda n, title, body: f"{n}. {title}\n{body}",
    "1、": lambda n, title, body: f"{n}、{title}\n{body}",
    "01": lambda n, title, body: f"{n:02} {title}\n{body}",
    "01 above": lambda n, title, body: f"{n:02}\n{title}\n{body}",
    "(1)": lambda n, title, body: f"（{n}）{title}\n{body}",
    "（一）": lambda n, title, body: f"（{CHINESE[n]}）{title}\n{body}",
    "▶": lambda n, title, body: f"▶ {title}\n{body}",
    "### ": lambda n, title, body: f"### {title}\n{body}",
    "### 1.": lambda n, title, body: f"### {n}. {title}\n{body}",
    "**": lambda n, title, body: f"**{title}**\n{body}",
    "**1.**": lambda n, title, body: f"**{n}. {title}**\n{body}",
    "【】": lambda n, title, body: f"【{title}】{body}",
    "1、【】": lambda n, title, body: f"{n}、【{title}】{body}",
    "** lead": lambda n, title, body: f"**{title}。** {body}",
    "link": lambda n, title, body: f"{n}. [{title}](https://a.example/{n})\n{body}",
}
HEADS: dict[str, Callable[[int, str], str]] = {
    "一、": lambda n, name: f"{CHINESE[n]}、{name}",
    "## ": lambda n, name: f"## {name}",
    "## 一、": lambda n, name: f"## {CHINESE[n]}、{name}",
    "【】": lambda n, name: f"【{name}】",
    "■": lambda n, name: f"■ {name}",
    "PART": lambda n, name: f"PART 0{n} {name}",
    "plain": lambda n, name: f"\n{name}",
    "bold": lambda n, name: f"**{name}**",
    "day": lambda n, name: f"3月{16 + n}日（周{CHINESE[n]}）",
}
SAME_MARK = {("【】", "【】"), ("bold", "**"), ("bold", "**1.**"), ("bold", "** lead")}
"""Sections and articles that bear one mark and need more than it to be told apart."""


@dataclass
class Written:
    """A week as it was written, to be compared with what is read."""

    text: str
    titles: list[str]
    sections: list[str]
    bodies: list[str]
    introduction: str


@st.composite
def weeks_of_sections(draw: st.DrawFn) -> Written:
    """A week of two or more sections with one to four articles in each."""
    head = draw(st.sampled_from(sorted(HEADS)))
    style = draw(st.sampled_from(sorted(style for style in ARTICLES if (head, style) not in SAME_MARK)))
    names = draw(st.lists(st.sampled_from(SECTIONS), min_size=2, max_size=4, unique=True))
    counts = draw(
        st.lists(st.integers(1, 4), min_size=len(names), max_size=len(names)).filter(
            lambda all_: sum(all_) > 2
        )
    )
    chosen = draw(
        st.lists(
            st.tuples(st.sampled_from(COMPANIES), st.sampled_from(EVENTS)),
            min_size=sum(counts),
            max_size=sum(counts),
            unique=True,
        )
    )
    goes_on = draw(st.booleans())
    preface, closing = draw(st.sampled_from(PREFACES)), draw(st.sampled_from(CLOSINGS))
    text, titles, sections, bodies = HEAD + preface, [], [], []
    waiting = iter(chosen)
    for place, (name, count) in enumerate(zip(names, counts, strict=True), start=1):
        text += HEADS[head](place, name) + "\n"
        first = len(titles) if goes_on and style != "（一）" else 0
        for number in range(first + 1, first + count + 1):
            title = "".join(next(waiting))
            body = draw(st.sampled_from(SENTENCES)) + draw(st.sampled_from(["", "", "", *LISTS]))
            text += ARTICLES[style](number, title, body) + "\n"
            titles.append(title)
            bodies.append(body)
            sections.append(HEADS["day"](place, name) if head == "day" else name)
    return Written(text + closing, titles, sections, bodies, preface.strip())


@st.composite
def weeks_of_subheads(draw: st.DrawFn) -> Written:
    """A week of articles that all have the same subheads: 背景, 影响."""
    mark, below = draw(
        st.sampled_from([("## ", "### {}"), ("## ", "**{}**"), ("### ", "#### {}"), ("1. ", "**{}**")])
    )
    subheads = draw(
        st.sampled_from([["背景", "影响"], ["事件", "点评"], ["发生了什么", "为什么重要", "热评"]])
    )
    chosen = draw(
        st.lists(
            st.tuples(st.sampled_from(COMPANIES), st.sampled_from(EVENTS)),
            min_size=3,
            max_size=6,
            unique=True,
        )
    )
    text, titles, bodies = HEAD, [], []
    for number, pair in enumerate(chosen, start=1):
        lines = [line for name in subheads for line in (below.format(name), draw(st.sampled_from(SENTENCES)))]
        text += f"{f'{number}. ' if mark == '1. ' else mark}{''.join(pair)}\n" + "\n".join(lines) + "\n"
        titles.append("".join(pair))
        bodies.append("\n".join(lines))
    return Written(text, titles, [""] * len(titles), bodies, "")

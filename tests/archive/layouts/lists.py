"""Lists inside articles, which must stay in their articles."""

from __future__ import annotations

from tests.archive.layouts.layout import BODIES, HEAD, TITLES, Layout, hanzi, keeps, week

NESTED = "一、背景\n过去一年需求大增。\n（一）需求\n1) 手机\n2) 汽车\n①乘用车\n②商用车\n二、前景\n仍然看好，各家都在扩产。"
HALF_WIDTH = "一,提前布局,超前研发\n二,重金投入\n三,客户紧密协同"
ITEMS = "扩产分三步走：\n1. 先买设备\n2. 再建厂房\n3. 最后招人\n公司说进度符合预期，资金也已到位。"
LONG_ITEMS = (
    "扩产分三步走。\n1. 先买设备\n光刻机和刻蚀机已经下单，今年夏天到货。\n"
    "2. 再建厂房\n厂房在现有园区旁边，水电都已接通。\n"
    "3. 最后招人\n公司将在三所大学设立奖学金，培养工程师。"
)
MANY_ITEMS = "扩产分多步走：\n" + "".join(f"{n}. 第{n}步\n" for n in range(1, 9)) + "公司说进度符合预期。"


def everywhere(heading: str, items: str) -> Layout:
    """A list in each article, under headings such as `## {}` where `{}` is the title."""
    text = "".join(f"{heading.format(title)}\n{items}\n" for title in TITLES)
    return Layout(f"a list in every article under {heading}", HEAD + text, bodies=[items] * 5)


LISTS = [
    keeps("一、 （一） 1) ① inside an article stay in it", NESTED, 2),
    keeps("一, half-width inside an article stays in it", HALF_WIDTH, 3),
    *(keeps(f"a list in the style of the headings inside article {i + 1}", ITEMS, i) for i in range(5)),
    *(
        keeps(f"a list of paragraphs in the style of the headings inside article {i + 1}", LONG_ITEMS, i)
        for i in range(5)
    ),
    *(keeps(f"a list longer than the week inside article {i + 1}", MANY_ITEMS, i) for i in (0, 1, 3)),
    keeps("1. inside an article under 一、", LONG_ITEMS, 1, hanzi),
    keeps("1、 inside an article under 1.", ITEMS.replace(". ", "、"), 1),
    keeps("A. inside an article", ITEMS.replace("1.", "A.").replace("2.", "B.").replace("3.", "C."), 1),
    keeps(
        "第一， inside an article",
        "原因有三。\n第一，需求大增。\n第二，供给不足。\n第三，渠道囤货。",
        2,
        hanzi,
    ),
    keeps(
        "首先，其次 and （1）（2） inside an article",
        "首先，需求大增。\n其次，供给不足。\n（1）手机\n（2）汽车\n最后，仍待观察。",
        2,
    ),
    keeps("一是，二是 inside an article", "一是需求大增；\n二是供给不足；\n三是渠道囤货。", 3, hanzi),
    everywhere("**{}**", LONG_ITEMS),
    everywhere("## {}", LONG_ITEMS),
    everywhere("◆ {}", ITEMS),
    Layout(
        "a list in every article under 一、",
        HEAD + "".join(f"{hanzi(i + 1, title)}\n{LONG_ITEMS}\n" for i, title in enumerate(TITLES)),
        bodies=[LONG_ITEMS] * 5,
    ),
    Layout(
        "a list in every article, in the style of the headings",
        HEAD + "".join(f"{i + 1}. {title}\n{BODIES[i]}\n{ITEMS}\n" for i, title in enumerate(TITLES)),
        bodies=[f"{body}\n{ITEMS}" for body in BODIES],
    ),
    Layout(
        "circled numbers in every article",
        week(lambda n, t: f"{n}、{t}\n①第一点\n②第二点\n③第三点"),
        bodies=[f"①第一点\n②第二点\n③第三点\n{body}" for body in BODIES],
    ),
]

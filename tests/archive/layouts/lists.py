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

TEMPTING = {
    "days with a colon": "事件回顾如下。\n9月8日：公司发布公告。\n9月9日：交易所问询。\n9月10日：公司回复问询函。\n后续仍待观察。",
    "days before text": "9月8日 公司发布公告\n9月9日 交易所问询\n9月10日 公司回复",
    "an interview": "记者：为什么扩产？\n王总：因为需求增长很快。\n记者：何时投产？\n王总：预计明年下半年。",
    "arrows": "产业链影响如下。\n→ 上游设备受益。\n→ 中游代工满载。\n→ 下游模组涨价。",
    "letters": "方案有三种。\nA. 自建产线\nB. 委外代工\nC. 合资建厂\n公司选择了第二种。",
    "numerals before a space": "一 是需求增长\n二 是供给不足\n三 是渠道囤货",
    "days of the week": "本周股价走势如下。\n周一\n上涨百分之三。\n周三\n下跌百分之二。",
    "lines that end in an address": "延伸资料见下。\n公司公告 https://a.example/1\n交易所问询 https://a.example/2\n分析报告 https://a.example/3",
    "bars": "要点速览。\n产能 | 每月三万片\n投资 | 五十亿元\n时间 | 明年下半年",
    "topics between hashes": "#财报# 营收增长一成\n#产能# 月产三万片\n公司对前景保持乐观。",
    "parts of a whole": "原因有三：\n（1/3）需求增长。\n（2/3）供给不足。\n（3/3）渠道囤货。",
    "stars": "★ 产能三万片\n★ 投资五十亿\n★ 明年投产",
    "emoji": "📈 营收增长\n📉 利润下滑\n💡 关注新品",
    "numbers behind dashes": "- 1. 先买设备\n- 2. 再建厂房\n- 3. 最后招人",
    "companies with a colon": "台积电：营收增长两成。\n联电：营收持平。\n世界先进：营收下降。\n力积电：营收下降。\n中芯国际：营收增长一成。",
    "questions and answers": "Q1：为什么扩产？\nA：需求增长。\nQ2：何时投产？\nA：明年。",
    "English lines without an end": "The company said the plan is on track\nMass production is expected in the second half of next year\nShares rose nine percent after the news",
    "the word 正文": "正文\n公司宣布扩产两成。",
    "a statement": "公司声明：消息不实。\n声明：公司未与任何一方接触。\n公司将追究责任。",
    "a rumour's source": "来源：网络传闻称公司将被收购。\n公司予以否认，称并无此事。",
}
"""Paragraphs of an article that could be headings or sections elsewhere."""


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
    *(
        Layout(
            f"{claim} in every article under {heading!r}",
            HEAD
            + "".join(
                f"{heading.format(n, t)}\n{b}\n{body}\n"
                for n, t, b in zip("12345", TITLES, BODIES, strict=True)
            ),
            bodies=[f"{b}\n{body}" for b in BODIES],
            sections=[""] * 5,
        )
        for claim, body in TEMPTING.items()
        for heading in ("{0}. {1}", "## {1}", "\n**{1}**\n", "\n{1}\n", "◆ {1}")
    ),
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

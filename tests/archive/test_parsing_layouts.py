"""Layouts in which editors paste a week, and what must be read in each. A row of the table is a claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from archive.parsing import Line, ParsedIssue, parse_issue
from archive.parsing.text import visible

HEAD = "芯片周报\n2025.3.17-2025.3.21\n"
TITLES = ["台积电嘉义新厂启用", "三星代工换帅", "长江存储发布新品", "英伟达公布路线图", "日月光扩充封装产能"]
BODIES = [
    "台积电的新厂本周开始移入设备。首批产能用于先进封装，年底前可望放量。\n设备商表示订单能见度已到明年。",
    "三星电子宣布代工部门由新负责人接手，他此前主管存储器工艺。\n公司希望借此改善良率，并争取更多客户。",
    "长江存储展示了新一代闪存颗粒，接口速度比上一代快了一半。\n样品已送往几家控制器厂商验证。",
    "英伟达在大会上公布了今后三年的产品路线图，每年都有新架构。\n现场演示了整柜系统，散热改用液冷。",
    "日月光决定扩充高雄厂区的封装产能，新产线预计下半年投产。\n公司说客户的需求仍然超过供给。",
]
SIGN_OFF = "栏目作者：王小明\n以上内容不构成投资建议。\n转载请注明出处。"

Numbering = Callable[[int, str], str]


def week(numbering: Numbering, count: int = 5, *, head: str = HEAD, sign_off: str = "", gap: str = "") -> str:
    """A week of `count` articles whose headings are written as `numbering(number, title)` says."""
    articles = [f"{numbering(i + 1, TITLES[i])}\n{gap}{BODIES[i]}\n{gap}" for i in range(count)]
    return head + gap + "".join(articles) + sign_off


def chinese(number: int) -> str:
    return "零一二三四五六七八九十"[number]


@dataclass(frozen=True)
class Layout:
    claim: str
    text: str | Sequence[Line]
    titles: Sequence[str] = tuple(TITLES)
    title: str = "芯片周报"
    dates: tuple[str, str] | None = ("2025-03-17", "2025-03-21")
    bodies: Sequence[str] | None = None
    codes: Sequence[str] = ()
    columnist: str = ""
    introduction: str = ""
    sign_off: str = ""
    sections: Sequence[str] | None = None
    numbers: Sequence[int | None] | None = None
    year: int | None = None


def with_body(index: int, body: str) -> list[str]:
    return [body if i == index else text for i, text in enumerate(BODIES)]


def week_with(body: str, index: int, numbering: Numbering) -> str:
    """A week in which the article at `index` has another body."""
    bodies = with_body(index, body)
    return HEAD + "".join(f"{numbering(i + 1, title)}\n{bodies[i]}\n" for i, title in enumerate(TITLES))


def dot(number: int, title: str) -> str:
    return f"{number}. {title}"


def comma(number: int, title: str) -> str:
    return f"{chinese(number)}、{title}"


LIST_OF_THREE = "扩产分三步走：\n1. 先买设备\n2. 再建厂房\n3. 最后招人\n公司说进度符合预期，资金也已到位。"
LONG_LIST = (
    "扩产分三步走。\n1. 先买设备\n光刻机和刻蚀机已经下单，今年夏天到货。\n2. 再建厂房\n厂房在现有园区旁边，"
    "水电都已接通。\n3. 最后招人\n公司将在三所大学设立奖学金，培养工程师。"
)
FLAT_CONTENTS = "".join(f"{title}\n" for title in TITLES)
DOTTED_CONTENTS = "".join(f"{i + 1}. {title}……………{i * 3 + 1}\n" for i, title in enumerate(TITLES))
NUMBERED_CONTENTS = "".join(f"{i + 1}. {title}\n" for i, title in enumerate(TITLES))

STYLES = [
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
    Layout("01 and a space", week(lambda n, t: f"{n:02} {t}")),
    Layout("01 glued to the title", week(lambda n, t: f"{n:02}{t}")),
    Layout("01 and a bar", week(lambda n, t: f"{n:02}丨{t}")),
    Layout("01 alone, the heading on the next line", week(lambda n, t: f"{n:02}\n{t}")),
    Layout("01 alone between blank lines", week(lambda n, t: f"{n:02}\n\n{t}", gap="\n")),
    Layout("1. alone, the heading on the next line", week(lambda n, t: f"{n}.\n{t}")),
    Layout("一、", week(comma)),
    Layout("一. and 一， mixed", week(lambda n, t: f"{chinese(n)}{'.，'[n % 2]}{t}")),
    Layout("（一）", week(lambda n, t: f"（{chinese(n)}）{t}")),
    Layout("第一条", week(lambda n, t: f"第{chinese(n)}条 {t}")),
    Layout("第一條, traditional", week(lambda n, t: f"第{chinese(n)}條：{t}")),
    Layout("第1条", week(lambda n, t: f"第{n}条、{t}")),
    Layout("第1条 alone, the heading on the next line", week(lambda n, t: f"第{n}条\n{t}")),
    Layout("PART 01 alone, the heading on the next line", week(lambda n, t: f"PART 0{n}\n{t}")),
    Layout("Part 1 with the heading", week(lambda n, t: f"Part {n}: {t}")),
    Layout("No.1", week(lambda n, t: f"No.{n} {t}")),
    Layout("新闻一：", week(lambda n, t: f"新闻{chinese(n)}：{t}")),
    Layout("circled numbers", week(lambda n, t: f"{chr(0x2460 + n - 1)}{t}")),
    Layout("one-character ⒈", week(lambda n, t: f"{chr(0x2488 + n - 1)}{t}")),
    Layout("keycaps", week(lambda n, t: f"{n}\ufe0f\u20e3 {t}")),
    Layout("Roman numbers", week(lambda n, t: f"{['I', 'II', 'III', 'IV', 'V'][n - 1]}. {t}")),
    Layout("Markdown ## with numbers", week(lambda n, t: f"## {n}. {t}", head="# 芯片周报\n2025.3.17-2025.3.21\n\n")),
    Layout("Markdown ## without numbers", week(lambda n, t: f"## {t}\n", head="# 芯片周报\n\n2025.3.17-2025.3.21\n\n"), numbers=[None] * 5),
    Layout("Markdown ### under ## sections", "# 芯片周报\n2025.3.17-2025.3.21\n## 制造\n" + f"### {TITLES[0]}\n{BODIES[0]}\n### {TITLES[1]}\n{BODIES[1]}\n## 设计\n### {TITLES[3]}\n{BODIES[3]}\n", titles=[TITLES[0], TITLES[1], TITLES[3]], sections=["制造", "制造", "设计"]),
    Layout("Markdown bold lines with numbers", week(lambda n, t: f"**{n}. {t}**")),
    Layout("Markdown bold lines without numbers", week(lambda n, t: f"**{t}**", head="**芯片周报**\n2025.3.17-2025.3.21\n")),
    Layout("【头条】 labels", week(lambda n, t: f"【{['头条', '产业', '存储', '设计', '封装'][n - 1]}】{t}"), sections=["头条", "产业", "存储", "设计", "封装"]),
    Layout("【heading】 in brackets", week(lambda n, t: f"【{t}】")),
    Layout("【头条】 alone, the heading on the next line", week(lambda n, t: f"【{['头条', '产业', '存储', '设计', '封装'][n - 1]}】\n{t}"), sections=["头条", "产业", "存储", "设计", "封装"]),
    Layout("◆ ornaments", week(lambda n, t: f"◆ {t}")),
    Layout("short lines between blank lines", week(lambda n, t: f"\n{t}", gap="\n"), numbers=[None] * 5),
    Layout("short lines with a blank line above only", week(lambda n, t: f"\n{t}")),
    Layout("short lines in a paste without blank lines", week(lambda n, t: t)),
    Layout("punctuation mixed", HEAD + "".join(f"{n}{p}{t}\n{b}\n" for n, p, t, b in zip("1234５", ".、．.．", TITLES, BODIES, strict=True))),
    Layout("a single article", week(dot, 1), titles=TITLES[:1]),
    Layout("two articles", week(comma, 2), titles=TITLES[:2]),
]

SECTIONS = [
    Layout(
        "numbers begin anew under 一、",
        HEAD + f"一、制造动态\n1. {TITLES[0]}\n{BODIES[0]}\n2. {TITLES[1]}\n{BODIES[1]}\n二、设计动态\n1. {TITLES[3]}\n{BODIES[3]}\n三、封测动态\n1. {TITLES[4]}\n{BODIES[4]}\n",
        titles=[TITLES[0], TITLES[1], TITLES[3], TITLES[4]],
        sections=["制造动态", "制造动态", "设计动态", "封测动态"],
        numbers=[1, 2, 1, 1],
    ),
    Layout(
        "numbers run on under 一、",
        HEAD + f"一、制造动态\n1. {TITLES[0]}\n{BODIES[0]}\n2. {TITLES[1]}\n{BODIES[1]}\n二、设计动态\n3. {TITLES[3]}\n{BODIES[3]}\n4. {TITLES[4]}\n{BODIES[4]}\n",
        titles=[TITLES[0], TITLES[1], TITLES[3], TITLES[4]],
        sections=["制造动态", "制造动态", "设计动态", "设计动态"],
        numbers=[1, 2, 3, 4],
    ),
    Layout(
        "numbers begin anew under 【政策】",
        HEAD + f"【制造】\n1、{TITLES[0]}\n{BODIES[0]}\n2、{TITLES[1]}\n{BODIES[1]}\n【设计】\n1、{TITLES[3]}\n{BODIES[3]}\n2、{TITLES[4]}\n{BODIES[4]}\n",
        titles=[TITLES[0], TITLES[1], TITLES[3], TITLES[4]],
        sections=["制造", "制造", "设计", "设计"],
    ),
    Layout(
        "numbers begin anew under plain section names",
        HEAD + f"制造动态\n1. {TITLES[0]}\n{BODIES[0]}\n2. {TITLES[1]}\n{BODIES[1]}\n设计动态\n1. {TITLES[3]}\n{BODIES[3]}\n",
        titles=[TITLES[0], TITLES[1], TITLES[3]],
        sections=["制造动态", "制造动态", "设计动态"],
    ),
    Layout(
        "（一） anew under 一、",
        HEAD + f"一、制造\n（一）{TITLES[0]}\n{BODIES[0]}\n（二）{TITLES[1]}\n{BODIES[1]}\n二、设计\n（一）{TITLES[3]}\n{BODIES[3]}\n（二）{TITLES[4]}\n{BODIES[4]}\n",
        titles=[TITLES[0], TITLES[1], TITLES[3], TITLES[4]],
        sections=["制造", "制造", "设计", "设计"],
    ),
]

LISTS = [
    Layout("一、 （一） 1) ① inside an article stay in it", week_with("一、背景\n过去一年需求大增。\n（一）需求\n1) 手机\n2) 汽车\n①乘用车\n②商用车\n二、前景\n仍然看好。", 2, dot), bodies=with_body(2, "一、背景\n过去一年需求大增。\n（一）需求\n1) 手机\n2) 汽车\n①乘用车\n②商用车\n二、前景\n仍然看好。")),
    Layout("一, half-width inside an article stays in it", week_with("一,提前布局,超前研发\n二,重金投入\n三,客户紧密协同", 3, dot), bodies=with_body(3, "一,提前布局,超前研发\n二,重金投入\n三,客户紧密协同")),
    *(
        Layout(f"a list in the style of the headings inside article {i + 1}", week_with(LIST_OF_THREE, i, dot), bodies=with_body(i, LIST_OF_THREE))
        for i in range(5)
    ),
    *(
        Layout(f"a list with paragraphs, in the style of the headings, inside article {i + 1}", week_with(LONG_LIST, i, dot), bodies=with_body(i, LONG_LIST))
        for i in (0, 1, 3)
    ),
    Layout("1. lists inside 一、 articles", week_with(LONG_LIST, 1, comma), bodies=with_body(1, LONG_LIST)),
    Layout("1. lists inside every 一、 article", HEAD + "".join(f"{comma(i + 1, t)}\n{LONG_LIST}\n" for i, t in enumerate(TITLES))),
    Layout("1. lists inside unnumbered bold articles", HEAD + "".join(f"**{t}**\n{LONG_LIST}\n" for t in TITLES)),
    Layout("1. lists inside ## articles", HEAD + "".join(f"## {t}\n{LONG_LIST}\n" for t in TITLES)),
    Layout("1、 lists inside 1. articles", week_with(LIST_OF_THREE.replace(". ", "、"), 1, dot), bodies=with_body(1, LIST_OF_THREE.replace(". ", "、"))),
]

TRAPS = [
    Layout("a contents list before the articles", week(dot, head=HEAD + "目录\n" + NUMBERED_CONTENTS)),
    Layout("a contents list without a name", week(dot, head=HEAD + NUMBERED_CONTENTS)),
    Layout("a contents list without numbers", week(dot, head=HEAD + "本期要点\n" + FLAT_CONTENTS)),
    Layout("a contents list with dots and pages", week(dot, head=HEAD + "目錄\n" + DOTTED_CONTENTS)),
    Layout("a contents list of bullets", week(dot, head=HEAD + "【本期导读】\n" + "".join(f"- {t}\n" for t in TITLES))),
    Layout("a contents list after the articles", week(dot, sign_off="本期目录\n" + NUMBERED_CONTENTS + SIGN_OFF), sign_off=SIGN_OFF, columnist="王小明"),
    Layout("a contents list after the sign-off", week(dot, sign_off=SIGN_OFF + "\n" + NUMBERED_CONTENTS), sign_off=SIGN_OFF, columnist="王小明"),
    Layout("a contents list in shortened words", week(dot, head=HEAD + "目录\n" + "".join(f"{i + 1}. {t[:4]}\n" for i, t in enumerate(TITLES)))),
    Layout("a contents list in shortened words, without a name", week(dot, head=HEAD + "".join(f"{i + 1}. {t[:4]}\n" for i, t in enumerate(TITLES)))),
    Layout("a contents list of numbers alone", week(lambda n, t: f"{n:02}\n{t}", head=HEAD + "目录\n" + "".join(f"{i + 1:02} {t}\n" for i, t in enumerate(TITLES)))),
    Layout("contents and unnumbered headings", week(lambda n, t: f"\n{t}", head=HEAD + "\n本期导读\n" + FLAT_CONTENTS)),
    Layout("an introduction between contents and articles", week(dot, head=HEAD + "目录\n" + NUMBERED_CONTENTS + "本周产业焦点仍在先进封装。\n"), introduction="本周产业焦点仍在先进封装。"),
    Layout("3.16项… is number 3", HEAD + f"1.{TITLES[0]}\n{BODIES[0]}\n2.{TITLES[1]}\n{BODIES[1]}\n3.16项新措施支持芯片设计\n{BODIES[2]}\n4.{TITLES[3]}\n{BODIES[3]}\n", titles=[TITLES[0], TITLES[1], "16项新措施支持芯片设计", TITLES[3]]),
    Layout("2.5D封装… is number 2 where 2 is wanted", HEAD + f"1.{TITLES[0]}\n{BODIES[0]}\n2.2.5D封装成主流\n{BODIES[1]}\n3.{TITLES[3]}\n{BODIES[3]}\n", titles=[TITLES[0], "2.5D封装成主流", TITLES[3]]),
    Layout("13.700万… is number 13", HEAD + "".join(f"{n}.第{n}家企业公布财报\n{BODIES[n % 5]}\n" for n in range(1, 13)) + f"13.700万颗芯片交付车厂\n{BODIES[0]}\n14.车厂追加订单\n{BODIES[1]}\n", titles=[*(f"第{n}家企业公布财报" for n in range(1, 13)), "700万颗芯片交付车厂", "车厂追加订单"]),
    Layout("figures and years at the start of a line stay in the body", week_with("2025年一季度营收创下新高。\n2024.12月的订单已经交付。\n3.5亿元的设备订单将在下半年确认。\n18A制程是关键。\n1.1.2版本的工具包随后发布。\n2.5D封装仍然紧缺。", 0, dot), bodies=with_body(0, "2025年一季度营收创下新高。\n2024.12月的订单已经交付。\n3.5亿元的设备订单将在下半年确认。\n18A制程是关键。\n1.1.2版本的工具包随后发布。\n2.5D封装仍然紧缺。")),
    Layout("figures stay in the body although their number is missing", HEAD + f"1. {TITLES[0]}\n{BODIES[0]}\n2. {TITLES[1]}\n{BODIES[1]}\n3.5亿元的设备订单将在下半年确认。\n4. {TITLES[3]}\n{BODIES[3]}\n", titles=[TITLES[0], TITLES[1], TITLES[3]], codes=["number-missing"], numbers=[1, 2, 4]),
    Layout("headings that begin with years", HEAD + f"1. 2024年晶圆代工排名\n{BODIES[0]}\n2. 2025年存储器展望\n{BODIES[1]}\n3. 3月出口数据\n{BODIES[2]}\n", titles=["2024年晶圆代工排名", "2025年存储器展望", "3月出口数据"]),
    Layout("days of other issues in the text", week_with("上期（2025.3.10-2025.3.14）已经报道过这家公司。\n展会于2025年6月3日-5日举行。", 2, dot), bodies=with_body(2, "上期（2025.3.10-2025.3.14）已经报道过这家公司。\n展会于2025年6月3日-5日举行。")),
    Layout("days of other issues in the introduction", week(dot, head=HEAD + "上一期（2025.3.10-2025.3.14）的读者来信很多，编辑部在此一并致谢。\n"), introduction="上一期（2025.3.10-2025.3.14）的读者来信很多，编辑部在此一并致谢。"),
    Layout("a title that runs on after a comma", week(lambda n, t: f"{n}. {t}，\n产业链纷纷响应" if n == 2 else dot(n, t)), titles=[TITLES[0], TITLES[1] + "，产业链纷纷响应", *TITLES[2:]]),
    Layout("every title has a second line", HEAD + "".join(f"{n + 1}. {t}\n{t[-2:]}引发关注\n{BODIES[n]}\n" for n, t in enumerate(TITLES)), titles=[f"{t}{t[-2:]}引发关注" for t in TITLES]),
    Layout("one short first line is no second title line", week_with("新厂启用\n" + BODIES[1], 1, dot), bodies=with_body(1, "新厂启用\n" + BODIES[1])),
    Layout("traditional characters", "芯片週報\n2025年3月17日至3月21日\n目錄\n第一條 台積電擴產\n第二條 三星換帥\n第三條 聯電漲價\n第一條 台積電擴產\n新廠動工。\n來源：經濟日報\n第二條 三星換帥\n新帥上任。\n第三條 聯電漲價\n需求回升。\n以上內容僅供參考，轉載請註明出處。", titles=["台積電擴產", "三星換帥", "聯電漲價"], title="芯片週報", sign_off="以上內容僅供參考，轉載請註明出處。"),
    Layout("a line of 5,000 characters", week_with("芯" * 5000, 1, dot), bodies=with_body(1, "芯" * 5000)),
    Layout("CRLF, BOM, zero-width characters and tabs", "\ufeff" + week(lambda n, t: f"\t{n}.\u200b {t}\u3000", sign_off=SIGN_OFF).replace("\n", " \t\r\n"), sign_off=SIGN_OFF, columnist="王小明", bodies=BODIES),
    Layout("blank lines everywhere", week(dot).replace("\n", "\n\n \n"), bodies=BODIES),
    Layout("a list of numbers in the sign-off", week(dot, 2, sign_off="栏目作者：王小明\n1. 以上内容不构成投资建议。\n2. 转载请注明出处。\n3. 欢迎关注我们的公众号。"), titles=TITLES[:2], columnist="王小明", sign_off="栏目作者：王小明\n1. 以上内容不构成投资建议。\n2. 转载请注明出处。\n3. 欢迎关注我们的公众号。"),
    Layout("a heading with a full stop", HEAD + f"1. {TITLES[0]}\n{BODIES[0]}\n2. 三星代工换帅。\n{BODIES[1]}\n3. {TITLES[2]}\n{BODIES[2]}\n", titles=[TITLES[0], "三星代工换帅。", TITLES[2]]),
    Layout("headings with ！ and ？", HEAD + f"1. 台积电扩产！\n{BODIES[0]}\n2. 三星能赶上吗？\n{BODIES[1]}\n", titles=["台积电扩产！", "三星能赶上吗？"]),
    Layout("an English week", "Chip Weekly\n2025-03-17~2025-03-21\n1. TSMC opens a new fab\nThe fab starts with packaging. Tools move in now.\n2. Samsung names a foundry head\nHe led memory process before. Yield comes first.\n", title="Chip Weekly", titles=["TSMC opens a new fab", "Samsung names a foundry head"]),
]

FRONT = [
    Layout("dates in brackets in the title", week(dot, head="半导体一周要闻（2025.3.17-3.21）\n"), title="半导体一周要闻"),
    Layout("dates glued to the title", week(dot, head="甲乙丙半导体一周要闻2025.3.17-3.21\n"), title="甲乙丙半导体一周要闻"),
    Layout("dates before the title", week(dot, head="2025.3.17-3.21\n半导体一周要闻\n"), title="半导体一周要闻"),
    Layout("dates and title on one line, dates first", week(dot, head="【2025.3.17-3.21】半导体一周要闻\n"), title="半导体一周要闻"),
    Layout("publisher above the title", week(dot, head="甲乙丙产业联盟\n半导体一周要闻\n2025.3.17-3.21\n"), title="半导体一周要闻", introduction="甲乙丙产业联盟"),
    Layout("a label before the dates", week(dot, head="半导体一周要闻\n日期：2025年3月17日-21日\n"), title="半导体一周要闻"),
    Layout("the year in the title, days below", week(dot, head="2025年半导体一周要闻\n3.17-3.21\n"), title="2025年半导体一周要闻"),
    Layout("no year anywhere, but asked for", week(dot, head="芯片周报\n3月17日-21日\n"), year=2025),
    Layout("no year anywhere", week(dot, head="芯片周报\n3月17日-21日\n"), dates=None, codes=["dates-no-year"]),
    Layout("an ISO week", week(dot, head="芯片周报\n2025年第12周\n"), dates=("2025-03-17", "2025-03-23")),
    Layout("an ISO week and its days", week(dot, head="芯片周报 2025年第12周\n3.17-3.21\n"), title="芯片周报 2025年第12周"),
    Layout("an ISO week of other days", week(dot, head="芯片周报 2025年第13周\n3.17-3.21\n"), title="芯片周报 2025年第13周", codes=["date-outside"]),
    Layout("across the new year", week(dot, head="芯片周报\n2024.12.30-2025.1.3\n"), dates=("2024-12-30", "2025-01-03")),
    Layout("end before start", week(dot, head="芯片周报\n2025.3.21-2025.3.17\n"), dates=("2025-03-21", "2025-03-17"), codes=["dates-reversed"]),
    Layout("more than 31 days", week(dot, head="芯片周报\n2025.3.1-2025.4.30\n"), dates=("2025-03-01", "2025-04-30"), codes=["dates-too-long"]),
    Layout("a day that does not exist", week(dot, head="芯片周报\n2025.2.24-2025.2.30\n"), dates=("2025-02-24", "None"), codes=["dates-invalid"]),
    Layout("two ranges that conflict", week(dot, head="芯片周报（2025.3.17-3.21）\n2025.3.10-3.14\n"), codes=["date-outside"], introduction="2025.3.10-3.14"),
    Layout("no dates", week(dot, head="芯片周报\n"), dates=None, codes=["dates-missing"]),
    Layout("no title", week(dot, head="2025.3.17-3.21\n"), title="", codes=["title-missing"]),
    Layout("dates only in the introduction", week(dot, head="芯片周报\n本期收录2025年3月17日至21日的产业消息，共五条。\n"), introduction="本期收录2025年3月17日至21日的产业消息，共五条。"),
    Layout("by-line and introduction", week(dot, head=HEAD + "本期作者：王小明\n本周产业焦点仍在先进封装。\n"), columnist="王小明", introduction="本周产业焦点仍在先进封装。"),
    Layout("文/by-line", week(dot, head=HEAD + "文/王小明\n"), columnist="王小明"),
    Layout("an introduction of several paragraphs", week(dot, head=HEAD + "导语：本周焦点仍在封装。\n其次是存储器价格，市场普遍看涨。\n"), introduction="本周焦点仍在封装。\n其次是存储器价格，市场普遍看涨。"),
]

BIOGRAPHY = "王小明：甲乙大学校友，产业联盟顾问，从业三十年。"
CLOSING = [
    Layout("columnist's line and disclaimers", week(dot, sign_off=SIGN_OFF), sign_off=SIGN_OFF, columnist="王小明", bodies=BODIES),
    Layout("a biography begins the sign-off", week(dot, sign_off=f"{BIOGRAPHY}\n- 以上评价仅代表作者立场。\n- 如有疑问，敬请留言。"), sign_off=f"{BIOGRAPHY}\n- 以上评价仅代表作者立场。\n- 如有疑问，敬请留言。", columnist="王小明", bodies=BODIES),
    Layout("the publisher describes itself", week(dot, sign_off="转载请注明出处。\n甲乙产业联盟是由多家企业自愿组成的公益平台。\n目前联盟不定期举办线下活动。"), sign_off="转载请注明出处。\n甲乙产业联盟是由多家企业自愿组成的公益平台。\n目前联盟不定期举办线下活动。", bodies=BODIES),
    Layout("calls to follow and editors", week(dot, sign_off="扫码关注我们\n点击阅读原文\n责任编辑：李小红"), sign_off="扫码关注我们\n点击阅读原文\n责任编辑：李小红", bodies=BODIES),
    Layout("a rule above the sign-off", week(dot, sign_off="————————\n本文不构成投资建议。"), sign_off="————————\n本文不构成投资建议。", bodies=BODIES),
    Layout("an unknown line between known ones", week(dot, sign_off="栏目作者：王小明\n本期恰逢假期，内容略有精简。\n转载请注明出处。"), sign_off="栏目作者：王小明\n本期恰逢假期，内容略有精简。\n转载请注明出处。", columnist="王小明", bodies=BODIES),
    Layout("a last paragraph about a platform stays in the article", week_with("行业协会提供了统计数据，该平台覆盖全球厂商。", 4, dot), bodies=with_body(4, "行业协会提供了统计数据，该平台覆盖全球厂商。")),
    Layout("a last paragraph about a platform above a sign-off stays too", week_with("行业协会提供了统计数据，该平台覆盖全球厂商。", 4, dot) + SIGN_OFF, bodies=with_body(4, "行业协会提供了统计数据，该平台覆盖全球厂商。"), sign_off=SIGN_OFF, columnist="王小明"),
    Layout("仅供参考 within the articles stays", week_with("本文是分析师的观点，仅供参考。\n" + BODIES[4] + "\n" + BODIES[3] + "\n" + BODIES[2], 4, dot), bodies=with_body(4, "本文是分析师的观点，仅供参考。\n" + BODIES[4] + "\n" + BODIES[3] + "\n" + BODIES[2])),
]

SLIPS = [
    Layout("a number left out", HEAD + f"1. {TITLES[0]}\n{BODIES[0]}\n2. {TITLES[1]}\n{BODIES[1]}\n4. {TITLES[3]}\n{BODIES[3]}\n5. {TITLES[4]}\n{BODIES[4]}\n", titles=[TITLES[0], TITLES[1], TITLES[3], TITLES[4]], codes=["number-missing"]),
    Layout("a number twice", HEAD + "".join(f"{n}. {t}\n{b}\n" for n, t, b in zip([1, 2, 3, 3, 4], TITLES, BODIES, strict=True)), codes=["number-repeated"]),
    Layout("the first number missing", HEAD + "".join(f"{n}. {t}\n{b}\n" for n, t, b in zip([2, 3, 4, 5, 6], TITLES, BODIES, strict=True)), codes=["number-missing"]),
    Layout("one heading in another writing", week(lambda n, t: f"{n}）{t}" if n == 3 else dot(n, t))),
    Layout("an empty article", HEAD + f"1. {TITLES[0]}\n{BODIES[0]}\n2. {TITLES[1]}\n3. {TITLES[2]}\n{BODIES[2]}\n4. {TITLES[3]}\n{BODIES[3]}\n", titles=TITLES[:4], codes=["article-empty"]),
    Layout("only headings", HEAD + NUMBERED_CONTENTS, codes=["article-empty"] * 5),
    Layout("a figure lost in the middle", week_with("各厂的份额如下：", 1, dot), bodies=with_body(1, "各厂的份额如下："), codes=["figure-lost"]),
    Layout("a figure lost before the sign-off", week_with("各厂的份额如下:", 4, dot) + SIGN_OFF, bodies=with_body(4, "各厂的份额如下:"), sign_off=SIGN_OFF, columnist="王小明", codes=["figure-lost"]),
    Layout("a heading and its body in one paragraph", HEAD + f"1. {TITLES[0]}\n{BODIES[0]}\n2. {TITLES[1]}，{'公司说将会改善良率，' * 9}\n{BODIES[1]}\n3. {TITLES[2]}\n{BODIES[2]}\n", titles=[TITLES[0], f"{TITLES[1]}，{'公司说将会改善良率，' * 9}", TITLES[2]], codes=["heading-long"]),
    Layout("no articles", HEAD + "本周没有消息。", titles=[], introduction="本周没有消息。", codes=["no-articles"]),
    Layout("nothing at all", "", title="", dates=None, titles=[], codes=["title-missing", "dates-missing", "no-articles"]),
    Layout("a heading with a day of another year", HEAD + f"1. 2024年1月5日新规生效\n{BODIES[0]}\n2. {TITLES[1]}\n{BODIES[1]}\n", titles=["2024年1月5日新规生效", TITLES[1]], codes=["date-outside"]),
]


def rich(*lines: tuple[str, int, bool]) -> list[Line]:
    return [Line(i, text, f"<p>{text}</p>", level, is_bold) for i, (text, level, is_bold) in enumerate(lines, start=1)]


RICH = [
    Layout("headings marked by the source", rich(("芯片周报", 1, False), ("2025.3.17-3.21", 0, False), *(line for t, b in zip(TITLES, BODIES, strict=True) for line in ((t, 2, False), (b.replace("\n", ""), 0, False))))),
    Layout("bold lines marked by the source", rich(("芯片周报", 0, True), ("2025.3.17-3.21", 0, True), *(line for t, b in zip(TITLES, BODIES, strict=True) for line in ((t, 0, True), (b.replace("\n", ""), 0, False))))),
    Layout("numbers win over bold subheads", rich(("芯片周报", 0, True), ("2025.3.17-3.21", 0, False), *(line for n, (t, b) in enumerate(zip(TITLES, BODIES, strict=True), 1) for line in ((f"{n}. {t}", 0, True), ("背景介绍", 0, True), (b.replace("\n", ""), 0, False), ("市场影响", 0, True), (b.replace("\n", ""), 0, False))))),
    Layout("### subheads inside ## articles", week(lambda n, t: f"## {t}\n导读一句话在此，交代缘起。\n### 背景", head="# 芯片周报\n2025.3.17-3.21\n")),
]

LAYOUTS = [*STYLES, *SECTIONS, *LISTS, *TRAPS, *FRONT, *CLOSING, *SLIPS, *RICH]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.claim)
def test_layout_is_read(layout: Layout) -> None:
    issue = parse_issue(layout.text, year=layout.year)

    assert [article.title for article in issue.articles] == list(layout.titles)
    assert issue.title == layout.title
    assert (str(issue.start_date), str(issue.end_date)) == (layout.dates or ("None", "None"))
    assert [warning.code for warning in issue.warnings] == list(layout.codes)
    assert (issue.columnist, issue.introduction, issue.sign_off) == (
        layout.columnist,
        layout.introduction,
        layout.sign_off,
    )
    if layout.bodies is not None:
        assert [article.body for article in issue.articles] == list(layout.bodies)
    if layout.sections is not None:
        assert [article.section for article in issue.articles] == list(layout.sections)
    if layout.numbers is not None:
        assert [article.number for article in issue.articles] == list(layout.numbers)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.claim)
def test_layout_loses_nothing(layout: Layout) -> None:
    source = layout.text if isinstance(layout.text, str) else "\n".join(line.text for line in layout.text)
    assert visible("".join(parse_issue(layout.text).joined())) == visible(source)


def test_every_layout_has_its_own_claim() -> None:
    claims = [layout.claim for layout in LAYOUTS]
    assert len(claims) == len(set(claims)) >= 45

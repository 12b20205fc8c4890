"""What looks like a heading and is none, and headings that look like something else."""

from __future__ import annotations

from tests.archive.layouts.layout import (
    BODIES,
    HEAD,
    SIGN_OFF,
    TITLES,
    Layout,
    chinese,
    dot,
    keeps,
    picked,
    spaced,
    titled,
    week,
)

NUMBERED = "".join(f"{i + 1}. {title}\n" for i, title in enumerate(TITLES))
DOTTED = "".join(f"{i + 1}. {title}……………{i * 3 + 1}\n" for i, title in enumerate(TITLES))
PAGED = "".join(f"{title}\t第{i + 1}页\n" for i, title in enumerate(TITLES))
BARE = "".join(f"{title}\n" for title in TITLES)
BULLETS = "".join(f"- {title}\n" for title in TITLES)
LINKS = "".join(f"- [{title}](#{i})\n" for i, title in enumerate(TITLES))
SHORTENED = "".join(f"{i + 1}. {title[:4]}\n" for i, title in enumerate(TITLES))
ZEROS = "".join(f"{i + 1:02} {title}\n" for i, title in enumerate(TITLES))

CONTENTS = [
    Layout("contents before the articles", week(dot, head=HEAD + "目录\n" + NUMBERED)),
    Layout("contents without a name", week(dot, head=HEAD + NUMBERED)),
    Layout("contents without numbers", week(dot, head=HEAD + "本期要点\n" + BARE)),
    Layout("contents with dots and pages", week(dot, head=HEAD + "目錄\n" + DOTTED)),
    Layout("contents with tabs and pages", week(dot, head=HEAD + "目 录\n" + PAGED)),
    Layout("contents of bullets", week(dot, head=HEAD + "【本期导读】\n" + BULLETS)),
    Layout("contents of Markdown links", week(lambda n, t: f"## {t}", head=HEAD + "## 目录\n" + LINKS)),
    Layout("contents in shortened words", week(dot, head=HEAD + "目录\n" + SHORTENED)),
    Layout("contents in shortened words without a name", week(dot, head=HEAD + SHORTENED)),
    Layout(
        "contents above 01 alone on a line", week(lambda n, t: f"{n:02}\n{t}", head=HEAD + "目录\n" + ZEROS)
    ),
    Layout(
        "contents above headings without numbers", spaced(lambda n, t: t, head=HEAD + "本期导读\n" + BARE)
    ),
    Layout(
        "contents after the articles",
        week(dot, end="本期目录\n" + NUMBERED + SIGN_OFF),
        sign_off=SIGN_OFF,
        columnist="王小明",
        bodies=BODIES,
    ),
    Layout(
        "contents after the sign-off",
        week(dot, end=SIGN_OFF + "\n" + NUMBERED),
        sign_off=SIGN_OFF,
        columnist="王小明",
        bodies=BODIES,
    ),
    Layout(
        "an introduction between contents and articles",
        week(dot, head=HEAD + "目录\n" + NUMBERED + "本周产业焦点仍在先进封装。\n"),
        introduction="本周产业焦点仍在先进封装。",
    ),
    Layout(
        "contents in one line are introduction",
        week(dot, head=HEAD + "本期要点：台积电新厂；三星换帅\n"),
        introduction="本期要点：台积电新厂；三星换帅",
    ),
]

REPORTS = [f"{n}.第{n}家企业公布财报" for n in range(1, 13)]
DIGITS = [
    Layout(
        "3.16项… is number 3",
        titled("1.台积电扩产", "2.三星换帅", "3.16项新措施支持芯片设计", "4.英伟达发布路线图"),
        titles=["台积电扩产", "三星换帅", "16项新措施支持芯片设计", "英伟达发布路线图"],
    ),
    Layout(
        "2.2.5D封装… is number 2",
        titled("1.台积电扩产", "2.2.5D封装成主流", "3.英伟达发布路线图"),
        titles=["台积电扩产", "2.5D封装成主流", "英伟达发布路线图"],
    ),
    Layout(
        "13.700万… is number 13",
        titled(*REPORTS, "13.700万颗芯片交付车厂", "14.车厂追加订单"),
        titles=[*(title.partition(".")[2] for title in REPORTS), "700万颗芯片交付车厂", "车厂追加订单"],
    ),
    Layout(
        "headings that begin with years and months",
        titled("1. 2024年晶圆代工排名", "2. 2025年存储器展望", "3. 3月出口数据"),
        titles=["2024年晶圆代工排名", "2025年存储器展望", "3月出口数据"],
    ),
    Layout(
        "01 and headings that begin with digits",
        titled("01 700万颗芯片交付", "02 2024年晶圆代工排名", "03 16项新措施出台"),
        titles=["700万颗芯片交付", "2024年晶圆代工排名", "16项新措施出台"],
    ),
    keeps(
        "years, figures and versions at the start of a line stay in the body",
        "2025年一季度营收创下新高。\n2024.12月的订单已经交付。\n3.5亿元的设备订单将在下半年确认。\n"
        "18A制程是关键。\n1.1.2版本的工具包随后发布。\n2.5D封装仍然紧缺。",
        0,
    ),
    Layout(
        "a figure is no heading although its number is missing",
        HEAD
        + f"1. {TITLES[0]}\n{BODIES[0]}\n2. {TITLES[1]}\n{BODIES[1]}\n3.5亿元的设备订单将在下半年确认。\n"
        + f"4. {TITLES[3]}\n{BODIES[3]}\n",
        titles=picked(0, 1, 3),
        numbers=[1, 2, 4],
        codes=["number-missing"],
    ),
]

LINES = [
    Layout(
        "a title that runs on after a comma",
        week(lambda n, t: f"{n}. {t}，\n产业链纷纷响应" if n == 2 else dot(n, t)),
        titles=[TITLES[0], TITLES[1] + "，产业链纷纷响应", *TITLES[2:]],
        bodies=BODIES,
    ),
    Layout(
        "every title has a second line",
        week(lambda n, t: f"{n}. {t}\n{t[-2:]}引发关注"),
        titles=[f"{title}{title[-2:]}引发关注" for title in TITLES],
        bodies=BODIES,
    ),
    keeps("one short first line is no second line of a title", "新厂启用\n" + BODIES[1], 1),
    keeps("a line of 5,000 characters", "芯" * 5000, 1),
    Layout(
        "headings with a full stop",
        titled("1. 台积电扩产", "2. 三星换帅。", "3. 长鑫扩产"),
        titles=["台积电扩产", "三星换帅。", "长鑫扩产"],
    ),
    Layout(
        "headings with ！ and ？",
        titled("1. 台积电扩产！", "2. 三星能赶上吗？"),
        titles=["台积电扩产！", "三星能赶上吗？"],
    ),
    Layout(
        "CRLF, BOM, zero-width characters and tabs",
        "\ufeff" + week(lambda n, t: f"\t{n}.\u200b {t}\u3000", end=SIGN_OFF).replace("\n", " \t\r\n"),
        bodies=BODIES,
        sign_off=SIGN_OFF,
        columnist="王小明",
    ),
    Layout(
        "traditional characters",
        "芯片週報\n2025年3月17日至3月21日\n目錄\n第一條 台積電擴產\n第二條 三星換帥\n第三條 聯電漲價\n"
        "第一條 台積電擴產\n新廠動工。\n來源：經濟日報\n第二條 三星換帥\n新帥上任。\n第三條 聯電漲價\n需求回升。\n"
        "以上內容僅供參考，轉載請註明出處。",
        title="芯片週報",
        titles=["台積電擴產", "三星換帥", "聯電漲價"],
        bodies=["新廠動工。", "新帥上任。", "需求回升。"],
        sources=[("經濟日報", ""), ("", ""), ("", "")],
        sign_off="以上內容僅供參考，轉載請註明出處。",
    ),
    Layout(
        "English",
        "Chip Weekly\n2025-03-17~2025-03-21\n1. TSMC opens a new fab\nThe fab starts with packaging. Tools move in now.\n"
        "2. Samsung names a foundry head\nHe led memory process before. Yield comes first.\n",
        title="Chip Weekly",
        titles=["TSMC opens a new fab", "Samsung names a foundry head"],
    ),
]

EARLIER = "上期（2025.3.10-2025.3.14）已经报道过这家公司。\n展会于2025年6月3日-5日举行。"
NUMBERED_SIGN_OFF = (
    "栏目作者：王小明\n1. 以上内容不构成投资建议。\n2. 转载请注明出处。\n3. 欢迎关注我们的公众号。"
)
OTHERS = [
    keeps("days of other issues in an article", EARLIER, 2),
    Layout(
        "days of another issue in the introduction",
        week(dot, head=HEAD + "上一期（2025.3.10-2025.3.14）的读者来信很多，在此一并致谢。\n"),
        introduction="上一期（2025.3.10-2025.3.14）的读者来信很多，在此一并致谢。",
    ),
    Layout(
        "an earlier issue above the articles",
        week(dot, head=HEAD + "往期回顾：芯片周报2025.3.10-3.14\n"),
        introduction="往期回顾：芯片周报2025.3.10-3.14",
    ),
    Layout(
        "earlier issues below the articles",
        week(dot, end="往期回顾\n芯片周报2025.3.10-3.14\n芯片周报2025.3.3-3.7\n芯片周报2025.2.24-2.28\n"),
        sign_off="往期回顾\n芯片周报2025.3.10-3.14\n芯片周报2025.3.3-3.7\n芯片周报2025.2.24-2.28",
        bodies=BODIES,
    ),
    Layout(
        "numbers in the sign-off",
        week(dot, 2, end=NUMBERED_SIGN_OFF),
        titles=TITLES[:2],
        columnist="王小明",
        sign_off=NUMBERED_SIGN_OFF,
    ),
    Layout(
        "source lines under headings and at the ends",
        HEAD
        + f"1. {TITLES[0]}\n来源：某某日报\n{BODIES[0]}\n2. {TITLES[1]}\n{BODIES[1]}\n（来源：某某网）\nhttps://example.com/2\n"
        + f"3. {TITLES[2]}\n{BODIES[2]}\n原文链接：https://example.com/3?a=1\n4. {TITLES[3]}\n{BODIES[3]}\n图片来源：某公司\n",
        titles=TITLES[:4],
        bodies=[*BODIES[:3], BODIES[3] + "\n图片来源：某公司"],
        sources=[
            ("某某日报", ""),
            ("某某网", "https://example.com/2"),
            ("", "https://example.com/3?a=1"),
            ("", ""),
        ],
    ),
    Layout(
        "the same text in two articles",
        week(lambda n, t: f"{n}. {t}\n{BODIES[0]}"),
        bodies=[f"{BODIES[0]}\n{body}" for body in BODIES],
    ),
]

SLIPS = [
    Layout(
        "a number left out",
        titled("1. 台积电扩产", "2. 三星换帅", "4. 英伟达发布路线图", "5. 日月光涨价"),
        titles=["台积电扩产", "三星换帅", "英伟达发布路线图", "日月光涨价"],
        codes=["number-missing"],
    ),
    Layout(
        "a number twice",
        titled("1. 台积电扩产", "2. 三星换帅", "3. 长鑫扩产", "3. 英伟达发布路线图", "4. 日月光涨价"),
        titles=["台积电扩产", "三星换帅", "长鑫扩产", "英伟达发布路线图", "日月光涨价"],
        numbers=[1, 2, 3, 3, 4],
        codes=["number-repeated"],
    ),
    Layout(
        "two numbers changed about",
        titled("1. 台积电扩产", "2. 三星换帅", "4. 长鑫扩产", "3. 英伟达发布路线图", "5. 日月光涨价"),
        titles=["台积电扩产", "三星换帅", "长鑫扩产", "英伟达发布路线图", "日月光涨价"],
        numbers=[1, 2, 4, 3, 5],
        codes=["number-repeated"],
    ),
    Layout(
        "the first number missing",
        titled("2. 台积电扩产", "3. 三星换帅", "4. 长鑫扩产"),
        titles=["台积电扩产", "三星换帅", "长鑫扩产"],
        codes=["number-missing"],
    ),
    Layout(
        "an empty article",
        HEAD + f"1. {TITLES[0]}\n{BODIES[0]}\n2. {TITLES[1]}\n3. {TITLES[2]}\n{BODIES[2]}\n",
        titles=TITLES[:3],
        codes=["article-empty"],
    ),
    Layout("only headings", HEAD + NUMBERED, codes=["article-empty"] * 5),
    Layout(
        "a figure lost in the middle",
        HEAD + f"1. {TITLES[0]}\n各厂的份额如下：\n2. {TITLES[1]}\n{BODIES[1]}\n",
        titles=TITLES[:2],
        codes=["figure-lost"],
    ),
    Layout(
        "a figure lost before the sign-off",
        HEAD + f"1. {TITLES[0]}\n{BODIES[0]}\n2. {TITLES[1]}\n各厂的份额如下:\n{SIGN_OFF}",
        titles=TITLES[:2],
        bodies=[BODIES[0], "各厂的份额如下:"],
        sign_off=SIGN_OFF,
        columnist="王小明",
        codes=["figure-lost"],
    ),
    Layout(
        "a heading and its body in one paragraph",
        titled("1. 台积电扩产", f"2. 三星换帅，{'公司说将会改善良率，' * 9}", "3. 长鑫扩产"),
        titles=["台积电扩产", f"三星换帅，{'公司说将会改善良率，' * 9}", "长鑫扩产"],
        codes=["heading-long"],
    ),
    Layout(
        "a heading with a day of another year",
        titled("1. 2024年1月5日新规生效", "2. 三星换帅"),
        titles=["2024年1月5日新规生效", "三星换帅"],
        codes=["date-outside"],
    ),
    Layout(
        "no articles",
        HEAD + "本周没有消息。",
        titles=[],
        introduction="本周没有消息。",
        codes=["no-articles"],
    ),
    Layout(
        "nothing at all",
        "",
        title="",
        dates=("None", "None"),
        titles=[],
        codes=["title-missing", "dates-missing", "no-articles"],
    ),
]

POINTS = [
    "理由有三点：\n"
    + "".join(f"## {n}）{said}{why}，交期越来越长。\n" for n, why in enumerate(("缺料", "涨价", "换代"), 1))
    for said in ("设备", "人手", "颗粒", "机柜", "基板")
]
MARKED_LISTS = [
    Layout(
        f"lists that a tool marked as headings, in {said}",
        HEAD
        + "".join(
            f"第{chinese(i + 1)}条 {title}\n{BODIES[i]}\n{POINTS[i] if i in chosen else ''}"
            for i, title in enumerate(TITLES)
        ),
        numbers=(1, 2, 3, 4, 5),
    )
    for said, chosen in (("one article", (1,)), ("three articles", (1, 3, 4)), ("every article", range(5)))
]

TRAPS = [*CONTENTS, *DIGITS, *LINES, *OTHERS, *SLIPS, *MARKED_LISTS]

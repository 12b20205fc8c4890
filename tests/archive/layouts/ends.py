"""What stands above the articles and what stands below them."""

from __future__ import annotations

from tests.archive.layouts.layout import (
    BODIES,
    HEAD,
    SIGN_OFF,
    Layout,
    dot,
    keeps,
    week,
    week_with,
    with_body,
)

NO_DATES = ("None", "None")


def under(claim: str, head: str, **expected: object) -> Layout:
    """The claim about a week that begins with `head`."""
    return Layout(claim, week(dot, head=head), **expected)  # type: ignore[arg-type]


TITLE_AND_DATES = [
    under("dates in brackets in the title", "半导体一周要闻（2025.3.17-3.21）\n", title="半导体一周要闻"),
    under("dates glued to the title", "甲乙丙半导体一周要闻2025.3.17-3.21\n", title="甲乙丙半导体一周要闻"),
    under("dates above the title", "2025.3.17-3.21\n半导体一周要闻\n", title="半导体一周要闻"),
    under("dates before the title", "【2025.3.17-3.21】半导体一周要闻\n", title="半导体一周要闻"),
    under("dates in a Markdown quotation", "# 芯片周报\n> 2025年3月17日-21日\n"),
    under(
        "the number of the issue stays in the title",
        "芯片周报（第12期）\n（2025.3.17-3.21）\n",
        title="芯片周报（第12期）",
    ),
    under(
        "the publisher above the title",
        "甲乙丙产业联盟\n半导体一周要闻\n2025.3.17-3.21\n",
        title="半导体一周要闻",
        introduction="甲乙丙产业联盟",
    ),
    under("a word before the dates", "半导体一周要闻\n日期：2025年3月17日-21日\n", title="半导体一周要闻"),
    under("the year in the title", "2025年半导体一周要闻\n3.17-3.21\n", title="2025年半导体一周要闻"),
    under("no year, but asked for", "芯片周报\n3月17日-21日\n", year=2025),
    under("no year", "芯片周报\n3月17日-21日\n", dates=NO_DATES, codes=["dates-no-year"]),
    under("an ISO week", "芯片周报\n2025年第12周\n", dates=("2025-03-17", "2025-03-23")),
    under("an ISO week and its days", "芯片周报 2025年第12周\n3.17-3.21\n", title="芯片周报 2025年第12周"),
    under(
        "an ISO week and other days",
        "芯片周报 2025年第13周\n3.17-3.21\n",
        title="芯片周报 2025年第13周",
        codes=["date-outside"],
    ),
    under("across the new year", "芯片周报\n2024.12.30-1.3\n", dates=("2024-12-30", "2025-01-03")),
    under(
        "the end before the start",
        "芯片周报\n2025.3.21-2025.3.17\n",
        dates=("2025-03-21", "2025-03-17"),
        codes=["dates-reversed"],
    ),
    under(
        "more than 31 days",
        "芯片周报\n2025.3.1-2025.4.30\n",
        dates=("2025-03-01", "2025-04-30"),
        codes=["dates-too-long"],
    ),
    under(
        "a day that does not exist",
        "芯片周报\n2025.2.24-2025.2.30\n",
        dates=("2025-02-24", "None"),
        codes=["dates-invalid"],
    ),
    under(
        "two ranges of days",
        "芯片周报（2025.3.17-3.21）\n2025.3.10-3.14\n",
        introduction="2025.3.10-3.14",
        codes=["date-outside"],
    ),
    *(
        under(
            f"no year: {line}",
            f"{title}\n3月17日-21日\n{line}\n",
            title=title,
            dates=NO_DATES,
            introduction=line,
            codes=["dates-no-year"],
        )
        for title, line in (
            ("芯片周报", "甲厂与乙厂签下代工合同，合同至2033年底。"),
            ("芯片周报", "甲厂的合同到2033年"),
            ("芯片周报", "2019年，甲厂只有一条产线。"),
            ("芯片周报", "By 2030 the fab will be full"),
            ("芯片周报：迈向2030", "本周焦点是封装。"),
            ("芯片周报：2030年的路线图", "本周焦点仍是封装。"),
        )
    ),
    *(
        under(f"the year in a label: {line}", f"芯片周报\n3月17日-21日\n{line}\n", introduction=line)
        for line in ("2025年第11期", "出版日期：2025年", "2025年3月21日 18:00 上海")
    ),
    under("no dates", "芯片周报\n", dates=NO_DATES, codes=["dates-missing"]),
    under("no title", "2025.3.17-3.21\n", title="", codes=["title-missing"]),
    under(
        "dates in the introduction only",
        "芯片周报\n本期收录2025年3月17日至21日的产业消息，共五条。\n",
        introduction="本期收录2025年3月17日至21日的产业消息，共五条。",
    ),
    under(
        "a by-line and an introduction",
        HEAD + "本期作者：王小明\n本周产业焦点仍在先进封装。\n",
        columnist="王小明",
        introduction="本周产业焦点仍在先进封装。",
    ),
    under(
        "a number of the issue before the title", "Vol.12 芯片周报 2025.3.17-3.21\n", title="Vol.12 芯片周报"
    ),
    under("week of", "Chip Weekly: week of March 17-21, 2025\n", title="Chip Weekly"),
    under("a by-line in English", HEAD + "by J. Doe\n", columnist="J. Doe"),
    under("the number of the week beside its days", "芯片周报\n2025年第12周 3.17-3.21\n"),
    under(
        "a by-line beside the dates below a heading",
        "# 芯语\n2025.3.17-3.21 ｜ 老周\n",
        title="芯语",
        introduction="老周",
    ),
    under("a by-line with 文/", HEAD + "文/王小明\n", columnist="王小明"),
    under(
        "an introduction of two paragraphs, called so",
        HEAD + "导语：本周焦点仍在封装。\n其次是存储器价格，市场普遍看涨。\n",
        introduction="本周焦点仍在封装。\n其次是存储器价格，市场普遍看涨。",
    ),
]


def above(claim: str, sign_off: str, columnist: str = "") -> Layout:
    """The claim that `sign_off` is kept apart from the last article."""
    return Layout(claim, week(dot, end=sign_off), bodies=BODIES, sign_off=sign_off, columnist=columnist)


BIOGRAPHY = "王小明：甲乙大学校友，产业联盟顾问，从业三十年。"
PLATFORM = "行业协会提供了统计数据，该平台覆盖全球厂商。"
QUOTATION = "黄某某：我们现任的团队是最好的，专家们都同意。"
OPINION = "本文是分析师的观点，仅供参考。\n" + "\n".join(reversed(BODIES))
SIGN_OFFS = [
    above("columnist and disclaimers", SIGN_OFF, "王小明"),
    above(
        "a biography and disclaimers",
        f"{BIOGRAPHY}\n- 以上评价仅代表作者立场。\n- 如有疑问，敬请留言。",
        "王小明",
    ),
    above("a biography alone", BIOGRAPHY, "王小明"),
    above(
        "what the publisher says of itself",
        "转载请注明出处。\n甲乙产业联盟是由多家企业自愿组成的公益平台。\n目前联盟不定期举办线下活动。",
    ),
    above("calls to follow and editors", "扫码关注我们\n点击阅读原文\n责任编辑：李小红"),
    above("a rule above", "————————\n本文不构成投资建议。"),
    above(
        "an unknown line between known ones",
        "栏目作者：王小明\n本期恰逢假期，内容略有精简。\n转载请注明出处。",
        "王小明",
    ),
    *(
        above(f"a call or an office: {line}", line)
        for line in (
            "本期编辑：李小红",
            "—— 本期编辑 小李 ——",
            "加入社群 请添加小助手",
            "广告合作：ad@example.com",
            "声明：转载只为传递信息。",
            "如需退订，请回复本邮件。",
            "来源：综合整理",
            "You are receiving this email because you subscribed.\nUnsubscribe | View in browser",
            "Thanks for reading! Forward this to a friend.",
        )
    ),
    keeps("a last paragraph about a platform is no sign-off", f"{BODIES[4]}\n{PLATFORM}", 4),
    keeps("a last paragraph that quotes somebody is no sign-off", f"{BODIES[4]}\n{QUOTATION}", 4),
    keeps("仅供参考 at the top of the last article is no sign-off", OPINION, 4),
    Layout(
        "a last paragraph about a platform stays above the sign-off",
        week_with(PLATFORM, 4) + SIGN_OFF,
        bodies=with_body(4, PLATFORM),
        sign_off=SIGN_OFF,
        columnist="王小明",
    ),
]

ENDS = [*TITLE_AND_DATES, *SIGN_OFFS]

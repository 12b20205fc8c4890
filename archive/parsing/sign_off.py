"""Finds the sign-off: the lines under the last article that belong to the digest and not to the article.

They are recognised by kind: columnist, disclaimers, rights, calls to follow, editors, what the publisher is. To teach
the parser another kind, add a line to `_STRONG` (enough by itself) or to `_WEAK` (counts only next to a strong line,
because an article may say such a thing too).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.parsing.dates import parse_dates
from archive.parsing.rows import Row

_OFFICES = "责任编辑|责编|编辑|校对|审核|排版|监制|主编|供稿|统筹|值班编辑|编辑部|编辑整理|整理|制图"
_STRONG = re.compile(
    "|".join(
        (
            # Disclaimers.
            r"(?:以上|文中|本文|本刊|本号|文章)[^。]{0,20}(?:仅|不|并不)\s?(?:供|代表)",
            r"不(?:构成|作为)[^。]{0,12}(?:建议|依据)",
            r"免责声明|特别声明|版权声明|风险提示",
            r"^\W{0,3}声明\s?:[^。]{0,40}(?:转载|版权|侵权|传递信息|本(?:文|号|刊|站|平台|公众号))",
            r"如有(?:疑问|侵权|异议|错漏|不当|任何问题)|敬请(?:留言|指正|谅解)",
            r"联系(?:我们)?删除|侵(?:权)?(?:必|即)?删",
            # Rights.
            r"版权(?:所有|归)|all rights reserved",
            r"转载(?:请|需|须|务必)[^。]{0,10}(?:注明|授权|联系|标明)",
            r"未经(?:授权|许可)[^。]{0,12}(?:转载|禁止|不得)",
            # Calls to follow.
            r"扫码|扫描[^。]{0,10}(?:二维码|下方)|长按[^。]{0,10}(?:二维码|识别|关注)",
            r"点击[^。]{0,20}(?:查看|关注|在看)|阅读原文|点(?:个)?(?:在看|赞)",
            r"欢迎(?:关注|留言|订阅|转发|投稿|加入|扫码|分享)|关注(?:我们|本号|公众号)",
            r"公众号[^。]{0,12}(?:关注|回复|底部|后台|订阅)",
            r"往期(?:回顾|精彩|推荐|精选|内容)|商务合作|投稿邮箱|联系(?:邮箱|电话|方式)\s?:",
            r"^\W{0,3}(?:广告|媒体|品牌|内容|市场)合作\s?[:丨|]|^\W{0,3}加入[^。]{0,8}(?:社群|交流群|读者群|微信群)",
            r"thanks for reading|(?:forward|share) this (?:e?mail|issue|newsletter|to)|退订|取消订阅|unsubscribe",
            r"view (?:this email )?in (?:your )?browser|you (?:are receiv|receiv|got th)\w{2,5} this",
            # Where all of it comes from.
            r"^\W{0,3}(?:资料|信息|新闻|内容)?来源\s?:\s?(?:综合|网络|公开|互联网)[^。]{0,12}$",
            # Editors.
            rf"^\W{{0,3}}(?:本期|本周|本刊)?(?:{_OFFICES})\s?[:丨|/]",
            r"^\W{0,4}本期(?:编辑|整理|责编|主编|排版|审核|校对|值班)\s",
            # The columnist, by name of the office.
            r"^\W{0,3}(?:本期|特约|专栏)?(?:栏目)?(?:作者|撰文|撰稿|主笔|执笔)(?:简介|介绍)?\s?[:丨|/]",
            r"^\W{0,3}关于(?:作者|我们)",
            # What only a society says of itself.
            r"是[^。]{0,200}(?:公益(?:性)?(?:平台|组织)|非营利(?:性)?(?:平台|组织|机构|公益)|自愿组成)",
            # The end itself.
            r"^[\W_]{0,6}(?:end|the end|(?:本期|本篇)?完|全文完|未完待续)[\W_]{0,6}$",
        )
    ),
    re.IGNORECASE,
)
_WEAK = re.compile(
    "|".join(
        (
            r"仅供参考|敬请期待|下期(?:见|再见)|感谢(?:阅读|关注)",
            r"二维码|公众号|微信号|(?:官网|邮箱|电话|地址)\s?:",
            # A rule.
            r"^[\W_]+$",
            # What the publisher does.
            r"(?:联盟|协会|学会|俱乐部|公众号|平台|本刊|我们|编辑部|研究院|社区|媒体|校友会)"
            r"[^。]{0,20}(?:致力于|成立于|旨在|定期|不定期|举办|提供|服务于|由[^。]{0,30}发起|是)",
        )
    )
)
BIOGRAPHY = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff]{1,8})\s?[:丨|]\s?(?=[^。]{0,120}"
    r"(?:校友|顾问|教授|评论家|分析师|专栏|研究员|从业|学者|主笔|撰稿|编辑|作者|博主|专家|博士|毕业于|曾任|现任|理事|秘书长))"
)


def is_remark(text: str) -> bool:
    """Whether a text says something of the digest, not of the news: a disclaimer, rights, a call to follow.

    >>> is_remark("本文仅供参考，不构成投资建议。"), is_remark("台积电宣布扩产。")
    (True, False)
    """
    return bool(_STRONG.search(text))


_SPEAKS = re.compile('[我你？?！!“”"]|他们|认为|表示|指出|将会|应该')
_SURELY_A_COLUMNIST = re.compile("校友|顾问|评论家|专栏|从业|主笔|撰稿|作者|博主|编辑|毕业")
_SELF = re.compile(
    r"(?P<name>[^,.;:。、\s]{2,20}?(?:联盟|协会|学会|俱乐部|平台|研究院|公众号|社区|媒体|编辑部|网|库|周刊|周报|要闻))"
    r"[^。]{0,6}(?:是|由|成立|致力|为)"
)
_CLOSING = re.compile(
    r"\W{0,3}(?:联系(?:我们|方式)|关于(?:我们|本刊)|加入(?:我们|社群|读者群|交流群)|招聘(?:信息|启事)?|人才招聘|诚聘|(?:往期|往年)(?:推荐|回顾|精选|内容|文章|目录)?|文档信息|版权信息"
    r"|相关(?:推荐|阅读|文章)|推荐阅读|延伸阅读|投稿(?:须知|方式|邮箱)?|订阅(?:方式|本刊|我们)?|商务合作|本期编辑|编辑团队|广告(?:合作)?|赞助(?:商)?|免责声明|版权声明|读者群"
    r"|about(?: us)?|contact(?: us)?|disclaimer|subscribe|sponsors?)\W{0,3}",
)
_PREFACE = re.compile(r"\W{0,3}(?:卷首语?|刊首语?|编者按|编者的话|写在前面|前言|导语|引言|主编寄语)\W{0,3}")
_LONGEST_CLOSING = 16
_NOT_A_NAME = re.compile("以上|本文|作者|编辑|来源|声明|注|备注|链接|原文|标题|摘要|栏目")
_LONGEST = 1500
_MOST_STRANGERS = 2
_LONGEST_STRANGER = 120
_LONGEST_LINK = 40
"""A short line with a range of days under the articles is the name of an earlier issue."""


def find_sign_off(rows: Sequence[Row], floor: int, skipped: frozenset[int] = frozenset()) -> int:
    """Returns the row where the sign-off begins, `len(rows)` when there is none.

    Rows before `floor` (the last heading and above) are never taken; rows in `skipped` (a contents list) do not
    count. Rows are read upwards from the end: up to two short lines of unknown kind may stand below a line that is
    recognised, and everything below a recognised line belongs to the sign-off.
    """
    closing = len(rows)
    strangers = 0
    for index in range(len(rows) - 1, floor - 1, -1):
        row = rows[index]
        if index in skipped:
            continue
        is_columnist = _is_columnist(row, is_alone=closing == len(rows)) and not strangers
        if _says_enough(row) or is_columnist or _belongs_above(row, rows, closing):
            closing, strangers = index, 0
        elif not _is_weak(row):
            strangers += 1
            if strangers > _MOST_STRANGERS or len(row.core) > _LONGEST_STRANGER:
                break
    return closing


def _is_columnist(row: Row, *, is_alone: bool) -> bool:
    """Whether the line is the columnist's biography; as the last line of all it must say that the person writes."""
    return bool(biography_name(row)) and (not is_alone or bool(_SURELY_A_COLUMNIST.search(row.core)))


def _belongs_above(row: Row, rows: Sequence[Row], closing: int) -> bool:
    """Whether the line directly above the sign-off is a rule, or describes a publisher that is named there."""
    if closing == len(rows):
        return False
    if not any(char.isalnum() for char in row.core):
        return True
    described = _SELF.match(row.core)
    known = [*rows[:3], *rows[closing:]]
    return described is not None and any(described["name"] in one.core for one in known)


def find_certain_sign_off(rows: Sequence[Row]) -> int:
    """Returns the row from which every line is recognised as sign-off by itself, so that none can be a heading."""
    index = end = _find_closing_part(rows)
    while index and (is_strong(rows[index - 1]) or _is_weak(rows[index - 1])):
        index -= 1
    return next((row for row in range(index, end) if is_strong(rows[row])), end)


def is_preface(row: Row) -> bool:
    """Whether the line is the heading of an introduction: `卷首语`, `编者按`."""
    return len(row.core) <= _LONGEST_CLOSING and bool(_PREFACE.fullmatch(row.core))


def _find_closing_part(rows: Sequence[Row]) -> int:
    """Returns the row of a heading such as `联系我们` or `往期推荐` below which there are only others of its kind."""
    closing = len(rows)
    for index in range(len(rows) - 1, len(rows) // 3, -1):
        row = rows[index]
        if len(row.core) <= _LONGEST_CLOSING and _CLOSING.fullmatch(row.title.lower()):
            closing = index
        elif row.level or row.marker or (row.lead and "<a " not in (row.line.html or "")):
            break  # an article, and not a link to an earlier issue
    return closing


def is_strong(row: Row) -> bool:
    """Whether the line alone shows that it is not part of an article."""
    return _says_enough(row) or bool(biography_name(row))


def _says_enough(row: Row) -> bool:
    return len(row.core) <= _LONGEST and bool(_STRONG.search(row.core))


def biography_name(row: Row) -> str:
    """Returns the name in `王小明：某大学校友，某联盟顾问。`; empty when the line is not a biography."""
    found = BIOGRAPHY.match(row.core)
    if not found or _NOT_A_NAME.search(found["name"]) or len(row.core) > _LONGEST or _SPEAKS.search(row.core):
        return ""
    return row.line.text[row.start + found.start("name") : row.start + found.end("name")]


def _is_weak(row: Row) -> bool:
    if len(row.core) > _LONGEST:
        return False
    return bool(_WEAK.search(row.core)) or (
        len(row.core) <= _LONGEST_LINK and parse_dates(row.core) is not None
    )

"""What the editors' room does not say: names that docs/wording.md replaced, and sentences of Django's own."""

from __future__ import annotations

import re
from html import unescape

OTHER_NAMES = re.compile(
    "检索|查询|查找|搜中|(?<!也就是)读者|提及|说到|撤下|拆期台|替代文字|删去|去掉|拿掉|命令行|站点|增加|新增|登出|注销|编辑后台|等着发布"
    "|到时发布|到点|试读|试算|读一读|^(?:不要了|改好了|不改了)$|本来就一样|和现在一样|录入|看读者|不要这张|留不留|(?<![文词])库里"
)
OF_DJANGO = re.compile(
    "成功(?:修改|添加|删除)了|请更正以下错误|工作人员|超级用户|对象|过滤器?|显示计数|个中 0 个被选|增加另一个|添加另一个"
    "|来修改|来查看|所有日期|无可选的|(?<!批量)动作|站点管理|认证和授权|---------|欢迎，|变更历史|这个字段|有效的|输入一个"
)
HALF_WIDTH = re.compile(
    r"[\u4e00-\u9fff”》）][,;:?!.](?=[\u4e00-\u9fff“《（\s]|$)|[\u4e00-\u9fff]\(|\)[\u4e00-\u9fff]"
)
BLANK = re.compile(r"(?:修改|新建|删除|选择|查看|按|以) (?=[\u4e00-\u9fff])")
"""`修改 期`: Django's sentences have a blank where English has one."""


def said(page: str) -> list[str]:
    """Returns what a page of the admin says, line by line, labels for screen readers and buttons included."""
    page = re.sub(r"<(script|style|textarea|svg|code)[^>]*>.*?</\1>|<!--.*?-->", "\n", page, flags=re.DOTALL)
    labels = re.findall(r'(?:title|aria-label|placeholder|value|alt)="([^"]*)"', page)
    return [unescape(piece).strip() for piece in [*re.sub(r"<[^>]*>", "\n", page).splitlines(), *labels]]


def faults(page: str) -> set[str]:
    """Returns the lines of a page that docs/wording.md does not allow.

    >>> sorted(faults("<h1>修改 期</h1><p>已保存。</p><p>你的密码:</p>"))
    ['你的密码:', '修改 期']
    """
    rules = (re.compile("你"), OTHER_NAMES, OF_DJANGO, HALF_WIDTH, BLANK)
    return {line for line in said(page) if any(rule.search(line) for rule in rules)}

"""Knows lines above a digest that are none of it: calls to follow, what WeChat writes below a title, heads of mails."""

from __future__ import annotations

import re

from archive.parsing.rows import Row

_HEADER = re.compile(
    "|".join(
        (
            r"\W{0,6}(?:点击|点|轻触|戳)[^。]{0,8}(?:上方|下方|蓝字|卡片|关注)[^。]{0,30}",
            r"\W{0,6}(?:关注|星标)[^。]{0,10}(?:公众号|我们|本号|蓝字)[^。]{0,30}|.{0,20}设为星标.{0,20}",
            r"(?:原创|首发)(?:\s.{0,60})?|\W{0,3}以下文章来源于.{1,60}|收录于\s?(?:合集|专辑|话题).{0,60}",
            r"\W{0,3}(?:全文|本文|文章)(?:共|约|字数)[^。]{0,20}字.{0,30}|\W{0,3}(?:预计|建议)?阅读(?:时间|时长|约|本文)[^。]{0,30}",
            r"(?:发件人|收件人|抄送|密送|发送时间|回复|from|to|cc|bcc|sent|date|reply-to)\s?:.{1,200}",
        )
    ),
    re.IGNORECASE,
)
SUBJECT = re.compile(
    r"^(?:主题|邮件主题|subject)\s?[:：]\s*(?:(?:re|fwd?|转发|回复|答复)\s?[:：]\s*)*", re.IGNORECASE
)
"""What stands before the title of a digest that was mailed."""


def is_page_header(row: Row) -> bool:
    """Whether the line, above all articles, is no text of the digest.

    >>> from archive.parsing.rows import prepare_rows
    >>> from archive.parsing.text import read_lines
    >>> [is_page_header(row) for row in prepare_rows(read_lines("点击上方蓝字关注我们\\n本周焦点是封装。"))]
    [True, False]
    """
    return not row.is_block and not row.level and bool(_HEADER.fullmatch(row.core.strip()))

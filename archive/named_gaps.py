"""Words that stand in a text where a chart, diagram, embedded file or formula could not be taken over. Pure."""

from __future__ import annotations

import re

KINDS = (
    "图表", "示意图", "手写", "三维模型", "表格", "公式", "幻灯片", "文档", "附件", "PDF 文件",
    "嵌入的文档", "嵌入的文件", "图片",
)  # fmt: skip
_LONGEST_NAME = 120
GAP = re.compile(rf"〔(?:{'|'.join(KINDS)})(?:：[^〔〕]*)?〕")
"""What `gap` writes, as it stands in a text; `国发〔2024〕5号` is none."""


def gap(kind: str, name: str = "") -> str:
    """Returns the words that stand where something is missing.

    >>> gap("图表", "产能走势图")
    '〔图表：产能走势图〕'
    """
    name = " ".join(name.replace("〔", "（").replace("〕", "）").split())[:_LONGEST_NAME]
    return f"〔{kind}：{name}〕" if name else f"〔{kind}〕"


def gaps_in(text: str) -> list[str]:
    """Returns the words of every gap in a text.

    >>> gaps_in("产能见〔图表：产能走势图〕，〔注〕是原文的括号。")
    ['〔图表：产能走势图〕']
    """
    return GAP.findall(text)

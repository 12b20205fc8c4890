"""Headlines break between clauses: the filter `clauses`."""

from __future__ import annotations

import re

import pytest
from django.utils.html import strip_tags

from archive.templatetags.archive_tags import clauses


@pytest.mark.parametrize(
    ("headline", "parts"),
    [
        ("昇腾910C怎么看？算力之外，带宽才是关键", ["昇腾910C怎么看？", "算力之外，", "带宽才是关键"]),
        ("光进铜退再进一步,英伟达发布CPO交换机", ["光进铜退再进一步,", "英伟达发布CPO交换机"]),
        ("营收1,000亿元,同比增长33.9%", ["营收1,000亿元,", "同比增长33.9%"]),
        ("他问：“量产呢？”没有人答", ["他问：", "“量产呢？”没有人答"]),
        (
            "中芯国际2024年报：营收577.96亿元！！利润承压",
            ["中芯国际2024年报：", "营收577.96亿元！！", "利润承压"],
        ),
    ],
)
def test_each_clause_keeps_together(headline: str, parts: list[str]) -> None:
    html = clauses(headline)
    assert re.findall(r'<span class="clause">(.*?)</span>', html) == parts
    assert strip_tags(html) == headline


@pytest.mark.parametrize(
    "headline", ["SK海力士12层HBM4样品率先送达客户", "GTC 2025:Blackwell Ultra登场", "", "只有一句。"]
)
def test_a_headline_of_one_clause_stays_as_it_is(headline: str) -> None:
    assert clauses(headline) == headline


def test_markup_in_a_headline_is_text() -> None:
    assert "<b>" not in clauses("<b>甲，乙</b>")
    assert clauses("<b>甲</b>") == "&lt;b&gt;甲&lt;/b&gt;"

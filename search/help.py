"""The examples of the help page: each can be tried, and says how many articles it finds now."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from search.finding import Asked, count
from search.query import parse
from search.vocabulary import current_vocabulary

EXAMPLES = {
    "几个词": {
        "昇腾 带宽": "用空格隔开，全部都要。",
        "HBM3E OR HBM4": "中间写 OR，任一即可；OR 只管它左右两个词。",
        "HBM -三星": "前面加减号（或写 NOT），不含这个词。",
        '"先进封装"': "加引号，一字不差。",
    },
    "在哪里找": {
        "title:量产": "只找标题。",
        "term:台积电": "说到这个词条的文章，不论写成台积电、TSMC 还是台積電。",
        "columnist:芯闻库编辑部": "按栏目作者。",
        "issue:2025-03-21": "某一期，用它的结束日期。",
    },
    "什么时候": {
        "2025年3月 英特尔": "报道这些天的各期，也找写着“2025年3月”的文章。",
        "2025Q1 财报": "季度；也可以写“2025年一季度”“2025年上半年”“2025年第12周”。",
        "上周 HBM": "今天、上周、上个月、去年、最近三个月，都按今天推算。",
        "year:2025 光刻": "某一年的各期。",
        "英伟达 after:2025-03-01": "从某天起；before: 到某天为止。",
    },
}


@dataclass(frozen=True)
class Example:
    """A query to try: what it means, how many articles it finds, and the parameters of its address."""

    query: str
    meaning: str
    count: int
    parameters: str


@dataclass(frozen=True)
class Group:
    """Examples under one heading."""

    title: str
    examples: list[Example]


def groups() -> list[Group]:
    """Returns the examples with their present counts."""
    return [
        Group(title, [_example(query, meaning) for query, meaning in examples.items()])
        for title, examples in EXAMPLES.items()
    ]


def _example(query: str, meaning: str) -> Example:
    found = count(parse(query, current_vocabulary()), Asked(query))
    return Example(query, meaning, found, urlencode({"q": query}))

"""What the replay asks the site: queries made from the judged and golden ones and the demo weeks, and pages."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

Request = dict[str, Any]
"""`name`, `path`; if there are any `parameters`, `post` (a form); `staff` asks as an editor, `traditional` for 繁體."""

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
QUERIES = 500
TERMS = "台积电 HBM DeepSeek 英伟达 先进封装 三星电子 SK海力士 GPU 中芯国际 EUV".split()
SYNTAX = [
    "title:HBM",
    "标题:光刻胶",
    "term:台积电 -英特尔",
    "columnist:周一鸣",
    "作者:芯闻库编辑部 碳化硅",
    "issue:2025-03-21",
    "year:2024",
    "HBM after:2025年3月",
    "台积电 before:2025Q1",
    "上周 HBM",
    "上个月 台积电",
    "最近三个月 碳化硅",
    "2025年2月 DeepSeek",
    "2025年第12周 先进封装",
    '"高带宽内存" OR "混合键合" 台积电',
    "-台积电",
    "OR",
    '"',
    "title:",
    "   ",
    "的",
    "a OR b OR c -d",
    "（HBM4）",
    "🙂",
]


def queries() -> list[Request]:
    """Returns 500 searches of the JSON API."""
    return list(islice(_numbered(_queries()), QUERIES))


def _numbered(cases: Iterator[tuple[str, dict[str, Any]]]) -> Iterator[Request]:
    seen = set()
    for kind, parameters in cases:
        key = tuple(sorted(parameters.items()))
        if key not in seen:
            seen.add(key)
            name = f"query/{len(seen):03} {kind} " + " ".join(str(value) for value in parameters.values())
            yield {"name": name, "path": "/api/v1/search", "parameters": parameters}


def _queries() -> Iterator[tuple[str, dict[str, Any]]]:
    judged, golden = _first_column("judgments.tsv"), _first_column("queries.tsv")
    chance = random.Random(10)
    for q in [*judged, *golden, *SYNTAX]:
        yield "typed", {"q": q}
    plain = [q for q in golden if " " not in q and '"' not in q]
    for number, q in enumerate(plain):
        yield "relaxed", {"q": f"{q} {plain[(number + 17) % len(plain)]}"}
    for number, q in enumerate(judged[::8]):
        yield "sorted", {"q": q, "sort": ("newest", "oldest")[number % 2]}
        yield "paged", {"q": q, "page_size": 3, "page": 1 + number % 4}
    for number, term in enumerate(TERMS):
        yield "filtered", {"q": judged[number * 7], "term": term}
        yield "filtered", {"q": term, "year": 2024 + number % 2}
        yield "filtered", {"q": term, "year": 2025, "month": 1 + number % 4}
        yield "filtered", {"q": term, "since": f"2025-0{1 + number % 3}-15"}
        yield "filtered", {"q": term, "until": f"2025-0{1 + number % 3}-15", "sort": "oldest"}
        yield "filtered", {"q": term, "columnist": ("芯闻库编辑部", "周一鸣", "没有这个人")[number % 3]}
        yield "filtered", {"q": "", "term": term, "page": 1 + number % 2, "page_size": 5}
    for bad in ({"year": 1}, {"sort": "best"}, {"page": 0}, {"month": 13}, {"since": "0"}):
        yield "refused", {"q": "HBM", **bad}
    for text in _sentences(chance):
        start = chance.randrange(len(text) - 9)
        part = text[start : start + chance.randrange(3, 9)]
        yield "part", {"q": part, "page_size": 5}
        at = chance.randrange(len(part) - 1)
        yield "typo", {"q": part[:at] + part[at + 1] + part[at] + part[at + 2 :], "page_size": 5}


def explained() -> list[Request]:
    """Returns the search page with its explanation, for some of every kind; and what completes and marks."""
    explained = [*_first_column("judgments.tsv")[::9], *SYNTAX[:10]]
    typed = ["tjd", "台积", "HB", "hailishi", "光刻", "zzxq", "英伟达 新"]
    marked = [(1, "RTX 显卡"), (7, "高带宽内存"), (30, "台積電"), (60, "先进封装"), (98, "封装厂")]
    trends = ["HBM4", "台积电 OR 英特尔", "zzxqwv"]
    return [
        *(_asking("explained", q, "/search/", explain="on") for q in explained),
        *(_asking("suggest", q, "/api/v1/suggest") for q in typed),
        *(_asking(f"marks/{pk}", q, f"/search/marks/{pk}/") for pk, q in marked),
        *(_asking("trends", q, "/api/v1/trends") for q in trends),
    ]


def _asking(kind: str, q: str, path: str, **others: str) -> Request:
    return {"name": f"{kind}/{q}", "path": path, "parameters": {"q": q, **others}}


def pages() -> list[Request]:
    """Returns the pages whose text is recorded, members' first."""
    members = [
        "/",
        "/issues/",
        "/issues/2025/",
        "/issues/2024/",
        "/issues/2025-03-21/",
        "/issues/2024-12-13/",
        "/issues/2024-12-20/",
        "/articles/1/",
        "/articles/7/?q=HBM",
        "/articles/42/",
        "/articles/9999/",
        "/articles/{rich}/",
        "/basket/",
        "/basket/clippings/?keys=1,7-p2,42",
        "/search/",
        "/search/?q=HBM4",
        "/search/?q=HBM4&year=2025&month=3&sort=newest",
        "/search/?q=台机电",
        "/search/?q=zzxqwv",
        "/search/?q=固态电池+量子",
        "/search/help/",
        "/search/completions/?q=台",
        "/search/feed.atom?q=HBM4",
        "/topics/",
        "/topics/?q=台",
        "/topics/taijidian/",
        "/topics/hbm/",
        "/trends/",
        "/trends/?q=HBM3E&q=HBM4",
        "/feeds/issues.atom",
        "/api/v1/issues?page_size=3",
        "/api/v1/issues/2024-12-20",
        "/api/v1/articles/7",
        "/api/v1/topics?page_size=5",
        "/api/v1/openapi.json",
        "/robots.txt",
        "/sitemap.xml",
        "/opensearch.xml",
        "/nothing/here/",
    ]
    editors = [
        "/admin/",
        "/admin/archive/issue/",
        "/admin/archive/issue/1/change/",
        "/admin/archive/issue/1/history/",
        "/admin/archive/article/7/change/",
        "/admin/archive/issue/bin/",
        "/admin/glossary/term/?q=台",
        "/admin/glossary/term/1/change/",
        "/admin/insight/goldenquery/",
        "/admin/insight/searchrecord/",
        "/admin/insight/ignoredword/",
        "/admin/desk/",
    ]
    week = (FIXTURES / "weeks" / "2025-02-14.txt").read_text(encoding="utf-8")
    return [
        *({"name": f"page{path}", "path": path} for path in members),
        *({"name": f"page{path} traditional", "path": path, "traditional": True} for path in members[4:9:4]),
        *({"name": f"page{path}", "path": path, "staff": True} for path in editors),
        {
            "name": "page/admin/desk/ a week opened",
            "path": "/admin/desk/open/",
            "post": {"text": week},
            "staff": True,
        },
    ]


def _first_column(name: str) -> list[str]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return list(dict.fromkeys(row[0] for row in rows))


def _sentences(chance: random.Random) -> Iterator[str]:
    """Returns runs of text of the demo weeks without punctuation, in random order."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((FIXTURES / "weeks").iterdir()))
    found = re.findall(r"[\w .-]{12,60}", text)
    chance.shuffle(found)
    yield from found

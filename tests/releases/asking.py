"""What a kept site must answer for ever: asked when it is made, and again after every upgrade."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from tests.releases.visitor import Visitor
from tests.server.site import Site

EXPECTED = "expected.json"
QUERIES = [
    "HBM4",
    "台機電",
    "先进封装 产能",
    "zzxqwv",
    "小型工作室",
    "term:发布夹具",
    "高带宽内存",
    "RTX5090 展会",
]
API = [
    "/api/v1/issues?page_size=100",
    "/api/v1/issues/2025-01-10",
    "/api/v1/issues/2024-12-13",
    "/api/v1/articles/1",
    "/api/v1/articles/91",
    "/api/v1/topics?page_size=100",
]
PAGES = [
    "/",
    "/issues/2024-12-13/",
    "/issues/2025-03-21/",
    "/articles/1/",
    "/articles/108/",
    "/articles/111/",
    "/topics/taijidian/",
]
LINK = re.compile(r'href="(/(?:issues|articles|topics)/[^"#?]+)')
FIGURE = re.compile(r'src="(/figures/\d+/)')
PRIVATE = {
    "/admin/archive/issue/": {"bianji": 200, "zhubian": 200},
    "/admin/people/": {"bianji": 403, "zhubian": 200},
    "/admin/archive/issue/bin/": {"bianji": 403, "zhubian": 200},
}
GONE = {"/admin/auth/user/"}
"""Of private pages, those that later versions do without."""


@dataclass(frozen=True)
class Expected:
    """Answers of a site: by path, by query, by account; and how many searches its log holds."""

    passwords: dict[str, str]
    searched: int
    api: dict[str, Any]
    searches: dict[str, Any]
    links: dict[str, list[str]]
    figures: dict[str, str]
    private: dict[str, dict[str, int]]
    export: list[Any]
    glossary: list[str]

    @classmethod
    def asked(cls, site: Site, passwords: dict[str, str], searched: int) -> Expected:
        """Asks the site, which is being served."""
        member = Visitor(site.url)
        staff = {name: Visitor(site.url, name, password) for name, password in passwords.items()}
        pages = {path: member.get(path) for path in PAGES}
        figures = sorted({path for page in pages.values() for path in FIGURE.findall(page)})
        return cls(
            passwords=passwords,
            searched=searched,
            api={path: json.loads(member.get(path)) for path in API},
            searches={query: _found(site.search(query, page_size=100)) for query in QUERIES},
            links={path: sorted(set(LINK.findall(page))) for path, page in pages.items()},
            figures={path: hashlib.sha256(member.ask(path)[1]).hexdigest() for path in figures},
            private={
                path: {name: visitor.ask(path)[0] for name, visitor in staff.items()} for path in PRIVATE
            },
            export=[json.loads(line) for line in site.manage("export_issues").splitlines()],
            glossary=site.manage("export_glossary").splitlines(),
        )

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Expected:
        return cls(**json.loads(text))


def _found(answer: Any) -> dict[str, Any]:
    """Of a search what another way of scoring may not change."""
    return {
        "total": answer["total"],
        "relaxed": answer["relaxed"],
        "corrected": answer["corrected"] and answer["corrected"]["query"],
        "articles": sorted(result["id"] for result in answer["results"]),
    }

"""Titles, terms and columnists made of markup and of characters that mean something in an address."""

from __future__ import annotations

MARKUP = "<img src=x onerror=alert(1)>"
AMPERSAND = "R&D+C#测试"
MAKE_HOSTILE_ARTICLES = f"""
from archive.models import Article, Issue
from glossary.models import Term
from tests.writing import create
create(Term, name={MARKUP!r}, kind="product")
create(Term, name={AMPERSAND!r}, kind="technology")
for number, columnist in enumerate([{MARKUP!r}, "乙"]):
    day = f"2024-0{{number + 5}}-10"
    issue = create(Issue, title="探针周报", start_date=day, end_date=day, columnist=columnist, status="published"
    )
    for position in (1, 2):
        create(Article, issue=issue, position=position, title=f"探针{{number}}{{position}}" + {MARKUP!r} * (position == 1),
            body="<p>开头没有。</p><p>探<strong>针</strong>词在<em>这</em>里 R&amp;D+C#测试"
            + " &lt;img src=x onerror=alert(1)&gt;" * (position == 1) + "</p>",
        )
"""

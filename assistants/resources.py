"""Issues as resources of the protocol: what a person attaches to a conversation, the whole text of a week."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from archive.markdown import Absolute, escaped, issue_name
from archive.markdown import body as body_in_markdown
from archive.models import Article, Issue
from assistants.messages import Code, Refused
from assistants.tools.reading import issue_of

SCHEME = "xinwenku://issues/"
MEDIA_TYPE = "text/markdown"
PAGE_SIZE = 50
MOST = 120_000
"""Characters of an issue that are answered at once. What does not fit is named with its address."""
_CURSOR = re.compile(r"[0-9]{1,9}")


def listed(cursor: object, absolute: Absolute) -> dict[str, Any]:
    """Returns a page of the issues, the newest first. Raises Refused for a cursor that we did not give."""
    start = _start(cursor)
    issues = list(Issue.objects.published()[start : start + PAGE_SIZE + 1])
    page: dict[str, Any] = {
        "resources": [
            {
                "uri": f"{SCHEME}{issue.slug}",
                "name": issue.slug,
                "title": issue_name(issue),
                "description": f"一期周报的全文。网址：{absolute(issue.get_absolute_url())}",
                "mimeType": MEDIA_TYPE,
                "annotations": {"lastModified": issue.updated_at.isoformat()},
            }
            for issue in issues[:PAGE_SIZE]
        ]
    }
    if len(issues) > PAGE_SIZE:
        page["nextCursor"] = base64.urlsafe_b64encode(str(start + PAGE_SIZE).encode()).decode()
    return page


def templates() -> dict[str, Any]:
    """Returns how the address of any issue is made."""
    return {
        "resourceTemplates": [
            {
                "uriTemplate": f"{SCHEME}{{slug}}",
                "name": "issue",
                "title": "一期周报",
                "description": "一期周报的全文。slug 是它的最后一天，例如 2025-03-21；最新一期写 latest。",
                "mimeType": MEDIA_TYPE,
            }
        ]
    }


def read(uri: object, absolute: Absolute) -> dict[str, Any]:
    """Returns the text of an issue. Raises Refused where there is none."""
    slug = uri.removeprefix(SCHEME) if isinstance(uri, str) and uri.startswith(SCHEME) else ""
    issue = issue_of(slug) if slug and "\0" not in slug else None
    if issue is None:
        said = f"没有这个资源。资源的地址像 {SCHEME}2025-03-21，见 resources/list。"
        raise Refused(Code.INVALID_PARAMS, said, {"uri": uri} if isinstance(uri, str) else None)
    return {"contents": [{"uri": uri, "mimeType": MEDIA_TYPE, "text": _text(issue, absolute)}]}


def _text(issue: Issue, absolute: Absolute) -> str:
    parts = [f"# {escaped(issue_name(issue))}", f"<{absolute(issue.get_absolute_url())}>"]
    parts += [f"栏目作者：{escaped(issue.columnist)}"] if issue.columnist else []
    parts += [escaped(issue.introduction)] if issue.introduction else []
    length, left = sum(map(len, parts)), []
    for article in issue.articles.order_by("position"):
        told = _article(article, absolute)
        if length + len(told) > MOST:
            left.append(f"- {escaped(article.title)} <{absolute(article.get_absolute_url())}>")
            continue
        parts.append(told)
        length += len(told)
    if left:
        parts.append("\n".join(["这一期太长，下面这些没有列出全文，请用 read_article 读：", *left]))
    return "\n\n".join([*parts, *([escaped(issue.sign_off)] if issue.sign_off else [])])


def _article(article: Article, absolute: Absolute) -> str:
    head = f"## {article.position}\\. {escaped(article.title)}"
    text = body_in_markdown(article.blocks, absolute)
    return "\n\n".join([head, f"<{absolute(article.get_absolute_url())}>", text])


def _start(cursor: object) -> int:
    if cursor is None:
        return 0
    try:
        decoded = base64.b64decode(str(cursor), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        decoded = ""
    if not _CURSOR.fullmatch(decoded):
        raise Refused(Code.INVALID_PARAMS, "cursor 不对。请用上一页回答里的 nextCursor，或不写。")
    return int(decoded)

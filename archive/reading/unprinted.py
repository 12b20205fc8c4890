"""What a writer sees and a reader does not: changes that Word tracks, comments, hidden text, in a page or a paste."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from archive.parsing import ParseWarning
from archive.richtext import Node

_COMMENTS = frozenset({"MsoCommentReference", "MsoCommentText", "msocomanchor", "msocomtxt", "msocomoff"})
_COMMENT_LIST = re.compile(r"mso-element:comment(?:-list)?(?:;|$)")
_STYLES = re.compile(r"""\bstyle\s{0,9}=\s{0,9}(?:"[^"<>]{0,2000}|'[^'<>]{0,2000})""", re.IGNORECASE)
_HIDDEN = re.compile(r"mso-hide\s{0,9}:\s{0,9}all", re.IGNORECASE)
_NEVER = frozenset({"rt", "rp", "rtc"})
"""How characters are read, above them."""


def keep_printed(root: Node) -> Counter[str]:
    """Takes out of a tree what is not printed, and returns how much of each kind there was."""
    count: Counter[str] = Counter()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        kept: list[Node | str] = []
        for child in node.children:
            kind = _kind(child) if isinstance(child, Node) else ""
            if kind:
                count[kind] += kind != "reading"
                continue
            kept.append(child)
            if isinstance(child, Node):
                # A page may have an `ins` for its advertisements; Word says who inserted something, and when.
                count["inserted"] += child.tag == "ins" and not {"datetime", "cite"}.isdisjoint(child.attrs)
                waiting.append(child)
        node.children = kept
    return count


def _kind(node: Node) -> str:
    if node.tag == "del" or "msoDel" in node.attrs.get("class", "").split():
        return "deleted"
    if node.tag in _NEVER:
        return "reading"
    style = "".join(node.attrs.get("style", "").lower().split())
    is_comment = (
        _COMMENT_LIST.search(style) is not None
        or not _COMMENTS.isdisjoint(node.attrs.get("class", "").split())
        or node.attrs.get("href", "").startswith("#_msocom_")
    )
    return "comments" if is_comment else ""


def count_hidden(html: str) -> Counter[str]:
    """How often Word hides something in a paste, which the tree no longer has. Any page hides something of its own."""
    return Counter(hidden=sum(1 for found in _STYLES.finditer(html) if _HIDDEN.search(found[0])))


def about_left_out(count: Mapping[str, int]) -> Iterator[ParseWarning]:
    """Tells the editor what was left out, and which changes were taken as accepted."""
    if hidden := count.get("hidden", 0):
        yield ParseWarning(
            None, "hidden-left-out", f"有 {hidden} 处隐藏文字，没有导入。需要的话，请在 Word 里取消隐藏。"
        )
    if comments := count.get("comments", 0):
        yield ParseWarning(None, "comments-left-out", f"有 {comments} 条批注，没有导入。")
    inserted, deleted = count.get("inserted", 0), count.get("deleted", 0)
    if inserted or deleted:
        done = "，".join(
            [
                *([f"插入的 {inserted} 处已保留"] if inserted else []),
                *([f"删除的 {deleted} 处没有保留"] if deleted else []),
            ]
        )
        yield ParseWarning(
            None, "changes-accepted", f"稿子里有没处理完的修订，已按“接受”处理：{done}。请核对这几处。"
        )

"""The blocks of docs/operations.md, in their order."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`(/etc/[^`]+\.(?:service|conf))`")
KINDS = {"sh", "ini", "nginx", "text"}
"""Commands; files of systemd and fail2ban; of nginx; what is to be read only."""


class Block(NamedTuple):
    """What stands between two fences."""

    kind: str
    text: str
    line: int
    file: str
    """The file that the page has named last before it, of systemd or fail2ban; empty when none."""


def blocks() -> list[Block]:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    found = []
    for match in _BLOCK.finditer(page):
        named = _FILE.findall(page[: match.start()])
        found.append(
            Block(match[1], match[2], page[: match.start()].count("\n") + 1, named[-1] if named else "")
        )
    return found

"""Writes the portable archive: one HTML file that holds texts, pictures, reader and search.

The texts are data in elements that no browser runs; script and style are allowed by their hashes alone, and the file
may load nothing from anywhere. Nothing is compressed: who has the file can look for a word in it with any editor, and
every browser opens it (decision 51).
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable
from html import escape
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, NamedTuple

from archive.atomic import replacing
from glossary.folding import fold, without_invisible
from search.portable.issue import PortableIssue

FOLDER = Path(__file__).parent
_DATA = '<script type="application/json" id="{}">'
_END = "</script>\n"


class Written(NamedTuple):
    """What a file holds."""

    issues: int
    articles: int
    pictures: int


def write_archive(path: Path, issues: Iterable[PortableIssue], name: str, made_on: str) -> Written:
    """Writes the issues, which come newest first, to `path`, which is the old file or the new one at any moment.

    `name` is the site's, `made_on` says of which day it is. Raises OSError when nothing can be written there.
    """
    pictures: set[int] = set()
    characters: set[str] = set()
    counted = articles = 0
    script, style = ((FOLDER / file).read_text(encoding="utf-8") for file in ("reader.js", "reader.css"))
    head, foot = _frame(name, made_on, script, style)
    # Pictures stand behind the texts, and all of them may be larger than this machine's memory.
    with replacing(path) as file, TemporaryFile("w+", encoding="utf-8", dir=path.parent) as behind:
        file.write(head)
        file.write(_DATA.format("issues") + "[")
        for counted, issue in enumerate(issues, start=1):
            row = _json(issue.to_json())
            characters.update(row)
            articles += len(issue.articles)
            for number, picture in issue.pictures.items():
                if number not in pictures:
                    behind.write("," * bool(pictures) + f'"{number}":{_json(picture)}')
                    pictures.add(number)
            file.write(",\n" * (counted > 1) + row)
        file.write("]" + _END)
        file.write(_DATA.format("folds") + _json(_folds(characters)) + _END)
        file.write(_DATA.format("pictures") + "{")
        behind.seek(0)
        copyfileobj(behind, file)
        file.write("}" + _END + foot)
    return Written(counted, articles, len(pictures))


def _json(data: Any) -> str:
    """JSON that stands in a page: `</script>` and `<!--` in a text end or open nothing there."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Half of a character can not be written as UTF-8; nobody could read or type it either.
    return written.replace("<", "\\u003c").encode("utf-8", "replace").decode("utf-8")


def _folds(characters: Iterable[str]) -> list[str]:
    """How the characters of the file are folded: those that change, each to what it becomes, and the invisible ones.

    The same as the site (glossary.folding), for the characters that there are: a table of all would be larger than many
    an archive. A reader may type others: capital and full-width letters are among them in any case.
    """
    typed = map(chr, (*range(0x21, 0x7F), *range(0xFF01, 0xFF5F)))
    known = sorted(one for one in {*characters, *typed} if len(one.encode("utf-16-le")) == 2)
    changed = [(one, fold(one)) for one in known if fold(one) != one]
    changed = [(one, to) for one, to in changed if len(to.encode("utf-16-le", "surrogatepass")) == 2]
    unseen = "".join(one for one in known if not without_invisible(one))
    return ["".join(one for one, _ in changed), "".join(to for _, to in changed), unseen]


def _frame(name: str, made_on: str, script: str, style: str) -> tuple[str, str]:
    """What stands before and behind the texts."""
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"script-src {_hash(script)}; style-src {_hash(style)}"
    )
    page = (FOLDER / "page.html").read_text(encoding="utf-8")
    for place, text in (("policy", policy), ("name", escape(name)), ("made_on", escape(made_on))):
        page = page.replace(f"[[{place}]]", text)
    head, foot = page.split("[[texts]]\n")
    return head.replace("[[style]]", style), foot.replace("[[script]]", script)


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{b64encode(digest).decode('ascii')}'"

"""The replayed site: the demo archive in a folder of its own, asked by Django's test client and by commands."""

from __future__ import annotations

import io
import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lxml.html
import time_machine

from tests.replay import documents
from tests.replay.requests import Request

NOW = "2025-04-02 10:00:00+08:00"
"""The first Wednesday after the last demo week: `上周` finds something."""
BLOCKS = set(
    "address article aside blockquote br caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hr legend li main nav ol option p pre section summary table tbody td th thead title tr ul".split()
)
NOT_SHOWN = {"script", "style", "template", "noscript"}
DIFFERS = [
    (re.compile(r"\b\d{1,2}:\d{2}(:\d{2})?(\.\d+)?(?=\D|$)"), "<time>"),
    (re.compile(r"\d+(\.\d+)?(?= ?(毫秒|ms\b))"), "<ms>"),
    (re.compile(r"(?<=\.)[0-9a-f]{12}\.(?=\w+)"), ""),  # the digest in the name of a static file
    (re.compile(r"(?<=/preview/)[^/]+"), "<token>"),
    (re.compile(r"\d+(\.\d+)? ?[GM]B\b"), "<size>"),
]


class Site:
    """Answers requests in the form in which they are recorded."""

    def __init__(self, folder: Path) -> None:
        from django.test import Client

        self.folder = folder
        self.member, self.editor = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
        self.editor.login(username="replaying", password="replaying")
        [rich] = self.member.get("/api/v1/search", {"q": "title:存储现货价格"}).json()["results"]
        self.numbers = {"rich": rich["id"]}

    def answer(self, request: Request) -> Any:
        """What the site says: its status, and its JSON or the text that a reader sees."""
        client = self.editor if request.get("staff") else self.member
        path = request["path"].format(**self.numbers)
        if "post" in request:
            response = client.post(path, request["post"], follow=True)
        else:
            cookie = {"cookie": "reading=large-hant"} if request.get("traditional") else {}
            response = client.get(path, request.get("parameters"), headers=cookie)
        content = b"".join(response) if response.streaming else response.content
        kind = response.headers.get("Content-Type", "")
        if not content:
            told = response.headers.get("Location", "")
        elif "json" in kind:
            told = _without_timing(json.loads(content))
        elif "html" in kind:
            told = same_each_time(visible_text(content.decode()))
        else:
            told = same_each_time(content.decode()).splitlines()
        return {"status": response.status_code, "told": told}

    def dry_run(self, document: documents.Document) -> Any:
        """What `import_issues --dry-run --json` prints of a document, and why it refuses it."""
        path = documents.write(document, self.folder)
        printed, refused = call("import_issues", path, dry_run=True, json=True)
        path.unlink()
        return {
            "printed": [json.loads(line) for line in printed.splitlines()],
            "refused": refused.replace(f"{self.folder}/", ""),
        }

    def exported(self) -> list[str]:
        """The lines of `export_issues`."""
        printed, refused = call("export_issues")
        assert not refused, refused
        return printed.splitlines()


@contextmanager
def replayed(folder: Path) -> Iterator[Site]:
    """Makes the archive in an empty folder; this process is that site's from now on, and its clock stands in 2025."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "XWK_DATA_DIR": str(folder / "data"),
        "DATABASE_URL": f"sqlite:///{folder / 'data' / 'db.sqlite3'}",
        "CACHE_URL": "locmem://",
        "SECRET_KEY": "only-for-the-replay",
        "SECOND_FACTOR_REQUIRED": "false",
        "LIMITS_LIFTED_FOR": "127.0.0.0/8",
        "ALLOWED_HOSTS": "127.0.0.1",
        "BACKUP_REMINDER_DAYS": "7",
        "DISK_WARN_MB": "0",
        "PORTABLE_ARCHIVE": "none",
        "DEBUG": "false",
        "HTTPS": "false",
        "SITE_NAME": "芯闻库",
        "HOST": "127.0.0.1",
        "PORT": "8000",
    }
    os.environ.pop("EMAIL_URL", None)
    (folder / "data").mkdir(parents=True)
    with time_machine.travel(NOW, tick=True):
        import django

        django.setup()
        logging.getLogger("django.request").setLevel(logging.ERROR)  # it warns of each 404 that is asked for
        from django.contrib.auth import get_user_model

        call("set_up")
        get_user_model().objects.create_superuser("replaying", password="replaying")
        for document in documents.demo_documents():
            _, refused = call("import_issues", documents.write(document, folder), publish=True)
            assert not refused, refused
        call("update_index")
        yield Site(folder)


def call(command: str, *arguments: object, **options: object) -> tuple[str, str]:
    """Runs a management command in this process. Returns what it printed and why it failed."""
    from django.core.management import CommandError, call_command

    out = io.StringIO()
    try:
        call_command(command, *arguments, stdout=out, stderr=io.StringIO(), **options)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def visible_text(page: str) -> str:
    """The text that a page shows, a line a block, and where its links lead.

    >>> visible_text('<h1>周报</h1><p>见<b>下</b>期 <a href="/issues/">各期</a>。</p><script>x</script>')
    '周报\\n见下期 各期[/issues/]。'
    """
    pieces: list[str] = []
    _show(lxml.html.document_fromstring(page), pieces)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _show(element: Any, pieces: list[str]) -> None:
    tag = element.tag
    if isinstance(tag, str) and tag not in NOT_SHOWN:
        edge = "\n" if tag in BLOCKS else ""
        pieces += [edge, _in_one_line(element.text)]
        for child in element:
            _show(child, pieces)
        if tag == "a" and element.get("href") is not None:
            pieces.append(f"[{element.get('href')}]")
        elif tag == "img":
            pieces.append(f"(img {element.get('alt', '')})")
        elif tag == "input" and element.get("type") not in ("hidden", "checkbox", "radio"):
            pieces.append(f"(input {element.get('name', '')} {element.get('value', '')})")
        pieces.append(edge)
    pieces.append(_in_one_line(element.tail))


def _in_one_line(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _without_timing(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _without_timing(value) for name, value in told.items() if name != "took_ms"}
    if isinstance(told, list):
        return [_without_timing(value) for value in told]
    return round(told, 4) if isinstance(told, float) else told


def same_each_time(text: str) -> str:
    for pattern, instead in DIFFERS:
        text = pattern.sub(instead, text)
    return text

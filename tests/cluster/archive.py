"""An archive with something of everything, for what must come along whole; and what it shows."""

from __future__ import annotations

import json

FILL = """
import datetime as dt, io
from PIL import Image
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.utils import timezone
from archive.importing import import_week
from archive.week import Week, WeekArticle
from archive.wechat.models import PostStyle
from archive.models import Article
from insight.models import SearchRecord
from members.roles import give_role
from members.tokens import issuing
from desk.batches.models import Batch
from worker.models import Task

out = io.BytesIO()
Image.new("RGB", (8, 8), (7, 7, 7)).save(out, "PNG")
week = Week("带图的草稿", dt.date(2030, 1, 4), dt.date(2030, 1, 4),
            (WeekArticle("有图", html='<p>正文“甲”</p><p><img src="figure:0"></p>', images={"figure:0": out.getvalue()}),))
import_week(week)
person = get_user_model().objects.create_user("wang", "wang@example.org", "a long password")
give_role(person, "主编")
issuing.make(person, "阅读器")
Session.objects.create(session_key="k" * 32, session_data="x", expire_date=timezone.now())
PostStyle.objects.create(qr=bytes(range(256)))
SearchRecord.objects.create(query="光刻 胶", form="光刻胶", answer="full", hits=3, took_ms=1.25, filters={"year": "2025", "a": [1, 2.5, None]}, opened=Article.objects.first())
Batch.objects.create(user=person, name="旧刊", passed_over=["甲.exe"])
Task.objects.create(name="worker.tasks.delete_old_tasks", kwargs={"乙": 1}, lane="default", every=86400.5)
"""

SHOWN = """
import json
from django.test import Client
from archive.models import Article, Issue
from glossary.models import Term
from config import static_files
static_files.collect()
client = Client(HTTP_HOST="localhost")
addresses = ["/", "/issues/", "/topics/", "/search/?q=HBM4", "/feeds/issues.atom", "/api/v1/issues"]
addresses += [each.get_absolute_url() for model in (Issue, Article, Term) for each in model.objects.order_by("pk")[:60]]
pages = {address: client.get(address) for address in addresses}
print(json.dumps({address: [page.status_code, page.content.decode()] for address, page in pages.items()}))
"""
"""Prints status and content of some pages, drafts' too."""


def different(one: str, other: str) -> list[str]:
    """Returns where two archives show something else, of what SHOWN has printed: the address, and the lines."""
    pages, others = json.loads(one), json.loads(other)
    assert len(pages) > 10
    return [
        f"{address}: {line!r}"
        for address in sorted(pages.keys() | others.keys())
        for line in {*_lines(pages, address)} ^ {*_lines(others, address)}
    ]


def _lines(pages: dict[str, list[object]], address: str) -> list[str]:
    status, content = pages.get(address, [0, ""])
    return [f"status {status}", *str(content).splitlines()]

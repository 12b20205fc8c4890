"""Walks the archive's site and prints, as JSON, what it answers. Run in a process of its own by test_alone.py."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from lxml import html

WEEK = Path(__file__).parents[3] / "fixtures" / "weeks"
NOT_FOLLOWED = ("/admin/logout/", "/static/", "/admin/jsi18n/")


def walk(client: Client, *starts: str) -> dict[str, dict[str, object]]:
    """Gets `starts`, and whatever their pages link to on this site, and so on. Queries are left out of links."""
    pages: dict[str, dict[str, object]] = {}
    to_do = list(starts)
    while to_do:
        address = to_do.pop()
        if address in pages or address.startswith(NOT_FOLLOWED):
            continue
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        kind = response.headers.get("Content-Type", "")
        text = ""
        if response.has_header("Location"):
            to_do.append(urljoin(address, urlsplit(response["Location"]).path))
        if kind.startswith("text/html") and body:
            page = html.fromstring(body.decode())
            text = " ".join(page.text_content().split())
            links = [*page.xpath("//a/@href"), *page.xpath("//link/@href"), *page.xpath("//img/@src")]
            to_do += [urljoin(address, parts.path) for parts in map(urlsplit, links) if not parts.netloc]
        elif kind.startswith(("application/xml", "application/atom+xml")):
            text = body.decode()
        pages[address] = {"status": response.status_code, "text": text}
    return pages


def main() -> None:
    importlib.import_module(
        "config.settings"
    )  # reads which engine the search has; no room takes part in that
    of_settings = set(sys.modules)
    django.setup()
    from django.apps import apps
    from django.contrib.auth.models import User

    from archive.models import Article, Issue

    settings.DATA_DIR.mkdir(parents=True)  # else `migrate` of the room config makes it
    call_command("migrate", verbosity=0)
    call_command("import_issues", min(WEEK.iterdir()), publish=True, verbosity=0)
    User.objects.create_superuser("editor", password="only-here")
    issue, article = Issue.objects.get(), Article.objects.all()[:1].get()
    reader, editor = Client(), Client()
    assert editor.login(username="editor", password="only-here")
    export = Path(sys.argv[1])
    call_command("export_issues", export, verbosity=0)
    clipped = reader.get("/basket/clippings/", {"keys": f"{article.pk}"}).json()["clippings"]
    basket = reader.post("/basket/export/", {"items": json.dumps([{"key": str(article.pk)}]), "format": "md"})
    form_address = f"/admin/archive/issue/{issue.pk}/change/"
    form = html.fromstring(editor.get(form_address).content.decode()).get_element_by_id("issue_form")
    form.fields["introduction"] = "单独的文库也能改。"
    saved = editor.post(form_address, {**dict(form.form_values()), "_continue": "1"})
    print(
        json.dumps(
            {
                "installed": [config.name for config in apps.get_app_configs()],
                "loaded": sorted(set(sys.modules) - of_settings),
                "title": issue.title,
                "headline": article.title,
                "article": article.get_absolute_url(),
                "issue": issue.get_absolute_url(),
                "reader": walk(reader, "/", "/sitemap.xml", "/basket/", "/issues/"),
                "editor": walk(
                    editor, "/admin/", "/admin/archive/issue/add/", f"/preview/{issue.pk}/", "/nothing/"
                ),
                "clipped": clipped,
                "basket": basket.content.decode(),
                "saved": [saved.status_code, Issue.objects.get().introduction],
                "exported": json.loads(export.read_text(encoding="utf-8").splitlines()[0]),
            }
        )
    )


if __name__ == "__main__":
    main()

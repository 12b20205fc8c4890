"""The form of a term, as a browser sends it, and what the page says then."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from glossary.models import Alias

IMPORT = "/admin/glossary/term/import/"


def form(
    name: str, *aliases: str | Alias, kind: str = "company", note: str = "", delete: Alias | None = None
) -> dict[str, object]:
    """A term's form as it is sent: aliases that are stored already as themselves, new ones as text."""
    data: dict[str, object] = {
        "name": name,
        "kind": kind,
        "note": note,
        "aliases-TOTAL_FORMS": len(aliases),
        "aliases-INITIAL_FORMS": sum(isinstance(alias, Alias) for alias in aliases),
    }
    for number, alias in enumerate(aliases):
        data[f"aliases-{number}-text"] = str(alias)
        data[f"aliases-{number}-term"] = alias.term_id if isinstance(alias, Alias) else ""
        data[f"aliases-{number}-id"] = alias.pk if isinstance(alias, Alias) else ""
        if delete is not None and alias == delete:
            data[f"aliases-{number}-DELETE"] = "on"
    return data


def sent(client: Client, url: str, data: dict[str, object]) -> str:
    """The page that follows a form, with whatever it says."""
    response = client.post(url, data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def upload(client: Client, text: str | bytes, mode: str = "add") -> str:
    data = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("词库.csv", data, "text/csv")
    return client.post(IMPORT, {"file": file, "mode": mode}, follow=True).content.decode()


def confirm(client: Client, page: str) -> str:
    """Sends the form of a preview as a browser does."""
    form_of_the_preview = page[page.index('name="mode"') - 400 :]
    pattern = r'<input type="hidden"\s+name="(mode|table|form_token)"\s+value="([^"]*)"'
    fields = dict(re.findall(pattern, form_of_the_preview))
    assert set(fields) == {"mode", "table", "form_token"}
    return client.post(IMPORT, fields, follow=True).content.decode()

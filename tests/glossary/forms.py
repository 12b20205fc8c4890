"""The form of a term, as a browser sends it, and what the page says then."""

from __future__ import annotations

from django.test import Client

from glossary.models import Alias


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

"""The form of an issue, as a browser sends it."""

from __future__ import annotations

from archive.models import Issue

ISSUE = "/admin/archive/issue/"


def inline(issue: Issue | None = None, *lines: tuple[int | str, int, str]) -> dict[str, object]:
    """The lines of articles of an issue's form: `(id or "", position, title)` each."""
    data: dict[str, object] = {
        "articles-TOTAL_FORMS": len(lines),
        "articles-INITIAL_FORMS": sum(1 for pk, _position, _title in lines if pk),
    }
    for number, (pk, position, title) in enumerate(lines):
        data |= {
            f"articles-{number}-id": pk,
            f"articles-{number}-issue": issue.pk if issue else "",
            f"articles-{number}-position": position,
            f"articles-{number}-title": title,
            f"articles-{number}-source": "",
        }
    return data


def fields(**values: object) -> dict[str, object]:
    return {
        "title": "周报",
        "start_date": "2025-03-17",
        "end_date": "2025-03-21",
        "columnist": "",
        "introduction": "",
        "sign_off": "",
        "source_url": "",
        **values,
    }

"""The service worker's script, the weeks that it keeps, and the page that is shown without a network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from archive.models import Issue, Revision
from archive.preferences import Preferences
from archive.templatetags.archive_tags import dates_text
from archive.traditional import to_traditional
from archive.whole_week import WholeWeek, address_of_part

WEEKS = 4
"""The newest issues, which are kept whole without being opened."""
_SHELL = (
    "js/keys.js",
    "js/basket-number.js",
    "js/offline.js",
    "js/offline-note.js",
    "js/offline-page.js",
    "css/archive.css",
)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Answers with the service worker. It stands at the root, because a worker serves what is below its address."""
    told = {
        "page": reverse("offline:page"),
        "weeks": reverse("offline:weeks"),
        "static": settings.STATIC_URL,
        "assets": [static(name) for name in _SHELL],
    }
    script = (
        f"self.SITE = {json.dumps(told)};\nimportScripts({json.dumps(static('js/service-worker.js'))});\n"
    )
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Cookie"])  # with a session's cookie it would be said, without one not
    return response


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Shows what this browser has kept; only its script knows what that is."""
    return render(request, "members/offline/page.html", {"weeks": WEEKS})


@require_safe
def weeks(request: HttpRequest) -> JsonResponse:
    """Lists the newest weeks for the worker: the addresses of their pages, and where on them each article stands."""
    in_script = to_traditional if Preferences.of(request).is_traditional else str
    listed = [_week(WholeWeek(issue, 1), in_script) for issue in Issue.objects.published()[:WEEKS]]
    state = hashlib.sha256(f"{Revision.objects.current()}\n{static('js/service-worker.js')}".encode())
    return JsonResponse({"state": state.hexdigest()[:16], "weeks": listed})


def _week(week: WholeWeek, in_script: Callable[[str], str]) -> dict[str, object]:
    issue = week.issue
    parts = [address_of_part(issue, part) for part in range(1, week.part_count + 1)]
    return {
        "title": in_script(issue.title),
        "dates": in_script(dates_text(issue)),
        "contents": issue.get_absolute_url(),
        "pages": parts,
        "articles": {
            entry.article.get_absolute_url(): entry.url if entry.url[0] != "#" else f"{parts[0]}{entry.url}"
            for entry in week.contents
        },
    }

"""The page that offers the portable archive, and the file itself."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from search.portable import keeping


def page(request: HttpRequest) -> HttpResponse:
    """Says what the file is, how large, and of when; or that it is being made."""
    if not keeping.is_offered():
        raise Http404("this site offers no portable archive")
    with_pictures = settings.PORTABLE_ARCHIVE == keeping.FIGURES
    context = {"edition": keeping.current(), "with_pictures": with_pictures}
    return render(request, "search/portable.html", context)


def file(request: HttpRequest) -> FileResponse | HttpResponse:
    """Answers with the file, to be saved; leads back to the page while there is none of the present state."""
    if not keeping.is_offered():
        raise Http404("this site offers no portable archive")
    edition = keeping.current()
    if edition is None:
        return redirect("portable:page")
    day = timezone.localtime(edition.made_at).date()
    name = f"{settings.SITE_NAME}-{day}.html"
    response = FileResponse(
        keeping.file_path().open("rb"), as_attachment=True, filename=name, content_type="text/html"
    )
    response["Cache-Control"] = "private, no-store"
    return response

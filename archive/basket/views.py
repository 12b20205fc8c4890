"""Views of the clipping basket: its page, the clippings as JSON, the export."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from archive.basket.files import WRITERS
from archive.basket.items import MAX_ITEMS, MAX_NOTE, ExportForm, KeysForm, read_clippings
from archive.preferences import Preferences
from archive.punctuation import full_width
from archive.traditional import to_traditional

_BAD_REQUEST = 400


@require_GET
def basket(request: HttpRequest) -> HttpResponse:
    """Shows the page without clippings: only the browser knows which there are."""
    return render(
        request,
        "archive/basket.html",
        {"formats": ExportForm.FORMATS.items(), "max_items": MAX_ITEMS, "max_note": MAX_NOTE},
    )


@require_GET
@never_cache
def clippings(request: HttpRequest) -> JsonResponse:
    """Returns the clippings of `?keys=97,98-p3` as JSON; those that are gone or withdrawn are left out."""
    form = KeysForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"error": _first_error(form)}, status=_BAD_REQUEST)
    found = read_clippings(form.cleaned_data["keys"], request.build_absolute_uri)
    in_script = to_traditional if Preferences.of(request).is_traditional else str
    wide = full_width if settings.FULL_WIDTH_PUNCTUATION else str
    answer = [
        {
            "key": clipping.item.key,
            "url": clipping.address,
            "title": in_script(wide(clipping.article.title)),
            "text": in_script(wide(clipping.text)),
            "place": in_script(clipping.place),
        }
        for clipping in found
    ]
    return JsonResponse({"clippings": answer})


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Returns the basket as a file: texts from the archive, notes from the form."""
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _refused(request, _first_error(form))
    found = read_clippings(form.cleaned_data["items"], request.build_absolute_uri)
    if not found:
        return _refused(request, "剪报篮里的文章都已撤回，没有可以导出的内容。")
    suffix = form.cleaned_data["format"]
    write, media_type = WRITERS[suffix]
    today = timezone.localdate()
    response = HttpResponse(write(found, today, request.build_absolute_uri), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="jianbao-{today}.{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    said = to_traditional(reason) if Preferences.of(request).is_traditional else reason
    return HttpResponse(said, content_type="text/plain; charset=utf-8", status=_BAD_REQUEST)


def _first_error(form: KeysForm | ExportForm) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)

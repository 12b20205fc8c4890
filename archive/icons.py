"""Answers what browsers and telephones ask for without being told: icons at fixed addresses, and a web app manifest."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.generic import RedirectView

_SIZES = ("192", "512")
_PAPER, _RED = "#fdfdfc", "#ab2417"


class Icon(RedirectView):
    """Leads from a fixed address to the static file `name`, whose address changes with it."""

    name = ""

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        return static(f"icons/{self.name}")


def manifest(request: HttpRequest) -> JsonResponse:
    """Says how the site looks on a home screen."""
    icons = [
        {
            "src": static(f"icons/app-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in _SIZES
        for purpose in ("any", "maskable")
    ]
    said = {
        "name": f"{settings.SITE_NAME} · 半导体周报文库",
        "short_name": settings.SITE_NAME,
        "lang": "zh-CN",
        "id": "/",
        "start_url": reverse("archive:home"),
        "display": "minimal-ui",
        "background_color": _PAPER,
        "theme_color": _RED,
        "icons": icons,
    }
    return JsonResponse(
        said, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )

"""Sends the content security policy of each page (settings.CONTENT_SECURITY_POLICY), with what the admin needs on top.

Only files of our own run: no inline script, style or handler, in the admin neither. Pages show text that was pasted
from anywhere, and the policy holds where cleaning and escaping fail. What a script needs to know stands in `data-`
attributes.

Django's admin itself needs no exception. The editor of article bodies needs an import map, which has to stand in the
page and is allowed by a nonce, and one style sheet that its script adds, allowed by its hash. Another widget with
an inline script gets the nonce when its media are `js_asset.Media`. Swagger's page makes its styles while it runs, so
the API is described by a page of ours.
"""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import NONCE, SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from js_asset import Media

from archive.addresses import address_of

EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
"""Of the style sheet in django-prose-editor's script. Another version may have another: then the browser's console,
and so tests/browser/test_policy.py, says which."""
ADMIN = {"script-src": [SELF, NONCE], "style-src": [SELF, EDITOR_STYLE]}


class ContentSecurityPolicy(CSPMiddleware):
    def process_template_response(
        self, request: HttpRequest, response: SimpleTemplateResponse
    ) -> SimpleTemplateResponse:
        """Gives the import map, which must be inline, the nonce of this page's policy."""
        context = response.context_data or {}
        if isinstance(media := context.get("media"), Media):
            context["media"] = media.with_nonce(request.csp_nonce)  # type: ignore[attr-defined]
        return response

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(address_of("admin:index")):
            parts.replace = {**ADMIN, **(parts.replace or {})}
        return parts


class CrossOriginResourcePolicy:
    """Keeps pages of other sites from taking ours in as an image, a script or a style; a view may allow it.

    Figures do, because feed readers show them. What is fetched by CORS is asked by its own rules, not by this one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

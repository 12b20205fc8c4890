"""Reports of errors show no password."""

from __future__ import annotations

from typing import Any

from django.test import RequestFactory
from django.views.debug import ExceptionReporter, get_default_exception_reporter_filter


def test_a_report_shows_no_address_with_a_password(settings: Any) -> None:
    settings.SEARCH_URL = "opensearch://reader:a-secret@127.0.0.1:9200/archive"
    settings.EMAIL_URL = "smtp+tls://sender:another-secret@mail.example.org"
    request = RequestFactory().get("/")
    said = ExceptionReporter(request, ValueError, ValueError("told"), None).get_traceback_html()
    assert "told" in said
    assert "SEARCH_URL" in said
    assert "secret@" not in said
    assert get_default_exception_reporter_filter().get_safe_settings()["SITE_NAME"] == settings.SITE_NAME

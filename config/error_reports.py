"""What a report of an error never shows: Django's debug page, and mails about errors."""

from __future__ import annotations

import re

from django.views.debug import SafeExceptionReporterFilter


class ErrorReportFilter(SafeExceptionReporterFilter):
    """Hides addresses of engines, mail and caches, too: they hold passwords."""

    hidden_settings = re.compile(
        f"{SafeExceptionReporterFilter.hidden_settings.pattern}|_URL$|^LOCATION$", re.IGNORECASE
    )

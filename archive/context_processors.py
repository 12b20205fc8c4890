"""Variables of every template."""

from django.conf import settings
from django.http import HttpRequest

from archive.preferences import Preferences


def site(request: HttpRequest) -> dict[str, object]:
    """Gives templates `SITE_NAME`, and `preferences`: how this reader wants pages to look."""
    return {"SITE_NAME": settings.SITE_NAME, "preferences": Preferences.of(request)}

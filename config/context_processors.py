"""What every template knows."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    """Gives templates `SITE_NAME`."""
    return {"SITE_NAME": settings.SITE_NAME}

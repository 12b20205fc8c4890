"""Variables of every template."""

from django.conf import settings
from django.http import HttpRequest

from archive.preferences import Preferences


def site(request: HttpRequest) -> dict[str, object]:
    """Gives templates `SITE_NAME`, `preferences` (how this reader wants pages to look), and `here`.

    That is the view's name, `archive:issue-list`; empty for an address that has none.
    """
    match = request.resolver_match
    here = match.view_name if match else ""
    return {"SITE_NAME": settings.SITE_NAME, "preferences": Preferences.of(request), "here": here}

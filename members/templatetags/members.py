"""Template tags with which this room fills slots of the archive's pages."""

from __future__ import annotations

import re

from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("members/_legal.html")
def legal_footer() -> dict[str, str]:
    """Shows the link to the privacy page, and the numbers that a site in China has to show, where they are set."""
    police: str = settings.POLICE_NUMBER
    return {
        "icp_number": settings.ICP_NUMBER,
        "police_number": police,
        "police_code": "".join(re.findall(r"\d+", police)),
    }

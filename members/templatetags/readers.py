"""Template tags about who may read."""

from __future__ import annotations

from django import template

from members import access
from members.alerts import whole_issues

register = template.Library()


@register.simple_tag
def archive_is_closed() -> bool:
    """Whether only members may read: `{% archive_is_closed as is_closed %}`."""
    return access.is_closed()


@register.simple_tag
def issues_by_mail() -> bool:
    """Whether anybody may have each issue by mail: `{% issues_by_mail as is_offered %}`."""
    return whole_issues.is_offered()

"""Sends the mails of this room, as text and as HTML, where the site is set up to send any."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


def is_configured() -> bool:
    """Whether this site sends mail: somebody said how (EMAIL_URL)."""
    return bool(settings.EMAIL_URL)


def send_with_way_out(to: str, template: str, message_id: str, end: str, **context: object) -> None:
    """Sends a mail that one click ends (RFC 8058), at the address `end`.

    However often it is sent, it has the same Message-ID: a mail program shows it once. Raises as `send` does.
    """
    headers = {
        "Message-ID": message_id,
        "List-Unsubscribe": f"<{end}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    send(to, template, headers, end=end, **context)


def send(to: str, template: str, headers: Mapping[str, str] | None = None, **context: object) -> None:
    """Sends `members/mail/<template>.txt`, whose first line is the subject, with the HTML of the same name beside it.

    Raises what the mail server's client raises: SMTPException, OSError.
    """
    context = {"SITE_NAME": settings.SITE_NAME, **context}
    subject, _, text = render_to_string(f"members/mail/{template}.txt", context).strip().partition("\n")
    message = EmailMultiAlternatives(subject, text.strip() + "\n", to=[to], headers=dict(headers or {}))
    message.attach_alternative(render_to_string(f"members/mail/{template}.html", context), "text/html")
    message.send()

"""A mail server that takes mails and keeps them, and can be told to refuse some."""

from __future__ import annotations

import socket
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


class Mailbox:
    """Mails that arrived, in their order. `answer` is what the server says to the next recipient."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = OK
        self.on_mail: Callable[[], object] = lambda: None
        """Called when a mail has arrived, before the sender hears of it."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> Mailbox:
        self._server.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.stop()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer == OK:
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail: Any = message_from_bytes(envelope.content, policy=default)
        self.mails.append(mail)
        self.on_mail()
        return OK


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """Returns what a mail says, as text or as HTML."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def header(mail: EmailMessage, name: str) -> str:
    """Returns a header without the blank that stands where it was folded."""
    return str(mail[name]).strip()

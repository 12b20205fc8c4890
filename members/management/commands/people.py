"""Accounts from the server's command line: for an operator whom the site lets in no more, and to set one up."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from members.people import changes, passwords
from members.people.accounts import having_email
from members.people.listing import people, shown
from members.people.refusals import PeopleRefused
from members.roles import ROLES


class Command(BaseCommand):
    help = "Lists accounts, changes roles, prints one-time links for a new password, unlocks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True, metavar="WHAT")
        ways.add_parser("list", help="lists every account: name, role, state, last day seen, second factor")
        for name, about in {
            "role": "gives somebody a role",
            "password-link": "prints a link with which somebody chooses a new password, once",
            "unlock": "lets somebody log in again who typed too many wrong passwords",
            "reset-second-factor": "takes away somebody's second factors, so that the password alone lets them in",
            "activate": "lets somebody in again who was deactivated",
            "deactivate": "keeps somebody out; what they did stays",
        }.items():
            way = ways.add_parser(name, help=about)
            way.add_argument("name", metavar="NAME", help="user name or e-mail address")
            if name == "role":
                way.add_argument("role", choices=ROLES, metavar="ROLE", help="、".join(ROLES))
            if name == "password-link":
                way.add_argument("--site", default=_site(), help="where the site is reached (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["way"] == "list":
            self._list()
            return
        try:
            said = _WAYS[options["way"]](_account(options["name"]), options)
        except PeopleRefused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(said)

    def _list(self) -> None:
        for person in shown(people()):
            factor = "second factor" if person.has_second_factor else "password only"
            names = f"{person.user.username}\t{person.user.email or '-'}\t{person.name}"
            self.stdout.write(
                f"{names}\t{person.role or '-'}\t{person.state or '正常'}\t{person.seen}\t{factor}"
            )


def _role(account: User, options: dict[str, Any]) -> str:
    changes.change_role(account, options["role"], by=None)
    return f"{account} is now {options['role']}."


def _password_link(account: User, options: dict[str, Any]) -> str:
    return passwords.send_password_link(account, by=None, site=options["site"].rstrip("/"))


def _unlock(account: User, _: dict[str, Any]) -> str:
    changes.unlock(account, by=None)
    return f"{account} can log in again at once."


def _reset_second_factor(account: User, _: dict[str, Any]) -> str:
    count = changes.reset_second_factor(account, by=None)
    return f"{account} had {count} second factors, and has none now."


def _activate(account: User, _: dict[str, Any]) -> str:
    changes.activate(account, by=None)
    return f"{account} can log in."


def _deactivate(account: User, _: dict[str, Any]) -> str:
    changes.deactivate(account, by=None)
    return f"{account} can not log in any more."


_WAYS: dict[str, Callable[[User, dict[str, Any]], str]] = {
    "role": _role,
    "password-link": _password_link,
    "unlock": _unlock,
    "reset-second-factor": _reset_second_factor,
    "activate": _activate,
    "deactivate": _deactivate,
}


def _account(name: str) -> User:
    found = list(having_email(name)[:2])
    if not found:
        raise CommandError(
            f"No account has the user name or address {name}. `manage.py people list` lists them all."
        )
    if len(found) > 1:
        raise CommandError(f"Several accounts have the address {name}. Give the user name.")
    return found[0]


def _site() -> str:
    """Returns where the site is likely reached, for links."""
    host = next((host for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*"))), "127.0.0.1")
    return f"https://{host}" if settings.HTTPS else f"http://{host}:8000"

"""What a SEARCH_URL says of a cluster: its hosts, who asks, how, and what the index is called. Pure.

opensearch://user:password@host1:9200,host2:9200/name?ca=/etc/ssl/cluster.pem&timeout=1.5
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

PORT = 9200
TIMEOUT_SECONDS = 1.5
"""How long a cluster may take to answer, all its hosts together (transport.py).

Two seconds are what a search may take: the database, which answers when the cluster did not, has the rest of them.
"""
OPTIONS = ("tls", "ca", "timeout")
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::(?P<port>\d{1,5}))?")
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")


class WrongAddress(ValueError):
    """A SEARCH_URL that names no cluster; its text says what is wrong, without the password."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a cluster is, and the index in it."""

    hosts: tuple[tuple[str, int], ...]
    name: str
    """What the names of the site's indexes begin with."""
    user: str = ""
    password: str = ""
    is_encrypted: bool = True
    authorities: str | None = None
    """A file with the certificates of who signed the hosts' certificates, when the system does not know them."""
    timeout: float = TIMEOUT_SECONDS

    @classmethod
    def of(cls, url: str) -> Address:
        """Reads a SEARCH_URL. Raises WrongAddress.

        >>> address = Address.of("opensearch://reader:s%40fe@one,two:9201/news?timeout=2")
        >>> address.hosts, address.name, address.password, address.is_encrypted, address.timeout
        ((('one', 9200), ('two', 9201)), 'news', 's@fe', True, 2.0)
        """
        parts = urlsplit(url)
        credentials, _, hosts = parts.netloc.rpartition("@")
        user, _, password = credentials.partition(":")
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        name = parts.path.strip("/") or "xinwenku"
        if unknown := sorted(options.keys() - {*OPTIONS}):
            raise WrongAddress(f"there is no option {unknown[0]!r}: use {', '.join(OPTIONS)}")
        if not _NAME.fullmatch(name):
            raise WrongAddress(
                f"{name!r} can not be the name of an index: use lower case letters, digits, '-', '_' and '.'"
            )
        if options.get("tls", "on") not in ("on", "off"):
            raise WrongAddress(f"tls={options['tls']!r}: use on or off")
        return cls(
            hosts=tuple(map(_host, hosts.split(","))),
            name=name,
            user=unquote(user),
            password=unquote(password),
            is_encrypted=options.get("tls", "on") == "on",
            authorities=options.get("ca") or None,
            timeout=_seconds(options.get("timeout", str(TIMEOUT_SECONDS))),
        )

    def __str__(self) -> str:
        """What may be shown of it: hosts and name.

        >>> str(Address.of("opensearch://reader:secret@one,two:9201/news"))
        'one:9200,two:9201/news'
        """
        return ",".join(f"{host}:{port}" for host, port in self.hosts) + f"/{self.name}"


def _host(text: str) -> tuple[str, int]:
    match = _HOST.fullmatch(text)
    if match is None or not 0 < int(match["port"] or PORT) < 65536:
        raise WrongAddress(f"{text!r} is no host: use host:{PORT}, several with commas between them")
    return match["name"].strip("[]"), int(match["port"] or PORT)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 600:
        raise WrongAddress(f"timeout={text!r}: use seconds, from more than 0 up to 600")
    return seconds

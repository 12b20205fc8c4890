"""Reads names and addresses out of whatever was pasted: a line of a mail, a column of a table, a list. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_MARKS = re.compile(r"""[\s,;:，；：、。<>()\[\]"“”（）《》【】|]+""")
"""What stands between names and addresses and belongs to neither."""
LONGEST_NAME = 150


class Address(NamedTuple):
    """Somebody to write to."""

    email: str
    name: str = ""


class Pasted(NamedTuple):
    """What was found in a text."""

    addresses: list[Address]
    """Each once, in the order in which they stand, in small letters."""
    doubled: list[str]
    """Addresses that stand there more than once."""
    bad: list[str]
    """What looks like an address or a name and is no address."""


def read_addresses(text: str) -> Pasted:
    """Returns the addresses in a text, each with the name that stands on its line before it, or else after it.

    >>> found = read_addresses("张三 <a@b.cn>; c@b.cn\\n李四\\n<a@B.cn>")
    >>> found.addresses
    [Address(email='a@b.cn', name='张三'), Address(email='c@b.cn', name='')]
    >>> found.doubled, found.bad
    (['a@b.cn'], ['李四'])
    """
    found: dict[str, str] = {}
    doubled: dict[str, None] = {}
    bad: list[str] = []
    for line in text.splitlines():
        for email, name in _pairs(line):
            if not _is_address(email):
                bad.append(email or name)
            elif email.lower() not in found:
                found[email.lower()] = name[:LONGEST_NAME]
            else:
                doubled[email.lower()] = None
    return Pasted([Address(email, name) for email, name in found.items()], [*doubled], bad)


def _pairs(line: str) -> list[tuple[str, str]]:
    """Returns the addresses of a line with their names; a name that no address is near to has none."""
    pairs: list[tuple[str, str]] = []
    words: list[str] = []
    for piece in filter(None, _MARKS.split(line.replace("＠", "@"))):
        if "@" in piece:
            pairs.append((piece.strip(".'‘’"), " ".join(words)))
            words = []
        elif piece.lower() != "mailto":
            words.append(piece)
    if words and pairs and not pairs[-1][1]:
        pairs[-1] = (pairs[-1][0], " ".join(words))
    elif words:
        pairs.append(("", " ".join(words)))
    return pairs


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True

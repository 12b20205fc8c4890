"""All figures of one store into another: copied, read again, compared. The source is only read.

A file that is there with the same content is not copied again, so a move that was broken off goes on, and one that has
been done takes along what came since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from django.core.files.base import ContentFile

from archive.media import MediaUnavailable
from config.media.store import Media


class MoveError(Exception):
    """What can not be moved, and the remedy."""


class Moved(NamedTuple):
    """A file that is in both stores now."""

    name: str
    size: int
    is_new: bool
    """Whether it was copied now, and was not there before."""


def move(source: Media, target: Media) -> Iterator[Moved]:
    """Copies every file, and yields it once it was read again from the target. Raises MoveError."""
    for name in source.names():
        try:
            yield _move(name, source, target)
        except FileNotFoundError:
            continue  # deleted since the names were read
        except MediaUnavailable as error:
            raise MoveError(
                f"{name}: {error}. What was moved stays: run this again, it goes on from there"
            ) from error
        except OSError as error:
            raise MoveError(
                f"{name}: {error.strerror or error}. Make room, or give the place to the user of the site, "
                "and run this again"
            ) from error


def _move(name: str, source: Media, target: Media) -> Moved:
    with source.open(name) as file:
        content = file.read()
    wanted = hashlib.sha256(content).digest()
    there = _digest(target, name)
    if there == wanted:
        return Moved(name, len(content), False)
    if there is not None:  # half a file that something else has left, or another's
        target.delete(name)
    stored = target.save(name, ContentFile(content))
    if stored != name or _digest(target, name) != wanted:
        raise MoveError(
            f"{name} is not in {target} what it is in {source}: somebody writes there, or its disk is bad"
        )
    return Moved(name, len(content), True)


def _digest(media: Media, name: str) -> bytes | None:
    """Returns the hash of a file; None when it is not there."""
    try:
        with media.open(name) as file:
            return hashlib.sha256(file.read()).digest()
    except FileNotFoundError:
        return None


def named_but_missing(media: Media, named: set[str]) -> list[str]:
    """Returns the files that the database names and a store has not."""
    return sorted(named.difference(media.names()))

"""The indexes of a site in a cluster: each build is one, and an alias names the one that answers.

    name-v2.1                              the alias: what code of this version reads
    name-v2.1-20250321-101500-082461       an index, made by one build
    name-v2.1-20250314-090000-770135       the one before it
    name-v2.0, name-v2.0-…                 those of other versions of the code: neither read nor removed while in use

Going live is one change of the alias, at one moment for every host. What there is, each node knows by itself
(`local`): the one that manages the cluster may hang.
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from typing import Any

from opensearchpy.exceptions import NotFoundError

from search.engines.base import IndexUnavailable, OtherVersion
from search.engines.opensearch.cluster import Cluster
from search.engines.opensearch.mapping import POSITION, VERSION, index_body

UNUSED_AFTER = dt.timedelta(days=7)
"""How long what another version built is kept after its last change: so long may one go back to that version."""
BUILD_SECONDS = 60.0


class Indexes:
    """Makes, names and removes the indexes of one name."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        name = cluster.address.name
        self.alias = f"{name}-{VERSION}"
        self._all = f"{name}-v*"
        stamp = r"-\d{8}-\d{6}-\d{6}"
        self._ours = re.compile(rf"{re.escape(self.alias)}{stamp}")
        self._any = re.compile(rf"{re.escape(name)}-v\d+\.\d+{stamp}")
        self._built_at: dict[str, str] = {}

    def live(self) -> str:
        """Returns the name of the live index. Raises IndexUnavailable when there is none."""
        try:
            named = self.cluster.ask(lambda client: client.indices.get_alias(name=self.alias, local=True))
        except NotFoundError:
            raise self.missing() from None
        [index] = named
        return str(index)

    def missing(self) -> IndexUnavailable:
        """What to raise where there is no live index."""
        if any(not self._ours.fullmatch(name) for name in self._names()):
            return OtherVersion(
                "the search index was built by another version: run `manage.py rebuild_index`"
            )
        return IndexUnavailable("there is no usable search index: run `manage.py rebuild_index`")

    def built_at(self, index: str) -> str:
        """Returns when an index was built. Raises OtherVersion when that was by other code than ours."""
        if index not in self._built_at:
            try:
                found = self.cluster.ask(lambda client: client.indices.get_mapping(index=index, local=True))
            except NotFoundError:
                raise self.missing() from None
            meta = next(iter(found.values()))["mappings"].get("_meta", {})
            if meta.get("version") != VERSION:
                raise OtherVersion(
                    f"the search index {index} was built by another version: run `manage.py rebuild_index`"
                )
            self._built_at[index] = meta["built_at"]
        return self._built_at[index]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever built here, by any version."""
        return not self._names()

    def names(self) -> list[str]:
        """Returns the indexes of our version, the newest first."""
        return [name for name in self._names() if self._ours.fullmatch(name)]

    def create(self) -> str:
        """Makes an empty index that is not live. Returns its name."""
        now = dt.datetime.now().astimezone()
        name = f"{self.alias}-{now:%Y%m%d-%H%M%S-%f}"
        newest = next(iter(self.names()), "")
        if name <= newest:  # the clock was set back
            day = dt.datetime.strptime(newest.removeprefix(f"{self.alias}-"), "%Y%m%d-%H%M%S-%f")
            name = f"{self.alias}-{day + dt.timedelta(seconds=1):%Y%m%d-%H%M%S-%f}"
        body = index_body(f"{now:%Y-%m-%dT%H:%M:%S%z}")
        self.cluster.ask(
            lambda client: client.indices.create(
                index=name,
                body=body,
                params={"timeout": f"{BUILD_SECONDS:.0f}s"},
                request_timeout=BUILD_SECONDS,
            )
        )
        return name

    def activate(self, index: str) -> None:
        """Makes an index the live one."""
        actions: list[dict[str, Any]] = [
            {"remove": {"index": f"{self.alias}-*", "alias": self.alias, "must_exist": False}},
            {"add": {"index": index, "alias": self.alias}},
        ]
        self.cluster.ask(
            lambda client: client.indices.update_aliases(
                body={"actions": actions}, request_timeout=BUILD_SECONDS
            )
        )

    def deactivate(self) -> None:
        """Leaves no index live: searches are answered from the database."""
        with suppress(NotFoundError):
            self.cluster.ask(
                lambda client: client.indices.delete_alias(index=f"{self.alias}-*", name=self.alias)
            )

    def remove(self, index: str) -> None:
        """Removes an index."""
        with suppress(NotFoundError):
            self.cluster.ask(lambda client: client.indices.delete(index=index, request_timeout=BUILD_SECONDS))

    def remove_old(self) -> None:
        """Removes ours but the live one and the one before it, and those that other versions no longer change."""
        live = self.live()
        others = [name for name in self.names() if name != live]
        before = next((name for name in others if self._written_at(name)), "")
        for name in others:
            if name != before:
                self.remove(name)
        long_ago = (dt.datetime.now(dt.UTC) - UNUSED_AFTER).timestamp()
        for name in self._names():
            if not self._ours.fullmatch(name) and 0 < self._written_at(name) < long_ago:
                self.remove(name)

    def _written_at(self, index: str) -> float:
        """Returns when an index was last written to, in seconds of the epoch; 0 when its build never ended."""
        try:
            found = self.cluster.ask(lambda client: client.get(index=index, id=POSITION))
            return float(found["_source"][POSITION]["written_at"])
        except (NotFoundError, KeyError):
            return 0.0

    def _names(self) -> list[str]:
        """Returns all indexes of this name, of any version, the newest of each first."""
        try:
            found = self.cluster.ask(
                lambda client: client.indices.get_settings(
                    index=self._all, name="index.creation_date", local=True
                )
            )
        except NotFoundError:
            return []
        return sorted(filter(self._any.fullmatch, found), reverse=True)

"""Writes documents into an index: what the cluster had no room for a moment ago again, what it refuses not at all.

documents, in parts ─► _bulk ─► refused for the moment? again ─► refused for what they are? DocumentsRefused
                            └─► all taken ─► the position, and with it everything becomes visible

Each has the number of the position as its version: a write that a node that hung carries out late, when others have
written the document anew or taken it out, comes too late there, too.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from opensearchpy.exceptions import NotFoundError

from search.engines.base import DocumentsRefused, Unreachable
from search.engines.documents import Document, DocumentId
from search.engines.opensearch.cluster import WRITE_SECONDS, Cluster
from search.engines.opensearch.mapping import POSITION, source_of
from search.engines.opensearch.transport import BUSY
from search.engines.position import Position

PART = 250
"""Documents in one request: some 3 MB."""
TRIES = 4
FIRST_PAUSE_SECONDS = 0.2
NOT_THERE, NEWER_IS_THERE = 404, 409
"""Answers of the server to a write."""

Line = dict[str, Any]
Operation = tuple[Line, ...]
"""What to do with a document, and for one that is written, with what."""


class Writer:
    """Writes to the indexes of a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def write(
        self, index: str, documents: Iterable[Document], gone: Iterable[DocumentId], position: Position
    ) -> None:
        """Writes documents and takes others out; nobody sees it before `finish`. Raises DocumentsRefused at the end."""
        operations = _operations(documents, gone, _version(position))
        refused: dict[DocumentId, str] = {}
        while part := [*islice(operations, PART)]:
            refused |= self._bulk(index, part)
        if refused:
            raise DocumentsRefused(refused)

    def finish(self, index: str, position: Position) -> None:
        """Notes how far the index follows the changes, and makes everything visible that was written before."""
        body = {POSITION: {"position": position.to_json(), "written_at": time.time()}}
        params = {"refresh": "true", **_version(position), "ignore": NEWER_IS_THERE}
        self._cluster.ask(
            lambda client: client.index(
                index=index, id=POSITION, body=body, params=params, request_timeout=WRITE_SECONDS
            )
        )

    def _bulk(self, index: str, operations: Sequence[Operation]) -> dict[DocumentId, str]:
        """Returns the documents that were refused for what they are, with the reasons."""
        pause = FIRST_PAUSE_SECONDS
        refused: dict[DocumentId, str] = {}
        for _ in range(TRIES):
            answer = self._send(index, operations)
            results = [next(iter(item.values())) for item in answer["items"]]
            failed = [
                (operation, result)
                for operation, result in zip(operations, results, strict=True)
                if result["status"] >= 300 and not _is_done(operation, result)
            ]
            for _operation, result in failed:
                if result["error"]["type"] == "index_not_found_exception":
                    raise NotFoundError(404, result["error"]["reason"], answer)
                identity = DocumentId.of(result["_id"])
                if identity and not _is_passing(result):
                    refused[identity] = f"{result['error']['type']}: {result['error']['reason']}"
            failed = [(operation, result) for operation, result in failed if _is_passing(result)]
            if not failed:
                return refused
            operations, reason = [operation for operation, _ in failed], failed[0][1]["error"]
            time.sleep(pause)
            pause *= 2
        raise Unreachable(
            f"OpenSearch can not take in changes now ({reason['type']}: {reason['reason'][:200]})"
        )

    def _send(self, index: str, operations: Sequence[Operation]) -> Any:
        lines = [line for operation in operations for line in operation]
        return self._cluster.ask(
            lambda client: client.bulk(
                index=index, body=lines, params={"timeout": "10s"}, request_timeout=WRITE_SECONDS
            )
        )


def _is_done(operation: Operation, result: Line) -> bool:
    """Whether nothing is left to do: the document is not there any more, or another writer's newer one is."""
    return result["status"] == NEWER_IS_THERE or (result["status"] == NOT_THERE and "delete" in operation[0])


def _is_passing(result: Line) -> bool:
    """Whether the cluster may take a document in later: it has too much to do, no room, or lost a node."""
    return result["status"] in BUSY or "block" in result["error"]["type"]


def _version(position: Position) -> Line:
    return {"version": position.change, "version_type": "external_gte"}


def _operations(
    documents: Iterable[Document], gone: Iterable[DocumentId], version: Line
) -> Iterator[Operation]:
    for document in documents:
        yield {"index": {"_id": str(document.id), **version}}, source_of(document)
    for identity in gone:
        yield ({"delete": {"_id": str(identity), **version}},)

"""Everything that an index holds, read page by page from one state of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from opensearchpy.exceptions import NotFoundError

from search.engines.base import Held, Unreachable
from search.engines.documents import DocumentId
from search.engines.opensearch.mapping import POSITION
from search.engines.opensearch.reading import NOBODY_WAITS_SECONDS, Moments

PAGE = 2_000
"""Documents that are read at a time."""


def read_contents(moments: Moments, index: str) -> Iterator[Held]:
    """Yields all documents of an index, whatever is wrong with them. Raises IndexUnavailable when it is lost."""
    moment = moments.open(index, patience=NOBODY_WAITS_SECONDS)
    body: dict[str, Any] = {
        "size": PAGE,
        "_source": False,
        "docvalue_fields": ["kind", "pk", "end_date", "digest"],
        "query": {"bool": {"must_not": [{"ids": {"values": [POSITION]}}]}},
        "sort": ["kind", "pk"],
    }
    try:
        while True:
            [answer] = moments.ask(moment, [body])
            hits = answer["hits"]["hits"]
            yield from map(_held, hits)
            if len(hits) < PAGE:
                return
            body["search_after"] = hits[-1]["sort"]
    except NotFoundError as error:
        raise Unreachable(f"OpenSearch no longer keeps what is being read ({error.error})") from error
    finally:
        moments.close(moment)


def _held(hit: dict[str, Any]) -> Held:
    fields = {name: values[0] for name, values in hit.get("fields", {}).items()}
    identity = DocumentId.of(hit["_id"])
    is_sound = identity is not None and identity == (fields.get("kind"), fields.get("pk"))
    digest = bytes.fromhex(fields.get("digest", ""))
    return Held(identity if is_sound else None, int(fields.get("end_date", 0)) // 10_000, digest)

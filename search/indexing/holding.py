"""Which articles hold a run of characters: what other rooms may ask the index about the text itself."""

from __future__ import annotations

from collections.abc import Iterable

from search.indexing import visible
from search.text.analysis import squeeze


def state() -> str:
    """Names what `holders` answers from; another name after every change of it. Raises IndexUnavailable likewise."""
    return visible.snapshot().name


def holders(runs: Iterable[str], *, whole: bool = False) -> dict[str, list[int]]:
    """Returns for each run the ids of the published articles whose text holds it, in any script and spacing.

    With `whole`, a Latin end of a run touches no other letter or digit: `SK` is not in `SKU`. Raises
    IndexUnavailable when no generation of the index can answer.
    """
    snapshot = visible.snapshot()
    ids = snapshot.numbers["article"]
    found: dict[str, list[int]] = {}
    for run in runs:
        squeezed = squeeze(run).strip()
        if not squeezed:
            found[run] = []
            continue
        places = snapshot.occurrences(squeezed)
        documents = places.documents[places.whole_counts > 0] if whole else places.documents
        found[run] = [int(article) for article in ids[documents[snapshot.live[documents]]]]
    return found

"""The JSON of a week on the desk, as the database keeps it.

Apart from `desk.state`, which is loaded anew for each file that is opened (`archive.limited`): pydantic takes a while.
"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from desk.state import State

_STATE = TypeAdapter(State)


def to_json(state: State) -> dict[str, Any]:
    """Returns the state as plain data, as `from_json` reads it.

    >>> from_json(to_json(State(title="周报", columnist="王小明"))).columnist
    '王小明'
    """
    data: dict[str, Any] = _STATE.dump_python(state, mode="json")
    return data


def from_json(data: dict[str, Any]) -> State:
    """Returns the state that `to_json` wrote."""
    return _STATE.validate_python(data)

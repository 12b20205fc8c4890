"""What reading a file of rich text gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.parsing import Line, ParseWarning


@dataclass(frozen=True, slots=True)
class Reading:
    """Lines for the parser, the images that they name (`figure:0`), and what the reading could not keep."""

    lines: tuple[Line, ...]
    images: Mapping[str, bytes] = field(default_factory=dict)
    warnings: tuple[ParseWarning, ...] = ()

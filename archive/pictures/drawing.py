"""Draws a Picture: paper, rules and seal as on the site's own picture, the text, and a chart where there are counts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from PIL import Image, ImageDraw

from archive.pictures import fonts
from archive.pictures.addresses import HEIGHT, WIDTH
from archive.pictures.layout import Measure, clauses, wrapped

EDGE = 80
"""Empty space left and right."""
MOST_LINES = 5
_INNER = WIDTH - 2 * EDGE
_PAPER, _INK, _SOFT, _RULE, _RED = "#fdfdfc", "#1b1b1d", "#5a5d63", "#dadad6", "#ab2417"
COLOURS = (_RED, "#1d5a9e", "#21714a", "#8a5b00", "#77409b")
_SITE = 34
_COLOURS_OF_FILE = 32
_FINE = 3
"""What is drawn of lines is drawn so many times as large, and made smaller: edges are smooth then."""
_GLYPH: Sequence[Sequence[tuple[float, float]]] = (
    ((8, 10.2), (24, 10.2)),
    ((12.6, 7.6), (12.6, 12.8)),
    ((19.4, 7.6), (19.4, 12.8)),
    ((9.2, 18.2), (8, 22.4)),
    (
        (12.8, 16.6),
        (12.8, 21.8),
        (13.2, 23.2),
        (14, 24),
        (15.2, 24.2),
        (18.2, 24.2),
        (19.6, 23.6),
        (20.6, 21.6),
    ),
    ((16.2, 15.6), (17.8, 18.2)),
    ((21.8, 16.8), (24, 20.8)),
)
"""The strokes of 芯 in the seal (static/favicon.svg), in its units of 32."""


class Series(NamedTuple):
    """A query over time, or what mentions a topic."""

    name: str
    counts: Sequence[int | None]
    """One for each period; None where nothing was published."""


@dataclass(frozen=True)
class Picture:
    """What a picture says."""

    kicker: str
    title: str
    text: str = ""
    """What it is about, under the title."""
    lines: Sequence[str] = ()
    """Headlines, each a line."""
    series: Sequence[Series] = ()
    first: str = ""
    """The names of the first and of the last period of the series."""
    last: str = ""


def draw(picture: Picture) -> bytes:
    """Returns the picture as PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    _frame(pen)
    if (
        fonts.font(_SITE) is None and not picture.series
    ):  # nothing to read: the seal, as on the site's own picture
        image.paste(_seal(240), ((WIDTH - 240) // 2, (HEIGHT - 240) // 2))
        return _png(image)
    image.paste(_seal(80), (EDGE - 7, 492))
    _write(pen, EDGE + 92, 514, settings.SITE_NAME, _SITE, _INK)
    _write(pen, EDGE, 84, picture.kicker, 30, _RED, _INNER)
    below = _title(pen, picture)
    if picture.series:
        _chart(image, pen, picture, below + 18)
    elif picture.lines:
        _headlines(pen, picture.lines, below + 22)
    else:
        _text(pen, picture.text, below + 22)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.quantize(_COLOURS_OF_FILE, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _frame(pen: ImageDraw.ImageDraw) -> None:
    """Draws the thick and thin rules of Chinese printing."""
    for top, height in ((44, 6), (56, 2), (584, 2), (592, 6)):
        pen.rectangle((EDGE, top, WIDTH - EDGE - 1, top + height - 1), fill=_INK)


def _title(pen: ImageDraw.ImageDraw, picture: Picture) -> int:
    """Writes the title as large as it fits; returns where it ends."""
    most = 2 if picture.series or picture.lines else 3
    size, lines = 0, []
    for size in (68, 60, 52, 46):
        lines = _set(picture.title, size, most, is_headline=True)
        if not (lines and lines[-1].endswith("…")):
            break
    y = 134
    for line in lines:
        _write(pen, EDGE, y, line, size, _INK)
        y += round(size * 1.32)
    return y


def _text(pen: ImageDraw.ImageDraw, text: str, y: int) -> None:
    most = max(0, (492 - y) // 46)
    for line in _set(text, 31, min(most, MOST_LINES)):
        _write(pen, EDGE, y, line, 31, _SOFT)
        y += 46


def _headlines(pen: ImageDraw.ImageDraw, headlines: Sequence[str], y: int) -> None:
    for number, headline in enumerate(headlines[: max(0, (492 - y) // 46)], start=1):
        _write(pen, EDGE, y, f"{number}", 29, _RED)
        _write(pen, EDGE + 48, y, headline, 29, _INK, _INNER - 48)
        y += 46


def _write(
    pen: ImageDraw.ImageDraw, x: int, y: int, text: str, size: int, colour: str, width: float = 0
) -> None:
    """Writes one line; of what is wider than `width` the beginning. Without a font nothing."""
    font = fonts.font(size)
    text = " ".join(fonts.shown(text).split())
    if font is None or not text:
        return
    if width:
        text = wrapped(text, width, 1, font.getlength)[0]
    pen.text((x, y), text, fill=colour, font=font)


def _set(text: str, size: int, most: int, *, is_headline: bool = False) -> list[str]:
    font = fonts.font(size)
    text = fonts.shown(text)
    if font is None or not text.strip() or not most:
        return []
    return (clauses if is_headline else wrapped)(text, _INNER, most, font.getlength)


def _seal(size: int) -> Image.Image:
    unit = size * _FINE / 32
    image = Image.new("RGB", (size * _FINE, size * _FINE), _PAPER)
    pen = ImageDraw.Draw(image)
    for at in (9, 16, 23):
        pen.line(((at * unit, unit), (at * unit, 31 * unit)), fill=_RED, width=round(2 * unit))
        pen.line(((unit, at * unit), (31 * unit, at * unit)), fill=_RED, width=round(2 * unit))
    pen.rounded_rectangle((4 * unit, 4 * unit, 28 * unit, 28 * unit), 3 * unit, fill=_RED)
    for stroke in _GLYPH:
        points = [(x * unit, y * unit) for x, y in stroke]
        pen.line(points, fill="#fff", width=round(2.2 * unit), joint="curve")
        for x, y in (points[0], points[-1]):
            end = 1.1 * unit
            pen.ellipse((x - end, y - end, x + end, y + end), fill="#fff")
    return image.resize((size, size), Image.Resampling.LANCZOS)


def _chart(image: Image.Image, pen: ImageDraw.ImageDraw, picture: Picture, top: int) -> None:
    """Draws the counts as lines, of one series with its area; names, and the ends of the time, beside them."""
    if len(picture.series) > 1:
        x = EDGE
        for series, colour in zip(picture.series, COLOURS, strict=False):
            said = wrapped(fonts.shown(series.name) or " ", 190, 1, _measure(26))[0]
            pen.rectangle((x, top + 14, x + 26, top + 22), fill=colour)
            _write(pen, x + 36, top, said, 26, _INK)
            x += 36 + round(_measure(26)(said)) + 34
        top += 48
    bottom, width, height = 436, _INNER - 70, 436 - top
    most = max((count or 0 for series in picture.series for count in series.counts), default=0) or 1
    plot = Image.new("RGB", (width * _FINE, height * _FINE), _PAPER)
    fine = ImageDraw.Draw(plot)
    for series, colour in reversed(list(zip(picture.series, COLOURS, strict=False))):
        step = (width - 12) * _FINE / max(len(series.counts) - 1, 1)
        points = [
            None
            if count is None
            else (6 * _FINE + place * step, (height - 4 - count / most * (height - 12)) * _FINE)
            for place, count in enumerate(series.counts)
        ]
        for stretch in _stretches(points):
            if len(picture.series) == 1:
                floor = height * _FINE
                area = [(stretch[0][0], floor), *stretch, (stretch[-1][0], floor)]
                fine.polygon(area, fill="#f8e4df")
            fine.line(stretch, fill=colour, width=4 * _FINE, joint="curve")
            for across, down in stretch[:: max(1, len(stretch) - 1)]:
                fine.ellipse(
                    (across - 6 * _FINE, down - 6 * _FINE, across + 6 * _FINE, down + 6 * _FINE), fill=colour
                )
    image.paste(plot.resize((width, height), Image.Resampling.LANCZOS), (EDGE + 70, top))
    pen.line(((EDGE + 70, bottom), (WIDTH - EDGE, bottom)), fill=_INK, width=2)
    _write(pen, EDGE, top - 6, f"{most} 篇", 24, _SOFT)
    _write(pen, EDGE + 70, bottom + 6, picture.first, 22, _SOFT)
    if picture.last != picture.first:
        _write(pen, WIDTH - EDGE - round(_measure(22)(picture.last)), bottom + 6, picture.last, 22, _SOFT)


def _measure(size: int) -> Measure:
    font = fonts.font(size)
    return font.getlength if font else len


def _stretches(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Returns the parts of a line; a missing point interrupts it."""
    parts: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            parts.append([])
        else:
            parts[-1].append(point)
    return [part for part in parts if part]

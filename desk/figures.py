"""Figures on the desk: their HTML, and the names of their images. Pure.

An image on the desk has an address below `/figures/`, as a stored one has: `body.clean` and the body editor take it
for a figure of ours, and nothing has to be rewritten until the week is stored.
"""

from __future__ import annotations

import re
from html import escape, unescape

ADDRESS = "/figures/desk/"
_IMAGE = re.compile(rf'<img\b[^>]*?\bsrc="{ADDRESS}(\d+)/"[^>]*>')
_ALT = re.compile(r'\balt="([^"]*)"')
_CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def figure_html(image: str, alt: str, caption: str) -> str:
    """A figure as a body holds it; `image` is its address.

    >>> figure_html("/figures/desk/7/", "产能图", "")
    '<figure><img src="/figures/desk/7/" alt="产能图"></figure>'
    """
    below = f"<figcaption>{escape(caption, quote=False)}</figcaption>" if caption else ""
    return f'<figure><img src="{escape(image)}" alt="{escape(alt)}">{below}</figure>'


def alt_of(html: str) -> str:
    """What a figure's image says to those who can not see it."""
    image = _IMAGE.search(html)
    found = image and _ALT.search(image[0])
    return unescape(found[1]) if found else ""


def caption_of(html: str) -> str:
    """The text below a figure."""
    found = _CAPTION.search(html)
    return unescape(_TAG.sub("", found[1])).strip() if found else ""


def with_caption(html: str, alt: str, caption: str) -> str:
    """The same figure with another description and caption.

    >>> with_caption('<figure><img src="/figures/desk/7/" alt=""></figure>', "产能", "图1")
    '<figure><img src="/figures/desk/7/" alt="产能"><figcaption>图1</figcaption></figure>'
    """
    image = _IMAGE.search(html)
    return figure_html(f"{ADDRESS}{image[1]}/", alt, caption) if image else html


def images_in(html: str) -> list[int]:
    """The numbers of the desk's images that a text shows, each once, in order."""
    return list(dict.fromkeys(int(found[1]) for found in _IMAGE.finditer(html)))


def for_storing(html: str) -> str:
    """The text with its images named as `archive.figures.place_figures` asks for them.

    >>> for_storing('<img src="/figures/desk/7/" alt="甲" width="3">')
    '<img src="figure:7" alt="甲">'
    """

    def name(found: re.Match[str]) -> str:
        alt = _ALT.search(found[0])
        return f'<img src="figure:{found[1]}" alt="{alt[1] if alt else ""}">'

    return _IMAGE.sub(name, html)

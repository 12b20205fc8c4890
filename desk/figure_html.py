"""Figures on the desk: their HTML, and the names of their images. Pure.

An image on the desk has an address below `/figures/`, as a stored one has: `body.clean` and the body editor take it
for a figure of ours, and nothing has to be rewritten until the week is stored.
"""

from __future__ import annotations

from archive.body import figure_number
from archive.richtext import Node, parse, to_html

ADDRESS = "/figures/desk/"


def figure_html(image: str, alt: str, caption: str) -> str:
    """A figure as a body holds it; `image` is its address.

    >>> figure_html("/figures/desk/7/", "产能图", "")
    '<figure><img src="/figures/desk/7/" alt="产能图"></figure>'
    """
    below = [Node("figcaption", {}, [caption])] if caption else []
    return to_html(Node("figure", {}, [Node("img", {"src": image, "alt": alt}), *below]))


def with_caption(html: str, alt: str, caption: str) -> str:
    """The same figure with another description and caption.

    >>> with_caption('<figure><img src="/figures/desk/7/" alt=""></figure>', "产能", "图1")
    '<figure><img src="/figures/desk/7/" alt="产能"><figcaption>图1</figcaption></figure>'
    """
    image = next(parse(html).find("img"), None)
    return figure_html(image.attrs["src"], alt, caption) if image else html


def images_in(html: str) -> list[int]:
    """The numbers of the desk's images that a text shows, each once, in order."""
    numbers = (figure_number(image, ADDRESS) for image in parse(html).find("img"))
    return list(dict.fromkeys(number for number in numbers if number))


def for_storing(html: str) -> str:
    """The text with its images named as `archive.figures.place_figures` asks for them.

    >>> for_storing('<img src="/figures/desk/7/" alt="甲" width="3">')
    '<img src="figure:7" alt="甲">'
    """
    tree = parse(html)
    for image in tree.find("img"):
        if number := figure_number(image, ADDRESS):
            image.attrs = {"src": f"figure:{number}", "alt": image.attrs.get("alt", "")}
    return to_html(tree)

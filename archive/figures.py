"""Stores the figures of articles: writes their files, and puts their addresses into the text."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from django.core.files.base import ContentFile

from archive.body import OWN_IMAGES, allowed, written
from archive.images import PreparedImage, prepare_image
from archive.limited import LimitedProcess
from archive.models import Article, Figure, figure_path
from archive.richtext import Node


def read_image(data: bytes) -> PreparedImage:
    """Returns an image that someone sent as it will be stored. Raises ImportRefused."""
    with LimitedProcess() as process:
        return process.call(prepare_image, data)


class NewFiles(ExitStack):
    """Writes image files, and deletes those it wrote when the block fails. Put it around the transaction."""

    def __exit__(self, *error: Any) -> None:
        if error == (None, None, None):
            self.pop_all()
        super().__exit__(*error)

    def store(self, figure: Figure, image: PreparedImage, alt: str) -> None:
        """Saves a figure with its file, unless that is there: the same image is one file for all articles."""
        figure.sha256, figure.image_format, figure.alt = image.sha256, image.image_format, alt[:300]
        figure.width, figure.height = image.width, image.height
        name = figure_path(figure, "")
        storage = figure.image.storage
        if not storage.exists(name):
            name = storage.save(name, ContentFile(image.data))
            self.callback(storage.delete, name)
        figure.image.name = name
        figure.save()


def place_figures(article: Article, tree: Node, images: Mapping[str, PreparedImage], files: NewFiles) -> str:
    """Stores the images that a tree names and returns what is allowed of it as the body, with their addresses.

    Figures that are no longer shown are deleted. An image that the article already had keeps its figure, and so its
    address. No file is deleted, because an earlier version may show it.
    """
    kept = {figure.sha256: figure for figure in article.figures.all()} if article.pk else {}
    shown: dict[str, Figure] = {}
    for node in tree.find("img"):
        image = images.get(node.attrs.get("src", ""))
        if image is None:
            continue
        alt = node.attrs.get("alt", "")
        figure = shown.get(image.sha256) or kept.pop(image.sha256, None) or Figure(article=article)
        files.store(figure, image, alt)
        shown[image.sha256] = figure
        node.attrs["src"] = figure.get_absolute_url()
        if "width" not in node.attrs:  # else it is an exported body: as an editor left it
            size = {"width": str(image.width), "height": str(image.height)}
            node.attrs = {"src": node.attrs["src"], "alt": alt, **size}
    for figure in kept.values():
        figure.delete()
    return written(allowed(tree, OWN_IMAGES))

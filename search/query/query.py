"""A query as it was understood: what is asked for, on which days, and what else a page says of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from search.query.dates import DateFilter
from search.query.tree import And, Everything, First, Leaf, Node, Not, Or


@dataclass(frozen=True)
class Query:
    """A query as it was understood.

    `tree` is None when nothing was asked for. `is_cut` says that the text was longer than is read, `is_literal`
    that it holds nothing but exclusions, which were taken as text.
    """

    text: str
    tree: Node | None
    is_cut: bool = False
    is_literal: bool = False
    whole: str = ""
    """The run that an article may hold as a whole: the text, but `HBM、CoWoS` is the same as `HBM CoWoS`."""
    is_parted: bool = False
    """Whether one stretch of it was read as several words, or as fewer than were typed."""
    words: Node | None = None
    """What is asked for besides dates; None when nothing is."""
    dates: tuple[DateFilter, ...] = ()
    """The dates that were typed: every result is of an issue of these days."""
    when: Node | None = None
    """The condition that they make together."""
    plain: tuple[Leaf, ...] = ()
    """What was asked for as words, each of them: what a relaxed query lets go."""

    @cached_property
    def effective_tree(self) -> Node | None:
        """The tree to look up: the query as read, or the very characters that were typed; on the days that it names.

        The second part keeps the promise that whatever is visible in an article finds it, even where the
        article itself holds a quotation mark, the word OR, or a hyphen after a space.
        """
        if self.tree is None or self.tree == Leaf(self.text):
            return self.tree
        typed = Leaf(self.whole or self.text, is_exact=True)
        if self.when is None:
            return Or((self.tree, First(typed) if self.is_parted else typed))
        return And((Or((self.words or Everything(), First(typed))), self.when))

    @cached_property
    def verbatim(self) -> Node | None:
        """What holds the very characters that were typed, on other days than it names. None without dates."""
        return And((Leaf(self.text, is_exact=True), Not(self.when))) if self.when else None

    @property
    def marked(self) -> Node | None:
        """What is marked in a text: the words, and of a query with dates also its very characters."""
        if self.when is None:
            return self.tree
        typed = Leaf(self.text, is_exact=True)
        return Or((typed, self.words)) if self.words else typed

    @property
    def literally(self) -> str:
        """The same query with its dates in quotation marks: for who means the characters."""
        text = self.text
        for date in reversed(self.dates):
            text = f'{text[: date.start]}"{date.typed}"{text[date.end :]}'
        return text

"""What a tool is: a name, what it is told, what it answers, and the function that does it.

To add one: a module in this folder with a `Tool`, and its name in TOOLS (`__init__.py`). Its answer is data (a client
checks it against the schema that is listed) and the same as Markdown, for models that read text alone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from archive.markdown import Absolute, citation, escaped, issue_name
from archive.models import Issue
from archive.published import AnyArticle

MOST_WORDS = 1000
"""Characters of a query, a name, an address."""
MOST_PAGES = 10_000


def _printable(text: str) -> str:
    if "\0" in text:
        raise ValueError("不能含有 NUL 字符")
    return text


def _written_as_a_day(value: object) -> object:
    if isinstance(value, str) and not _DAY.fullmatch(value.strip()):
        raise ValueError("日期要写成 2025-03-21")
    return value


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Text = Annotated[str, Field(max_length=MOST_WORDS), AfterValidator(_printable)]
Day = Annotated[dt.date, BeforeValidator(_written_as_a_day)]
Page = Annotated[int, Field(ge=1, le=MOST_PAGES, description="第几页。")]


class Arguments(BaseModel):
    """What a tool is told. Names that it does not know are refused: a model that made one up learns of it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Citation(BaseModel):
    """Where something stands: what an assistant names as its source."""

    title: str = Field(description="文章的标题。")
    issue: str = Field(description="刊名和起止日期。")
    date: dt.date = Field(description="这一期的最后一天。")
    url: str = Field(description="文章的网址。")
    text: str = Field(description="可以照抄的出处。")

    @classmethod
    def of(cls, article: AnyArticle, absolute: Absolute) -> Self:
        """Returns the citation of an article that is read with its issue."""
        return cls(
            title=article.title,
            issue=issue_name(article.issue),
            date=article.issue.end_date,
            url=absolute(article.get_absolute_url()),
            text=citation(article),
        )

    @classmethod
    def of_issue(cls, issue: Issue, absolute: Absolute) -> Self:
        """Returns the citation of a whole issue."""
        name = issue_name(issue)
        return cls(
            title=issue.title,
            issue=name,
            date=issue.end_date,
            url=absolute(issue.get_absolute_url()),
            text=name,
        )

    @property
    def link(self) -> str:
        return f"[{escaped(self.title)}](<{self.url}>)，{escaped(self.issue)}"


class Answer(BaseModel):
    """What a tool answers."""

    def markdown(self) -> str:
        """Returns all of it as a text."""
        raise NotImplementedError


class NothingThere(Exception):
    """There is nothing of what was asked for. The model reads what to do instead."""


A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True)
class Tool(Generic[A]):
    """Something that an assistant can ask. All of them only read."""

    name: str
    title: str
    description: str
    arguments: type[A]
    answer: type[Answer]
    run: Callable[[A, Absolute], Answer]
    """Given the arguments, and what makes full addresses. Raises NothingThere."""

    def listed(self) -> dict[str, Any]:
        """Returns how the protocol lists it."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": self.arguments.model_json_schema(),
            "outputSchema": self.answer.model_json_schema(mode="serialization"),
            "annotations": {
                "title": self.title,
                "readOnlyHint": True,
                "destructiveHint": False,
                "idempotentHint": True,
                "openWorldHint": False,
            },
        }

"""topic: what the archive knows of a company, a product, a process, a person."""

from __future__ import annotations

import datetime as dt
import html

from django.utils.html import strip_tags
from pydantic import BaseModel, Field

from archive.markdown import Absolute, escaped
from archive.models import Article
from assistants.tools.base import Answer, Arguments, Citation, NothingThere, Text, Tool
from glossary import topics
from glossary.matching import form_of
from glossary.models import Term, Writing
from glossary.topics import Topic, companions, mentioning, passage

MOST_ARTICLES = 10
_LINE, _QUOTED_LINE = "\n", "\n> "
MOST_COMPANIONS = 10
MOST_PROPOSED = 8


class TopicArguments(Arguments):
    name: Text = Field(
        min_length=1, description="名称或别名，例如 台积电、TSMC、HBM4；话题的代号或网址也行。"
    )


class Said(Citation):
    id: int
    passage: str = Field(description="提到它的一段原文。")


class Companion(BaseModel):
    name: str
    articles: int = Field(description="同时提到两者的文章数。")


class TopicAnswer(Answer):
    name: str
    slug: str
    kind: str = Field(description="公司、产品、工艺、技术、人物、机构或地点。")
    aliases: list[str]
    note: str
    article_count: int
    first_mentioned: dt.date
    latest_mentioned: dt.date
    companions: list[Companion] = Field(description="常和它一起提到的。")
    articles: list[Said] = Field(description=f"最近提到它的文章，最多 {MOST_ARTICLES} 篇。")
    url: str

    def markdown(self) -> str:
        also = f"又称：{escaped('、'.join(self.aliases))}" if self.aliases else ""
        when = f"{self.article_count} 篇文章提到，最早 {self.first_mentioned}，最近 {self.latest_mentioned}。"
        beside = "、".join(f"{escaped(one.name)}（{one.articles} 篇）" for one in self.companions)
        said = [
            f"### {one.link}\n编号 {one.id}\n\n> {escaped(one.passage).replace(_LINE, _QUOTED_LINE)}"
            for one in self.articles
        ]
        parts = [f"# {escaped(self.name)}（{self.kind}）", f"<{self.url}>", also, escaped(self.note), when]
        return "\n\n".join(filter(None, [*parts, f"常一起提到：{beside}" if beside else "", *said]))


def topic(given: TopicArguments, absolute: Absolute) -> TopicAnswer:
    """Tells of a topic. Raises NothingThere."""
    found = find_term(given.name)
    if found is None:
        raise NothingThere(no_such(given.name))
    term, known = found
    articles = mentioning(term)
    if not articles:  # withdrawn just now
        raise NothingThere(no_such(given.name))
    read = (
        Article.objects.published()
        .select_related("issue")
        .in_bulk([one.pk for one in articles[:MOST_ARTICLES]])
    )
    return TopicAnswer(
        name=term.name,
        slug=term.slug,
        kind=str(term.get_kind_display()),
        aliases=[alias.text for alias in term.aliases.all()],
        note=term.note,
        article_count=len(articles),
        first_mentioned=articles[-1].end_date,
        latest_mentioned=articles[0].end_date,
        companions=[
            Companion(name=one.topic.name, articles=one.together)
            for one in companions(term, articles)[:MOST_COMPANIONS]
        ],
        articles=[_said(read[one.pk], term, absolute) for one in articles[:MOST_ARTICLES] if one.pk in read],
        url=absolute(known.url),
    )


def find_term(name: str) -> tuple[Term, Topic] | None:
    """Returns the term of a writing, a slug or an address, if published articles mention it."""
    terms = Term.objects.prefetch_related("aliases")
    written = Writing.objects.filter(form=form_of(name)).values("term")
    by_slug = name.rstrip("/").rpartition("/")[2]
    term = terms.filter(pk__in=written).first() or terms.filter(slug=by_slug).first()
    known = topics.topics().get(term.pk) if term else None
    return (term, known) if term and known else None


def no_such(name: str) -> str:
    holding = set(Term.objects.written(name).values_list("pk", flat=True))
    near = [one.name for one in topics.topics().values() if one.pk in holding][:MOST_PROPOSED]
    instead = f"名称相近的话题：{'、'.join(near)}。" if near else "词库里没有它，请改用 search 搜索文字。"
    return f"没有“{name}”这个话题。{instead}"


def _said(article: Article, term: Term, absolute: Absolute) -> Said:
    said = passage(article, term)
    anchor = f"#{said.anchor}" if said.anchor else ""
    cited = Citation.of(article, absolute).model_dump()
    cited["url"] += anchor
    return Said(**cited, id=article.pk, passage=html.unescape(strip_tags(said.html)))


TOPIC = Tool(
    "topic",
    "看一个话题",
    "一个公司、产品、工艺、技术、人物、机构或地点：别名、说明、多少篇文章提到、最早和最近、常和什么一起提到，"
    f"以及最近 {MOST_ARTICLES} 篇里的原文和出处。",
    TopicArguments,
    TopicAnswer,
    topic,
)

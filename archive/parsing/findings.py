"""Warns the editor of what looks wrong in a parsed week: each warning says where, what, and what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from archive.parsing.dates import LONGEST, DateRange, find_full_dates
from archive.parsing.document import ParsedArticle, ParseWarning
from archive.parsing.heading_score import LONG_TITLE

_FAR = dt.timedelta(days=31)


def about_title(title: str) -> Iterator[ParseWarning]:
    """Warns of a missing title."""
    if not title:
        yield ParseWarning(1, "title-missing", "没有找到刊名。请在第一行写上刊名，例如“半导体一周要闻”。")


def about_dates(dates: DateRange | None, line: int | None) -> Iterator[ParseWarning]:
    """Warns of missing dates and of dates that can not be right."""
    if dates is None:
        yield ParseWarning(
            None, "dates-missing", "没有找到起止日期。请在刊名下一行写上日期，例如“2025.3.17-2025.3.21”。"
        )
        return
    shown = f"{dates.start}至{dates.end}"
    messages = {
        "dates-no-year": "日期里没有年份。请写上年份，例如“2025.3.17-3.21”，或在导入时指定起止日期。",
        "dates-reversed": f"结束日期早于开始日期（{shown}）。请检查日期。",
        "dates-too-long": f"起止日期超过{LONGEST}天（{shown}，共{dates.days}天）。请检查日期。",
        "dates-reckoned": f"原文只写了某月第几周，按周一至周日算作{shown}。请核对日期。",
        "dates-invalid": "日期不存在，例如2月30日或第60周。请检查日期。",
    }
    if dates.problem:
        yield ParseWarning(line, dates.problem, messages[dates.problem])


def about_other_dates(
    dates: DateRange | None, others: Sequence[tuple[int, DateRange]]
) -> Iterator[ParseWarning]:
    """Warns of another range above the articles that does not fit the dates that were taken.

    `others` are pairs of a line number and a range. Dates inside articles are news and are not compared.
    """
    if dates is None or dates.start is None or dates.end is None:
        return
    for line, other in others:
        if other.start is None or other.end is None:
            continue
        if dates.start < other.start or dates.end > other.end:
            yield ParseWarning(
                line,
                "date-outside",
                f"这里的日期（{other.start}至{other.end}）与本期日期（{dates.start}至{dates.end}）不一致。请确认哪一个是对的。",
            )


def about_dates_in_headings(
    dates: DateRange | None, articles: Sequence[ParsedArticle]
) -> Iterator[ParseWarning]:
    """Warns of a heading with a full date more than a month away: an article of another week, or a typo."""
    if dates is None or dates.start is None or dates.end is None or dates.problem:
        return
    for article in articles:
        for day in find_full_dates(article.title[:200]):
            if day < dates.start - _FAR or day > dates.end + _FAR:
                yield ParseWarning(
                    article.line,
                    "date-outside",
                    f"标题里的日期 {day} 离本期（{dates.start}至{dates.end}）超过一个月。请确认文章属于本期。",
                )


def about_articles(articles: Sequence[ParsedArticle]) -> Iterator[ParseWarning]:
    """Warns of no articles, of empty articles, and of headings too long to be headings."""
    if not articles:
        yield ParseWarning(
            None, "no-articles", "没有找到任何文章。请给每篇文章的标题编号，例如“1. 标题”，标题单独占一行。"
        )
    for position, article in enumerate(articles, start=1):
        says_all = article.title.endswith("。") or bool(article.source_url)  # an item of one line, a link
        if not says_all and not any(line.text or line.html for line in article.lines):
            yield ParseWarning(
                article.line,
                "article-empty",
                f"第{position}篇“{_short(article.title)}”没有正文。请补上正文，或删除这一行。",
            )
        if len(article.title) > LONG_TITLE:
            yield ParseWarning(
                article.line,
                "heading-long",
                f"第{position}篇的标题有{len(article.title)}个字，可能与正文连在了一起。请在标题后换行。",
            )


def about_numbers(articles: Sequence[ParsedArticle]) -> Iterator[ParseWarning]:
    """Warns of numbers that are missing or used twice. Under section heads they may start at 1 again."""
    present: dict[str, set[int | None]] = {}
    for article in articles:
        present.setdefault(article.section, set()).add(article.number)
    previous = 0
    section = ""
    for article in articles:
        if article.number is None:
            continue
        if article.section != section and article.number == 1:
            previous = 0
        section = article.section
        if article.number <= previous:
            yield ParseWarning(
                article.line,
                "number-repeated",
                f"编号{article.number}重复或次序颠倒（前一篇是{previous}）。请检查编号。",
            )
        between = range(previous + 1, article.number)
        missing = [str(number) for number in between if number not in present[section]]
        if missing:
            yield ParseWarning(
                article.line,
                "number-missing",
                f"缺少编号{'、'.join(missing)}，这一篇是{article.number}。请检查是否漏贴了文章，或编号写错、标题没有单独成行。",
            )
        previous = max(previous, article.number)


def about_page_header(lines: Sequence[tuple[int, str]]) -> Iterator[ParseWarning]:
    """Warns of lines above the articles that were left out: pairs of a line number and its text."""
    if lines:
        told = "、".join(_short(text) for _, text in lines)
        yield ParseWarning(
            lines[0][0],
            "page-frame-left-out",
            f"公众号或邮件的页头没有读入（{told}）。请看看有没有漏掉正文。",
        )


def about_sections(lines: Sequence[int]) -> Iterator[ParseWarning]:
    """Warns of text between the head of a section and its first article: it goes to the introduction."""
    for line in lines:
        yield ParseWarning(
            line, "section-text", "这一段在分栏名下面、第一篇上面，已放进导语。请看看放得对不对。"
        )


def about_readings(count: int) -> Iterator[ParseWarning]:
    """Warns that another level of headings could be that of the articles."""
    if count > 1:
        yield ParseWarning(
            None,
            "two-readings",
            "这份文档有两种读法：哪一级标题算一篇文章拿不准。请看看分得对不对，不对就换另一种读法。",
        )


def about_figures(articles: Sequence[ParsedArticle]) -> Iterator[ParseWarning]:
    """Warns of an article that ends in a colon: the paste probably lost the figure or table after it."""
    for article in articles:
        last = article.lines[-1] if article.lines else None
        if last and last.text.endswith((":", "：")):
            yield ParseWarning(
                last.number,
                "figure-lost",
                "这一段以冒号结尾，后面却没有内容，可能丢了图片或表格。请补上，或改写这一句。",
            )


def _short(title: str) -> str:
    return title if len(title) <= 20 else title[:20] + "…"

"""Views for readers: home, the issues by year, an issue, an article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from archive.calendar import Year, years_of
from archive.models import Article, Figure, Issue
from archive.preferences import Preferences, PreferencesForm

if TYPE_CHECKING:
    from archive.previews import Addresses  # which shows these pages

MOST_ISSUES = 60
"""Issues that the list shows at once: a year of weeks, or a few thin years."""
MOST_ANNIVERSARIES = 5
"""Earlier years' issues of this week that the home page shows."""


def home(request: HttpRequest) -> HttpResponse:
    """Shows the newest issue with its contents, the issues before it, and the years."""
    issues = list(Issue.objects.published().with_article_count()[:7])
    newest = issues[0] if issues else None
    years = Issue.objects.published().years()
    same_days = _same_day_in([row["year"] for row in years], timezone.localdate())
    return render(
        request,
        "archive/home.html",
        {
            "newest": newest,
            "contents": newest.articles.headings() if newest else [],
            "earlier": issues[1:],
            "years": years,
            "anniversaries": Issue.objects.published()
            .around(same_days)
            .with_article_count()
            .with_first_articles(3)[:MOST_ANNIVERSARIES]
            if same_days
            else [],
        },
    )


def issue_list(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Shows the issues of `year` by month and week, or of the newest years, with links to all others."""
    years = years_of(Issue.objects.published().with_article_count())
    shown = _newest(years) if year is None else [one for one in years if one.number == year]
    if year is not None and not shown:
        raise Http404(f"no issue is of {year}")
    context = {"years": years, "shown": shown, "only": year}
    return render(request, "archive/issue_list.html", context)


def issue_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows an issue: introduction, numbered contents, sign-off, and the issues before and after."""
    published = Issue.objects.published().with_changed_at()
    return issue_page(request, get_object_or_404(published, slug=slug))


def article_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows an article, with the one before and after it in its issue."""
    article = get_object_or_404(Article.objects.published().select_related("issue"), pk=pk)
    return article_page(request, article)


def figure(request: HttpRequest, pk: int) -> FileResponse:
    """Answers with the image file of a figure: for everyone when its article is published, else for staff only."""
    figures = Figure.objects.all()
    if not request.user.is_staff:
        figures = figures.filter(article__in=Article.objects.published())
    return figure_response(get_object_or_404(figures, pk=pk))


# --- Shared with previews ------------------------------------------------------------------------------


def issue_page(request: HttpRequest, issue: Issue, preview: Addresses | None = None) -> HttpResponse:
    """Renders the page of an issue; the caller decides who may see it."""
    contents = list(issue.articles.headings())
    _link_into(preview, issue, contents)
    others = Issue.objects.published() if preview is None else Issue.objects.none()
    return render(
        request,
        "archive/issue_detail.html",
        {
            "issue": issue,
            "contents": contents,
            "previous": others.before(issue).first(),
            "next": others.after(issue).last(),
            "preview": preview,
        },
    )


def article_page(request: HttpRequest, article: Article, preview: Addresses | None = None) -> HttpResponse:
    """Renders the page of an article; the caller decides who may see it."""
    contents = list(article.issue.articles.headings())
    place = contents.index(article)
    others = Issue.objects.published() if preview is None else Issue.objects.none()
    _link_into(preview, article.issue, contents)
    if preview is not None:
        article.body = preview.with_own_figures(article.body)
    return render(
        request,
        "archive/article_detail.html",
        {
            "article": article,
            "contents": contents,
            "previous": contents[place - 1] if place else None,
            "next": contents[place + 1] if place + 1 < len(contents) else None,
            "preview": preview,
            "previous_issue": others.before(article.issue).first(),
            "next_issue": others.after(article.issue).last(),
        },
    )


# A CSRF token would need a cookie for each reader, and pages with cookies are not cached (config/page_cache).
# All that a forged request can do here is to change the text size.
@csrf_exempt
@require_POST
def preferences(request: HttpRequest) -> HttpResponseRedirect:
    """Stores how the reader wants pages to look, and redirects back."""
    form = PreferencesForm(request.POST)
    response = HttpResponseRedirect(form.way_back(request))
    form.changed(Preferences.of(request)).keep_in(response)
    return response


def figure_response(found: Figure) -> FileResponse:
    """Returns the file of a figure, which only the reader's own browser may cache."""
    response = FileResponse(found.image.open("rb"))
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _same_day_in(years: list[int], today: dt.date) -> list[dt.date]:
    """Returns this day in each past year of `years`; 28 February where there is no 29th."""
    leaps = today.month == 2 and today.day == 29
    return [today.replace(year=year, day=28 if leaps else today.day) for year in years if year < today.year]


def _newest(years: Sequence[Year]) -> Sequence[Year]:
    """Returns the newest year, and those before it as long as there are few issues."""
    counted = accumulate(year.issue_count for year in years)
    few = sum(1 for number in counted if number <= MOST_ISSUES)
    return years[: max(few, 1)]


def _link_into(preview: Addresses | None, issue: Issue, contents: list[Article]) -> None:
    """Makes `get_absolute_url` of issue and articles lead into the preview, because the templates use it."""
    if preview is None:
        return
    addresses = {article.pk: preview.of_article(article) for article in contents}
    issue.get_absolute_url = lambda: preview.of_issue  # type: ignore[method-assign]
    for article in contents:
        article.get_absolute_url = partial(addresses.__getitem__, article.pk)  # type: ignore[method-assign]

"""Pages to read in: home, the issues by year, an issue, an article."""

from __future__ import annotations

import datetime as dt

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from archive.models import Article, Figure, Issue
from archive.preferences import Preferences, PreferencesForm

MOST_ANNIVERSARIES = 5
"""Earlier years' issues of this week that the home page shows."""


def home(request: HttpRequest) -> HttpResponse:
    """The search box, the newest issue with its contents, the issues before it, the years."""
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


def issue_list(request: HttpRequest) -> HttpResponse:
    """Every issue, newest first, to be shown under its year."""
    issues = Issue.objects.published().with_article_count()
    return render(request, "archive/issue_list.html", {"issues": issues})


def issue_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An issue: introduction, numbered contents, sign-off, and the issues before and after."""
    issue = get_object_or_404(Issue.objects.published(), slug=slug)
    return render(
        request,
        "archive/issue_detail.html",
        {
            "issue": issue,
            "contents": issue.articles.headings(),
            "previous": Issue.objects.published().before(issue).first(),
            "next": Issue.objects.published().after(issue).last(),
        },
    )


def article_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An article, with the one before and after it in its issue."""
    article = get_object_or_404(Article.objects.published().select_related("issue"), pk=pk)
    contents = list(article.issue.articles.headings())
    place = contents.index(article)
    return render(
        request,
        "archive/article_detail.html",
        {
            "article": article,
            "contents": contents,
            "previous": contents[place - 1] if place else None,
            "next": contents[place + 1] if place + 1 < len(contents) else None,
            "previous_issue": Issue.objects.published().before(article.issue).first(),
            "next_issue": Issue.objects.published().after(article.issue).last(),
        },
    )


# A token against forged forms would need a cookie for each reader, and no page with one is kept (config/freshness).
# All that a forged form could do here is enlarge the letters.
@csrf_exempt
@require_POST
def preferences(request: HttpRequest) -> HttpResponseRedirect:
    """Remembers how the reader wants pages to look, and goes back to where that was said."""
    form = PreferencesForm(request.POST)
    response = HttpResponseRedirect(form.way_back(request))
    form.changed(Preferences.of(request)).keep_in(response)
    return response


def figure(request: HttpRequest, pk: int) -> FileResponse:
    """The image file of a figure: for everyone when its article is published, else for staff only."""
    figures = Figure.objects.all()
    if not request.user.is_staff:
        figures = figures.filter(article__in=Article.objects.published())
    found = get_object_or_404(figures, pk=pk)
    response = FileResponse(found.image.open("rb"))
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _same_day_in(years: list[int], today: dt.date) -> list[dt.date]:
    """This day in those of `years` that are past; 28 February stands for a 29th that a year does not have."""
    leaps = today.month == 2 and today.day == 29
    return [today.replace(year=year, day=28 if leaps else today.day) for year in years if year < today.year]

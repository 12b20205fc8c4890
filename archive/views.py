"""Views for readers: home, the issues by year, an issue, an article."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from itertools import accumulate

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from archive.body import with_figures_at
from archive.calendar import Year, years_of
from archive.leads import with_leads
from archive.models import Article, Figure, Issue
from archive.preferences import Preferences, PreferencesForm
from archive.published import published_article
from archive.whole_week import WeekForm, whole_week

logger = logging.getLogger(__name__)

MOST_ISSUES = 60
"""Issues that the list shows at once: a year of weeks, or a few thin years."""
MOST_ANNIVERSARIES = 5
"""Earlier years' issues of this week that the home page shows."""


class FrontPage:
    """What the home page shows. It is read when the page asks for it, which has most of it kept."""

    @cached_property
    def _issues(self) -> list[Issue]:
        return list(Issue.objects.published().with_article_count()[:7])

    @property
    def newest(self) -> Issue | None:
        return self._issues[0] if self._issues else None

    @cached_property
    def earlier(self) -> list[Issue]:
        with_leads(self._issues[1:])
        return self._issues[1:]

    @cached_property
    def contents(self) -> list[Article]:
        return list(self.newest.articles.headings()) if self.newest else []

    @cached_property
    def years(self) -> list[dict[str, int]]:
        return Issue.objects.published().years()

    @cached_property
    def anniversaries(self) -> list[Issue]:
        same_days = _same_day_in([row["year"] for row in self.years], timezone.localdate())
        if not same_days:
            return []
        issues = Issue.objects.published().around(same_days).with_article_count().with_first_articles(3)
        return list(issues[:MOST_ANNIVERSARIES])


def home(request: HttpRequest) -> HttpResponse:
    """Shows the newest issue with its contents, the issues before it, and the years."""
    return render(request, "archive/home.html", {"front": FrontPage()})


class IssueList:
    """The issues of `year`, or of the newest years, and what other years there are; read when the page asks for it."""

    def __init__(self, year: int | None) -> None:
        self._year = year

    @cached_property
    def years(self) -> Sequence[Year[Issue]]:
        return years_of(Issue.objects.published().with_article_count())

    @cached_property
    def shown(self) -> Sequence[Year[Issue]]:
        is_asked = self._year is not None
        shown = (
            [year for year in self.years if year.number == self._year] if is_asked else _newest(self.years)
        )
        with_leads(issue for year in shown for month in year.months for issue in month.issues)
        return shown


def issue_list(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Shows the issues of `year` by month and week, or of the newest years, with links to all others."""
    if year is not None and year not in {row["year"] for row in Issue.objects.published().years()}:
        raise Http404(f"no issue is of {year}")
    return render(request, "archive/issue_list.html", {"list": IssueList(year), "only": year})


def issue_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows an issue: introduction, numbered contents, sign-off, and the issues before and after; or all of it."""
    issue = get_object_or_404(Issue.objects.published(), slug=slug)
    part = WeekForm(request.GET).part_asked()
    return issue_page(request, issue) if part is None else whole_week(request, issue, part)


def article_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows an article, with the one before and after it in its issue."""
    return article_page(request, published_article(pk))


def figure(request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
    """Answers with the image file of a figure: for all where a published text shows it, else for who may see drafts."""
    is_editor = may_see_drafts(request)
    figures = Figure.objects.all()
    if not is_editor:
        figures = figures.filter(article__in=Article.objects.published())
    found = get_object_or_404(figures, pk=pk)
    is_public = found.article.issue.is_published and _is_shown(found)
    if not (is_editor or is_public):
        raise Http404("no published text shows this figure")
    response = figure_response(found)
    if not is_public:
        response["Cache-Control"] = "private, no-store"
    return response


# --- Shared with previews ------------------------------------------------------------------------------


def may_see_drafts(request: HttpRequest) -> bool:
    """Whether who asks may look at issues that are not public: of the staff, those with a right to see issues."""
    return request.user.is_staff and request.user.has_perm("archive.view_issue")


class PreviewAddresses:
    """Addresses within a preview (archive.previews): pages that are not public yet can not be linked to."""

    def __init__(self, issue: Issue, token: str) -> None:
        self.issue = issue
        self._token = token

    @property
    def is_link(self) -> bool:
        """Whether this is a link to share, not an editor's own preview."""
        return self._token != str(self.issue.pk)

    @property
    def of_issue(self) -> str:
        return reverse("archive:preview-issue", args=[self._token])

    def of_article(self, article: Article) -> str:
        return reverse("archive:preview-article", args=[self._token, article.pk])

    def with_own_figures(self, body: str) -> str:
        """Returns the body with addresses of its figures that work without a log-in."""
        return with_figures_at(body, lambda address: f"{self.of_issue}{address[1:]}")


class Surroundings:
    """What stands around an issue or an article; read when the page asks for it, which has most of it kept."""

    def __init__(self, issue: Issue, article: Article | None, preview: PreviewAddresses | None) -> None:
        self._issue = issue
        self._article = article
        self._preview = preview
        self._others = Issue.objects.published() if preview is None else Issue.objects.none()

    @cached_property
    def contents(self) -> list[Article]:
        """The articles of the issue, without their bodies."""
        contents = list(self._issue.articles.headings())
        _link_into(self._preview, contents)
        return contents

    @property
    def previous(self) -> Article | None:
        place = self._place
        return self.contents[place - 1] if place else None

    @property
    def next(self) -> Article | None:
        after = self.contents[self._place + 1 :]
        return after[0] if after else None

    @cached_property
    def previous_issue(self) -> Issue | None:
        return self._others.before(self._issue).first()

    @cached_property
    def next_issue(self) -> Issue | None:
        return self._others.after(self._issue).last()

    @cached_property
    def _place(self) -> int:
        return [article.pk for article in self.contents].index(self._article.pk if self._article else 0)


def issue_page(request: HttpRequest, issue: Issue, preview: PreviewAddresses | None = None) -> HttpResponse:
    """Renders the page of an issue; the caller decides who may see it."""
    if preview is not None:
        issue.get_absolute_url = lambda: preview.of_issue  # type: ignore[method-assign]
    around = Surroundings(issue, None, preview)
    context = {"issue": issue, "around": around, "preview": preview}
    return render(request, "archive/issue_detail.html", context)


def article_page(
    request: HttpRequest, article: Article, preview: PreviewAddresses | None = None
) -> HttpResponse:
    """Renders the page of an article; the caller decides who may see it."""
    if preview is not None:
        article.issue.get_absolute_url = lambda: preview.of_issue  # type: ignore[method-assign]
        article.body = preview.with_own_figures(article.body)
    around = Surroundings(article.issue, article, preview)
    context = {"article": article, "around": around, "preview": preview, "within": "", "page": ""}
    return render(request, "archive/article_detail.html", context)


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


def _is_shown(figure: Figure) -> bool:
    """Whether a published text shows the figure: its article's, or another into which it was copied."""
    address = f"/figures/{figure.pk}/"
    if address in figure.article.body:
        return True
    return Article.objects.published().filter(body__contains=f'"{address}"').exists()


def figure_response(found: Figure) -> FileResponse | HttpResponse:
    """Returns the file of a figure, which only the reader's own browser may cache. Raises Http404 when it is gone.

    A store that does not answer is said to be away for now: 503, which no browser keeps.
    """
    try:
        response = FileResponse(found.image.open("rb"))
    except FileNotFoundError:
        logger.error("figure %s: its file %s is gone; a backup may have it", found.pk, found.image.name)  # noqa: TRY400
        raise Http404("the file of this figure is gone") from None
    except OSError as error:
        logger.warning("figure %s can not be read: %s", found.pk, error)
        return HttpResponse(
            "图片现在取不到，请过一会儿再看。",
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": "10", "Cache-Control": "no-store"},
        )
    response["Cache-Control"] = "private, max-age=86400"
    response["Cross-Origin-Resource-Policy"] = (
        "cross-origin"  # feed readers show figures on pages of their own
    )
    return response


def _same_day_in(years: list[int], today: dt.date) -> list[dt.date]:
    """Returns this day in each past year of `years`; 28 February where there is no 29th."""
    leaps = today.month == 2 and today.day == 29
    return [today.replace(year=year, day=28 if leaps else today.day) for year in years if year < today.year]


def _newest(years: Sequence[Year[Issue]]) -> Sequence[Year[Issue]]:
    """Returns the newest year, and those before it as long as there are few issues."""
    counted = accumulate(year.issue_count for year in years)
    few = sum(1 for number in counted if number <= MOST_ISSUES)
    return years[: max(few, 1)]


def _link_into(preview: PreviewAddresses | None, contents: list[Article]) -> None:
    """Makes `get_absolute_url` of articles lead into the preview, because the templates use it."""
    if preview is None:
        return
    addresses = {article.pk: preview.of_article(article) for article in contents}
    for article in contents:
        article.get_absolute_url = partial(addresses.__getitem__, article.pk)  # type: ignore[method-assign]

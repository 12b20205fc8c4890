"""What the tests of the border between 编辑 and 主编 share: a world with something to leak, and what members see of it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.contrib.auth.models import AnonymousUser, Group, User
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from reversion.models import Revision, Version

from archive import publishing, reporting, reviewing, versions
from archive.body import from_text
from archive.editing import attach_figure, save_issue
from archive.images import prepare_image
from archive.models import Article, Figure, Issue
from archive.proposal import Proposal
from config.page_cache import etag_of
from desk.models import Desk
from desk.opening import open_paste
from desk.storing import open_desk, store
from glossary.editing import save_term
from glossary.models import Alias, Term
from insight.models import GoldenQuery, IgnoredWord
from search.indexing import sync
from search.models import SetAside
from tests.archive import makers
from tests.archive.forms import fields, inline
from tests.conftest import WeekMaker
from tests.writing import delete, save, update
from worker.models import Task

SECRET = "泄密词"
"""Stands in whatever is sent: members must not find it."""
TEXTS = {"台积电扩产": "英特尔与TSMC谈判。", "存储涨价": "铠侠涨价一成。", "光刻胶": "验证要到年底。"}
PLACES = [
    "/", "/issues/", "/issues/2025/", "/feeds/issues.atom", "/sitemap.xml", "/sitemap-issues.xml", "/sitemap-articles.xml",
    "/topics/", "/trends/", "/trends/trends.csv", "/api/v1/issues", "/api/v1/topics", "/api/v1/trends?q=铠侠", "/trends/?q=铠侠",
    f"/search/?q={SECRET}", f"/api/v1/search?q={SECRET}", f"/search/feed.atom?q={SECRET}", f"/api/v1/suggest?q={SECRET}",
    "/search/?q=铠侠", "/api/v1/search?q=TSMC", f"/search/completions/?q={SECRET}",
]  # fmt: skip
"""Pages, feeds and API that members read, beside those of each issue, article and figure."""
ROLES = ("stranger", "staff", "编辑", "主编", "superuser")
BELOW = ("stranger", "staff", "编辑")
"""Who may not change what members see."""


def client_of(role: str) -> tuple[Client, User | AnonymousUser]:
    """A browser in which somebody of this role is logged in; nobody, for a stranger."""
    client = Client()
    if role == "stranger":
        return client, AnonymousUser()
    user = User.objects.create_user(f"of-{role}", is_staff=True, is_superuser=role == "superuser")
    if role in ("编辑", "主编"):
        user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return client, user


class World:
    """A published week with an earlier text, a deleted article and a report, a scheduled week, drafts, words."""

    def __init__(self, make_issue: WeekMaker, role: str) -> None:
        self.make_issue, self.role = make_issue, role
        self.client, self.user = client_of(role)
        self.author = User.objects.create_user("author", is_staff=True)
        self.term = Term(name="台积电", kind="company")
        save_term(self.term, [Alias(text="TSMC")])
        self.issue = make_issue(TEXTS | {"要删的": "删去的一篇。"}, title="已发", end_date="2025-03-21")
        gone = Article.objects.get(title="要删的")
        self.gone_id = gone.pk
        update([self.article], title="改过的标题", body=from_text(["改过的正文，英特尔。"]))
        self.gone_version = Version.objects.get_for_object(gone).order_by("-pk")[0]
        delete(gone)
        self.due = make_issue({"将要发的": "到时才有。"}, title="定时", end_date="2025-04-04", status="draft")
        publishing.schedule(self.due, timezone.now() + dt.timedelta(days=30))
        self.golden = GoldenQuery.objects.create(query="铠侠", article=self.issue.articles.get(position=2))
        IgnoredWord.objects.create(form="某词", text="某词")
        self.report = reporting.report(self.article, reporting.Passage(), "写错了。")
        self.aside = SetAside.objects.create(article_id=self.article.pk, error="too long", attempts=1)
        self.task = Task.objects.first()
        self._drafts = 0
        self.imported = self._published_import() if self.user.pk else None
        save(self.issue)
        sync.drain()

    def _published_import(self) -> Desk:
        """A week that this user imported at the desk, and that was published since."""
        text = "导入的\n2025.2.3-2025.2.7\n1. 导入的一篇\n从拆期台来。\n2. 又一篇\n也是。"
        issue = store(open_desk(self.user.pk or 0, "粘贴", open_paste(text, "")))
        publishing.publish(issue)
        return Desk.objects.get(issue=issue)

    # --- What is there ---------------------------------------------------------------------------------

    @property
    def article(self) -> Article:
        """The first article of the published week."""
        return Article.objects.select_related("issue").get(issue=self.issue, position=1)

    def draft(self, status: str = "draft") -> Issue:
        """Another draft, which holds the word that must not be found."""
        self._drafts += 1
        texts = {f"{SECRET}的草稿": f"{SECRET}还没有发布。"}
        day = dt.date(2025, 4, 11)
        issue = Issue(title=f"草稿{self._drafts}", start_date=day, end_date=day, status=status)
        articles = [
            Article(position=position, title=title, body=from_text([text]))
            for position, (title, text) in enumerate(texts.items(), start=1)
        ]
        save_issue(issue, articles)
        return Issue.objects.get(pk=issue.pk)

    def in_review(self) -> Proposal:
        """A week that waits."""
        return reviewing.hand_over(self.draft(), self.author, "请看")

    def proposal(self) -> Proposal:
        """A change of the published week that waits."""
        article = self.article

        def change() -> None:
            article.title, article.body = f"{SECRET}标题", from_text([f"{SECRET}正文。"])
            save(article)

        _, proposal = reviewing.propose(self.issue, change, self.author, note="错字")
        assert proposal is not None
        return proposal

    def oldest(self) -> Revision:
        """The version of the published week that its first text is in."""
        found = versions.revisions_of(self.issue.pk).last()
        assert found is not None
        return found

    def figure(self) -> Figure:
        """A figure of the published article that its text does not show."""
        return attach_figure(self.article, prepare_image(makers.image_bytes(colour="blue")))

    # --- What is sent ----------------------------------------------------------------------------------

    def post(self, name: str, /, *arguments: object, **data: object) -> Any:
        """Posts to a page of the admin or, with a colon in its name, of another room."""
        is_ours = ":" in name or name.startswith("handbook")
        address = reverse(name if is_ours else f"admin:{name}", args=arguments)
        return self.client.post(address, data)

    def issue_form(self, issue: Issue, *more: tuple[int | str, int, str], **values: object) -> dict[str, Any]:
        """The form of an issue as the browser has it, with these further lines and values."""
        lines = [(one.pk, one.position, one.title) for one in issue.articles.all()]
        dates = {"start_date": issue.start_date, "end_date": issue.end_date}
        return fields(title=issue.title, **dates) | inline(issue, *lines, *more) | values

    def put_on_desk(self, title: str = "", dates: str = "2025.4.7-2025.4.11") -> None:
        """Puts a week onto the desk of whoever is logged in, in place of what lies there."""
        title = title or f"{SECRET}周记{Desk.objects.count()}"
        self.post("desk:clear")
        text = f"{title}\n{dates}\n1. {SECRET}一\n{SECRET}正文。\n2. {SECRET}二\n还是{SECRET}。"
        self.post("desk:open", text=text)

    # --- What members see ------------------------------------------------------------------------------

    def seen(self) -> dict[str, str]:
        """What members see at each address, and what they will see of the scheduled week."""
        reader = Client()
        places = [*PLACES, *self.weeks()]
        places += [f"/figures/{pk}/" for pk in _and_the_next(Figure)]
        seen = {place: _told(reader.get(place)) for place in places}
        due = Issue.objects.filter(pk=self.due.pk).first()
        return seen | {"scheduled": repr(_content(due)) if due else "gone"}

    def etags(self) -> dict[str, str]:
        """The ETag of each page that is kept: another one tells everyone that somebody did something, and when."""
        requests = {place: RequestFactory().get(place) for place in [*PLACES, *self.weeks()]}
        etags = {place: etag_of(request) for place, request in requests.items()}
        return {place: etag for place, etag in etags.items() if etag}

    def weeks(self) -> list[str]:
        """Addresses where the text of weeks is read without links into the glossary."""
        issues = [issue.slug for issue in Issue.objects.all()]
        articles = _and_the_next(Article)
        return [
            *(f"/issues/{slug}/" for slug in issues),
            *(f"/issues/{slug}/?read=all" for slug in issues),
            *(f"/api/v1/issues/{slug}" for slug in issues),
            *(f"/articles/{pk}/" for pk in articles),
            *(f"/api/v1/articles/{pk}" for pk in articles),
        ]


def assert_same(before: dict[str, str], after: dict[str, str], what: str) -> None:
    """Fails, naming the addresses, when members see anything else; what is new or gone must have been nothing to see."""
    differing = {place for place in before.keys() & after.keys() if before[place] != after[place]}
    only_one = {place: (before | after)[place] for place in before.keys() ^ after.keys()}
    differing |= {place for place, told in only_one.items() if not told.startswith("404 ")}
    assert not differing, f"{what} changes what members see at {sorted(differing)}"


def _and_the_next(model: type[Article] | type[Figure]) -> range:
    """Ids of all that there is, and of what is made next."""
    found = sorted(model._default_manager.values_list("pk", flat=True))
    return range(found[0], found[-1] + 3) if found else range(1, 3)


def _content(issue: Issue) -> object:
    kept = versions.current(issue)
    articles = [[one[name] for name in ("position", *versions.ARTICLE_FIELDS)] for one in kept.articles]
    return [issue.status, issue.publish_at, *(kept.issue[name] for name in versions.ISSUE_FIELDS)], articles


def _told(response: Any) -> str:
    """The status and the content, but for what differs each time by itself."""
    content = b"".join(response) if response.streaming else response.content
    text = content.decode("utf-8", "replace")
    if "<feed" in text and "<entry" not in text:  # an empty feed was made now
        text = re.sub("<updated>[^<]*</updated>", "", text)
    return f"{response.status_code} " + re.sub(r'nonce="[^"]*"|"took_ms": ?[\d.]+', "", text)

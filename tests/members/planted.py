"""An archive with words planted wherever words can stand: in what is published, in drafts, in what only editors see."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client

from archive.editing import attach_figure, save_article, save_issue
from archive.images import prepare_image
from archive.models import Article, Figure, Issue
from glossary.editing import save_term
from glossary.models import Alias, Term
from insight.models import SearchRecord
from members import tokens
from search.indexing import sync
from tests.archive import makers
from tests.border.world import SECRET, World, client_of
from tests.conftest import WeekMaker

PUBLISHED = {
    "title": "共有青瓷", "introduction": "导语碧螺", "sign_off": "尾注龙井", "columnist": "祁门红", "headline": "共有铁观", "section": "栏目毛峰",
    "source": "来源普洱", "body": "正文白茶", "figure": "图说岩茶", "caption": "图注毛尖", "term": "单丛公司", "alias": "肉桂科技",
    "day": "2024-07-19",
}  # fmt: skip
DRAFTED = {
    "title": "共有白瓷", "introduction": "导语牡丹", "sign_off": "尾注芍药", "columnist": "海棠红", "headline": "共有紫薇", "section": "栏目月季",
    "source": "来源丁香", "body": "正文山茶", "figure": "图说杜鹃", "caption": "图注木槿", "term": "凌霄公司", "alias": "紫藤科技",
    "day": "2023-08-18",
}  # fmt: skip
SEARCHED, OTHERS_EMAIL = "搜过凤凰", "private-mail@example.org"
OF_EDITORS = {*DRAFTED.values(), SECRET, SEARCHED, OTHERS_EMAIL}
"""Words that no member may read: of drafts, of what waits, of the log of searches, of other accounts."""
ALL = {*PUBLISHED.values(), *OF_EDITORS}
NOTHING = 10**6
"""The number of nothing."""


class Planted:
    """The world of the border's tests, a published week and a draft with the words, and a log of searches."""

    def __init__(self, make_issue: WeekMaker) -> None:
        self._users: dict[Client, User | AnonymousUser] = {}
        self._world = World(make_issue, "stranger")
        self._world.proposal()
        self._world.in_review()
        self.public = _plant(PUBLISHED, Issue.Status.PUBLISHED, "blue")
        self.draft = _plant(DRAFTED, Issue.Status.DRAFT, "green")
        other = User.objects.create_user("other", email=OTHERS_EMAIL)
        tokens.make(other, "别人的令牌")
        SearchRecord.objects.create(query=SEARCHED, form=SEARCHED, answer="nothing", hits=0, took_ms=1)
        sync.rebuild()

    def client_of(self, role: str) -> Client:
        """A browser of a stranger, a member, an 编辑 or a 主编."""
        if role == "member":
            client, user = Client(), User.objects.create_user("of-member")
            client.force_login(user)
        else:
            client, user = client_of(role)
        self._users[client] = user
        return client

    def log_in_again(self, client: Client) -> None:
        """Logs in who was logged in; nobody, in the browser of a stranger or a program."""
        user = self._users.get(client)
        if isinstance(user, User):
            client.force_login(user)

    def token(self) -> str:
        """A token of a member."""
        return tokens.make(User.objects.get_or_create(username="with-token")[0], "程序")[1]

    def values(self) -> dict[str, dict[str, Any]]:
        """The parameters of addresses: of what is published, of what is not, and of nothing."""
        found = {"there": _values_of(self.public), "hidden": _values_of(self.draft)}
        first = {
            f"{model._meta.app_label}_{model._meta.model_name}": {"pk": row.pk}
            for model in apps.get_models()
            if (row := model._default_manager.first()) is not None
        }
        found = {what: {**first, **values} for what, values in found.items()}
        nothing = dict.fromkeys(("pk", "issue", "article", "figure"), NOTHING)
        nothing |= {
            "year": 1999,
            "slug": "1999-01-08",
            "topic": "nothing",
            "section": "nothing",
        }
        return {**found, "missing": nothing}


def _plant(words: dict[str, str], status: str, colour: str) -> Issue:
    """An issue with these words; its first article has a figure and mentions a term."""
    day = dt.date.fromisoformat(words["day"])
    own = {name: words[name] for name in ("title", "introduction", "sign_off", "columnist")}
    issue = Issue(start_date=day, end_date=day, status=status, **own)
    save_term(Term(name=words["term"], kind="company"), [Alias(text=words["alias"])])
    article = Article(position=1, title=words["headline"], section=words["section"], source=words["source"])
    save_issue(issue, [article, Article(position=2, title=f"{words['headline']}二", body="<p>共有。</p>")])
    article = issue.articles.get(position=1)
    figure = attach_figure(article, prepare_image(makers.image_bytes(colour=colour)), words["figure"])
    article.body = (
        f"<p>共有{words['body']}，{words['term']}和{words['alias']}。</p>"
        f'<figure><img src="/figures/{figure.pk}/" alt="{words["figure"]}"><figcaption>{words["caption"]}</figcaption></figure>'
    )
    save_article(article)
    return Issue.objects.get(pk=issue.pk)


def _values_of(issue: Issue) -> dict[str, Any]:
    article = issue.articles.get(position=1)
    words = PUBLISHED if issue.is_published else DRAFTED
    term = Term.objects.get(name=words["term"])
    return {
        "issue": issue.pk,
        "article": article.pk,
        "figure": Figure.objects.get(article=article).pk,
        "year": issue.end_date.year,
        "slug": issue.slug,
        "topic": term.slug,
        "section": "issues" if issue.is_published else "nothing",
        "archive_issue": {"pk": issue.pk},
        "archive_article": {"pk": article.pk},
        "glossary_term": {"pk": term.pk},
        "auth_user": {"pk": User.objects.get(username="other").pk},
    }

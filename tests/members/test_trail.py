"""The trail: what is noted, of whom, from where, and what never is."""

from __future__ import annotations

import ast
import datetime as dt
import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from archive import publishing, restoring, reviewing, versions
from archive.admin.frame import csv_response
from archive.editing import delete_article, delete_issue, save_article
from archive.models import Article, Issue
from glossary.editing import delete_terms, save_term
from glossary.models import Term
from members.signin import lockout
from members.tokens import issuing
from members.tokens.models import Token
from members.trail import What, record
from members.trail.models import GROUPS, AppendOnly, Event
from members.trail.recording import log_line
from members.trail.tasks import delete_old_events
from tests.archive.people import browser, person, proved
from tests.conftest import ROOT, WeekMaker

pytestmark = pytest.mark.django_db

PASSWORD = "一二三四五六七八九十"
LOGIN = "/account/login/"
AGENT = "Mozilla/5.0 (X11; Linux x86_64)"


def kinds(**of: object) -> list[str]:
    """What happened, the first first."""
    return [event.what for event in Event.objects.filter(**of).order_by("pk")]


def log_in(username: str, password: str, **headers: str) -> Client:
    client = Client(REMOTE_ADDR="203.0.113.7", HTTP_USER_AGENT=AGENT, **headers)  # type: ignore[arg-type]
    client.post(LOGIN, {"login": username, "password": password})
    return client


@pytest.fixture
def admin_client(admin_client: Client) -> Client:
    """An administrator who has just given the password once more."""
    cache.clear()  # so many a minute are let through, and the last test's count
    admin_client.post("/account/reauthenticate/", {"password": "password"})  # pytest-django's
    return admin_client


@pytest.fixture
def chief(db: None) -> User:
    user = person("wang", "主编", email="wang@example.org")
    user.set_password(PASSWORD)
    user.save()
    Event.objects.prune(timezone.now() + dt.timedelta(days=1000))
    return user


# --- Log-ins -------------------------------------------------------------------------------------------


def test_a_log_in_and_a_log_out_are_noted_with_address_and_browser(chief: User) -> None:
    client = log_in("wang", PASSWORD)
    client.post("/account/logout/")
    first, last = Event.objects.order_by("pk")
    assert (first.what, first.user, first.name) == ("logged_in", chief, "wang")
    assert (first.address, first.agent) == ("203.0.113.7", AGENT)
    assert (last.what, last.name) == ("logged_out", "wang")


def test_a_failed_log_in_names_an_account_that_exists_and_nothing_that_was_typed_otherwise(
    chief: User,
) -> None:
    log_in("wang", "falsch-geraten")
    log_in("WANG@example.org", "falsch-geraten")
    log_in("my-secret-password", "falsch-geraten")
    log_in("wang\n", "falsch-geraten")
    failed = list(Event.objects.filter(what="login_failed").order_by("pk"))
    assert [event.target for event in failed][:3] == ["wang", "wang", ""]
    assert [event.name for event in failed] == [""] * len(failed)
    stored = "".join(str(value) for row in Event.objects.values_list() for value in row)
    assert "secret" not in stored
    assert "falsch" not in stored
    assert "没有这个账号" in stored


def test_a_lock_and_its_end_are_noted(chief: User) -> None:
    for _ in range(lockout.SOURCE.free):
        log_in("wang", "falsch-geraten")
    log_in("wang", PASSWORD)  # refused unread
    assert kinds() == ["login_failed"] * lockout.SOURCE.free + ["locked"]
    assert Event.objects.get(what="locked").target == "wang"
    lockout.unlock(chief)
    lockout.unlock(chief)  # nothing is left to unlock
    assert kinds()[-2:] == ["locked", "unlocked"]
    for _ in range(lockout.SOURCE.free):
        log_in("my-secret-password", "falsch-geraten")
    last = Event.objects.order_by("-pk")[0]
    assert (last.what, last.target, last.address) == ("locked", "", "203.0.113.7")


def test_second_factors_are_noted(chief: User, rf: Any) -> None:
    factor = Authenticator.objects.create(user=chief, type=Authenticator.Type.TOTP, data={})
    authenticator_added.send(Authenticator, request=rf.get("/"), user=chief, authenticator=factor)
    authenticator_removed.send(Authenticator, request=rf.get("/"), user=chief, authenticator=factor)
    told = [(event.what, event.target) for event in Event.objects.order_by("pk")]
    assert told == [("second_factor_set", "wang"), ("second_factor_removed", "wang")]


# --- Accounts, whoever changes them --------------------------------------------------------------------


def test_changes_of_accounts_are_noted_whatever_makes_them() -> None:
    other = User.objects.create_user("li", password=PASSWORD)
    other.groups.add(Group.objects.get(name="编辑"))
    Group.objects.get(name="编辑").user_set.remove(other)
    other.groups.set([Group.objects.get(name="主编")])
    other.groups.remove(Group.objects.get(name="编辑"))  # is in none
    other.is_superuser = True
    other.save()
    other.set_password("another password")
    other.is_active = False
    other.save()
    other.is_active = True
    other.username = "li.ming"
    other.save(update_fields=["is_active", "username"])
    other.last_login = timezone.now()
    other.save(update_fields=["last_login"])
    other.delete()
    told = [(event.what, event.target, event.detail) for event in Event.objects.order_by("pk")]
    assert told == [
        ("account_made", "li", ""),
        ("role_changed", "li", "成为编辑"),
        ("role_changed", "li", "不再是编辑"),
        ("role_changed", "li", "成为主编"),
        ("role_changed", "li", "管理员"),
        ("password_changed", "li", ""),
        ("deactivated", "li", ""),
        ("activated", "li.ming", ""),
        ("account_changed", "li.ming", "原来的用户名：li"),
        ("account_deleted", "li.ming", ""),
    ]
    assert {event.name for event in Event.objects.all()} == {"系统"}


def test_who_changes_a_role_is_named(chief: User, admin_client: Client) -> None:
    page = f"/admin/people/{chief.pk}/"
    another = User.objects.create_user("zhao", is_staff=True)
    another.groups.set(chief.groups.all())  # the last one could not be changed
    proved(admin_client).post(f"{page}role/", {"role": "编辑"})
    assert chief.groups.get().name == "编辑"
    changes = Event.objects.filter(what="role_changed").order_by("pk")
    assert [(event.name, event.detail) for event in changes if event.link == page] == [
        ("admin", "不再是主编"),
        ("admin", "成为编辑"),
    ]


def test_the_role_that_somebody_has_is_no_change(chief: User, admin_client: Client) -> None:
    proved(admin_client).post(f"/admin/people/{chief.pk}/role/", {"role": "主编"})
    assert chief.groups.get().name == "主编"
    assert not Event.objects.filter(target="wang").exists()


def test_a_password_that_is_hashed_anew_at_log_in_is_no_new_one(chief: User, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    before = chief.password
    log_in("wang", PASSWORD)
    chief.refresh_from_db()
    assert chief.password != before
    assert kinds() == ["logged_in"]


def test_the_name_outlives_the_account(chief: User) -> None:
    record(What.EXPORTED, by=chief, target="x")
    chief.delete()
    event = Event.objects.get(what="exported")
    assert (event.user, event.name) == (None, "wang")


# --- The archive ---------------------------------------------------------------------------------------


def test_what_is_done_to_weeks_is_noted(chief: User, make_issue: WeekMaker) -> None:
    issue = make_issue({"甲": "一。", "乙": "二。"}, status=Issue.Status.DRAFT)
    soon = timezone.now() + dt.timedelta(days=2)
    publishing.schedule(issue, soon, chief)
    publishing.withdraw(issue, chief)
    publishing.publish(issue, chief)
    publishing.publish(issue, chief)  # is public
    delete_article(issue.articles.get(title="乙"), chief)
    deletion = restoring.deleted_articles()[0]
    restoring.bring_back(deletion.version, chief)
    article = issue.articles.get(title="甲")
    article.title = "丙"
    save_article(article, chief)
    oldest = versions.revisions_of(issue.pk).last()
    assert oldest is not None
    restoring.restore(oldest, issue.pk, chief)
    publishing.withdraw(Issue.objects.get(pk=issue.pk), chief)
    delete_issue(Issue.objects.get(pk=issue.pk), chief)
    restoring.bring_back(restoring.deleted_issues()[0].version, chief)
    assert kinds(user=chief) == [
        "scheduled", "withdrawn", "published", "deleted", "restored", "restored", "withdrawn", "deleted", "restored",
    ]  # fmt: skip
    published = Event.objects.get(what="published")
    assert published.target == str(issue)
    assert published.link == f"/admin/archive/issue/{issue.pk}/change/"


def test_what_the_worker_publishes_is_noted_as_the_systems(make_issue: WeekMaker) -> None:
    from archive.tasks import publish_due_issues

    issue = make_issue({"甲": "一。"}, status=Issue.Status.DRAFT)
    publishing.schedule(issue, timezone.now() + dt.timedelta(hours=1))
    publish_due_issues(timezone.now() + dt.timedelta(hours=2))
    event = Event.objects.get(what="published")
    assert (event.name, event.user, event.address) == ("系统", None, "")


def test_what_was_only_proposed_leaves_no_word(chief: User, make_issue: WeekMaker) -> None:
    issue = make_issue({"甲": "一。", "乙": "二。"})
    author = person("li", "编辑")
    before = Event.objects.count()
    _, proposal = reviewing.propose(
        issue, lambda: delete_article(issue.articles.get(title="乙"), author), author
    )
    assert proposal is not None
    assert issue.articles.count() == 2
    assert Event.objects.count() == before


def test_words_style_and_files_are_noted_with_who_sent_the_request(chief: User) -> None:
    term = Term(name="台积电", kind="company")
    save_term(term)
    delete_terms([term.pk])
    told = Event.objects.filter(what="words_changed").order_by("pk")
    assert [(event.target, event.detail, event.name) for event in told] == [
        ("台积电", "新建", "系统"),
        ("台积电", "删除", "系统"),
    ]
    client = browser(chief)
    client.get("/admin/glossary/term/export.csv", REMOTE_ADDR="203.0.113.7")
    client.get("/admin/insight/searchrecord/report.csv")
    style = {"colour": "#ab2417", "heading": "bar", "lead": "", "closing": "", "qr_caption": ""}
    client.post("/admin/archive/poststyle/add/", style)
    told = Event.objects.filter(user=chief).exclude(what="logged_in").order_by("pk")
    assert [(event.what, event.target) for event in told] == [
        ("exported", "glossary.csv"),
        ("exported", "searches-top-30-days.csv"),
        ("settings_changed", "公众号样式"),
    ]
    assert told[0].address == "203.0.113.7"


def test_an_export_by_command_is_noted(tmp_path: Path, make_issue: WeekMaker) -> None:
    make_issue({"甲": "一。"})
    call_command("export_issues", tmp_path / "all.jsonl", stdout=io.StringIO())
    event = Event.objects.get(what="exported")
    assert (event.name, event.target, event.detail) == ("系统", "export_issues", "1 期")


def test_what_is_rolled_back_leaves_no_row_and_no_line(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    class Undone(Exception):
        pass

    def undone() -> None:
        with transaction.atomic():
            record(What.PUBLISHED, target="x")
            raise Undone

    with caplog.at_level(logging.INFO, "trail"), django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(Undone):
            undone()
        csv_response("a", "stays.csv")
    assert [event.target for event in Event.objects.all()] == ["stays.csv"]
    assert [line for line in caplog.messages if "what=" in line] == [log_line(Event.objects.get())]


def test_each_word_that_the_code_says_is_one_of_the_trail() -> None:
    said = set()
    for room in ("archive", "glossary", "search", "insight", "desk"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.note":
                    assert isinstance(node.args[0], ast.Constant), path
                    said.add(node.args[0].value)
    assert said == {
        "published", "scheduled", "withdrawn", "deleted", "restored", "exported", "words_changed", "settings_changed",
    }  # fmt: skip
    assert said <= set(What.values)
    assert sorted(kind for _, group in GROUPS.values() for kind in group) == sorted(What)
    with pytest.raises(ValueError, match="no-such"):
        record("no-such")


# --- Reading leaves nothing -----------------------------------------------------------------------------


@pytest.mark.usefixtures("demo_archive")
def test_a_member_who_reads_leaves_no_event() -> None:
    client = browser(User.objects.create_user("member"))
    article = Article.objects.published()[0]
    before = list(Event.objects.values_list("pk", flat=True))
    for address in (
        "/", "/issues/", article.issue.get_absolute_url(), article.get_absolute_url(), "/search/?q=HBM", "/topics/",
        "/trends/?q=HBM", "/trends/trends.csv?q=HBM", "/api/v1/search?q=HBM", "/feeds/issues.atom", "/basket/", "/privacy/",
        "/search/completions/?q=HB", "/account/data/",
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address
    chosen = {"items": json.dumps([{"key": str(article.pk)}]), "format": "docx"}
    assert client.post("/basket/export/", chosen).status_code == 200
    client.post("/preferences/", {"size": "large", "back": "/"})
    client.post(f"{article.get_absolute_url()}report/", {"message": "写错了"})
    assert list(Event.objects.values_list("pk", flat=True)) == before


# --- Nothing is changed, old ones go -------------------------------------------------------------------


def test_an_event_is_never_changed_and_only_deleted_when_it_is_old(settings: Any) -> None:
    event = record(What.PUBLISHED, target="x")
    event.target = "y"
    for act in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(target="y"),
        lambda: Event.objects.bulk_update([event], ["target"]),
    ):
        with pytest.raises(AppendOnly):
            act()
    assert Event.objects.get().target == "x"
    settings.TRAIL_DAYS = 30
    days = [29, 31, 400]
    for age in days:
        Event.objects.create(what=What.EXPORTED, at=timezone.now() - dt.timedelta(days=age), target=str(age))
    delete_old_events.call()
    assert sorted(event.target for event in Event.objects.all()) == ["29", "x"]


def test_the_worker_prunes_every_day(settings: Any) -> None:
    assert settings.WORKER_TASKS["members.trail.tasks.delete_old_events"]["every"] == 86_400
    assert settings.TRAIL_DAYS == 400


# --- Tokens --------------------------------------------------------------------------------------------


def test_a_token_is_noted_when_it_is_made_first_used_and_revoked(chief: User) -> None:
    token, secret = issuing.make(chief, "阅读器")
    issuing.note_use(token)
    issuing.note_use(token)
    Token.objects.filter(pk=token.pk).update(last_used_at=timezone.now() - dt.timedelta(days=2))
    token.refresh_from_db()
    issuing.note_use(token)
    issuing.revoke(token)
    issuing.revoke(token)
    assert kinds(target="阅读器") == ["token_made", "token_first_used", "token_revoked"]
    assert secret not in "".join(str(row) for row in Event.objects.values_list())

"""Redis: hosts see each other's changes at once, and the site serves on without it. A real one, where there is one."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from archive.announcements import Known
from archive.counting import is_first
from archive.models import Issue
from archive.publishing import withdraw
from archive.revisions import Revision
from config import redis_cache
from config.caches import caches_of
from members.signin.sessions import end_sessions
from members.signin.tasks import send_reset_mail
from tests.cluster.redis import Server
from tests.cluster.required import running_redis
from tests.conftest import WeekMaker
from tests.waiting import until

pytestmark = pytest.mark.server  # it starts a Redis


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_redis() as started:
        yield started


@pytest.fixture
def site(server: Server, settings: Settings) -> Iterator[Server]:
    """The site of these tests, with that Redis; it is empty, and there again at the end."""
    redis.Redis.from_url(server.url).flushall()
    settings.CACHES = {**settings.CACHES, **_caches(server.url, settings)}
    settings.ANNOUNCEMENTS_TRUSTED_SECONDS = 3600  # however busy the machine is
    yield server
    server.go_on()
    server.kill()
    server.start()
    redis_cache._servers.clear()


def _caches(url: str, settings: Settings, key: str = "only-for-tests") -> dict[str, dict[str, object]]:
    made = caches_of(url, settings.DATA_DIR, key)
    patient = {"socket_timeout": 5}  # a busy machine is not a Redis that hangs
    return {
        name: {**made[name], "OPTIONS": {**made[name].get("OPTIONS", {}), **patient}}
        for name in ("default", "shared", "announcements", "sessions")
    }


class OtherHost:
    """Another process of the site, as far as announcements go: it announces by its own connection."""

    def __init__(self, url: str) -> None:
        self.keys = redis.Redis.from_url(url)

    def announce(self) -> None:
        [key] = self.keys.keys("*:changed")
        self.keys.set(key, 20261130)


@pytest.mark.django_db(transaction=True)
def test_what_is_known_is_read_again_when_another_host_announces_a_change(site: Server) -> None:
    read: list[int] = []
    known = Known(lambda: read.append(1) or len(read))
    assert (known.get(), known.get()) == (1, 1)
    OtherHost(site.url).announce()
    assert known.get() == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_known_is_read_again_after_a_while_although_nobody_announced_anything(
    site: Server, settings: Settings
) -> None:
    settings.ANNOUNCEMENTS_TRUSTED_SECONDS = 0.1
    read: list[int] = []
    known = Known(lambda: read.append(1) or len(read))
    assert known.get() == 1
    until(lambda: known.get() > 1, "a second look")


@pytest.mark.django_db(transaction=True)
def test_a_transaction_reads_each_time_and_others_hear_of_it_after_its_end(site: Server) -> None:
    known = Known(Revision.objects.current)
    before = known.get()
    with transaction.atomic():
        Revision.objects.renew()
        inside = known.get()
        assert inside != before
    assert known.get() == inside
    with transaction.atomic():
        Revision.objects.renew()
        assert known.get() != inside
        transaction.set_rollback(True)
    assert known.get() == inside


@pytest.mark.django_db(transaction=True)
def test_a_page_that_nobody_changed_asks_the_database_for_nothing(
    site: Server, make_issue: WeekMaker, client: Client, settings: Settings
) -> None:
    settings.CACHES = {
        **settings.CACHES,
        **{name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} for name in ("pages", "parts")},
    }
    make_issue({"台积电扩产": "先进封装产能翻倍。"})
    address = reverse("archive:home")
    etag = client.get(address)["ETag"]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, len(asked)) == (304, 0)
    with transaction.atomic():
        Revision.objects.renew()
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_is_withdrawn_is_in_no_answer_from_then_on(
    site: Server, make_issue: WeekMaker, client: Client
) -> None:
    issue = make_issue({"台积电扩产": "先进封装产能翻倍。"})
    found = reverse("search:results") + "?q=先进封装"
    assert "台积电扩产" in client.get(found).text
    withdraw(Issue.objects.get(pk=issue.pk))
    assert "台积电扩产" not in client.get(found).text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("trouble", ["kill", "pause"])
def test_without_redis_pages_are_made_and_the_log_and_readyz_say_so(
    site: Server, make_issue: WeekMaker, client: Client, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    make_issue({"台积电扩产": "先进封装产能翻倍。"})
    found = reverse("search:results") + "?q=先进封装"
    assert "台积电扩产" in client.get(found).text
    assert client.get("/readyz").json()["cache"] == "ok"
    getattr(site, trouble)()
    with caplog.at_level(logging.WARNING, "config.availability"):
        for _ in range(20):
            page = client.get(found)
            assert (page.status_code, "台积电扩产" in page.text) == (200, True)
    said = "can not be reached" if trouble == "kill" else "has not answered within"
    assert caplog.text.count(said) == 1, "it is said once, not for each request"
    assert site.password not in caplog.text
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert said in ready.json()["cache"]


@pytest.mark.django_db(transaction=True)
def test_a_redis_that_is_there_again_is_used_again(site: Server) -> None:
    cache = caches["default"]
    cache.set("a", {"kept": 1})
    assert cache.get("a") == {"kept": 1}
    site.kill()
    assert (cache.get("a", "nothing"), cache.add("a", 1), cache.get_many(["a"])) == ("nothing", True, {})
    site.start()
    until(lambda: cache.add("a", 2) and cache.get("a") == 2, "an answer")


@pytest.mark.django_db(transaction=True)
def test_without_redis_who_forgot_the_password_still_gets_a_mail(
    site: Server, admin_user: User, mailoutbox: list[EmailMessage]
) -> None:
    site.kill()
    send_reset_mail.func(admin_user.email, "https://digest.example.org")
    assert [mail.to for mail in mailoutbox] == [[admin_user.email]]


@pytest.mark.django_db(transaction=True)
def test_without_redis_nothing_is_the_first_of_its_kind_so_that_no_code_is_taken_twice(site: Server) -> None:
    assert (is_first("code", "1 123456", 90), is_first("code", "1 123456", 90)) == (True, False)
    site.kill()
    assert not is_first("code", "1 654321", 90)


@pytest.mark.django_db(transaction=True)
def test_a_redis_that_hangs_is_waited_for_by_one_request_a_second(site: Server) -> None:
    cache = caches["default"]
    cache.set("a", 1)
    site.pause()
    for _ in range(1000):
        cache.get("a")
    site.go_on()
    until(lambda: cache.get("a") == 1, "an answer")
    asked = redis.Redis.from_url(site.url).info("commandstats")["cmdstat_get"]["calls"]
    assert asked < 500, "who asked while nobody answered"


def test_sites_that_share_a_server_do_not_meet(server: Server, settings: Settings) -> None:
    settings.CACHES = {
        **settings.CACHES,
        "default": _caches(server.url, settings, "one secret")["default"],
        "shared": _caches(server.url, settings, "another secret")["default"],
    }
    caches["default"].set("a", "one")
    caches["shared"].set("a", "another")
    caches["shared"].clear()
    assert (caches["default"].get("a"), caches["shared"].get("a")) == ("one", None)


def test_what_somebody_else_put_there_is_not_unpickled(
    server: Server, settings: Settings, tmp_path: Path
) -> None:
    settings.CACHES = {**settings.CACHES, **_caches(server.url, settings)}
    cache = caches["default"]
    cache.set("sealed", ["ours"])
    keys = redis.Redis.from_url(server.url)
    [key] = keys.keys("*:sealed")
    trap = tmp_path / "opened"
    keys.set(key, b"=" + bytes(16) + pickle.dumps(_Trap(trap)))
    assert (cache.get("sealed", "nothing"), trap.exists()) == ("nothing", False)
    keys.set(key, pickle.dumps(_Trap(trap)))
    assert (cache.get("sealed", "nothing"), trap.exists()) == ("nothing", False)


class _Trap:
    """What opens a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (str(self._path), "w")


def test_a_wrong_password_is_named_and_not_shown(server: Server, settings: Settings) -> None:
    wrong = server.url.replace(server.password, "a-wrong-one")
    settings.CACHES = {**settings.CACHES, **_caches(wrong, settings)}
    problem = caches["default"].problem()
    assert "refuses the user or password of CACHE_URL" in problem
    assert "a-wrong-one" not in problem
    redis_cache._servers.clear()


@pytest.mark.django_db(transaction=True)
def test_a_session_that_is_ended_on_one_host_is_ended_on_all(
    site: Server, settings: Settings, admin_user: User, client: Client
) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    settings.SESSION_CACHE_ALIAS = "sessions"
    client.force_login(admin_user)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("account")).status_code == 200
    assert not [query for query in asked if "django_session" in query["sql"] and "SELECT" in query["sql"]]
    [lasts] = [
        redis.Redis.from_url(site.url).ttl(key) for key in redis.Redis.from_url(site.url).keys("*-s:*")
    ]
    assert 0 < lasts <= 60
    end_sessions(admin_user)
    assert client.get(reverse("account")).status_code == 302

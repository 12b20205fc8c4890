"""How often a password may be tried: by whom, from where; nobody is kept out for good, and nobody by others."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from members.signin import lockout
from members.signin.lockout import ACCOUNT, ADDRESS, SOURCE, TooManyFailures, begin, locked, succeeded, unlock
from members.signin.models import FailedLogIn
from members.signin.tasks import delete_old_failures, reset_path
from tests.members.signin.people import code_now, give_totp, is_in, wrong_password

pytestmark = pytest.mark.django_db
TOO_OFTEN = re.compile(r"试的次数太多。请 (\d+) 分钟后再试，或者用“忘记密码”重设。")
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def fail(
    log_in: Any, login: str, times: int, address: str = "192.0.2.1", client: Client | None = None
) -> None:
    for _ in range(times):
        log_in(client or Client(), login, wrong_password(), address=address)


def minutes_to_wait(log_in: Any, login: str, address: str = "192.0.2.1", client: Client | None = None) -> int:
    """What the page says to the right password; 0 when it opens the account."""
    client = client or Client()
    page = log_in(client, login, address=address).content.decode()
    found = TOO_OFTEN.search(page)
    assert (found is None) == is_in(client)
    return int(found[1]) if found else 0


def test_five_tries_are_free_and_then_each_doubles_the_wait(make_user: Any, log_in: Any) -> None:
    make_user("wang")
    with time_machine.travel(NOON, tick=False) as clock:
        fail(log_in, "wang", 4)
        assert minutes_to_wait(log_in, "wang") == 0
        waits = []
        fail(log_in, "wang", 5)
        for _ in range(8):
            waits.append(minutes_to_wait(log_in, "wang"))
            clock.shift(dt.timedelta(minutes=waits[-1]))
            fail(log_in, "wang", 1)
        assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_knocking_while_one_waits_makes_no_wait_longer(make_user: Any, log_in: Any) -> None:
    make_user("wang")
    with time_machine.travel(NOON, tick=False) as clock:
        fail(log_in, "wang", 5)
        fail(log_in, "wang", 50)
        assert FailedLogIn.objects.count() == 5
        assert minutes_to_wait(log_in, "wang") == 1
        clock.shift(dt.timedelta(minutes=1))
        assert minutes_to_wait(log_in, "wang") == 0
        assert not FailedLogIn.objects.exists()


def test_an_account_that_is_not_there_is_locked_as_one_that_is(make_user: Any, log_in: Any) -> None:
    make_user("wang")
    with time_machine.travel(NOON, tick=False):
        for login in ("wang", "niemand"):
            fail(log_in, login, 5)
            page = log_in(Client(), login).content.decode()
            assert TOO_OFTEN.search(page)


def test_writings_of_a_name_are_one_and_the_name_is_not_kept(make_user: Any, log_in: Any) -> None:
    make_user("wang")
    with time_machine.travel(NOON, tick=False):
        for login in ("wang", "WANG", " wang", "ｗａｎｇ", "Wang"):
            fail(log_in, login, 1)
        assert minutes_to_wait(log_in, "wang") == 1
    assert "wang" not in str(list(FailedLogIn.objects.values()))


# --- Whoever hammers keeps nobody out ----------------------------------------------------------------------


def test_whoever_hammers_an_account_locks_the_own_address_only(make_user: Any, log_in: Any) -> None:
    make_user("wang")
    with time_machine.travel(NOON, tick=False):
        fail(log_in, "wang", 20, address="203.0.113.9")
        assert minutes_to_wait(log_in, "wang", address="203.0.113.9") > 0
        assert minutes_to_wait(log_in, "wang", address="192.0.2.1") == 0


@pytest.mark.slow
def test_many_addresses_lock_strangers_out_and_never_the_owners_browser(make_user: Any, log_in: Any) -> None:
    make_user("wang", email="wang@example.org")
    own = Client()
    with time_machine.travel(NOON, tick=False) as clock:
        log_in(own, "wang")
        own.post("/account/logout/")
        for number in range(ACCOUNT.free + 20):
            fail(log_in, "wang", 1, address=f"203.0.113.{number}")
        assert 0 < minutes_to_wait(log_in, "wang", address="198.51.100.1") <= 15
        assert minutes_to_wait(log_in, "wang", client=own, address="198.51.100.2") == 0
        own.post("/account/logout/")
        assert minutes_to_wait(log_in, "wang@example.org", client=own, address="198.51.100.2") == 0
        clock.shift(dt.timedelta(minutes=15))
        assert minutes_to_wait(log_in, "wang", address="198.51.100.1") == 0


def test_a_known_browser_may_not_try_for_ever_either(make_user: Any, log_in: Any) -> None:
    make_user("wang")
    own = Client()
    with time_machine.travel(NOON, tick=False):
        log_in(own, "wang")
        own.post("/account/logout/")
        for number in range(SOURCE.free):
            fail(log_in, "wang", 1, address=f"203.0.113.{number}", client=own)
        assert minutes_to_wait(log_in, "wang", client=own) == 1


def test_the_cookie_of_one_account_is_none_for_another(make_user: Any, log_in: Any) -> None:
    make_user("boese")
    make_user("wang")
    evil = Client()
    with time_machine.travel(NOON, tick=False):
        log_in(evil, "boese")
        evil.post("/account/logout/")
        fail(log_in, "wang", ACCOUNT.free, address="203.0.113.9", client=evil)
        assert set(FailedLogIn.objects.values_list("device", flat=True)) == {""}
        evil.cookies["known_browser"] = evil.cookies["known_browser"].value[:-3] + "AAA"
        fail(log_in, "boese", 1, address="203.0.113.9", client=evil)
        assert set(FailedLogIn.objects.values_list("device", flat=True)) == {""}


def test_one_address_may_not_try_one_password_on_all_accounts(make_user: Any, log_in: Any) -> None:
    make_user("wang")
    with time_machine.travel(NOON, tick=False):
        for number in range(ADDRESS.free):
            fail(log_in, f"niemand{number}", 1, address=f"2001:db8:1:2::{number:x}")
        assert minutes_to_wait(log_in, "wang", address="2001:db8:1:2:ffff::1") == 1
        assert minutes_to_wait(log_in, "wang", address="2001:db8:1:3::1") == 0


def test_a_right_password_of_ones_own_makes_no_guess_at_others_free(make_user: Any, log_in: Any) -> None:
    make_user("boese")
    make_user("wang")
    with time_machine.travel(NOON, tick=False):
        for _ in range(SOURCE.free):
            fail(log_in, "wang", 1)
            log_in(Client(), "boese")
        assert minutes_to_wait(log_in, "wang") == 1


# --- How it ends ---------------------------------------------------------------------------------------


def test_a_chief_editor_sees_who_is_locked_and_unlocks(make_user: Any, log_in: Any) -> None:
    user = make_user("wang", email="wang@example.org")
    with time_machine.travel(NOON, tick=False):
        assert locked(user) is None
        fail(log_in, "wang@example.org", 6)
        assert locked(user) == timezone.now() + dt.timedelta(minutes=1)
        fail(log_in, "niemand", 1)
        assert unlock(user) == 5  # the sixth was refused unread
        assert locked(user) is None
        assert minutes_to_wait(log_in, "wang") == 0
        assert FailedLogIn.objects.count() == 1


def test_a_new_password_unlocks(make_user: Any, log_in: Any) -> None:
    user = make_user("wang", email="wang@example.org")
    with time_machine.travel(NOON, tick=False):
        fail(log_in, "wang", 10)
        client = Client()
        form = client.get(reset_path(user), follow=True)
        sent = {"password1": "ein-neues-Wort-8", "password2": "ein-neues-Wort-8"}
        client.post(form.request["PATH_INFO"], sent)
        assert is_in(client)
        assert locked(user) is None
        again = Client()
        log_in(again, "wang", "ein-neues-Wort-8")
        assert is_in(again)


def test_failures_are_forgotten_after_a_day(make_user: Any, log_in: Any) -> None:
    user = make_user("wang")
    with time_machine.travel(NOON, tick=False) as clock:
        fail(log_in, "wang", 5)
        clock.shift(lockout.REMEMBERED)
        assert locked(user) is None
        begin("wang", "192.0.2.1")
        delete_old_failures.call()
        assert FailedLogIn.objects.count() == 1


def test_tries_at_once_are_each_counted_before_any_is_looked_at() -> None:
    attempts = [begin("wang", "192.0.2.1") for _ in range(SOURCE.free)]
    with pytest.raises(TooManyFailures):
        begin("wang", "192.0.2.1")
    succeeded(attempts[0])
    begin("wang", "192.0.2.1")


def test_guesses_at_a_second_factor_are_counted_too(make_user: Any, log_in: Any) -> None:
    user = make_user("chef", "主编")
    secret = give_totp(user)
    with time_machine.travel(NOON, tick=False):
        for number in range(SOURCE.free):
            client = Client()
            assert log_in(client, "chef")["Location"] == "/account/2fa/authenticate/"
            page = client.post("/account/2fa/authenticate/", {"code": f"00000{number}"}).content.decode()
            assert "验证码不对" in page
        client = Client()
        log_in(client, "chef")
        page = client.post("/account/2fa/authenticate/", {"code": code_now(secret)}).content.decode()
        assert TOO_OFTEN.search(page)
        assert not is_in(client)
        assert locked(user) is not None
        unlock(user)
        client.post("/account/2fa/authenticate/", {"code": code_now(secret)})
        assert is_in(client)

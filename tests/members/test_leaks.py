"""Nobody reads what is not theirs: every address of the URL map is asked by every method, as everyone who may come.

`make test` asks each address by GET, by POST and by one of the other methods in turn; every night, by all of them.

Words stand wherever words can stand (planted.py). A stranger of a closed archive must get none of them, and the same
answer for what there is and for what there is not, whoever asked before and whatever the browser says to have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import cycle
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from django.conf import settings as site
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import resolve
from django.utils.encoding import iri_to_uri

from archive.previews import link_for
from config.page_cache import PAGES
from members import access
from tests.conftest import WeekMaker
from tests.members.addresses import OPEN, POSTED, READ, Address, addresses
from tests.members.planted import ALL, DRAFTED, OF_EDITORS, OTHERS_EMAIL, PUBLISHED, Planted
from tests.tiers import nightly

pytestmark = [pytest.mark.ignore_template_errors, pytest.mark.slow]

TELLING = ("GET", "POST")
"""Methods that tell of what is published. The others are sent to addresses of what is not, and of nothing."""
OTHERS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
Methods = Callable[[Address], tuple[str, ...]]
FAR_AWAY = "203.0.113.9"
"""The address of whoever asks: this machine itself is told how the site is (/readyz)."""
NEW_EACH_TIME = re.compile(
    r'(name="csrfmiddlewaretoken" value|nonce|name="passage" value)="[^"]*"|"took_ms": ?[\d.]+'
)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str

    def without(self, address: str) -> tuple[object, ...]:
        """What is told, but for the address that was asked for."""
        path = address.partition("?")[0]
        told = [NEW_EACH_TIME.sub("", self.text), str(self.headers)]
        sent = iri_to_uri(address)
        for name in (quote(sent), quote(sent, safe=""), sent, address, path):
            told = [one.replace(name, "#") for one in told]
        return (self.status, *told)


def ask(
    client: Client, method: str, address: str, data: dict[str, str] | None = None, **headers: str
) -> Answer:
    if method == "POST":
        response = client.post(address, data or {}, headers=headers, REMOTE_ADDR=FAR_AWAY)
    else:
        response = client.generic(method, address, headers=headers, REMOTE_ADDR=FAR_AWAY)
    content = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
    kept = {
        name: value for name, value in response.headers.items() if name not in ("Content-Length", "Expires")
    }
    return Answer(response.status_code, kept, content.decode("utf-8", "replace"))


def found_in(answer: Answer, words: Iterable[str], address: str = "") -> set[str]:
    """Those of the words that stand in an answer and not in its address."""
    text = answer.text + str(answer.headers)
    return {word for word in words if word in text and word not in address}


@pytest.fixture
def planted(make_issue: WeekMaker, tmp_path: Any, settings: Any, pages_are_kept: None) -> Planted:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.LIMITS_LIFTED_FOR = [FAR_AWAY]  # who walks over all addresses asks for more than anybody may
    return Planted(make_issue)


@pytest.fixture(params=["in turn", nightly("every method")])
def methods_of(request: pytest.FixtureRequest) -> Methods:
    """By which methods an address is asked: each time, by those that tell and by one of the others in turn."""
    if request.param == "every method":
        return lambda one: (*TELLING, *OTHERS)
    turns = dict(zip(addresses(), cycle(OTHERS), strict=False))
    return lambda one: (*TELLING, turns[one])


@pytest.fixture
def close(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Closes the archive, which was open until then."""
    return lambda: request.getfixturevalue("closed")


# --- Classified ----------------------------------------------------------------------------------------


def test_every_address_is_classified() -> None:
    others = {one.name for one in addresses() if not (one.is_editors or one.is_of_accounts)}
    assert others - READ.keys() - OPEN.keys() == set(), "say in READ or OPEN who may open them"
    assert READ.keys() | OPEN.keys() == others, "these are no more"
    assert set(OPEN) == access.PUBLIC


def test_each_is_asked_for_by_its_own_address(planted: Planted) -> None:
    for name, address in (READ | OPEN).items():
        for values in planted.values().values():
            match = resolve(address.format(**values).partition("?")[0])
            assert (
                name in (match.view_name, re.sub("<(?:path:)?(.*)>", r"%(\1)s", match.route))
                or name == "api-1:api-root"
            )


# --- A closed archive ----------------------------------------------------------------------------------


def test_a_stranger_of_a_closed_archive_reads_nothing_and_learns_nothing(
    planted: Planted, close: Callable[[], None], methods_of: Methods
) -> None:
    values = planted.values()
    asked = [(one, {what: one.of(own) for what, own in values.items()}) for one in addresses()]
    stranger = planted.client_of("stranger")
    known = _tags_of(stranger, (READ | OPEN).keys(), values)
    assert {resolve(address.partition("?")[0]).view_name for address in known} == {*PAGES}
    close()
    cold = {one: _refusals(stranger, one, places, methods_of(one)) for one, places in asked}
    token, member = planted.token(), planted.client_of("member")
    for _ in range(2):
        known |= _tags_of(Client(headers={"authorization": f"Bearer {token}"}), READ.keys(), values)
        _tags_of(member, READ.keys(), values)
    for one, places in asked:
        if not one.is_alike:
            continue
        assert _refusals(stranger, one, places, methods_of(one)) == cold[one], one.name
        for address in places.values():
            for tag in {known.get(address, "*"), "*"}:
                answer = ask(stranger, "GET", address, **{"if-none-match": tag})
                assert answer.without(address) == cold[one]["GET"], address


def _tags_of(client: Client, names: Iterable[str], values: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Asks for all that may be kept; returns the ETags, by address."""
    places = {(READ | OPEN)[name].format(**own) for name in names for own in values.values()}
    answers = {address: ask(client, "GET", address) for address in sorted(places)}
    return {address: one.headers["ETag"] for address, one in answers.items() if "ETag" in one.headers}


def _refusals(
    client: Client, one: Address, places: dict[str, str], methods: Iterable[str]
) -> dict[str, tuple[object, ...]]:
    """What a stranger is told, by method: the same for what there is and what there is not, and nothing of either."""
    told = {}
    for method in methods:
        answers = {
            what: ask(client, method, address, POSTED.get(one.name)) for what, address in places.items()
        }
        for what, answer in answers.items():
            address = places[what]
            assert found_in(answer, ALL, address) == set(), f"{method} {address}"
            assert not {"ETag", "Access-Control-Allow-Origin"} & answer.headers.keys(), f"{method} {address}"
            if one.is_alike:
                alike = answers["missing"].without(places["missing"])
                assert answer.without(address) == alike, f"{method} {address}"
            if not (one.name in OPEN or one.is_of_accounts):
                _assert_refused(answer, address)
        told[method] = answers["missing"].without(places["missing"])
    return told


def _assert_refused(answer: Answer, address: str) -> None:
    if address.startswith(access.FOR_PROGRAMS):
        assert answer.status == 401, address
        assert answer.headers["WWW-Authenticate"].startswith("Bearer"), address
    else:
        assert answer.status == 302, address
        assert answer.headers["Location"].partition("?")[0] == resolve_url(site.LOGIN_URL), address
    assert re.search("private|no-store", answer.headers["Cache-Control"]), address


@pytest.mark.parametrize("way", ["member", nightly("token")])
def test_a_member_of_a_closed_archive_reads_what_is_published_and_nothing_else(
    planted: Planted, closed: None, methods_of: Methods, way: str
) -> None:
    client = planted.client_of("member")
    if way == "token":
        client = Client(headers={"authorization": f"Bearer {planted.token()}"})
    seen = _assert_reads_no_drafts(client, planted, methods_of, is_kept_private=True)
    assert seen >= {*PUBLISHED.values()}


@pytest.mark.parametrize("role", ["stranger", nightly("member")])
def test_where_everyone_may_read_nobody_reads_drafts(
    planted: Planted, methods_of: Methods, role: str
) -> None:
    client = planted.client_of(role)
    assert _assert_reads_no_drafts(client, planted, methods_of) >= {*PUBLISHED.values()}
    if role == "stranger":  # and the same of what was kept
        assert _assert_reads_no_drafts(client, planted, lambda one: ("GET",)) >= {*PUBLISHED.values()}


def _assert_reads_no_drafts(
    client: Client, planted: Planted, methods_of: Methods, is_kept_private: bool = False
) -> set[str]:
    """Asks for everything; returns which words of what is published came back."""
    seen, values = set(), planted.values()
    for one in addresses():
        places = {what: one.of(own) for what, own in values.items()}
        for method in methods_of(one):
            answers: dict[str, Answer] = {}
            for what, address in places.items():
                if address in answers or (what == "there" and one.is_of_something and method not in TELLING):
                    continue
                answer = answers[address] = _asked(client, method, one, address, values[what])
                assert answer.status < 500, f"{method} {address}"
                assert found_in(answer, OF_EDITORS, address) == set(), f"{method} {address}"
                seen |= found_in(answer, PUBLISHED.values(), address)
                if is_kept_private and one.name in READ:
                    assert re.search("private|no-store", answer.headers["Cache-Control"]), address
                    assert "Access-Control-Allow-Origin" not in answer.headers, address
            hidden, missing = (answers[places[what]].without(places[what]) for what in ("hidden", "missing"))
            assert hidden == missing or not one.is_alike, f"{method} {places['hidden']}"
        if (
            one.is_of_accounts or one.name == "admin:logout"
        ):  # some of them end the session, which is what they are for
            planted.log_in_again(client)
    return seen


def _asked(client: Client, method: str, one: Address, address: str, values: dict[str, Any]) -> Answer:
    data = {name: value.format(**values) for name, value in POSTED.get(one.name, {}).items()}
    return ask(client, method, address, data)


@pytest.mark.parametrize("role", ["编辑", nightly("主编")])
def test_editors_of_a_closed_archive_read_all_but_the_accounts(
    planted: Planted, closed: None, methods_of: Methods, role: str
) -> None:
    client, values, seen = planted.client_of(role), planted.values(), set()
    for one in addresses():
        for address, what in {one.of(values[what]): what for what in ("there", "hidden")}.items():
            # What each of them can change in the editors' room is for tests/border.
            for method in methods_of(one) if what == "hidden" and not one.is_editors else ("GET",):
                answer = _asked(client, method, one, address, values[what])
                assert answer.status < 500, f"{method} {address}"
                if not (
                    role == "主编" and one.name.startswith("people:")
                ):  # who manages people reads their addresses
                    assert found_in(answer, [OTHERS_EMAIL], address) == set(), address
                seen |= found_in(answer, ALL, address)
                if not (one.name in OPEN or one.is_of_accounts):
                    assert re.search("private|no-store", answer.headers["Cache-Control"]), address
                    assert resolve_url(site.LOGIN_URL) not in answer.headers.get("Location", ""), address
        if (
            one.is_of_accounts or one.name == "admin:logout"
        ):  # some of them end the session, which is what they are for
            planted.log_in_again(client)
    assert seen >= {*PUBLISHED.values(), *DRAFTED.values()}


def test_the_link_of_a_preview_shows_its_draft_and_nothing_of_the_archive(
    planted: Planted, closed: None
) -> None:
    stranger, link, own = planted.client_of("stranger"), link_for(planted.draft), planted.values()
    places = [
        link,
        f"{link}articles/{own['hidden']['article']}/",
        f"{link}figures/{own['hidden']['figure']}/",
    ]
    answers = [ask(stranger, "GET", address) for address in places]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert {DRAFTED["headline"], DRAFTED["body"], DRAFTED["columnist"]} <= found_in(answers[1], ALL)
    for answer in answers:
        assert found_in(answer, ALL - {*DRAFTED.values()}) == set()
        assert "no-store" in answer.headers["Cache-Control"]
    for address in (f"{link}articles/{own['there']['article']}/", f"{link}figures/{own['there']['figure']}/"):
        assert ask(stranger, "GET", address).status == 404
    public = ask(stranger, "GET", link_for(planted.public))
    assert public.status == 302
    assert (
        ask(stranger, "GET", public.headers["Location"])
        .headers["Location"]
        .startswith(resolve_url(site.LOGIN_URL))
    )

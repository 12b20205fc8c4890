"""Whatever a released version left, today's code restores, upgrades and serves: nothing is lost, nothing changes."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import product

import lxml.html
import pytest

from tests.releases.asking import EXPECTED, GONE, Expected
from tests.releases.make import FIRST_TITLE, ON_DESK, SECOND_TITLE
from tests.releases.visitor import Visitor
from tests.replay.recording import differences
from tests.server.site import ROOT, Site

RELEASES = sorted(path for path in (ROOT / "fixtures" / "releases").iterdir() if path.is_dir())
EACH_TIME = {(RELEASES[0], "restored")}
"""The others are taken every night; tests/server/test_upgrade.py upgrades states of earlier code where they lie, each time."""
WAYS = [
    pytest.param(way, id=f"{way[1]}-{way[0].name}", marks=[] if way in EACH_TIME else [pytest.mark.nightly])
    for way in product(RELEASES, ("restored", "upgraded"))
]
HISTORY = "/admin/archive/issue/1/history/"
HIDDEN = ["还没有发布的消息", "定时发布的消息", "删去的消息", "拆期台上的消息"]
"""Titles that only editors may see."""


@dataclass(frozen=True)
class Kept:
    """A site of an earlier release, served by today's code; what it answered then, and now, before anyone changed it."""

    site: Site
    expected: Expected
    answered: Expected

    def visitor(self, name: str = "") -> Visitor:
        return Visitor(self.site.url, name, self.expected.passwords.get(name, ""))


@pytest.fixture(scope="module", params=WAYS)
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """The site, restored from its backup or upgraded where it lay."""
    release, way = request.param
    site = Site.in_folder(tmp_path_factory.mktemp(way) / "data")
    if way == "restored":
        site.manage("restore", release / "backup.zip")
    else:
        with tarfile.open(release / "data.tar.xz") as archive:
            archive.extractall(site.data, filter="tar")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SEARCH_LOG_DAYS", "36500")  # these searches grow older with every year
        site.manage("set_up")
        expected = Expected.from_json((release / EXPECTED).read_text(encoding="utf-8"))
        with site.served():
            answered = Expected.asked(site, expected.passwords, expected.searched)
            yield Kept(site, expected, answered)


def test_it_answers_what_it_answered(kept: Kept) -> None:
    recorded, answered = asdict(kept.expected), asdict(kept.answered)
    then, now = recorded.pop("links"), answered.pop("links")
    recorded["private"] = {path: said for path, said in recorded["private"].items() if path not in GONE}

    assert [change for change in differences(recorded, answered) if not _adds_a_field(*change)] == []
    assert {path: sorted(set(links) - set(now[path])) for path, links in then.items()} == {
        path: [] for path in then
    }
    assert kept.expected.figures
    assert "equal" in kept.site.manage("check_index")


def _adds_a_field(place: str, how: str) -> bool:
    """Whether an answer has a field that the release did not have: the API may grow, an entry of a list may not."""
    return how.startswith("(nothing) → ") and not place.endswith("]")


def test_accounts_open_with_their_own_passwords_and_are_stored_as_new_ones_are(kept: Kept) -> None:
    with pytest.raises(AssertionError, match="/account/login/"):
        Visitor(kept.site.url, "bianji", "Release-Fixture-0")
    for name in kept.expected.passwords:
        assert "/admin/logout/" in kept.visitor(name).get("/admin/")
    stored = kept.site.run_python(
        "from django.contrib.auth.models import User\n"
        f"for user in User.objects.filter(username__in={list(kept.expected.passwords)!r}): print(user.password)"
    ).split()
    assert [password.split("$")[:2] for password in stored] == [["argon2", "argon2id"]] * 2


def test_nothing_of_it_becomes_public(kept: Kept) -> None:
    member = kept.visitor()
    for title in HIDDEN:
        assert kept.site.search(f'"{title}"')["total"] == 0
        assert title not in member.get("/") + member.get("/feeds/issues.atom")
    staff = kept.visitor("bianji")
    shown = (
        staff.get("/admin/archive/issue/")
        + staff.get("/admin/desk/")
        + staff.get("/admin/archive/issue/bin/")
    )
    assert all(day in shown for day in ("4月7日", "4月14日"))
    assert all(title in shown for title in ON_DESK.split() if title.endswith("消息"))


def test_versions_are_read_compared_and_had_back(kept: Kept) -> None:
    chief = kept.visitor("zhubian")
    history = chief.get(HISTORY)
    assert [said in history for said in ("导入", "修改", "bianji", "系统")] == [True] * 4
    newest, *_, oldest = dict.fromkeys(re.findall(rf"{HISTORY}(\d+)/", history))
    compared = lxml.html.document_fromstring(chief.get(f"{HISTORY}compare/?one={oldest}&other={newest}"))
    assert {"".join(mark.itertext()) for mark in compared.iter("del", "ins")} >= {",", "，"}
    assert FIRST_TITLE in chief.get(f"{HISTORY}{oldest}/")

    chief.send(f"{HISTORY}{oldest}/", action=f"/{oldest}/restore/")
    assert FIRST_TITLE in kept.visitor().get("/articles/1/")
    chief.send(f"{HISTORY}{newest}/", action=f"/{newest}/restore/")
    assert SECOND_TITLE in kept.visitor().get("/articles/1/")


def test_a_deleted_issue_is_had_back_from_the_bin(kept: Kept) -> None:
    chief = kept.visitor("zhubian")
    chief.send("/admin/archive/issue/bin/", action="/restore/")
    number = chief.number("/admin/archive/issue/", "4月21日")
    assert "删去的消息" in chief.get(f"/admin/archive/issue/{number}/change/")
    assert kept.visitor().ask("/issues/2025-04-25/")[0] == 404


def test_what_editors_set_for_the_search_is_kept(kept: Kept) -> None:
    editor = kept.visitor("bianji")
    assert "HBM4 样品" in editor.get("/admin/insight/goldenquery/")
    ignored = lxml.html.document_fromstring(editor.get("/admin/insight/ignoredword/"))
    back = [form for form in ignored.forms if "/ignoredword/restore/" in (form.action or "")]
    assert [dict(form.form_values())["text"] for form in back] == ["本周"]


def test_the_search_log_is_kept(kept: Kept) -> None:
    forgot = kept.site.try_to_manage("prune_search_log", SEARCH_LOG_DAYS="0")
    assert (forgot.returncode, forgot.stdout.split()[0]) == (0, str(kept.expected.searched))


def test_it_served_without_complaint(kept: Kept) -> None:
    assert " ERROR " not in kept.site.log

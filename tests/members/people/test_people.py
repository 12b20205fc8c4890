"""What is done about accounts: roles, 停用, names. What would lock people out is refused, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.test import Client

from archive import reviewing
from archive.models import Issue
from archive.proposal import Proposal
from desk.batches.models import Batch
from desk.models import Desk
from desk.opening import open_paste
from desk.storing import open_desk
from members.invitations import inviting
from members.people import changes, work
from members.people.refusals import PeopleRefused
from members.roles import ROLES, having, managers, may_manage_people, role_of
from tests.archive.makers import TEXT
from tests.archive.people import browser, person
from tests.conftest import WeekMaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_superuser("yunwei")


def now(user: User) -> User:
    return User.objects.get(pk=user.pk)


# --- Roles -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ROLES)
@pytest.mark.parametrize("after", ROLES)
def test_a_role_takes_the_place_of_another_and_leaves_what_is_none(
    before: str, after: str, admin: User, member: User
) -> None:
    member.groups.add(Group.objects.create(name="统计"))
    person("ander", "主编")
    for role in (before, after):
        changes.change_role(member, role, by=admin)
    account = now(member)
    assert role_of(account) == after
    assert account.groups.filter(name="统计").exists()
    assert [role for role in ROLES if having(role).filter(pk=member.pk).exists()] == [after]
    assert may_manage_people(account) == (after in ("主编", "管理员"))
    assert account.is_staff == (after != "成员")


def test_a_role_that_there_is_not_is_refused(admin: User, member: User) -> None:
    with pytest.raises(PeopleRefused, match="没有“老板”这个角色"):
        changes.change_role(member, "老板", by=admin)


def test_who_had_rights_of_their_own_has_no_role_until_they_are_given_one(chief: User) -> None:
    user = User.objects.create_user("tongji", is_staff=True)
    assert role_of(user) == ""
    changes.change_role(user, "编辑", by=chief)
    assert role_of(now(user)) == "编辑"


CHANGES: dict[str, Callable[[User, User | None], object]] = {
    "role": lambda user, by: changes.change_role(user, "成员", by=by),
    "deactivate": lambda user, by: changes.deactivate(user, by=by),
    "activate": lambda user, by: changes.activate(user, by=by),
    "describe": lambda user, by: changes.describe(user, name="某某", email="", by=by),
    "unlock": lambda user, by: changes.unlock(user, by=by),
    "second factor": lambda user, by: changes.reset_second_factor(user, by=by),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
class TestWhoMayNot:
    """Each is refused in words, and nothing is changed."""

    def refused(self, change: Callable[[User, User | None], object], user: User, by: User) -> str:
        before = User.objects.values().get(pk=user.pk), role_of(now(user))
        with pytest.raises(PeopleRefused) as refusal:
            change(user, by)
        assert (User.objects.values().get(pk=user.pk), role_of(now(user))) == before
        return str(refusal.value)

    def test_nobody_changes_the_own_account(
        self, change: Callable[[User, User | None], object], chief: User, admin: User
    ) -> None:
        assert "请另一位主编来改" in self.refused(change, chief, chief)
        assert "请另一位主编来改" in self.refused(change, admin, admin)

    def test_a_chief_editor_does_nothing_about_an_administrator(
        self, change: Callable[[User, User | None], object], chief: User, admin: User
    ) -> None:
        assert "只有管理员能改" in self.refused(change, admin, chief)

    def test_who_is_none_any_more_may_do_nothing(
        self, change: Callable[[User, User | None], object], chief: User, admin: User, editor: User
    ) -> None:
        """Even with what the request knew of them a moment ago."""
        person("ander", "主编")
        changes.change_role(chief, "编辑", by=admin)
        assert "现在不能管理人员" in self.refused(change, editor, chief)
        assert "现在不能管理人员" in self.refused(change, admin, editor)


def test_a_chief_editor_makes_no_administrator(chief: User, editor: User) -> None:
    with pytest.raises(PeopleRefused, match="管理员只能由管理员来设"):
        changes.change_role(editor, "管理员", by=chief)
    assert role_of(now(editor)) == "编辑"


@pytest.mark.parametrize("change", ["role", "deactivate"])
@pytest.mark.parametrize(
    ("last", "told"), [("主编", "小林是最后一位主编"), ("管理员", "小林是最后一位能管理人员的人")]
)
def test_the_last_who_manages_people_stays(change: str, last: str, told: str, editor: User) -> None:
    """Not even the operator's command line takes them away."""
    user = changes.change_role(editor, last, by=None)
    gone = person("weg", "主编")
    gone.is_active = False  # who can not log in does not count
    gone.save()
    with pytest.raises(PeopleRefused, match=told):
        CHANGES[change](user, None)
    assert (now(user).is_active, role_of(now(user))) == (True, last)
    changes.activate(gone, by=None)
    CHANGES[change](user, None)
    assert list(managers()) == [gone]


@pytest.mark.parametrize("change", ["role", "deactivate"])
def test_the_last_chief_editor_stays_where_there_is_an_administrator(
    change: str, chief: User, admin: User
) -> None:
    """The operator's account publishes nothing of a week: the house would be without who does."""
    with pytest.raises(PeopleRefused, match="最后一位主编"):
        CHANGES[change](chief, admin)
    assert (now(chief).is_active, role_of(now(chief))) == (True, "主编")


def test_of_two_who_demote_each_other_one_stays(chief: User) -> None:
    other = person("ander", "主编")
    changes.change_role(chief, "编辑", by=other)
    with pytest.raises(PeopleRefused, match="现在不能管理人员"):
        changes.change_role(other, "编辑", by=chief)
    assert list(managers()) == [other]


def test_where_nobody_manages_people_the_operator_makes_somebody(editor: User, member: User) -> None:
    assert not managers().exists()
    changes.change_role(member, "成员", by=None)
    changes.change_role(editor, "主编", by=None)
    assert list(managers()) == [editor]


# --- 停用 ------------------------------------------------------------------------------------------------


def test_who_is_deactivated_is_out_everywhere_at_once_and_stays_so(chief: User, editor: User) -> None:
    desk, telephone, other = browser(editor), browser(editor), browser(chief)
    changes.deactivate(editor, by=chief)
    for client in (desk, telephone):
        assert client.get("/admin/").status_code == 302
    assert other.get("/admin/").status_code == 200
    assert Session.objects.count() == 1
    changes.activate(editor, by=chief)
    assert desk.get("/admin/").status_code == 302
    assert browser(now(editor)).get("/admin/").status_code == 200


def test_deactivating_keeps_what_was_done(chief: User, editor: User, make_issue: WeekMaker) -> None:
    issue = make_issue({"一": "甲。"}, status=Issue.Status.DRAFT)
    reviewing.hand_over(issue, editor, "请看")
    open_desk(editor.pk, "粘贴", open_paste(TEXT, ""))
    changes.deactivate(editor, by=chief)
    assert Proposal.objects.get().author == editor
    assert Desk.objects.get().user == editor
    assert role_of(now(editor)) == "编辑"
    assert now(editor).first_name == "小林"


@pytest.mark.parametrize("change", ["role", "deactivate"])
def test_links_of_who_may_invite_no_more_let_nobody_in(change: str, chief: User) -> None:
    """Somebody could come in again by a link as 主编 that they made themselves."""
    other = person("ander", "主编")
    link = inviting.invite_by_link("主编", by=other)
    mine = inviting.invite_by_link("成员", by=chief)
    assert Client().get(link.get_absolute_url()).status_code == 200
    CHANGES[change](other, chief)
    assert Client().get(link.get_absolute_url()).status_code == 410
    assert Client().get(mine.get_absolute_url()).status_code == 200


def test_links_of_an_administrator_who_becomes_chief_editor_stay(chief: User, admin: User) -> None:
    other = User.objects.create_superuser("zweit")
    link = inviting.invite_by_link("成员", by=admin)
    changes.change_role(admin, "主编", by=other)
    assert Client().get(link.get_absolute_url()).status_code == 200


# --- Names and addresses -----------------------------------------------------------------------------------


def test_a_name_and_an_address_are_written_down(chief: User, editor: User) -> None:
    changes.describe(editor, name=" 林小编 ", email="Lin.New@Alliance.Example ", by=chief)
    account = now(editor)
    assert (account.get_full_name(), account.email) == ("林小编", "lin.new@alliance.example")
    assert account.username == "bianji"


def test_who_logs_in_with_the_address_logs_in_with_the_new_one(chief: User) -> None:
    user = User.objects.create_user("a@b.cn", "a@b.cn")
    assert changes.describe(user, name="", email="c@b.cn", by=chief).username == "c@b.cn"
    assert changes.describe(user, name="", email="", by=chief).username == "c@b.cn"


@pytest.mark.parametrize("email", ["cheng@fab.example", "CHENG@fab.example", "chengyuan@x", "no"])
def test_an_address_of_another_or_none_at_all_is_refused(
    email: str, chief: User, editor: User, member: User
) -> None:
    with pytest.raises(PeopleRefused, match="没有保存"):
        changes.describe(editor, name="别名", email=email, by=chief)
    assert (now(editor).first_name, now(editor).email) == ("小林", "lin@alliance.example")


# --- Open work -----------------------------------------------------------------------------------------------


@pytest.fixture
def busy(editor: User, make_issue: WeekMaker) -> User:
    """An editor with a week and a change in review, one that came back, a week on the desk, and a batch."""
    public = make_issue({"一": "甲。"})
    reviewing.hand_over(make_issue({"二": "乙。"}, status="draft", end_date="2025-03-28"), editor, "请看")
    back = reviewing.hand_over(make_issue({"三": "丙。"}, status="draft", end_date="2025-04-04"), editor, "")
    reviewing.send_back(back, editor, "缺图")
    done = reviewing.hand_over(make_issue({"四": "丁。"}, status="draft", end_date="2025-04-11"), editor, "")
    reviewing.take_back(done, editor)
    article = public.articles.get()

    def change() -> None:
        from archive.editing import save_article

        article.title = "改了"
        save_article(article)

    reviewing.propose(public, change, editor)
    open_desk(editor.pk, "粘贴", open_paste(TEXT, ""))
    Batch.objects.create(user=editor, name="旧刊")
    return editor


def test_open_work_becomes_anothers_and_what_is_done_stays(busy: User, chief: User) -> None:
    assert work.open_work(busy).parts == ["送审的 3 件", "导入台上没有保存的一期", "整批导入 1 批"]
    work.hand_over(busy, chief, by=chief)
    assert work.open_work(busy).parts == []
    assert work.open_work(chief) == work.OpenWork(3, True, 1)
    withdrawn = Proposal.objects.get(outcome=Proposal.Outcome.WITHDRAWN)
    assert withdrawn.author == busy
    page = browser(chief).get("/admin/desk/").content.decode()
    assert "芯片一周记" in page


@pytest.mark.parametrize("who", ["member", "gone", "busy", "at a desk"])
def test_who_can_not_take_over_is_refused_and_nothing_moves(
    who: str, busy: User, chief: User, member: User
) -> None:
    takers = {
        "member": member,
        "gone": person("weg", "编辑", is_active=False),
        "busy": busy,
        "at a desk": chief,
    }
    open_desk(chief.pk, "粘贴", open_paste(TEXT, ""))
    with pytest.raises(PeopleRefused):
        work.hand_over(busy, takers[who], by=chief)
    assert work.open_work(busy).parts == ["送审的 3 件", "导入台上没有保存的一期", "整批导入 1 批"]


def test_an_editor_hands_over_nobodys_work(busy: User, chief: User) -> None:
    other = person("ander", "编辑")
    with pytest.raises(PeopleRefused, match="现在不能管理人员"):
        work.hand_over(busy, other, by=other)
    assert work.open_work(other).parts == []


def test_who_has_nothing_to_hand_over_is_told_so(editor: User, chief: User) -> None:
    with pytest.raises(PeopleRefused, match="小林没有要移交的工作"):
        work.hand_over(editor, chief, by=chief)

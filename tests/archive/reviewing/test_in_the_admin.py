"""Handing over and deciding, on the pages of the admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from archive import reviewing
from archive.models import Article, Issue
from archive.proposal import Proposal
from tests.archive.people import browser
from tests.archive.reviewing.conftest import proposed, retitled, teacher

pytestmark = pytest.mark.django_db
FRONT = "/admin/"


def sent(title: str, **more: object) -> dict[str, object]:
    return {"title": title, "body": "<p>一。</p>", "source": "", "source_url": "", **more}


def test_an_editor_goes_on_writing_on_what_waits(public: Issue, editor: User) -> None:
    article = public.articles.all()[0]
    address = f"/admin/archive/article/{article.pk}/change/"
    client = browser(editor)
    client.post(address, sent("改一", proposal_note="错字"))
    first = Proposal.objects.get()
    page = client.get(address).content.decode()
    assert 'value="改一"' in page
    assert f'name="proposal" value="{first.pk}"' in page
    assert "下面是这份修改里的文字" in page
    client.post(address, sent("改二", proposal=first.pk))
    first.refresh_from_db()
    assert first.outcome == Proposal.Outcome.WITHDRAWN
    assert [one.what for one in Proposal.objects.pending()] == ["修改《改二》"]


def test_a_form_from_before_a_proposal_does_not_replace_it(public: Issue, editor: User) -> None:
    article = public.articles.all()[0]
    address = f"/admin/archive/article/{article.pk}/change/"
    browser(teacher("wang", "编辑")).post(address, sent("小王改"))
    browser(editor).post(address, sent("小张改"))
    assert Proposal.objects.pending().count() == 2


def test_a_form_shows_the_public_text_where_that_was_changed_since(public: Issue, editor: User) -> None:
    article = public.articles.all()[0]
    address = f"/admin/archive/article/{article.pk}/change/"
    client = browser(editor)
    client.post(address, sent("编辑改"))
    retitled(article, "主编改")()
    page = client.get(address).content.decode()
    assert 'value="主编改"' in page
    assert "编辑改" in page  # what waits is named above
    assert 'name="proposal" value=' not in page


def test_the_same_form_sent_twice_is_one_proposal(public: Issue, editor: User) -> None:
    article = public.articles.all()[0]
    address = f"/admin/archive/article/{article.pk}/change/"
    client = browser(editor)
    both = [client.post(address, sent("改", form_token="a" * 32)) for _ in range(2)]
    assert both[0]["Location"] == both[1]["Location"]
    assert Proposal.objects.count() == 1


def test_a_form_in_which_nothing_was_changed_is_no_proposal(public: Issue, editor: User) -> None:
    article = public.articles.all()[0]
    page = browser(editor).post(f"/admin/archive/article/{article.pk}/change/", sent("甲"), follow=True)
    assert "没有什么要交给主编" in page.content.decode()
    assert not Proposal.objects.exists()


def test_a_form_with_an_error_keeps_what_was_typed(public: Issue, editor: User) -> None:
    article = public.articles.all()[0]
    page = browser(editor).post(
        f"/admin/archive/article/{article.pk}/change/", sent("", source="打了字的来源")
    )
    assert page.status_code == 200
    assert "打了字的来源" in page.content.decode()
    assert not Proposal.objects.exists()


def test_the_chief_sees_what_waits_on_the_first_page_and_decides_there(
    public: Issue, draft: Issue, editor: User, chief: User
) -> None:
    change = proposed(public, retitled(public.articles.all()[0], "改"), editor, note="错字<b>")
    week = reviewing.hand_over(draft, editor, "请看")
    client = browser(chief)
    page = client.get(FRONT).content.decode()
    for part in ("等您审", "2 份", "错字&lt;b&gt;", "请看", f"/issue/{draft.pk}/publish/"):
        assert part in page
    assert "等您审" not in browser(editor).get(FRONT).content.decode()
    answer = client.post(f"/admin/archive/issue/proposals/{change.pk}/accept/", {"back": FRONT})
    assert answer["Location"] == FRONT
    client.post(f"/admin/archive/issue/proposals/{week.pk}/send-back/", {"words": "缺来源", "back": FRONT})
    assert "等您审" not in client.get(FRONT).content.decode()
    assert Article.objects.filter(title="改").exists()


def test_the_editor_reads_the_comment_on_the_first_page_and_on_the_issue(
    draft: Issue, editor: User, chief: User
) -> None:
    proposal = reviewing.hand_over(draft, editor)
    reviewing.send_back(proposal, chief, "缺来源，请补上")
    client = browser(editor)
    for address in (FRONT, f"/admin/archive/issue/{draft.pk}/change/"):
        assert "缺来源，请补上" in client.get(address).content.decode()
    assert "缺来源" not in browser(chief).get(FRONT).content.decode()
    client.post(f"/admin/archive/issue/proposals/{proposal.pk}/read/")
    assert "缺来源" not in client.get(FRONT).content.decode()
    assert browser(chief).post(f"/admin/archive/issue/proposals/{proposal.pk}/read/").status_code == 403


def test_a_returned_change_is_gone_on_with(public: Issue, editor: User, chief: User) -> None:
    article = public.articles.all()[0]
    proposal = proposed(public, retitled(article, "改一半"), editor)
    reviewing.send_back(proposal, chief, "没改完")
    page = browser(editor).get(f"/admin/archive/issue/proposals/{proposal.pk}/").content.decode()
    address = f"/admin/archive/article/{article.pk}/change/?proposal={proposal.pk}"
    assert address in page
    assert 'value="改一半"' in browser(editor).get(address).content.decode()
    assert 'value="甲"' in browser(editor).get(address.split("?")[0]).content.decode()


def test_a_long_comment_is_refused_in_words(draft: Issue, editor: User, chief: User) -> None:
    proposal = reviewing.hand_over(draft, editor)
    answer = browser(chief).post(
        f"/admin/archive/issue/proposals/{proposal.pk}/send-back/", {"words": "长" * 1001}, follow=True
    )
    assert "最多写 1000 个字" in answer.content.decode()
    assert Proposal.objects.get().is_pending


def test_no_address_outside_of_the_site_is_led_back_to(draft: Issue, editor: User, chief: User) -> None:
    proposal = reviewing.hand_over(draft, editor)
    data = {"words": "不行", "back": "https://example.org/"}
    answer = browser(chief).post(f"/admin/archive/issue/proposals/{proposal.pk}/send-back/", data)
    assert answer["Location"] == f"/admin/archive/issue/{draft.pk}/change/"

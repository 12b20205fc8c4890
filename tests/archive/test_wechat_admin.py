"""The page for copying, and the style of posts: who may see and set them, and what their policies allow."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html
from PIL import Image

from archive.models import Issue, PostStyle
from tests.archive.makers import image_bytes
from tests.conftest import WeekMaker

STYLE = "/admin/archive/poststyle/"
CHANGES = {"colour": "#1d5a9e", "heading": "line", "lead": "", "closing": "某联盟", "qr_caption": ""}


def staff(*groups: str, permissions: tuple[str, ...] = ()) -> Client:
    user = User.objects.create_user("-".join(("staff", *groups, *permissions)), is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def draft(make_issue: WeekMaker) -> Issue:
    return make_issue({"甲题": "甲文。", "乙题": "乙文。"}, status=Issue.Status.DRAFT)


def address(issue: Issue, end: str = "") -> str:
    return f"/admin/archive/issue/{issue.pk}/wechat/{end}"


@pytest.mark.parametrize("group", ["编辑", "主编"])
def test_editors_copy_drafts_too(draft: Issue, group: str) -> None:
    client = staff(group)
    page = client.get(address(draft)).content.decode()
    assert "这一期还没有发布" in page
    assert f'src="{address(draft, "post/")}"' in page
    assert "甲文。" in client.get(address(draft, "post/")).content.decode()


def test_who_may_only_see_issues_may_copy_them(draft: Issue) -> None:
    client = staff(permissions=("view_issue",))
    assert client.get(address(draft)).status_code == 200
    assert "甲文。" in client.get(address(draft, "post/")).content.decode()


@pytest.mark.parametrize("end", ["", "post/"])
def test_nobody_else_sees_a_draft_here(draft: Issue, end: str) -> None:
    answers = [client.get(address(draft, end)) for client in (Client(), staff())]
    assert [answer.status_code for answer in answers] == [302, 403]
    assert not any("甲" in answer.content.decode() for answer in answers)


@pytest.mark.parametrize("end", ["", "post/"])
def test_an_issue_that_is_not_there_is_not_found(draft: Issue, end: str) -> None:
    assert staff("编辑").get(f"/admin/archive/issue/{draft.pk + 1}/wechat/{end}").status_code == 404


def test_an_issue_without_articles_says_so(make_issue: WeekMaker) -> None:
    empty = make_issue({}, status=Issue.Status.DRAFT)
    client = staff("编辑")
    assert "还没有文章" in client.get(address(empty)).content.decode()
    assert client.get(address(empty, "post/")).status_code == 204


def test_articles_are_chosen_and_those_of_other_issues_are_passed_over(
    draft: Issue, make_issue: WeekMaker
) -> None:
    other = make_issue({"外题": "外文。"}, end_date="2025-03-14", status=Issue.Status.DRAFT)
    second, foreign = draft.articles.get(position=2), other.articles.get()
    client = staff("编辑")
    for query in (f"article={second.pk}", f"article={second.pk}&article=x"):
        page = client.get(f"{address(draft)}?{query}").content.decode()
        assert f'src="{address(draft, "post/")}?{query.replace("&", "&amp;")}"' in page
    for more in ("", "&article=x", f"&article={foreign.pk}"):
        post = client.get(f"{address(draft, 'post/')}?article={second.pk}{more}").content.decode()
        assert ("乙文。" in post, "甲文。" in post, "外文。" in post) == (True, False, False)
    post = client.get(f"{address(draft, 'post/')}?article={foreign.pk}").content.decode()
    assert ("外文。" in post, "甲文。" in post) == (False, True)


def test_the_frame_allows_styles_of_elements_and_nothing_else(draft: Issue) -> None:
    client = staff("编辑")
    page, frame = (client.get(address(draft, end)) for end in ("", "post/"))
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    policy = dict(part.split(" ", 1) for part in frame["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "object-src": "'none'",
        "script-src": "'none'",
        "style-src": "'none'",
        "style-src-attr": "'unsafe-inline'",
        "img-src": "data:",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
        "sandbox": "allow-same-origin",
    }
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


def test_text_that_looks_like_markup_is_text(make_issue: WeekMaker) -> None:
    issue = make_issue({"<script>x()</script>": "一<b>", "</title><img src=x>": "二。"}, columnist='"><i>')
    post = staff("编辑").get(address(issue, "post/")).content.decode()
    assert "<script" not in post
    assert "<img" not in post
    assert "&lt;script&gt;x()&lt;/script&gt;" in post
    alone = issue.articles.get(position=2)
    assert "<img" not in staff("主编").get(f"{address(issue, 'post/')}?article={alone.pk}").content.decode()


def test_forms_and_messages_lead_to_the_page(draft: Issue) -> None:
    client = staff("主编")
    form = client.get(f"/admin/archive/issue/{draft.pk}/change/").content.decode()
    assert f'href="{address(draft)}"' in form
    look = html.fromstring(client.get(f"/admin/archive/issue/{draft.pk}/publish/").content.decode())
    sent = dict(look.get_element_by_id("look").form_values())
    answer = client.post(f"/admin/archive/issue/{draft.pk}/publish/", {**sent, "how": "publish"}, follow=True)
    assert f'<a href="{address(draft)}">复制到公众号</a>。' in answer.content.decode()


def test_the_cost_of_the_page_does_not_grow_with_the_articles(
    make_issue: WeekMaker, django_assert_max_num_queries: Any
) -> None:
    client = staff("编辑")
    large = make_issue({f"题{number}": f"文{number}。" for number in range(30)})
    for end in ("", "post/"):
        with django_assert_max_num_queries(12):
            client.get(address(large, end))


# --- The style -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_chief_sets_the_style_and_there_is_one_form() -> None:
    client = staff("主编")
    assert client.get(STYLE)["Location"] == f"{STYLE}add/"
    answer = client.post(f"{STYLE}add/", CHANGES)
    assert answer.status_code == 302, answer.context["errors"]
    assert PostStyle.objects.get().look.colour == "#1d5a9e"
    assert client.get(STYLE)["Location"] == f"{STYLE}1/change/"
    assert client.get(f"{STYLE}add/").status_code == 403
    client.post(f"{STYLE}1/change/", {**CHANGES, "colour": "#3f8f3f"})
    assert PostStyle.objects.get().look.colour == "#3f8f3f"


@pytest.mark.parametrize("path", ["", "add/", "1/change/", "preview/"])
def test_an_editor_sets_no_style(draft: Issue, path: str) -> None:
    PostStyle(closing="某联盟").save()
    client = staff("编辑")
    answers = [client.get(f"{STYLE}{path}"), client.post(f"{STYLE}{path}", CHANGES)]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert not any("某联盟" in answer.content.decode() for answer in answers)
    assert PostStyle.objects.get().colour == "#ab2417"
    assert "poststyle" not in client.get(address(draft)).content.decode()


def test_the_preview_shows_the_form_and_saves_nothing(draft: Issue) -> None:
    client = staff("主编")
    assert "#ab2417" in client.get(f"{STYLE}preview/").content.decode()
    shown = client.post(f"{STYLE}preview/", CHANGES)
    assert "#1d5a9e" in shown.content.decode()
    assert "某联盟" in shown.content.decode()
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert not PostStyle.objects.exists()


def test_a_preview_of_what_is_wrong_says_what(draft: Issue) -> None:
    shown = staff("主编").post(f"{STYLE}preview/", {**CHANGES, "colour": "#ffff00"})
    assert shown.status_code == 422
    assert "颜色太浅" in shown.content.decode()


@pytest.mark.django_db
def test_a_preview_without_any_issue_says_so() -> None:
    assert "库里还没有文章" in staff("主编").get(f"{STYLE}preview/").content.decode()


def test_a_qr_picture_is_kept_shown_replaced_and_taken_away(draft: Issue) -> None:
    client = staff("主编")

    def save(**more: object) -> bytes:
        answer = client.post(
            f"{STYLE}{'1/change' if PostStyle.objects.exists() else 'add'}/", {**CHANGES, **more}
        )
        assert answer.status_code == 302, answer.context["errors"]
        return bytes(PostStyle.objects.get().qr)

    first = save(qr_file=SimpleUploadedFile("qr.png", image_bytes(600, 600)))
    assert Image.open(io.BytesIO(first)).size == (258, 258)
    assert 'alt="二维码"' in client.get(address(draft, "post/")).content.decode()
    assert save() == first
    assert save(qr_file=SimpleUploadedFile("qr.jpg", image_bytes(300, 300, "JPEG", "blue"))) != first
    assert save(without_qr="on") == b""
    assert "<img" not in client.get(address(draft, "post/")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg/>", "图片不是 PNG、JPEG、WebP 或 GIF"),
        (b"", "空"),
        (image_bytes(30, 30) + b"\0" * 5 * 1024**2, "超过 5 MB"),
    ],
    ids=["svg", "empty", "large"],
)
def test_a_qr_picture_that_is_none_is_refused_in_words(data: bytes, said: str) -> None:
    answer = staff("主编").post(f"{STYLE}add/", {**CHANGES, "qr_file": SimpleUploadedFile("qr.png", data)})
    assert re.search(said, answer.content.decode())
    assert not PostStyle.objects.exists()


def test_the_media_folder_is_not_needed_for_the_qr_picture(
    draft: Issue, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    data = {**CHANGES, "qr_file": SimpleUploadedFile("qr.png", image_bytes(300, 300))}
    staff("主编").post(f"{STYLE}add/", data)
    assert PostStyle.objects.get().qr
    assert list(tmp_path.iterdir()) == []

"""What `export_issues` writes, `import_issues` reads back to an equal archive."""

from __future__ import annotations

import datetime as dt
import io
import json
import string
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.body import clean, from_text
from archive.figures import NewFiles
from archive.images import prepare_image, restore_image
from archive.models import Article, Figure, Issue
from archive.publishing import withdraw
from archive.reading import read_file
from archive.refusal import ImportRefused
from tests.archive.makers import JSON, image_bytes
from tests.tiers import examples
from tests.writing import create, delete_all, save

RICH = clean(
    "<h3>背景</h3><p>台积电<strong>CoWoS</strong>产能<em>翻倍</em>，见<a href='https://example.org/a?b=1&c=2'>公告</a></p>"
    "<ul><li>一</li><li>二</li></ul><ol start='3'><li>三</li></ol>"
    "<table><tr><th>年</th></tr><tr><td colspan='2'>2025 &lt; 2026</td></tr></table><blockquote>引文</blockquote><hr>"
)


def make_issue(day: str = "2025-03-21", *, bodies: list[str] | None = None, **fields: Any) -> Issue:
    fields = {"title": "周报", "start_date": day, "end_date": day, "status": "published", **fields}
    issue = create(Issue, **fields)
    for position, body in enumerate(bodies or [], start=1):
        create(Article, issue=issue, position=position, title=f"第{position}条", body=body)
    return issue


def show_figure(article: Article, data: bytes, alt: str, *, width: int | None = None) -> Figure:
    """Adds an image at the end of the body, as the importer would; `width` as an editor would change it."""
    image = prepare_image(data)
    figure = Figure(article=article)
    NewFiles().store(figure, image, alt)
    article.body += clean(
        f'<figure><img src="{figure.get_absolute_url()}" alt="{alt}" width="{width or image.width}" '
        f'height="{image.height}"><figcaption>图注</figcaption></figure>'
    )
    save(article)
    return figure


def picture() -> list[dict[str, Any]]:
    """Everything of the archive but ids and the times of saving; figures by their files."""
    issues = []
    for issue in Issue.objects.order_by("end_date", "pk"):
        fields = {name: getattr(issue, name) for name in ISSUE_FIELDS}
        issues.append(
            {**fields, "articles": [article_of(each) for each in issue.articles.order_by("position")]}
        )
    return issues


def article_of(article: Article) -> dict[str, Any]:
    fields = {name: getattr(article, name) for name in ARTICLE_FIELDS}
    figures = []
    for figure in article.figures.order_by("pk"):
        fields["body"] = fields["body"].replace(figure.get_absolute_url(), f"<{figure.sha256}>")
        file = figure.image.read()
        figures.append((figure.sha256, figure.image_format, figure.width, figure.height, figure.alt, file))
    return {**fields, "figures": figures}


ISSUE_FIELDS = {
    "title", "slug", "start_date", "end_date", "columnist", "introduction", "sign_off", "source_url", "status",
    "publish_at", "published_at",
}  # fmt: skip
ARTICLE_FIELDS = {"position", "title", "body", "section", "source", "source_url", "missing_figures"}
NOT_CARRIED = {"id", "issue", "created_at", "updated_at", "version", "preview_key"}
"""An archive that was read back has ids, times of saving and versions of its own. A backup keeps them."""


def export(*arguments: object) -> str:
    out = io.StringIO()
    call_command("export_issues", *arguments, stdout=out)
    return out.getvalue()


def read_back(path: Path) -> None:
    """Empties the archive and imports the file or folder."""
    delete_all(Issue.objects.all())
    for name in default_storage.listdir("figures")[0] if default_storage.exists("figures") else []:
        for file in default_storage.listdir(f"figures/{name}")[1]:
            default_storage.delete(f"figures/{name}/{file}")
    call_command("import_issues", path, verbosity=0)


@pytest.mark.django_db
def test_every_field_of_issue_and_article_is_exported_or_known_not_to_be() -> None:
    """A field that is added to the models must be exported too, or be named here with its reason."""
    of_issue = {field.name for field in Issue._meta.concrete_fields}
    of_article = {field.name for field in Article._meta.concrete_fields}
    assert of_issue - NOT_CARRIED == ISSUE_FIELDS
    assert of_article - NOT_CARRIED == ARTICLE_FIELDS


@pytest.fixture
def varied_archive(db: None) -> None:
    """An archive with all that text can not hold."""
    rich = make_issue(
        bodies=[RICH, from_text(["一段。", "又一段。"]), ""], columnist="作者", introduction="导语\n两行"
    )
    first, second, _ = rich.articles.order_by("position")
    second.section = "产业　动态"
    save(second)
    for image_format in ("PNG", "JPEG", "WEBP"):
        show_figure(first, image_bytes(image_format=image_format, colour="green"), f"{image_format} “图” < 1")
    show_figure(second, image_bytes(colour="green"), "同一幅图，另一篇", width=20)
    make_issue(bodies=["<p>同一天的另一份</p>"], title="另一份　周报", source_url="https://example.org/")
    withdrawn = make_issue("2025-04-04", sign_off="  缩进的尾注")
    withdraw(withdrawn)
    later = timezone.make_aware(dt.datetime(2030, 1, 1, 8))
    scheduled = make_issue("2025-04-11", bodies=["<p>定时</p>"], status="scheduled", publish_at=later)
    scheduled.articles.update(position=4)
    moved = make_issue("2025-04-18", bodies=["<p>改过日期，地址还是原来的</p>"])
    Issue.objects.filter(pk=moved.pk).update(end_date="2025-04-19")


@pytest.mark.usefixtures("varied_archive")
@pytest.mark.parametrize("name", ["archive.jsonl", "weeks"])
def test_an_archive_is_read_back_equal_with_its_drafts_formats_and_figures(tmp_path: Path, name: str) -> None:
    before = picture()
    assert sum(len(article["figures"]) for issue in before for article in issue["articles"]) == 4
    printed = export()
    export(tmp_path / name)
    read_back(tmp_path / name)
    assert picture() == before
    assert export() == printed


@pytest.mark.usefixtures("varied_archive")
def test_what_is_printed_is_what_is_written(tmp_path: Path) -> None:
    export(tmp_path / "archive.jsonl")
    assert export() == (tmp_path / "archive.jsonl").read_text(encoding="utf-8")
    assert (tmp_path / "archive.jsonl").stat().st_mode & 0o777 == 0o600
    export(tmp_path / "weeks")
    assert sorted(path.name for path in (tmp_path / "weeks").iterdir()) == [
        "2025-03-21-2.json", "2025-03-21.json", "2025-04-04.json", "2025-04-11.json", "2025-04-18.json",
    ]  # fmt: skip


@pytest.mark.usefixtures("varied_archive")
def test_published_only_leaves_drafts_and_scheduled_issues_out() -> None:
    weeks = [json.loads(line) for line in export("--published").splitlines()]
    assert [week["slug"] for week in weeks] == ["2025-03-21", "2025-03-21-2", "2025-04-18"]
    assert {json.loads(line)["status"] for line in export().splitlines()} == {
        "published",
        "draft",
        "scheduled",
    }


@pytest.mark.django_db
def test_an_article_of_paragraphs_is_the_plain_json_week() -> None:
    make_issue(bodies=[from_text(["一段。", "又一段。"])])
    [week] = map(json.loads, export().splitlines())
    assert week["articles"] == [
        {"title": "第1条", "body": "一段。\n又一段。", "source": "", "source_url": ""}
    ]


LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
TITLES = (
    st.text(st.sampled_from("芯片周报 　A1<&\"'"), min_size=1, max_size=8).filter(str.strip).map(str.strip)
)
INLINE = st.builds(
    lambda tag, text: f"<{tag}>{text}</{tag}>" if tag else text,
    st.sampled_from(["", "strong", "em", "sub", "b"]),
    st.text(string.ascii_letters + "芯片，。 &lt;\u3000", max_size=8),
)
BLOCKS = st.builds(
    lambda tag, inner: {
        "ul": f"<ul><li>{inner}</li></ul>",
        "table": f"<table><tr><td>{inner}</td></tr></table>",
    }.get(tag, f"<{tag}>{inner}</{tag}>"),
    st.sampled_from(["p", "p", "p", "h2", "h3", "h4", "ul", "table", "blockquote"]),
    INLINE,
)
BODIES = st.one_of(
    st.lists(BLOCKS, max_size=4).map("\n".join), st.lists(LINES, max_size=4).map(from_text)
).map(clean)


@pytest.mark.slow
@pytest.mark.django_db
@settings(
    max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(TITLES, LINES, BODIES, st.integers(1, 3)), max_size=4),
    TITLES,
    st.tuples(LINES, LINES),
    st.sampled_from(["draft", "published"]),
)
def test_any_archive_is_read_back_equal(
    tmp_path: Path,
    articles: list[tuple[str, str, str, int]],
    title: str,
    texts: tuple[str, str],
    status: str,
) -> None:
    delete_all(Issue.objects.all())
    issue = make_issue(title=title, status=status, introduction=texts[0], sign_off=texts[1])
    position = 0
    for heading, source, body, step in articles:
        position += step
        create(Article, issue=issue, position=position, title=heading, source=source, body=body)
    before = picture()
    export(tmp_path / "archive.jsonl")
    read_back(tmp_path / "archive.jsonl")
    assert picture() == before


@pytest.mark.django_db
def test_a_figure_whose_file_is_gone_is_named_and_the_rest_is_exported(tmp_path: Path) -> None:
    issue = make_issue(bodies=["<p>有图</p>", "<p>没有图</p>"])
    figure = show_figure(issue.articles.get(position=1), image_bytes(), "图")
    default_storage.delete(str(figure.image.name))
    with pytest.raises(CommandError, match=f"第 1 篇：图 {figure.pk} 的文件不见了"):
        export(tmp_path / "archive.jsonl")
    [week] = map(json.loads, (tmp_path / "archive.jsonl").read_text(encoding="utf-8").splitlines())
    assert [article["body"] for article in week["articles"]] == ["有图\n图注", "没有图"]
    assert "img" not in week["articles"][0]["html"]


@pytest.mark.django_db
def test_a_file_of_another_kind_or_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"请写 \.jsonl 文件"):
        export(tmp_path / "archive.csv")
    with pytest.raises(CommandError, match="写不进去"):
        export(tmp_path / "nowhere" / "archive.jsonl")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_an_image_that_was_stored_once_is_restored_byte_for_byte(image_format: str) -> None:
    stored = prepare_image(image_bytes(300, 200, image_format))
    assert restore_image(stored.data) == stored


def test_an_image_that_never_went_through_the_archive_is_prepared() -> None:
    wide = image_bytes(3200, 1000, "JPEG")
    noted = image_bytes(40, 30, "JPEG", comment=b"made by somebody")
    assert restore_image(wide) == prepare_image(wide)
    assert restore_image(noted) == prepare_image(noted)
    assert b"somebody" not in restore_image(noted).data


def read(tmp_path: Path, **fields: Any) -> Any:
    path = tmp_path / "week.json"
    path.write_text(json.dumps({**JSON, **fields}), encoding="utf-8")
    return read_file(path)[0]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": "gone"}, "字段 status 是 'gone'，应是 draft、scheduled、published 之一"),
        ({"publish_at": "2025-03-21"}, "字段 publish_at 不是时间"),
        ({"publish_at": "soon"}, "字段 publish_at 不是时间"),
        ({"slug": "../etc"}, "字段 slug 不能用作地址"),
        ({"articles": [{"title": "a", "position": "1"}]}, "字段 articles[0].position 应是整数"),
        ({"articles": [{"title": "a", "figures": "x"}]}, "字段 articles[0].figures 应是列表"),
        ({"articles": [{"title": "a", "figures": ["?"]}]}, "字段 articles[0].figures[0] 应是 base64"),
        ({"articles": [{"title": "a", "figures": ["AAAA"]}]}, "字段 articles[0].figures[0]：图片不是 PNG"),
        ({"articles": [{"title": "a", "html": "<div>" * 300}]}, "嵌套超过 200 层"),
        ({"articles": [{"title": "a", "html": "&" * 2_200_000}]}, "字段 articles[0].html 太长"),
    ],
)
def test_a_field_that_can_not_be_is_refused_by_its_name(
    tmp_path: Path, fields: dict[str, Any], said: str
) -> None:
    with pytest.raises(ImportRefused) as refused:
        read(tmp_path, **fields)
    assert said in str(refused.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": "scheduled"}, "定时的一期没有发布时间"),
        ({"articles": [{"title": "a", "position": 2}, {"title": "b", "position": 2}]}, "应从小到大"),
        ({"articles": [{"title": "a", "position": 0}]}, "应从小到大"),
        ({"articles": [{"title": "a", "position": 10_000}]}, "不超过 9999"),
    ],
)
def test_a_week_that_can_not_be_stored_is_refused_whole(
    tmp_path: Path, fields: dict[str, Any], said: str
) -> None:
    path = tmp_path / "week.json"
    path.write_text(json.dumps({**JSON, **fields}), encoding="utf-8")
    with pytest.raises(CommandError, match=said):
        call_command("import_issues", path)
    assert not Issue.objects.exists()


@pytest.mark.django_db
def test_rich_text_of_a_json_week_is_cleaned_like_any_other(tmp_path: Path) -> None:
    html = '<p onclick="x()">安全<script>alert(1)</script><img src="https://example.org/x.png"></p>'
    path = tmp_path / "week.json"
    path.write_text(json.dumps({**JSON, "articles": [{"title": "a", "html": html}]}), encoding="utf-8")
    call_command("import_issues", path, verbosity=0)
    assert Article.objects.get().body == "<p>安全</p>"


def test_a_body_that_was_edited_beside_its_html_is_warned_of(tmp_path: Path) -> None:
    article = {"title": "a", "body": "改过的。", "html": "<p><strong>原来的。</strong></p>"}
    week = read(
        tmp_path, articles=[article, {**article, "body": "原来的。"}, {"title": "b", "html": "<p>c</p>"}]
    )
    assert [warning.code for warning in week.warnings] == ["body-differs"]
    assert week.articles[0].body == "原来的。"


@pytest.mark.django_db
def test_an_export_that_replaces_an_issue_leaves_its_state_and_address_alone(tmp_path: Path) -> None:
    make_issue(bodies=["<p>旧</p>"], status="draft")
    export(tmp_path / "old.jsonl")
    issue = Issue.objects.get()
    issue.status = Issue.Status.PUBLISHED
    save(issue)
    call_command("import_issues", tmp_path / "old.jsonl", replace=True, verbosity=0)
    assert Issue.objects.get().is_published


@pytest.mark.django_db
def test_an_address_that_is_taken_is_not_taken_away(tmp_path: Path) -> None:
    make_issue(bodies=["<p>一</p>"])
    export(tmp_path / "old.jsonl")
    Issue.objects.update(title="改了刊名")
    call_command("import_issues", tmp_path / "old.jsonl", verbosity=0)
    assert {issue.title: issue.slug for issue in Issue.objects.all()} == {
        "改了刊名": "2025-03-21",
        "周报": "2025-03-21-2",
    }


@pytest.mark.django_db
def test_an_image_of_another_article_is_exported_with_the_article_that_shows_it(tmp_path: Path) -> None:
    issue = make_issue(bodies=["<p>一</p>", "<p>二</p>"])
    first, second = issue.articles.order_by("position")
    figure = show_figure(first, image_bytes(), "图")
    second.body += clean(f'<p><img src="{figure.get_absolute_url()}" alt="同一幅"></p>')
    save(second)
    export(tmp_path / "archive.jsonl")
    read_back(tmp_path / "archive.jsonl")
    assert [article.figures.count() for article in Article.objects.order_by("position")] == [1, 1]
    assert {figure.image.read() for figure in Figure.objects.all()} == {prepare_image(image_bytes()).data}

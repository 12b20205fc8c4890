"""A week becomes an issue: all of it or nothing, and links survive when it is replaced."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from archive.importing import ImportResult, check_import, import_week, import_weeks
from archive.models import Article, Figure, Issue
from archive.reading.jsonweeks import from_json
from archive.refusal import ImportRefused
from archive.week import Week, WeekArticle
from tests.archive.makers import JSON, image_bytes

pytestmark = pytest.mark.django_db(transaction=True)
GOLDEN = from_json(JSON)
FIGURE = '<p>前。</p><figure><img src="figure:0" alt="产能"></figure><p>后。</p>'


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    """A media folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def files(media) -> list[str]:
    return sorted(path.name for path in media.rglob("*") if path.is_file()) if media.exists() else []


def rows() -> list[tuple[int, str]]:
    return list(Article.objects.values_list("position", "title"))


def ids() -> dict[str, int]:
    return dict(Article.objects.values_list("title", "pk"))


def with_articles(*articles: WeekArticle) -> Week:
    return replace(GOLDEN, articles=articles)


def with_figure(data: bytes) -> Week:
    first = replace(GOLDEN.articles[0], html=FIGURE, images={"figure:0": data})
    return with_articles(first, *GOLDEN.articles[1:])


# --- A new week ----------------------------------------------------------------------------------------


def test_week_becomes_a_draft_with_numbered_articles():
    week = replace(
        GOLDEN,
        columnist=" 王 工 ",
        introduction="导语。",
        sign_off="尾注。",
        source_url="https://a.example/1",
    )
    result = import_week(week)
    issue = Issue.objects.get()
    assert result == ImportResult(issue, created=True, kept=0, added=3, removed=0)
    assert (issue.title, issue.start_date, issue.end_date) == (
        "芯片一周记",
        dt.date(2025, 4, 7),
        dt.date(2025, 4, 11),
    )
    assert (issue.columnist, issue.introduction, issue.sign_off) == ("王 工", "导语。", "尾注。")
    assert (issue.source_url, issue.status, issue.slug) == ("https://a.example/1", "draft", "2025-04-11")
    assert rows() == [(1, "台积电扩建先进封装产线"), (2, "三星调整存储芯片报价"), (3, "国产光刻胶进入验证")]


def test_publish_publishes():
    assert import_week(GOLDEN, publish=True).issue.is_published
    assert Issue.objects.published().get().publish_at is not None


def test_body_is_cleaned_whatever_a_week_holds():
    import_week(
        with_articles(
            WeekArticle("甲", html='<p onclick="x()">好<script>坏()</script><img src="//a.example/"></p>')
        )
    )
    assert Article.objects.get().body == "<p>好</p>"


def test_text_is_escaped_and_its_subheads_are_found():
    import_week(
        with_articles(WeekArticle("甲", body="一、供给\n产能 < 需求 & 价格上涨。\n（一）手机\n出货回升。"))
    )
    assert Article.objects.get().body == (
        "<h3>一、供给</h3>\n<p>产能 &lt; 需求 &amp; 价格上涨。</p>\n<h4>（一）手机</h4>\n<p>出货回升。</p>"
    )


@pytest.mark.parametrize(
    ("week", "complaint"),
    [
        (replace(GOLDEN, title=" "), "没有找到刊名。请在第一行写上刊名，或用 --title 指定"),
        (replace(GOLDEN, start_date=None), "没有找到开始日期。请用 --start-date 指定"),
        (
            replace(GOLDEN, start_date=None, end_date=None),
            "没有找到起止日期。请用 --start-date 和 --end-date 指定",
        ),
        (replace(GOLDEN, end_date=dt.date(2025, 4, 1)), "晚于结束日期 2025-04-01。请用"),
        (with_articles(), "没有找到文章。请"),
        (with_articles(*[WeekArticle("甲")] * 1001), "最多 1000 篇。请"),
        (with_articles(WeekArticle("甲"), WeekArticle(" ")), "第 2 篇没有标题。请"),
        (with_articles(WeekArticle("题" * 301)), "第 1 篇的标题有 301 个字，最多 300 个。请"),
        (with_articles(WeekArticle("甲", source="源" * 201)), "第 1 篇的来源有 201 个字，最多 200 个。请"),
        (with_articles(WeekArticle("甲", body="\0")), "第 1 篇的正文里有不能保存的字符 U+0000。请"),
        (with_articles(WeekArticle("甲", body="\ud800")), "不能保存的字符 U+D800。请"),
        (with_articles(WeekArticle("甲", body="x" * 500_001)), "第 1 篇的正文太长"),
        (replace(GOLDEN, title="刊" * 201), "本期的标题有 201 个字，最多 200 个。请"),
        (replace(GOLDEN, columnist="人" * 101), "本期的栏目作者有 101 个字，最多 100 个。请"),
        *[
            (replace(GOLDEN, source_url=url), "本期的链接不是网址")
            for url in [
                "javascript:alert(1)",
                "ftp://a.example",
                "https://",
                "a.example",
                "https://[",
                "https://a b/",
            ]
        ],
        (with_articles(WeekArticle("甲", source_url="data:text/html,x")), "第 1 篇的链接不是网址"),
        (replace(GOLDEN, source_url="https://a.example/" + "x" * 500), "最多 500 个。请"),
    ],
)
def test_week_that_can_not_be_stored_is_refused_with_the_remedy_and_leaves_nothing(
    week: Week, complaint: str
):
    for attempt in (check_import, import_week):
        with pytest.raises(ImportRefused) as refused:
            attempt(week)
        assert complaint in str(refused.value)
    assert Issue.objects.count() == 0


def test_refusal_carries_the_line_of_the_article():
    with pytest.raises(ImportRefused) as refused:
        import_week(with_articles(WeekArticle("题" * 301, line=17)))
    assert refused.value.line == 17


def test_weeks_of_one_file_are_stored_all_or_none():
    second = replace(GOLDEN, title="另一刊", articles=())
    with pytest.raises(ImportRefused):
        import_weeks([GOLDEN, second])
    assert Issue.objects.count() == 0


# --- The same week again -------------------------------------------------------------------------------


def test_same_title_and_dates_are_refused_with_the_issue_and_the_remedy():
    import_week(GOLDEN)
    for attempt in (check_import, import_week):
        with pytest.raises(
            ImportRefused,
            match=r"已经在库里了：芯片一周记（2025年4月7日—11日），地址 /issues/2025-04-11/.*--replace",
        ):
            attempt(replace(GOLDEN, title=" 芯片一周记\n"))
    assert Article.objects.count() == 3


def test_same_week_twice_in_one_file_is_refused():
    with pytest.raises(ImportRefused, match="已经在库里了"):
        import_weeks([GOLDEN, GOLDEN])
    assert Issue.objects.count() == 0


def test_other_title_on_the_same_dates_is_another_issue():
    import_week(GOLDEN)
    assert import_week(replace(GOLDEN, title="另一刊")).issue.slug == "2025-04-11-2"


def test_replace_keeps_ids_and_takes_the_new_content():
    import_week(GOLDEN)
    before = ids()
    first = replace(GOLDEN.articles[0], body="改写。")
    result = import_week(
        replace(GOLDEN, columnist="李工", articles=(first, *GOLDEN.articles[1:])), replace=True
    )
    assert (result.created, result.kept, result.added, result.removed) == (False, 3, 0, 0)
    assert ids() == before
    assert Article.objects.first().body == "<p>改写。</p>"
    assert Issue.objects.get().columnist == "李工"


def test_replace_keeps_ids_when_articles_change_places():
    import_week(GOLDEN)
    before = ids()
    import_week(with_articles(*reversed(GOLDEN.articles)), replace=True)
    assert ids() == before
    assert rows() == [(1, "国产光刻胶进入验证"), (2, "三星调整存储芯片报价"), (3, "台积电扩建先进封装产线")]


def test_replace_finds_a_title_in_another_spelling():
    import_week(with_articles(WeekArticle("HBM4出样,三星领先!"), WeekArticle("乙")))
    before = ids()
    import_week(with_articles(WeekArticle("乙"), WeekArticle("ＨＢＭ４ 出样，三星领先！")), replace=True)
    assert ids() == {"乙": before["乙"], "ＨＢＭ４ 出样，三星领先！": before["HBM4出样,三星领先!"]}


def test_replace_keeps_the_id_of_a_renamed_article_wherever_it_went():
    import_week(GOLDEN)
    before = ids()
    renamed = replace(GOLDEN.articles[0], title="换了标题")
    import_week(
        with_articles(
            WeekArticle("新来的", body="别的事。"), GOLDEN.articles[1], GOLDEN.articles[2], renamed
        ),
        replace=True,
    )
    assert ids()["换了标题"] == before["台积电扩建先进封装产线"]
    assert ids()["新来的"] not in before.values()


def test_replace_keeps_the_id_at_a_position_when_title_and_text_are_new_but_nothing_moved():
    import_week(GOLDEN)
    before = ids()
    import_week(
        with_articles(GOLDEN.articles[0], WeekArticle("全新标题", body="完全不同。"), GOLDEN.articles[2]),
        replace=True,
    )
    assert ids()["全新标题"] == before["三星调整存储芯片报价"]


def test_replace_gives_no_old_link_to_another_story_when_one_was_taken_out():
    import_week(GOLDEN)
    before = ids()
    result = import_week(with_articles(GOLDEN.articles[0], GOLDEN.articles[2]), replace=True)
    assert (result.kept, result.added, result.removed) == (2, 0, 1)
    assert ids() == {title: pk for title, pk in before.items() if title != "三星调整存储芯片报价"}
    assert [position for position, _ in rows()] == [1, 2]


def test_replace_tells_two_articles_of_one_title_apart_by_their_order():
    import_week(with_articles(WeekArticle("快讯", body="甲事。"), WeekArticle("快讯", body="乙事。")))
    before = list(Article.objects.values_list("pk", flat=True))
    import_week(
        with_articles(WeekArticle("快讯", body="甲事。"), WeekArticle("快讯", body="乙事。")), replace=True
    )
    assert list(Article.objects.values_list("pk", flat=True)) == before


@pytest.mark.parametrize(
    ("was", "publish", "becomes"),
    [(False, False, "draft"), (True, False, "published"), (False, True, "published")],
)
def test_replace_without_publish_leaves_the_status_as_it_is(was: bool, publish: bool, becomes: str):
    import_week(GOLDEN, publish=was)
    assert import_week(GOLDEN, replace=True, publish=publish).issue.status == becomes


def test_publishing_a_scheduled_issue_publishes_it_now():
    later = timezone.now() + dt.timedelta(days=3)
    import_week(GOLDEN)
    Issue.objects.update(status="scheduled", publish_at=later)
    issue = import_week(GOLDEN, replace=True, publish=True).issue
    assert issue.is_published
    assert issue.publish_at < later
    Issue.objects.update(publish_at=later)
    assert import_week(GOLDEN, replace=True, publish=True).issue.publish_at == later


def test_replace_of_a_week_that_is_not_there_stores_it():
    assert import_week(GOLDEN, replace=True).created


def test_failed_replace_leaves_the_old_issue_untouched():
    import_week(GOLDEN)
    with pytest.raises(ImportRefused):
        import_weeks([with_articles(WeekArticle("新")), replace(GOLDEN, title="")], replace=True)
    assert [title for _, title in rows()] == [article.title for article in GOLDEN.articles]


# --- Figures -------------------------------------------------------------------------------------------


def test_image_becomes_a_figure_at_its_place(media):
    import_week(with_figure(image_bytes(40, 30)))
    article, figure = Article.objects.first(), Figure.objects.get()
    assert article.body == (
        f'<p>前。</p><figure><img src="/figures/{figure.pk}/" alt="产能" width="40" height="30"></figure><p>后。</p>'
    )
    assert (figure.article, figure.alt, figure.image_format, figure.width, figure.height) == (
        article,
        "产能",
        "png",
        40,
        30,
    )
    assert files(media) == [f"{figure.sha256}.png"]
    assert default_storage.exists(figure.image.name)


def test_one_image_in_two_places_is_one_file(media):
    articles = [
        replace(article, html=FIGURE, images={"figure:0": image_bytes()}) for article in GOLDEN.articles
    ]
    import_week(with_articles(*articles))
    assert Figure.objects.count() == 3
    assert len(files(media)) == 1


def test_bad_image_stores_neither_week_nor_file(media):
    for attempt in (check_import, import_week):
        with pytest.raises(ImportRefused, match="第 1 篇“台积电扩建先进封装产线”：图片不是 PNG"):
            attempt(with_figure(b"<svg/>"))
    assert Issue.objects.count() == 0
    assert files(media) == []


def test_import_that_fails_later_leaves_no_file_behind(media):
    with pytest.raises(ImportRefused):
        import_weeks([with_figure(image_bytes()), replace(GOLDEN, title="")])
    assert files(media) == []


def test_import_that_fails_keeps_the_files_that_were_there(media):
    import_week(with_figure(image_bytes()))
    before = files(media)
    with pytest.raises(ImportRefused):
        import_weeks([replace(with_figure(image_bytes()), title="另一刊"), replace(GOLDEN, title="")])
    assert files(media) == before


def test_replace_keeps_the_figure_of_the_same_image_and_drops_the_old_but_no_file(media):
    import_week(with_figure(image_bytes(colour="red")))
    first = Figure.objects.get()
    import_week(with_figure(image_bytes(colour="red")), replace=True)
    assert Figure.objects.get() == first
    import_week(with_figure(image_bytes(colour="blue")), replace=True)
    second = Figure.objects.get()
    assert second.sha256 != first.sha256
    assert files(media) == sorted(
        [f"{first.sha256}.png", f"{second.sha256}.png"]
    )  # the earlier version shows it
    import_week(GOLDEN, replace=True)
    assert Figure.objects.count() == 0
    assert len(files(media)) == 2


def test_image_that_is_named_but_missing_leaves_no_gap():
    import_week(
        with_articles(WeekArticle("甲", html='<p>一</p><figure><img src="figure:3" alt=""></figure>'))
    )
    assert Article.objects.get().body == "<p>一</p>"

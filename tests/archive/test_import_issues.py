"""The command: files and folders in, a line for each that failed, nothing half done."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from archive.models import Article, Figure, Issue
from tests.archive.makers import (
    JSON,
    TEXT,
    TITLES,
    data_uri,
    html_week,
    image_bytes,
    save_docx,
    table,
    zipped,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "weeks").mkdir()
    return tmp_path / "weeks"


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("import_issues", *map(str, arguments), stdout=out)
    return out.getvalue()


def failure(*arguments: object) -> str:
    with pytest.raises(CommandError) as error:
        run(*arguments)
    assert error.value.returncode == 1
    return str(error.value)


def text_file(folder: Path, name: str = "w.txt", text: str = TEXT) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def week_of(day: int) -> str:
    return TEXT.replace("2025.4.7-2025.4.11", f"2025.4.{day}-2025.4.{day + 4}")


# --- Files and folders ---------------------------------------------------------------------------------


def test_file_is_imported_as_a_draft_and_published_when_asked(folder):
    assert "新建 芯片一周记（2025年4月7日—11日），草稿，新增 3 篇" in run(text_file(folder))
    run(text_file(folder, "v.txt", week_of(14)), "--publish")
    assert list(Issue.objects.values_list("slug", "status")) == [
        ("2025-04-18", "published"),
        ("2025-04-11", "draft"),
    ]


def test_folder_is_looked_through_and_what_is_no_week_passed_over(folder):
    (folder / "sub" / "deeper").mkdir(parents=True)
    text_file(folder, "b.txt", week_of(14))
    text_file(folder / "sub" / "deeper", "a.md", week_of(7))
    text_file(folder / "sub", "c.docx.bak")
    for name in ("~$c.docx", ".hidden.txt", "photo.png", "Thumbs.db"):
        (folder / name).write_bytes(b"\0")
    out = run(folder)
    assert [line.split(":")[0] for line in out.splitlines()] == [
        str(folder / "b.txt"),
        str(folder / "sub/deeper/a.md"),
    ]


def test_a_zip_is_imported_file_by_file_and_each_bad_one_has_its_line(folder):
    files = {
        "往期/第14周.txt": week_of(7).encode("gbk"),
        "往期/第15周.doc": b"\xd0\xcf\x11\xe0",
        "往期/第16周.txt": week_of(14),
        "往期/第17周.txt": week_of(14),
        "往期/第18周.txt": "没有日期的一周",
    }
    (folder / "往期.zip").write_bytes(zipped(files))
    lines = failure(folder / "往期.zip").splitlines()
    assert lines[0] == "3 个文件没有导入："
    places = [
        f"{folder}/往期.zip/往期/第{number}周.{kind}"
        for number, kind in ((15, "doc"), (17, "txt"), (18, "txt"))
    ]
    assert [line.split(": ")[0] for line in lines[1:]] == places
    assert "全选复制，粘贴" in lines[1]
    assert "已经在库里了" in lines[2]
    assert list(Issue.objects.values_list("slug", flat=True)) == ["2025-04-18", "2025-04-11"]


def test_a_table_is_imported_row_by_row(folder):
    body = TEXT.split("\n", 2)[2]
    rows = [(f"芯片一周记（2025.4.{day}-2025.4.{day + 4}）", body) for day in (7, 14)]
    (folder / "w.xlsx").write_bytes(table(("标题", "正文"), *rows, ("芯片三周记", "")))
    message = failure(folder)
    assert f"{folder}/w.xlsx/第 4 行: “芯片三周记”没有正文。请" in message
    assert sorted(Issue.objects.values_list("slug", flat=True)) == ["2025-04-11", "2025-04-18"]


def test_same_file_named_twice_is_imported_once(folder):
    path = text_file(folder)
    run(path, folder, path)
    assert Issue.objects.count() == 1


def test_folder_without_weeks_is_a_failure(folder):
    assert f"{folder}: 文件夹里没有能导入的文件" in failure(folder)


def test_unknown_kind_is_a_failure_when_named(folder):
    assert "w.exe: 不认识的文件类型 .exe" in failure(text_file(folder, "w.exe"))


def test_good_files_are_imported_and_each_bad_one_has_its_line(folder):
    good = text_file(folder, "good.txt")
    (folder / "empty.md").write_bytes(b"")
    (folder / "fake.docx").write_bytes(b"x")
    message = failure(folder, folder / "gone.txt")
    lines = message.splitlines()
    assert lines[0] == "3 个文件没有导入："
    assert [line.split(": ")[0] for line in lines[1:]] == [
        str(folder / "empty.md"),
        str(folder / "fake.docx"),
        str(folder / "gone.txt"),
    ]
    assert Issue.objects.get().title == "芯片一周记"
    assert good.exists()


def test_bad_week_in_a_jsonl_keeps_the_whole_file_out(folder):
    bad = {**JSON, "title": "另一刊", "articles": []}
    path = text_file(folder, "w.jsonl", f"{json.dumps(JSON)}\n{json.dumps(bad)}\n")
    assert f"{path}:2: 没有找到文章" in failure(path)
    assert Issue.objects.count() == 0


def test_week_without_articles_is_a_failure_and_stores_nothing(folder):
    path = text_file(folder, text="芯片一周记\n2025.4.7-2025.4.11\n")
    for arguments in ([path], [path, "--dry-run"]):
        assert "没有找到文章。请" in failure(*arguments)
    assert Issue.objects.count() == 0


@pytest.mark.parametrize("bold_headings", [False, True])
def test_word_file_brings_its_figure(folder, bold_headings):
    run(save_docx(folder / "w.docx", bold_headings=bold_headings, image=image_bytes()))
    article = Article.objects.first()
    assert f'<img src="/figures/{Figure.objects.get().pk}/" alt="" width="40" height="30">' in article.body
    assert "<td>7.5万片</td>" in article.body


def test_page_brings_its_figure_and_warns_of_remote_images(folder):
    body = f'<p>甲。</p><img src="{data_uri(image_bytes())}"><img src="https://a.example/b.png">'
    out = run(text_file(folder, "w.html", html_week(first_body=body)))
    assert Figure.objects.get().article.title == TITLES[0]
    assert "w.html:6: 这张图在别的网站上（a.example），没有导入。请" in out


# --- Again, and otherwise ------------------------------------------------------------------------------


def test_same_week_is_refused_and_replace_keeps_its_addresses(folder):
    path = text_file(folder)
    run(path)
    before = list(Article.objects.values_list("pk", flat=True))
    assert "请加 --replace" in failure(path)
    assert "替换 芯片一周记（2025年4月7日—11日），草稿，新增 0 篇，保留 3 篇，删去 0 篇" in run(
        path, "--replace"
    )
    assert list(Article.objects.values_list("pk", flat=True)) == before


def test_title_and_dates_can_be_given(folder):
    path = text_file(folder, text=TEXT.split("\n", 2)[2])
    assert "--title" in failure(path) or "--start-date" in failure(path)
    run(path, "--title", "新名", "--start-date", "2025-05-05", "--end-date", "2025-05-09")
    issue = Issue.objects.get()
    assert (issue.title, str(issue.start_date), str(issue.end_date)) == ("新名", "2025-05-05", "2025-05-09")


def test_title_and_dates_are_for_one_week_only(folder):
    text_file(folder, "a.txt")
    text_file(folder, "b.txt", week_of(14))
    assert "只能用于一期，这里有 2 个文件" in failure(folder, "--title", "x")
    two = text_file(folder, "w.json", json.dumps([JSON, {**JSON, "title": "另一刊"}]))
    assert "只能用于一期，这个文件里有 2 期" in failure(two, "--end-date", "2025-05-09")
    assert Issue.objects.count() == 0


@pytest.mark.parametrize("arguments", [["--start-date", "3月"], ["--json"]])
def test_options_that_make_no_sense_are_refused(folder, arguments):
    with pytest.raises(CommandError, match=r"2025-03-21 的样子|--dry-run"):
        run(text_file(folder), *arguments)


# --- Dry run -------------------------------------------------------------------------------------------


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def test_dry_run_shows_what_it_found_in_straight_columns_and_stores_nothing(folder):
    lines = run(text_file(folder), "--dry-run").splitlines()
    assert Issue.objects.count() == 0
    assert lines[0].split() == ["文件", "刊名", "起止日期", "文章", "栏目作者", "提醒"]
    assert lines[2].split() == [
        str(folder / "w.txt"),
        "芯片一周记",
        "2025-04-07",
        "至",
        "2025-04-11",
        "3",
        "0",
    ]
    assert columns(lines[0][: lines[0].index("起止")]) == columns(lines[2][: lines[2].index("2025-")])
    assert lines[7].split() == ["1", TITLES[0], "45"]


def test_dry_run_says_what_would_be_refused(folder):
    path = text_file(folder)
    assert "会被拒绝" not in run(path, "--dry-run")
    run(path)
    assert f"会被拒绝：{path}: 这一期已经在库里了" in run(path, "--dry-run")
    assert "会被拒绝" not in run(path, "--dry-run", "--replace")


def test_dry_run_json_is_a_week_a_line_that_can_be_imported(folder):
    text_file(folder, "a.txt")
    text_file(folder, "b.txt", week_of(14).replace("3. 国产", "4. 国产"))
    out = run(folder, "--dry-run", "--json")
    assert Issue.objects.count() == 0
    first, second = map(json.loads, out.splitlines())
    assert "芯片一周记" in out
    assert first["warnings"] == []
    assert [(warning["line"], warning["code"]) for warning in second["warnings"]] == [(8, "number-missing")]
    assert first["articles"] == [{**article, "source": "", "source_url": ""} for article in JSON["articles"]]
    run(text_file(folder.parent, "again.jsonl", out))
    assert Issue.objects.count() == 2


def test_dry_run_json_of_a_known_week_carries_the_refusal_as_a_warning(folder):
    path = text_file(folder)
    run(path)
    [warning] = json.loads(run(path, "--dry-run", "--json"))["warnings"]
    assert (warning["line"], warning["code"]) == (None, "would-be-refused")


def test_dry_run_with_given_title_and_dates_warns_no_more_that_they_are_missing(folder):
    path = text_file(folder, text=TEXT.split("\n", 2)[2])
    assert {"dates-missing"} <= {
        warning["code"] for warning in json.loads(run(path, "--dry-run", "--json"))["warnings"]
    }
    given = ["--title", "新名", "--start-date", "2025-05-05", "--end-date", "2025-05-09"]
    assert json.loads(run(path, "--dry-run", "--json", *given))["warnings"] == []


@pytest.mark.parametrize("path", [path for path in [Path("../shared/sample_week.txt")] if path.exists()])
def test_real_week_is_imported_whole(path):
    run(path, "--publish")
    assert Article.objects.published().count() == 10
    assert Issue.objects.get().slug == "2025-03-21"


@pytest.mark.server
def test_process_exits_with_1_and_prints_no_traceback(folder):
    (folder / "empty.txt").write_bytes(b"")
    done = subprocess.run(
        [sys.executable, "manage.py", "import_issues", folder / "empty.txt"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"{folder / 'empty.txt'}: 文件是空的" in done.stderr
    assert "Traceback" not in done.stderr
    assert "导入:" not in done.stderr  # no progress bar where nobody looks

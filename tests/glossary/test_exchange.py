"""The glossary as a CSV file, there and back."""

from __future__ import annotations

import doctest
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glossary import table
from glossary.exchange import ImportResult, export_glossary, import_glossary
from glossary.models import Alias, Mention, Term
from glossary.table import GlossaryRefused, TermRow, read_table, write_table
from tests.glossary.conftest import ArticleMaker, TermMaker

pytestmark = pytest.mark.django_db

SMALL = """name,kind,aliases,note
台积电,company,TSMC|台積電|台湾积体电路,"全球最大，""纯代工""的晶圆代工厂"
陈立武,person,Lip-Bu Tan,英特尔首席执行官
CoWoS,process,,
"""


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "词库.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def faults(tmp_path: Path, text: str | bytes, *, replace: bool = False) -> list[str]:
    """What an import that is refused says, without the path before each line."""
    path = written(tmp_path, text)
    with pytest.raises(GlossaryRefused) as refused:
        import_glossary(path, replace=replace)
    return [line.removeprefix(f"{path}:") for line in str(refused.value).splitlines()]


# --- Lossless ---


def test_what_is_imported_is_exported_as_it_was(tmp_path: Path) -> None:
    assert import_glossary(written(tmp_path, SMALL)) == ImportResult(3, 0, 0, 0)
    assert export_glossary() == SMALL
    assert [str(alias) for alias in Term.objects.get(name="台积电").aliases.all()] == [
        "TSMC",
        "台積電",
        "台湾积体电路",
    ]


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL)
    import_glossary(path)
    assert import_glossary(path) == ImportResult(0, 0, 3, 0)
    assert import_glossary(path, replace=True) == ImportResult(0, 0, 3, 0)
    assert export_glossary() == SMALL


@pytest.mark.parametrize(
    "data",
    [
        SMALL.encode(),
        SMALL.encode("utf-8-sig"),
        SMALL.encode("gb18030"),
        SMALL.encode("utf-16"),
        SMALL.replace("\n", "\r\n").encode("utf-8-sig"),
        SMALL.replace("name,kind,aliases,note\n", "\n name , kind,aliases,note,,\n,,,\n").encode(),
        SMALL.replace(",company,", ",公司,").replace("|", "｜").encode(),
    ],
    ids=["utf-8", "utf-8-sig", "gb18030", "utf-16", "crlf", "padded", "chinese"],
)
def test_files_are_read_as_excel_and_editors_leave_them(tmp_path: Path, data: bytes) -> None:
    import_glossary(written(tmp_path, data))
    assert export_glossary() == SMALL


def test_columns_come_in_any_order_and_may_be_left_out(tmp_path: Path) -> None:
    import_glossary(written(tmp_path, "kind,name\ncompany,台积电\n"))
    assert export_glossary() == "name,kind,aliases,note\n台积电,company,,\n"


WORDS = st.text(st.sampled_from("台积电TSMC, \"；'-+.é=@#"), min_size=1, max_size=8).map(
    lambda text: " ".join(f"{text}字".split())
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.builds(
            TermRow,
            line=st.just(0),
            name=WORDS,
            kind=st.sampled_from([kind.value for kind in Term.Kind]),
            aliases=st.lists(WORDS, max_size=3, unique=True).map(tuple),
            note=st.text(st.sampled_from('一,"\n|；= '), max_size=10).map(str.strip),
        ),
        max_size=5,
    )
)
def test_every_table_is_read_back_as_it_was_written(tmp_path: Path, rows: list[TermRow]) -> None:
    read = read_table(written(tmp_path, write_table(rows)))
    assert [(row.name, row.kind, row.aliases, row.note) for row in read] == [
        (row.name, row.kind, row.aliases, row.note) for row in rows
    ]


# --- On top of what is there ---


def test_nothing_is_deleted_without_replace(tmp_path: Path, make_term: TermMaker) -> None:
    term = make_term("台积电", "台积公司", note="编辑写的说明")
    make_term("英特尔")
    result = import_glossary(written(tmp_path, "name,kind,aliases,note\n台积电,organisation,TSMC,\n"))
    assert result == ImportResult(0, 1, 0, 0)
    assert export_glossary().splitlines()[1:] == [
        "台积电,organisation,台积公司|TSMC,编辑写的说明",
        "英特尔,company,,",
    ]
    assert Term.objects.get(name="台积电").pk == term.pk


def test_replace_makes_the_glossary_what_the_file_says(tmp_path: Path, make_term: TermMaker) -> None:
    term = make_term("台积电", "台积公司", note="编辑写的说明")
    make_term("英特尔", "CoWoS")
    assert import_glossary(written(tmp_path, SMALL), replace=True) == ImportResult(2, 1, 0, 1)
    assert export_glossary() == SMALL
    kept = Term.objects.get(name="台积电")
    assert (kept.pk, kept.slug) == (term.pk, term.slug)


def test_mentions_follow_an_import(tmp_path: Path, make_term: TermMaker, make_article: ArticleMaker) -> None:
    article = make_article("陈立武与TSMC", "英特尔")
    make_term("英特尔")
    import_glossary(written(tmp_path, SMALL), replace=True)
    assert {mention.term.name: mention.count for mention in Mention.objects.all()} == {
        "陈立武": 1,
        "台积电": 1,
    }
    assert {mention.article for mention in Mention.objects.all()} == {article}


# --- Refused, in words, all or nothing ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1: 是空的。第一行要写表头：名称,类别,别名,说明"]),
        (
            "名称,颜色\n台积电,公司\n",
            ["1: 表头是“名称,颜色”。请写成：名称,类别,别名,说明（名称、类别必须有）"],
        ),
        ("name,kind\n,company\n", ["2: 名称是空的。请填写，或删除这一行"]),
        (
            "name,kind\n台积电,company,TSMC\n",
            ["2: 有 3 格，表头只有 2 格。某一格里有逗号时，请用英文双引号把这一格括起来"],
        ),
        (
            "name,kind\n台积电,company\n\n台积电,product\n",
            ["4: 词条“台积电”在第 2 行已经有了。请把两行合成一行"],
        ),
        (
            "name,kind,aliases\n台积电,company,TSMC\n英特尔,company,ｔｓｍｃ\n",
            [
                "3: “ｔｓｍｃ”已经是词条“台积电”（第 2 行）的写法，不能再属于“英特尔”。一个写法只能属于一个词条：请从其中一个删除"
            ],
        ),
        (
            "name,kind,aliases\n格芯,company,三星電子\n",
            [
                "2: “三星電子”已经是词条“三星电子”（词库里）的写法，不能再属于“格芯”。一个写法只能属于一个词条：请从其中一个删除"
            ],
        ),
        ("name,kind,aliases\n台积电,company,。\n", ["2: “。”里没有字母、数字或汉字，在文章里找不到它。"]),
    ],
)
def test_a_fault_is_named_with_its_line_and_its_remedy(
    tmp_path: Path, make_term: TermMaker, text: str, expected: list[str]
) -> None:
    make_term("三星电子")
    assert faults(tmp_path, text) == expected
    assert Term.objects.count() == 1


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    text = 'name,kind,note\n台积电,firm,"一\n二"\n,company,\n'
    first, second = faults(tmp_path, text)
    assert first.startswith("2: “台积电”的类别是“firm”。请改成其中一个：公司、")
    assert second.startswith("4: 名称是空的")
    many = faults(tmp_path, "name,kind\n" + "台积电,firm\n" * 50)
    assert (len(many), many[-1]) == (21, "……还有 30 处")


def test_broken_quotes_are_refused_with_their_line(tmp_path: Path) -> None:
    [fault] = faults(tmp_path, 'name,kind,note\n台积电,company,\n英特尔,company,"没有关上\n')
    assert fault.startswith("3: 不是完好的 CSV")
    assert "引号" in fault


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04", "这个表格坏了"),
        (b"\x89PNG\r\n", "这不是文本"),
        (b"name,kind\n\0\0\0,company", "文字读不出来"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    assert words in faults(tmp_path, data)[0]


def test_one_fault_keeps_the_whole_file_out(tmp_path: Path, make_term: TermMaker) -> None:
    make_term("英特尔")
    faults(tmp_path, SMALL + "坏行,firm,,\n", replace=True)
    assert [term.name for term in Term.objects.all()] == ["英特尔"]


# --- Commands ---


def test_the_commands_import_and_export(tmp_path: Path) -> None:
    said = io.StringIO()
    call_command("import_glossary", written(tmp_path, SMALL), stdout=said)
    assert "新增 3 个词条，更新 0 个，未变 0 个，删去 0 个" in said.getvalue()
    printed = io.StringIO()
    call_command("export_glossary", stdout=printed)
    assert printed.getvalue() == SMALL
    call_command("export_glossary", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == SMALL.encode()


def test_the_command_says_that_nothing_was_stored(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"一个词条也没有改动：\n.*没有这个文件"):
        call_command("import_glossary", tmp_path / "不在.csv")
    with pytest.raises(CommandError, match="写不进去"):
        call_command("export_glossary", tmp_path / "没有" / "out.csv")


def test_the_rebuild_command_mends_writings_and_mentions(
    make_term: TermMaker, make_article: ArticleMaker
) -> None:
    article = make_article("TSMC")
    Alias.objects.bulk_create([Alias(term=make_term("台积电"), text="TSMC")])
    assert not article.mentions.exists()
    call_command("rebuild_mentions", stdout=io.StringIO())
    assert article.mentions.get().term.name == "台积电"


def test_examples_in_docstrings_hold() -> None:
    result = doctest.testmod(table)
    assert result.attempted > 0
    assert result.failed == 0

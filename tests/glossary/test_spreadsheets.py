"""The glossary as editors keep it in a spreadsheet: Chinese headings, their separators, .xlsx, no formulas."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from archive.formula_cells import armed, disarmed
from archive.reading.workbook import MAX_UNPACKED, read_first_sheet
from archive.refusal import ImportRefused
from glossary.exchange import export_for_editors, export_glossary, import_rows
from glossary.models import Term
from glossary.table import GlossaryRefused, TermRow, read_rows, write_table, write_table_for_editors
from tests.glossary.conftest import TermMaker
from tests.glossary.forms import confirm, upload
from tests.glossary.workbook import workbook

NAME = Path("词库.xlsx")


def only(text: str) -> TermRow:
    [row] = read_rows(text.encode(), NAME)
    return row


@pytest.mark.parametrize(
    "cell",
    ["TSMC，台积、GUC;创意；创意电子", "TSMC|台积|GUC|创意|创意电子", "TSMC｜台积｜ GUC |创意|创意电子|"],
)
def test_aliases_are_separated_as_editors_write(cell: str) -> None:
    row = only(f"名称,类别,别名,说明\n台积电,公司,{cell},代工\n")
    assert row == TermRow(2, "台积电", "company", ("TSMC", "台积", "GUC", "创意", "创意电子"), "代工")


def test_where_a_bar_stands_nothing_else_separates() -> None:
    assert only("名称,类别,别名\n甲公司,公司,北京、上海公司|乙\n").aliases == ("北京、上海公司", "乙")
    assert only("名称,类别,别名\n甲公司,公司,北京、上海公司|\n").aliases == ("北京、上海公司",)


@pytest.mark.parametrize(
    "headings",
    ["名称,类别,别名,说明", "词条,类型,其他写法,备注", "name,kind,aliases,note", "Name,Kind,Aliases,Note"],
)
def test_headings_are_read_in_both_languages(headings: str) -> None:
    assert only(f"{headings}\n铠侠,公司,Kioxia,存储\n") == TermRow(2, "铠侠", "company", ("Kioxia",), "存储")


@pytest.mark.parametrize("headings", ["名称,name,类别", "名称,别名", "名称,类别,颜色"])
def test_headings_that_are_doubled_missing_or_unknown_are_refused_in_chinese(headings: str) -> None:
    with pytest.raises(GlossaryRefused, match="请写成：名称,类别,别名,说明（名称、类别必须有）"):
        only(f"{headings}\n甲,乙,丙\n")


def test_an_excel_file_is_read_with_its_row_numbers() -> None:
    data = workbook(
        [],
        [
            ["名称", "类别", "别名"],
            ["", "", ""],
            ["铠侠", "公司", "Kioxia、东芝存储"],
            [910, "产品", "昇腾910"],
        ],
    )
    assert read_rows(data, NAME) == [
        TermRow(3, "铠侠", "company", ("Kioxia", "东芝存储")),
        TermRow(4, "910", "product", ("昇腾910",)),
    ]
    with pytest.raises(GlossaryRefused, match=":3: “台积电”的类别是“厂”"):
        read_rows(workbook([["名称", "类别"], ["铠侠", "公司"], ["台积电", "厂"]]), NAME)


@pytest.mark.parametrize("data", [b"PK\x03\x04 torn", workbook([["名称"]])[:-40], b"PK\x03\x04"])
def test_a_damaged_workbook_is_refused_with_a_remedy(data: bytes) -> None:
    with pytest.raises(ImportRefused, match="另存为"):
        read_first_sheet(data)
    with pytest.raises(GlossaryRefused, match=r"词库\.xlsx"):
        read_rows(data, NAME)


@pytest.mark.slow
def test_a_workbook_that_unpacks_to_more_than_people_write_is_refused() -> None:
    rows = [["名称", "类别"], *[["铠" * 1000, "公司"]] * 3]
    with zipfile.ZipFile(io.BytesIO(workbook(rows))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/worksheets/sheet1.xml"] += b" " * (MAX_UNPACKED + 1)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    with pytest.raises(GlossaryRefused, match="压缩炸弹"):
        read_rows(bomb.getvalue(), NAME)


WRITING = (
    st.text(alphabet="甲乙=+-@ab'、;；，,\"", min_size=1, max_size=6)
    .map(str.strip)
    .filter(lambda text: any(c.isalnum() for c in text))
)


@given(
    st.lists(
        st.tuples(
            WRITING,
            st.lists(WRITING, max_size=3, unique=True),
            st.sampled_from(["", "=1+1", "代工、封装", "'=x"]),
        )
    )
)
def test_what_is_exported_is_read_back_and_no_cell_is_a_formula(
    terms: list[tuple[str, list[str], str]],
) -> None:
    rows = [TermRow(2, name, "company", tuple(aliases), note) for name, aliases, note in terms]
    for write in (write_table, write_table_for_editors):
        text = write(rows)
        assert [row._replace(line=2) for row in read_rows(text.encode(), NAME)] == rows
        assert not any(
            cell.startswith(("=", "+", "-", "@")) for cells in csv.reader(io.StringIO(text)) for cell in cells
        )


def test_a_formula_is_text_and_a_quoted_word_stays() -> None:
    assert [disarmed(text) for text in ("=1", "+86", "-x", "@a", "台积电")] == [
        "'=1",
        "'+86",
        "'-x",
        "'@a",
        "台积电",
    ]
    assert [armed(text) for text in ("'=1", "'台积电'", "=1")] == ["=1", "'台积电'", "=1"]


@pytest.mark.django_db
def test_the_export_of_the_admin_is_chinese_and_comes_back_unchanged(
    admin_client: Client, make_term: TermMaker
) -> None:
    make_term("台积电", "TSMC", "=台积")
    text = admin_client.get("/admin/glossary/term/export.csv").content.decode("utf-8-sig")
    assert text == "名称,类别,别名,说明\n台积电,公司,TSMC|=台积,\n" == export_for_editors()
    assert import_rows(read_rows(text.encode(), NAME), NAME, replace=True).unchanged == 1
    assert export_glossary().startswith("name,kind,aliases,note\n台积电,company,")


@pytest.mark.django_db
def test_an_excel_file_is_looked_at_and_stored_in_the_admin(admin_client: Client) -> None:
    page = upload(admin_client, workbook([["名称", "类别", "别名"], ["铠侠", "公司", "Kioxia、东芝存储"]]))
    assert "会新建 <strong>1</strong> 条" in page
    confirm(admin_client, page)
    assert [str(alias) for alias in Term.objects.get(name="铠侠").aliases.all()] == ["Kioxia", "东芝存储"]

"""Pages are sent without the blanks that lines of their templates begin with; text files keep them."""

from __future__ import annotations

from django.template import engines

from tests.conftest import ROOT


def _read(name: str) -> str:
    return str(engines["django"].engine.get_template(name).source)  # type: ignore[attr-defined]


def test_a_page_has_no_indentation_and_each_line_keeps_its_number() -> None:
    source = (ROOT / "templates" / "base.html").read_text(encoding="utf-8")
    read = _read("base.html")
    assert [line.strip() for line in read.splitlines()] == [line.strip() for line in source.splitlines()]
    assert "\n " in source
    assert "\n " not in read


def test_a_mail_stays_as_it_was_written() -> None:
    name = "members/mail/alert.txt"
    assert _read(name) == (ROOT / "templates" / name).read_text(encoding="utf-8")

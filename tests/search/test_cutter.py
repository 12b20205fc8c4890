"""jieba and rjieba cut the same words, and the environment says which of them does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from itertools import pairwise

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement

from glossary.folding import fold
from search.text.cutter import CHARACTERS, load_jieba
from tests.conftest import ROOT, WEEKS

rjieba = pytest.importorskip("rjieba", reason="this platform has jieba alone")


@pytest.fixture(scope="module")
def reference() -> jieba.Tokenizer:
    return load_jieba()


@pytest.fixture(scope="module")
def dictionary(reference: jieba.Tokenizer) -> list[str]:
    return [word for word in reference.FREQ if re.fullmatch(f"[{CHARACTERS}]+", word)]


def cut_differently(reference: jieba.Tokenizer, runs: Iterable[str]) -> list[str]:
    return [
        run
        for run in runs
        if [*reference.tokenize(run, mode="search")] != rjieba.tokenize(run, "search")
        or [*reference.cut(run, HMM=False)] != rjieba.cut(run, False)
    ]


def test_the_demo_weeks_are_cut_alike(reference: jieba.Tokenizer) -> None:
    texts = [fold(path.read_text("utf-8")) for path in WEEKS.glob("*.txt")]
    runs = {run for text in texts for run in re.findall(f"[{CHARACTERS}]+", text)}
    assert len(runs) > 3000
    assert cut_differently(reference, runs) == []


def test_what_can_be_cut_in_equally_likely_ways_is_cut_alike(reference: jieba.Tokenizer) -> None:
    """In `江江江江江` two words are as likely before three as behind them: the last digit of a sum decides."""
    characters = [chr(code) for code in range(0x4E00, 0x9FD6, 9)]
    runs = [character * length for character in characters for length in (5, 7, 8)]
    assert (
        cut_differently(reference, [*runs, *(f"{one}{two}" * 3 for one, two in pairwise(characters))]) == []
    )


@given(runs=st.lists(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5), min_size=1)))
@settings(deadline=None)
def test_any_characters_are_cut_alike(reference: jieba.Tokenizer, runs: list[str]) -> None:
    assert cut_differently(reference, runs) == []


@given(places=st.lists(st.lists(st.integers(min_value=0), min_size=1)))
@settings(deadline=None)
def test_any_words_behind_each_other_are_cut_alike(
    reference: jieba.Tokenizer, dictionary: list[str], places: list[list[int]]
) -> None:
    runs = ["".join(dictionary[place % len(dictionary)] for place in run) for run in places]
    assert cut_differently(reference, runs) == []


def run_python(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name != "XWK_CUTTER"}
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=inherited | environment, capture_output=True, text=True
    )


SAY = "from search.text import analysis, cutter; print(cutter.NAME, *analysis.words('芯片制造商'))"
WITHOUT = "import sys; sys.modules['rjieba'] = None; "  # as where it is not installed: importing it fails


@pytest.mark.parametrize(
    ("program", "environment", "name"),
    [
        (SAY, {}, "rjieba"),
        (SAY, {"XWK_CUTTER": "jieba"}, "jieba"),
        (SAY, {"XWK_CUTTER": "rjieba"}, "rjieba"),
        (WITHOUT + SAY, {}, "jieba"),
    ],
)
def test_rjieba_cuts_where_it_is_installed_and_nobody_asks_for_jieba(
    program: str, environment: dict[str, str], name: str
) -> None:
    done = run_python(program, **environment)
    assert done.stdout.split() == [name, "芯片", "制造", "制造商"], done.stderr


def test_what_can_not_cut_is_refused() -> None:
    assert "XWK_CUTTER=ijeba: use jieba or rjieba" in run_python(SAY, XWK_CUTTER="ijeba").stderr
    assert "ModuleNotFoundError" in run_python(WITHOUT + SAY, XWK_CUTTER="rjieba").stderr


def test_jieba_reads_no_dictionary_that_another_user_may_have_made(tmp_path: os.PathLike[str]) -> None:
    done = run_python(SAY, XWK_CUTTER="jieba", TMPDIR=str(tmp_path))
    assert done.returncode == 0
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("system", "machine", "has_wheel"),
    [
        ("Linux", "x86_64", True),
        ("Linux", "aarch64", True),
        ("Darwin", "arm64", True),
        ("Windows", "AMD64", True),
        ("Linux", "riscv64", False),
        ("Linux", "loongarch64", False),
        ("FreeBSD", "x86_64", False),
    ],
)
def test_rjieba_is_asked_for_only_where_it_has_a_wheel(system: str, machine: str, has_wheel: bool) -> None:
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8").replace("\\\n", "\n").splitlines()
    [rjieba_line] = [line for line in pinned if line.startswith("rjieba==")]
    marker = Requirement(rjieba_line).marker
    assert marker is not None
    platform = {
        "platform_python_implementation": "CPython",
        "platform_system": system,
        "platform_machine": machine,
    }
    assert marker.evaluate(platform) is has_wheel
    assert any(line.startswith("jieba==0.42.1 ") for line in pinned)

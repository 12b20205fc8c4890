"""The audit tells holes, passes over what has a reason, and says when it could not ask."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.supply.audit import IGNORED, audit, ignored_advisories

HOLE = {
    "id": "PYSEC-2099-1",
    "aliases": ["CVE-2099-12345"],
    "summary": "invented",
    "affected": [
        {
            "package": {"name": "holed", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2.4"}]}],
        }
    ],
}


class Database(ThreadingHTTPServer):
    """A database of advisories that speaks OSV's protocol and knows one hole, of the package `holed`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[str] = []
        self.hangs = threading.Event()
        self.status = 200

    @property
    def options(self) -> list[str]:
        return ["--vulnerability-service", "osv", "--osv-url", f"http://127.0.0.1:{self.server_port}/"]


class Answer(BaseHTTPRequestHandler):
    server: Database

    def do_POST(self) -> None:
        question: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = question["package"]["name"]
        self.server.asked.append(name)
        if self.server.hangs.is_set():
            threading.Event().wait(60)
        answer = json.dumps({"vulns": [HOLE]} if name == "holed" else {}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Database() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def lock(folder: Path, *pins: str) -> Path:
    path = folder / "requirements.txt"
    path.write_text("".join(f"{pin} --hash=sha256:{'0' * 64}\n" for pin in pins), encoding="utf-8")
    return path


def test_it_asks_about_every_pinned_version(
    database: Database, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert audit([lock(tmp_path, "sound==1.0", "safe==2.0")], database.options) == 0
    assert sorted(database.asked) == ["safe", "sound"]
    assert capfd.readouterr().out == "pip-audit: no known hole in 2 packages\n"


def test_a_hole_fails_and_is_named(
    database: Database, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert audit([lock(tmp_path, "sound==1.0", "holed==1.2.3")], database.options) == 1
    assert "holed 1.2.3: PYSEC-2099-1, CVE-2099-12345; mended in 1.2.4" in capfd.readouterr().err


def test_what_has_a_reason_is_passed_over(database: Database, tmp_path: Path) -> None:
    ignored = tmp_path / "ignored.tsv"
    ignored.write_text(
        "# why\nCVE-2099-12345\t2026-11-29\tthe part with the hole is not used\n", encoding="utf-8"
    )
    pins = lock(tmp_path, "sound==1.0", "holed==1.2.3")
    assert audit([pins], database.options, ignored=ignored) == 0


@pytest.mark.parametrize(
    "line", ["CVE-2099-12345", "CVE-2099-12345\t2026-11-29\t ", "CVE-2099-12345\tsoon\tlater"]
)
def test_without_day_and_reason_nothing_is_passed_over(tmp_path: Path, line: str) -> None:
    ignored = tmp_path / "ignored.tsv"
    ignored.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"ignored\.tsv:1: write id, day"):
        ignored_advisories(ignored)


def test_ours_have_day_and_reason() -> None:
    assert len(ignored_advisories(IGNORED)) == len(set(ignored_advisories(IGNORED)))


@pytest.mark.slow
def test_without_a_database_it_says_so_and_does_not_fail(
    database: Database, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pins = lock(tmp_path, "holed==1.2.3")
    database.hangs.set()
    assert audit([pins], database.options, seconds=8) == 0
    assert "NOT CHECKED" in capfd.readouterr().out

    database.hangs.clear()
    database.status = 503
    assert audit([pins], database.options) == 0
    assert "NOT CHECKED, its database can not be reached from here" in capfd.readouterr().out

    database.shutdown()
    database.server_close()
    assert audit([pins], database.options) == 0
    assert "NOT CHECKED, its database can not be reached from here" in capfd.readouterr().out


def test_a_lock_that_can_not_be_read_fails(
    database: Database, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text("without-a-version\n", encoding="utf-8")
    assert audit([path], database.options) == 1
    assert "pip-audit failed" in capfd.readouterr().err

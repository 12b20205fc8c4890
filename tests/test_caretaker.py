"""The caretaker: chores are done when they are due, by one process, whatever goes wrong with one of them."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from archive.editing import save_issue
from archive.models import Issue
from config.caretaker import Caretaker, Chore, read_state
from search.engines import current as engine
from search.engines.whoosh.generations import IndexUnavailable
from search.indexing import care, follower, sync
from search.models import SetAside
from search.results.service import Asked, find
from tests.conftest import ROOT, WeekMaker
from tests.writing import delete, save


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Log:
    """A chore that writes down when it was done, and fails when told."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.times: list[float] = []
        self.error: Exception | None = None

    def __call__(self) -> None:
        self.times.append(self.clock())
        if self.error:
            raise self.error


@pytest.fixture
def clock() -> Clock:
    return Clock()


def caretaker_of(folder: Path, clock: Clock, *chores: Chore) -> Caretaker:
    return Caretaker(chores, folder / "lock", folder / "state.json", clock)


def test_a_chore_is_done_when_it_is_due(tmp_path: Path, clock: Clock) -> None:
    often, seldom = Log(clock), Log(clock)
    caretaker = caretaker_of(tmp_path, clock, Chore("often", 1, often), Chore("seldom", 10, seldom))
    for _ in range(15):
        caretaker.round()
        clock.now += 1
    assert len(often.times) == 15
    assert seldom.times == [1000, 1010]


def test_what_would_burden_a_start_waits_and_waits_anew_where_another_takes_over(
    tmp_path: Path, clock: Clock
) -> None:
    log = Log(clock)
    chore = Chore("later", 100, log, first_after_seconds=60)
    first, second = (caretaker_of(tmp_path, clock, chore) for _ in range(2))
    for _ in range(200):
        first.round()
        second.round()  # not on duty: it counts from when it is
        clock.now += 1
    assert log.times == [1060, 1160]
    stop = threading.Event()
    stop.set()
    first.run(stop)
    for _ in range(61):
        second.round()
        clock.now += 1
    assert log.times == [1060, 1160, 1260]


def test_an_error_is_written_down_and_stops_nothing(
    tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = Log(clock), Log(clock)
    bad.error = OSError(28, "No space left on device")
    caretaker = caretaker_of(tmp_path, clock, Chore("bad", 1, bad), Chore("good", 1, good))
    for _ in range(3):
        caretaker.round()
        clock.now += 1
    state = read_state(tmp_path / "state.json")["chores"]
    assert "No space left" in state["bad"]["error"]
    assert (len(bad.times), len(good.times), state["good"]["error"]) == (3, 3, "")
    assert len([record for record in caplog.records if "bad: failed" in record.getMessage()]) == 1
    bad.error = None
    caretaker.round()
    assert read_state(tmp_path / "state.json")["chores"]["bad"]["failures"] == 0


def test_only_one_does_what_one_should_do(tmp_path: Path, clock: Clock) -> None:
    ones, everyones = Log(clock), Log(clock)
    chores = [Chore("one", 0, ones), Chore("all", 0, everyones, in_every_process=True)]
    first, second = (caretaker_of(tmp_path, clock, *chores) for _ in range(2))
    first.round()
    second.round()
    assert (len(ones.times), len(everyones.times)) == (1, 2)
    stop = threading.Event()
    stop.set()
    first.run(stop)  # it ends, and lets go
    second.round()
    assert len(ones.times) == 2


def test_another_process_takes_over_when_the_one_on_duty_is_killed(tmp_path: Path, clock: Clock) -> None:
    code = f"""
        import django; django.setup()
        import sys, time
        from pathlib import Path
        from config.caretaker import Caretaker
        folder = Path({str(tmp_path)!r})
        caretaker = Caretaker([], folder / "lock", folder / "state.json")
        caretaker.round()
        print("on duty", flush=True)
        time.sleep(600)
    """
    log = Log(clock)
    caretaker = caretaker_of(tmp_path, clock, Chore("one", 0, log))
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        env={"PATH": "", "DJANGO_SETTINGS_MODULE": "config.settings", "XWK_DATA_DIR": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
    ) as other:
        try:
            assert other.stdout
            assert other.stdout.readline() == b"on duty\n"
            caretaker.round()
            assert log.times == []
        finally:
            other.kill()
        other.wait()
        caretaker.round()
        assert len(log.times) == 1


@pytest.mark.parametrize("content", ["", "{", "[1]", '"text"'])
def test_a_torn_state_file_is_no_state(tmp_path: Path, content: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(content)
    assert read_state(path) == {}
    assert read_state(tmp_path / "none.json") == {}


# --- What it does for the index ------------------------------------------------------------------------


class Rebuild:
    """A rebuild that takes `rounds` looks, as one in a process of its own does."""

    def __init__(self, rounds: int = 1) -> None:
        self.rounds = rounds
        self.begun = 0
        self.succeeds = True
        self._left = 0

    def __call__(self) -> bool | None:
        if not self._left:
            self.begun += 1
            self._left = self.rounds
        self._left -= 1
        if self._left:
            return None
        if self.succeeds:
            sync.rebuild()
        return self.succeeds


@pytest.fixture
def issue(transactional_db: None, make_issue: WeekMaker) -> Issue:
    return make_issue({"英特尔18A量产": "背面供电。", "台积电扩产": "先进封装。"})


def total(query: str) -> tuple[int, bool]:
    """How many articles answer, and whether the index was asked."""
    found = find(Asked(query))
    assert found is not None
    return found.total, not found.notice


def test_it_brings_in_what_a_save_left(issue: Issue) -> None:
    with FileLock(engine.backend().generations.lock_path):
        delete(issue.articles.get(position=1))
        care.Care(Rebuild()).round()  # somebody else writes: not now
        assert sync.waiting()
    care.Care(Rebuild()).round()
    assert not sync.waiting()
    assert total("英特尔") == (0, True)


def test_it_rebuilds_when_nothing_can_answer_and_once_at_a_time(issue: Issue) -> None:
    for generation in engine.backend().generations.candidates():
        (generation.path / "manifest.json").unlink()
    rebuild = Rebuild(rounds=3)
    keeper = care.Care(rebuild)
    keeper.round()
    keeper.round()
    assert (rebuild.begun, total("台积电")) == (1, (1, False))
    keeper.round()
    assert (rebuild.begun, total("台积电")) == (1, (1, True))
    keeper.round()
    assert rebuild.begun == 1


def test_it_waits_longer_after_every_rebuild_that_fails(issue: Issue) -> None:
    for generation in engine.backend().generations.candidates():
        (generation.path / "manifest.json").unlink()
    clock, rebuild = Clock(), Rebuild()
    rebuild.succeeds = False
    keeper = care.Care(rebuild, clock)
    begun = []
    for _ in range(200):
        keeper.round()
        begun.append(rebuild.begun)
        clock.now += 1
    starts = [second for second in range(1, 200) if begun[second] > begun[second - 1]]
    assert starts == [10, 30, 70, 150]
    rebuild.succeeds = True
    clock.now += care.LONGEST_PAUSE_SECONDS
    keeper.round()
    assert total("台积电") == (1, True)


def test_it_leaves_the_index_to_newer_code_that_took_over(
    issue: Issue, caplog: pytest.LogCaptureFixture
) -> None:
    """Else an old server and a new one would each build theirs, in turns, for ever."""
    care.remember_start()
    live = engine.backend().generations.live()
    sync.rebuild()
    newer = engine.backend().generations.live()
    replace(newer.manifest, fingerprint="newer").write(newer.path)
    rebuild = Rebuild()
    keeper = care.Care(rebuild)
    for _ in range(3):
        keeper.round()
    assert rebuild.begun == 0
    assert engine.backend().generations.pointed_at != live.path.name
    assert total("台积电") == (1, False)
    assert (
        len([record for record in caplog.records if "until this server is restarted" in record.getMessage()])
        == 1
    )
    care.remember_start()  # a server that is started with the old code on purpose: it takes what fits
    keeper.round()
    assert engine.backend().generations.current() == live.path
    assert total("台积电") == (1, True)


def test_it_merges_small_segments_so_that_saves_need_not(issue: Issue) -> None:
    article = issue.articles.get(position=1)
    for number in range(care.MANY_SEGMENTS + 3):
        article.source = f"来源{number}"
        save(article)
    assert len(segments()) > care.MANY_SEGMENTS
    care.Care(Rebuild()).round()
    assert len(segments()) <= 2
    assert (total("英特尔"), total("来源1")[0]) == ((1, True), 1)


def segments() -> set[str]:
    files = engine.backend().generations.live().manifest.files
    return {name.split(".")[0] for name in files if name.startswith("MAIN_")}


def test_a_save_leaves_large_work_to_a_server_that_is_there(issue: Issue) -> None:
    articles = [
        {"issue": issue, "position": number, "title": f"第{number}条", "body": "<p>铠侠</p>"}
        for number in range(3, 4 + follower.SAVE_INDEXES)
    ]
    with FileLock(engine.backend().generations.caretaker_lock_path):
        save_issue(issue, [issue.articles.model(**fields) for fields in articles])
        waiting = len(sync.waiting().numbers)
        assert waiting > follower.SAVE_INDEXES
        article = issue.articles.get(position=3)
        save(article)
        assert len(sync.waiting().numbers) == waiting + 1
    save(article)  # nobody there: it does all of it
    assert not sync.waiting()
    assert total("铠侠")[0] == len(articles)


def test_the_health_page_tells_what_waits_and_what_was_set_aside(issue: Issue, client: object) -> None:
    SetAside.objects.create(index=engine.index_name(), article_id=1, error="x", attempts=10)
    SetAside.objects.create(index="another:/machine", article_id=2, error="x", attempts=1)
    with FileLock(engine.backend().generations.lock_path):
        save(issue)
        answer = client.get("/readyz").json()  # type: ignore[attr-defined]
    assert {name: answer["search"][name] for name in ("waiting", "set_aside", "given_up", "documents")} == {
        "waiting": 2,
        "set_aside": 1,
        "given_up": 1,
        "documents": 2,
    }


def test_keeping_the_index_open_is_no_error_without_one(issue: Issue) -> None:
    (engine.backend().generations.root / "CURRENT").unlink()
    care.keep_open()
    with pytest.raises(IndexUnavailable):
        engine.backend().snapshot()

"""Readers and editors before a site of several hosts, for as long as its parts are killed, and what they were answered.

What readers ask has answers that are known: texts that nobody touches, as often as before; a text whose saving was
acknowledged, once; one whose deletion was, never again. They come at their times, whether the one before was answered
or not, so that a pause is seen for what it is.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from tests.faults.editor import Editor, Interrupted

SEARCHES_A_SECOND, SAVES_A_SECOND = 20, 2
EDITORS = 2
AT_ONCE = 64
"""Searches that may wait for their answers at the same time."""
LONGEST_WAIT = 60
SEEN_WITHIN_SECONDS = 5
"""How long after its saving a text may be not found yet. What is later is told apart; it is no wrong answer."""
KEPT_TEXTS = 3
"""An editor deletes what was written so many texts ago."""
CONSTANT = (
    "HBM4",
    "光刻机",
    "先进封装",
    "碳化硅",
    '"晶圆厂"',
    "台积电",
    "CoWoS",
    "存储 价格",
    "EDA",
    "英伟达 OR 华为",
)
NOT_FROM_THE_INDEX = "暂时不按相关度排列"
"""What a page says whose answer the database gave."""
FORM_AGAIN_SECONDS = 0.3
CALM = "nothing"
"""A phase in which nothing is done to the site."""
OK, FOUND, UNAVAILABLE = 200, 302, 503


@dataclass
class Text:
    """What an editor has written: the article, and since when it has to be found, or not any more."""

    text: str
    saved_at: float = 0.0
    deleting_at: float = float("inf")
    deleted_at: float = float("inf")

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at < float("inf")


@dataclass(eq=False)
class Answered:
    """What happened while something was done to the site."""

    name: str
    database_is_away: bool = False
    searches: int = 0
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """GETs that were answered by 5xx, or not at all."""
    unavailable: int = 0
    """GETs that were answered by 503 and a page that says so."""
    from_database: int = 0
    late: int = 0
    """Texts that were not found in time."""
    saves: int = 0
    save_seconds: list[float] = field(default_factory=list)
    sent_again: Counter[str] = field(default_factory=Counter)
    """Forms that were cut off, or answered by 5xx, by what was answered."""
    refused: list[str] = field(default_factory=list)
    """Forms that were answered by something else than that they are saved."""


class Load:
    """The readers and the editors, and what they were answered, phase by phase."""

    def __init__(
        self, address: str, editors: Sequence[Editor], issues: Sequence[int], searches: float, saves: float
    ) -> None:
        """`searches` and `saves` are how many come in a second."""
        self._address = address
        self._searches, self._saves = searches, saves
        self._editors = editors
        self._issues = issues
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._totals: dict[str, int] = {}
        self.texts: list[Text] = []
        self.phases: list[Answered] = [Answered(CALM)]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Asks and saves while inside."""
        self._totals = {query: self._total(query) for query in CONSTANT}
        assert all(self._totals.values()), self._totals
        with ThreadPoolExecutor(AT_ONCE + EDITORS + 1) as threads:
            running = [threads.submit(self._edit, number) for number in range(EDITORS)]
            running.append(threads.submit(self._read, threads))
            try:
                yield
            finally:
                self._stop.set()
                for each in running:
                    each.result()

    def begin(self, name: str, *, database_is_away: bool = False) -> Answered:
        """Counts to another phase what is asked from now on."""
        self.phases.append(Answered(name, database_is_away))
        return self.phases[-1]

    # --- Readers

    def _read(self, threads: ThreadPoolExecutor) -> None:
        chance = random.Random(1)
        for _ in self._beats(self._searches):
            threads.submit(self._search, self.phases[-1], chance.random())

    def _search(self, phase: Answered, number: float) -> None:
        chance = random.Random(number)
        known = self.texts[-20:]
        text = chance.choice(known) if known and chance.random() < 0.4 else None
        query = f'"{text.text}"' if text else chance.choice(CONSTANT)
        is_page = chance.random() < 0.5
        started = time.monotonic()
        status, body = self._get("/search/" if is_page else "/api/v1/search", query)
        now = time.monotonic()
        with self._lock:
            phase = self._phase_of(phase, is_unavailable=status == UNAVAILABLE)
            phase.searches += 1
            phase.seconds.append(now - started)
            if status == UNAVAILABLE and "<html" in body:
                phase.unavailable += 1
            elif status != OK:
                phase.errors.append(f"{status} for {query}: {body[:200]}")
            elif is_page:
                phase.from_database += NOT_FROM_THE_INDEX in body
                if text is None and "搜索" not in body:
                    phase.wrong.append(f"no page of results for {query}")
            else:
                self._judge(phase, query, text, json.loads(body)["total"], started, now)

    def _judge(
        self, phase: Answered, query: str, text: Text | None, total: int, started: float, now: float
    ) -> None:
        if text is None:
            if total != self._totals[query]:
                phase.wrong.append(f"{total} for {query} in place of {self._totals[query]}")
        elif text.deleted_at < started:
            if total:
                phase.wrong.append(f"{text.text} is deleted, and found")
        elif text.deleting_at < now:
            pass  # it may be gone by now
        elif total > 1:
            phase.wrong.append(f"{text.text} is found {total} times")
        elif not total and text.saved_at < started - SEEN_WITHIN_SECONDS:
            phase.late += 1

    def _phase_of(self, begun: Answered, *, is_unavailable: bool = False) -> Answered:
        """What something counts to that began in this phase: the next one, if nothing was done to the site before.

        What was long on its way may have met a database that went away meanwhile.
        """
        if is_unavailable:
            since = self.phases[self.phases.index(begun) :]
            return next((phase for phase in since if phase.database_is_away), begun)
        return self.phases[-1] if begun.name == CALM else begun

    def _total(self, query: str) -> int:
        status, body = self._get("/api/v1/search", query)
        assert status == OK, body
        return int(json.loads(body)["total"])

    def _get(self, path: str, query: str) -> tuple[int, str]:
        """Returns the status and the text of an answer; 0 and the error when there was none."""
        connection = http.client.HTTPConnection(self._address, timeout=LONGEST_WAIT)
        try:
            connection.request("GET", f"{path}?{urlencode({'q': query}, quote_via=quote)}")
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            return 0, repr(error)
        finally:
            connection.close()

    # --- Editors

    def _edit(self, number: int) -> None:
        """Writes articles, each with a text of its own, and deletes those that it wrote some time ago."""
        editor, issue = self._editors[number], self._issues[number]
        written: list[Text] = []
        for _ in self._beats(self._saves / EDITORS):
            if len(written) > KEPT_TEXTS:
                text = written.pop(0)
                text.deleting_at = time.monotonic()
                article = self._article_of(text)
                self._save(editor, f"/admin/archive/article/{article}/delete/", {"post": "yes"})
                text.deleted_at = time.monotonic()
            else:
                text = Text(f"编辑{number}写下的第{len(self.texts)}甲{len(written)}乙条")
                path = f"/admin/archive/article/add/?issue={issue}"
                position = str(10 + len(self.texts))
                fields = {"position": position, "title": text.text, "body": f"<p>{text.text}。</p>"}
                self._save(editor, path, {**fields, "_save": "保存"})
                text.saved_at = time.monotonic()
                written.append(text)
                self.texts.append(text)

    def _article_of(self, text: Text) -> int:
        """Returns the id of an article, as soon as a search finds it."""
        while True:
            status, body = self._get("/api/v1/search", f'"{text.text}"')
            if status == OK and (found := json.loads(body)["results"]):
                return int(found[0]["id"])
            time.sleep(0.1)

    def _save(self, editor: Editor, path: str, fields: dict[str, str]) -> None:
        """Sends a form until its saving is acknowledged: the same form each time, as a browser does on a reload."""
        form = self._form(editor, path)
        while True:
            phase, started = self.phases[-1], time.monotonic()
            try:
                status, page = editor.post(path, {**form, **fields})
            except Interrupted as interrupted:
                status, page = 0, str(interrupted)
            phase = self._phase_of(phase, is_unavailable=status == UNAVAILABLE)
            if status == FOUND:
                phase.saves += 1
                phase.save_seconds.append(time.monotonic() - started)
                return
            if status == 0 or status >= 500:
                phase.sent_again[str(status or "cut off")] += 1
            else:
                phase.refused.append(f"{status} for {path}: {_said(page)}")
                return
            time.sleep(FORM_AGAIN_SECONDS)

    def _form(self, editor: Editor, path: str) -> dict[str, str]:
        while True:
            phase = self.phases[-1]
            try:
                return editor.form(path)
            except (LookupError, Interrupted) as error:
                is_unavailable = f": {UNAVAILABLE}, " in str(error)
                phase = self._phase_of(phase, is_unavailable=is_unavailable)
                if is_unavailable:
                    phase.unavailable += 1
                else:
                    phase.errors.append(f"a form: {error!r}")
                time.sleep(FORM_AGAIN_SECONDS)

    def _beats(self, a_second: float) -> Iterator[None]:
        """Yields at its times until it is stopped; those that were missed at once."""
        begun = time.monotonic()
        number = 0
        while not self._stop.wait(max(0.0, begun + number / a_second - time.monotonic())):
            number += 1
            yield


def _said(page: str) -> str:
    """What a page says went wrong."""
    start = page.find("errornote")
    return page[start : start + 400]

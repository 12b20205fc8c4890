"""Files of the index that are cut, zeroed, changed by a bit or gone: noticed, answered, mended.

Each time a fresh process asks first, as one that starts: it must answer from the database, with a true message. Then
the command that the message names is run. In a served site nobody runs anything: there the worker mends it.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.processes import difference, forked, main, prepare_archive
from tests.server.site import Site
from tests.writing import save

ARTICLES = 24
HEALED_WITHIN_SECONDS = 600


def cut(path: Path, chance: random.Random) -> None:
    os.truncate(path, chance.randrange(path.stat().st_size))


def zero(path: Path, chance: random.Random) -> None:
    """Zeroes a part of the file, like a sector that was never written."""
    size = path.stat().st_size
    start = chance.randrange(size)
    with path.open("r+b") as file:
        file.seek(start)
        before = file.read(4096)
        file.seek(start)
        file.write(bytes(len(before)))
    if not any(before):  # it was zero before: no damage
        flip(path, chance)


def flip(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def delete(path: Path, chance: random.Random) -> None:
    path.unlink()


DAMAGES: dict[str, Callable[[Path, random.Random], None]] = {
    "cut short": cut,
    "partly zeroed": zero,
    "one bit changed": flip,
    "deleted": delete,
}


def run(files: int, served: int, seed: int = 2) -> dict[str, Any]:
    chance = random.Random(seed)
    forked(_prepare)
    index = Path(os.environ["XWK_DATA_DIR"]) / "index"
    sums: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    odd: list[str] = []
    pristine = index.with_name("pristine")
    shutil.copytree(index, pristine)
    for number in range(files):
        file, damage = _pick(index, chance, number), chance.choice(sorted(DAMAGES))
        DAMAGES[damage](file, chance)
        asked = forked(_ask)
        command = re.search(r"manage\.py (\w+)", asked.pop("index"))
        if asked != {"errors": 0, "total": ARTICLES, "has_notice": True, "ready": 503} or not command:
            odd.append(f"{damage}: {file.relative_to(index)}: {asked}, {command}")
        else:
            sums["noticed, answered from the database"] += 1
            sums["mended by the command"] += forked(lambda: _mend(command[1]))  # noqa: B023
        kinds[f"{_kind(file)} {damage}"] += 1
        shutil.rmtree(index)
        shutil.copytree(pristine, index)
    return {
        "files": files,
        **sums,
        "odd": odd,
        "kinds": len(kinds),
        **(_heal_served(served, chance) if served else {}),
    }


def _prepare() -> None:
    from django.core.management import call_command

    from archive.models import Article

    prepare_archive(issues=4, articles=ARTICLES // 4)
    call_command("collectstatic", interactive=False, verbosity=0)
    save(Article.objects.first())  # type: ignore[union-attr]  # a second segment, a compound one


def _pick(index: Path, chance: random.Random, number: int) -> Path:
    """Chooses a file of the live index, each kind in its turn, because some kinds have many more files."""
    [root] = index.glob("v*")
    try:
        live = root / (root / "CURRENT").read_text().strip()
        files = [root / "CURRENT", *live.iterdir()]
    except (OSError, ValueError):
        files = [path for path in root.glob("2*/*") if path.is_file()]
    kinds = sorted({_kind(path) for path in files if path.stat().st_size})
    kind = kinds[number % len(kinds)]
    return chance.choice(sorted(path for path in files if _kind(path) == kind))


def _kind(path: Path) -> str:
    return path.suffix or path.name


def _ask() -> dict[str, Any]:
    """Asks page, API and `/readyz` of a process that has read nothing yet."""
    from django.test import Client

    client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
    page = client.get("/search/", {"q": "共同的话"})
    api = client.get("/api/v1/search", {"q": "共同的话"})
    ready = client.get("/readyz")
    others = [
        client.get("/api/v1/suggest", {"q": "共同"}),
        client.get("/search/", {"q": "没有的", "explain": 1}),
    ]
    statuses = [answer.status_code for answer in (page, api, *others)]
    return {
        "errors": sum(status >= 500 for status in statuses),
        "total": api.json()["total"],
        "has_notice": "不按相关度排列" in page.content.decode(),
        "ready": ready.status_code,
        "index": ready.json()["index"],
    }


def _mend(command: str) -> int:
    """Runs the command; 1 when the index answers again and is what the archive holds."""
    from django.core.management import call_command

    from search.indexing.state import index_state
    from search.results.request import SearchRequest
    from search.results.service import find

    call_command(command, verbosity=0)
    found = find(SearchRequest("共同的话"))
    is_back = found is not None and (found.total, found.notice) == (ARTICLES, "")
    return int(is_back and index_state().is_ready and not any(difference().values()))


def _heal_served(times: int, chance: random.Random) -> dict[str, Any]:
    """Damages the files below a running server, and asks it until the files are whole again."""
    site = Site.in_folder(Path(os.environ["XWK_DATA_DIR"]))
    index = site.data / "index"
    statuses: Counter[int] = Counter()
    seconds, wrong, unsaid = [], 0, 0
    site.manage("set_up")
    with site.served():
        for number in range(times):
            _until_whole()
            file, damage = _pick(index, chance, number), chance.choice(sorted(DAMAGES))
            said = len(site.log)
            DAMAGES[damage](file, chance)
            started = time.monotonic()
            while True:
                for path in ("/search/?q=共同的话", "/api/v1/search?q=共同的话", "/api/v1/suggest?q=共同"):
                    answer = site.get(path)
                    statuses[answer.status] += 1
                    if path.startswith("/api/v1/search"):
                        wrong += answer.json()["total"] != ARTICLES
                if forked(_is_whole) or time.monotonic() - started > HEALED_WITHIN_SECONDS:
                    break
                time.sleep(0.1)
            seconds.append(round(time.monotonic() - started, 1))
            unsaid += "search index" not in site.log[said:]
    return {
        "served": times,
        "answers": sum(statuses.values()),
        "errors_5xx": sum(count for status, count in statuses.items() if status >= 500),
        "wrong_answers": wrong,
        "not_in_the_log": unsaid,
        "healed_seconds": {"median": sorted(seconds)[len(seconds) // 2], "worst": max(seconds)},
        **forked(difference),
    }


def _until_whole() -> None:
    while not forked(_is_whole):
        time.sleep(0.1)


def _is_whole() -> bool:
    """Whether a process that starts now finds every file as it was committed."""
    from search.engines.base import IndexUnavailable
    from search.engines.registry import current_engine

    try:
        live = current_engine().generations.live()
    except IndexUnavailable:
        return False
    return not live.manifest.changed(live.path)


if __name__ == "__main__":
    main(run)

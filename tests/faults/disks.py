"""Disks that are full and folders that can not be written, really: a small tmpfs, and a user without rights.

A mount needs a mount namespace of its own (`unshare`). Where that is refused, the figures say so, and the full disk is
a limit on the size of files (tests/search/test_crashes.py).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.faults.editor import Form
from tests.faults.processes import difference, forked, main, prepare_archive
from tests.writing import save

ROOT = Path(__file__).resolve().parent.parent.parent


def run(times: int) -> dict[str, Any]:
    return {
        "index_disk": _on_small_disk("index", times),
        "whole_disk": _on_small_disk("", times),
        "read_only": _without_rights(),
    }


def _on_small_disk(folder: str, times: int) -> dict[str, int] | None:
    """Runs `full` with a disk of 4 MB mounted at a folder of the data directory; None where nobody may mount."""
    home = Path(os.environ["XWK_DATA_DIR"]) / f"small-{folder or 'all'}"
    disk = home / folder
    disk.mkdir(parents=True)
    mount = 'mount -t tmpfs -o size=4m,mode=0700 tmpfs "$0" && exec "$@"'
    if subprocess.run(
        ["unshare", "-rm", "sh", "-c", mount, str(disk), "true"], capture_output=True, check=False
    ).returncode:
        return None
    asked = json.dumps({"part": "full", "disk": str(disk), "times": times})
    return _printed(
        ["unshare", "-rm", "sh", "-c", mount, str(disk), sys.executable, "-m", "tests.faults.disks", asked],
        home,
    )


def _without_rights() -> dict[str, int]:
    """In a service whose index folder was made read-only. Root is allowed everything, so it gives that right up."""
    home = Path(os.environ["XWK_DATA_DIR"]) / "read-only"
    command = [sys.executable, "-m", "tests.faults.disks", '{"part": "read_only"}']
    if os.geteuid() == 0:
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    return _printed(command, home)


def _printed(command: list[str], home: Path) -> dict[str, int]:
    done = subprocess.run(
        command,
        cwd=ROOT,
        # DEBUG: pages then need no collected static files, for which there would be no room.
        env={**os.environ, "XWK_DATA_DIR": str(home), "DEBUG": "true"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    printed: dict[str, int] = json.loads(done.stdout)
    return printed


# --- In the process that has that disk -----------------------------------------------------------------


def full(disk: str, times: int) -> dict[str, int]:
    """Fills the disk up, saves, withdraws and searches, makes room again; looks at what became of it."""
    forked(lambda: prepare_archive(issues=3, articles=5))
    session = forked(_log_in)
    sums: dict[str, int] = {}
    for number in range(times):
        filling = Path(disk) / "filling"
        _fill(filling, leave_bytes=number % 4 * 3000)
        made = forked(lambda: _save_and_search(number, session))  # noqa: B023
        filling.unlink()
        made |= forked(_after)
        sums = {name: sums.get(name, 0) + made[name] for name in made}
    return sums


def _fill(path: Path, leave_bytes: int) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            size = file.tell()
        file.truncate(max(0, size - leave_bytes))


def _log_in() -> str:
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    client.force_login(User.objects.create_superuser("editor"))
    return client.cookies["sessionid"].value


def _save_in_admin(number: int, session: str) -> dict[str, int]:
    """Sends an article's form. It is stored, or a page says that it is not and the article is as it was."""
    from django.test import Client

    from archive.models import Article

    article = Article.objects.published().last()
    assert article is not None
    client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
    client.cookies["sessionid"] = session
    address = f"/admin/archive/article/{article.pk}/change/"
    form = Form()
    form.feed(client.get(address).content.decode())
    source = f"在管理页存的{number}" * 20
    answer = client.post(address, {**dict(form.fields), "source": source})
    is_stored = Article.objects.get(pk=article.pk).source == source
    says_so = answer.status_code in (503, 507) and "没有保存" in answer.content.decode()
    return {
        "admin_refused_and_said": int(says_so and not is_stored),
        "admin_otherwise": int(not (answer.status_code == 302 if is_stored else says_so)),
    }


def _save_and_search(number: int, session: str) -> dict[str, int]:
    from django.db import OperationalError
    from django.test import Client

    from archive.models import Article
    from search.engines.base import IndexUnavailable
    from search.indexing import sync

    article = Article.objects.published().first()
    assert article is not None
    before, text = article.body, f"<p>共同的话，满{number}。</p>" + "<p>长</p>" * 3000
    article.body = text
    try:
        save(article)
        refused = 0
    except OperationalError:
        refused = 1
    kept = Article.objects.get(pk=article.pk).body
    is_whole = kept == (before if refused else text)
    try:
        sync.rebuild()
        built = 1
    except (OSError, OperationalError, IndexUnavailable):
        built = 0
    in_admin = _save_in_admin(number, session)
    client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
    answers = [
        client.get("/api/v1/search", {"q": "共同的话"}),
        client.get("/search/", {"q": "共同"}),
        client.get("/issues/"),
    ]
    return {
        **in_admin,
        "saves": 1,
        "saves_refused_whole": refused,
        "half_saves": int(not is_whole),
        "rebuilds_on_a_full_disk": built,
        "answers_5xx": sum(answer.status_code >= 500 for answer in answers),
        "wrong_answers": int(answers[0].json()["total"] != Article.objects.published().count()),
    }


def _after() -> dict[str, int]:
    """Does what the worker does every second, once there is room again."""
    from search.tasks import IndexUpkeep

    upkeep = IndexUpkeep()
    upkeep.round()
    upkeep.end()
    return difference()


def read_only() -> dict[str, int]:
    forked(lambda: prepare_archive(issues=3, articles=5))
    session = forked(_log_in)
    index = Path(os.environ["XWK_DATA_DIR"]) / "index"
    for path in [*index.rglob("*"), index]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    made = forked(lambda: _save_and_search(0, session))
    for path in [index, *index.rglob("*")]:
        path.chmod(0o700)
    return {**made, **forked(_after)}


def part(part: str = "", **counts: Any) -> dict[str, Any]:
    """All of it, or what the process with that disk does."""
    return {"full": full, "read_only": read_only}[part](**counts) if part else run(**counts)


if __name__ == "__main__":
    main(part)

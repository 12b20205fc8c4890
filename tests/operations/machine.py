"""A clean machine for a while, and docs/operations.md done on it, block for block, as it stands.

    unshare --mount --net --pid --fork python -m tests.operations.machine

This machine's files seen through an overlay that is thrown away, in namespaces of its own: what root does there is done
to nothing here. Not of the page: Python's packages are those of this checkout (`make install` finds them there), and
`systemctl` is tests/operations/systemctl. Exits with 1 at the first block that does not work, having printed all of it.
"""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.cluster import s3
from tests.operations.page import ROOT, Block, blocks
from tests.waiting import until

WEEKS = ROOT / "fixtures" / "weeks"
REPOSITORY = Path("/srv/xinwenku.git")
ANSWERS = {
    "createsuperuser": ["admin", "admin@example.org", "long enough 2", "long enough 2"],
    "createuser": ["PASSWORD", "PASSWORD"],
}
"""What is typed at the prompts of a block that has this command."""
CTRL_C = b"\x03"
ENDED_BY_CTRL_C = 130
MANAGE = "cd /opt/xinwenku && runuser -u xinwenku -- .venv/bin/python manage.py"
ACCOUNT = "from django.contrib.auth.models import User; User.objects.create_user('NAME', 'name@example.org')"


class Failed(Exception):
    """A block that does not work."""


def enter() -> None:
    """Goes to the clean machine: from now on every path of this process is one of its."""
    place = Path("/mnt")  # in this namespace alone
    run("mount", "-t", "tmpfs", "tmpfs", str(place))
    for name in ("upper", "work", "root"):
        (place / name).mkdir()
    root = place / "root"
    layers = f"lowerdir=/,upperdir={place / 'upper'},workdir={place / 'work'}"
    run("mount", "-t", "overlay", "overlay", "-o", layers, str(root))
    run("mount", "-t", "proc", "proc", str(root / "proc"))
    for name in ("dev", "sys"):
        run("mount", "--rbind", f"/{name}", str(root / name))
    run("ip", "link", "set", "lo", "up")
    os.chroot(root)
    os.chdir("/")


def furnish() -> None:
    """What is there before the page begins: a repository, Python for everybody, systemctl, a certificate."""
    files = (
        subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"],
            check=True,
            capture_output=True,
        )
        .stdout.decode()
        .split("\0")
    )
    for name in filter(None, files):
        if (ROOT / name).is_file():
            (REPOSITORY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, REPOSITORY / name)
    git = ["git", "-C", str(REPOSITORY), "-c", "user.name=n", "-c", "user.email=e@example.org"]
    version = next(found[1] for block in blocks() if (found := re.search(r"git checkout (\S+)", block.text)))
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "The site"], ["tag", version]):
        run(*git, *command)
    python = Path(sys.executable).resolve()
    for folder in (*python.parents, *ROOT.parents, ROOT):
        folder.chmod(folder.stat().st_mode | 0o055)
    shim = Path("/usr/local/sbin/systemctl")
    source = (ROOT / "tests" / "operations" / "systemctl.py").read_text(encoding="utf-8")
    shim.write_text(f"#!{python}\n{source}", encoding="utf-8")
    shim.chmod(0o755)
    run(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=digest.example.org",
        "-keyout", "/etc/ssl/digest.example.org.key", "-out", "/etc/ssl/digest.example.org.crt",
    )  # fmt: skip


def before(block: Block) -> None:
    """What the page takes for granted at this block."""
    text = block.text
    if "make install" in text and not Path("/opt/xinwenku/.venv").exists():
        Path("/opt/xinwenku/.venv").symlink_to((ROOT / ".venv").resolve())
        Path("/opt/xinwenku/.venv/.installed").touch()
    if "/path/to/old/weeks" in text:
        Path("/path/to/old/weeks").mkdir(parents=True)
        shutil.copy(min(WEEKS.iterdir()), "/path/to/old/weeks")
    if "password-link NAME" in text:
        shell(f'{MANAGE} shell --no-imports -v 0 -c "{ACCOUNT}"')
    if (named := re.search(r"/backup/xinwenku-\d{8}-\d{6}\.zip", text)) and not Path(named[0]).exists():
        shutil.copy("/backup/before.zip", named[0])
        shutil.chown(named[0], "xinwenku", "xinwenku")
    if "createuser" in text:
        run("pg_ctlcluster", max(os.listdir("/etc/postgresql")), "main", "start")
    if "s3://KEY:SECRET@figures" in text:
        start_s3()


def after(block: Block) -> None:
    """What is true when this block has worked."""
    if "systemctl" in block.text and "stop" not in block.text.splitlines()[-1]:
        until(serves, "an answer of the service")
        ready = json.loads(ask(8000, "/readyz") or "{}")
        assert (ready["database"], ready["index"]) == ("ok", "ok"), ready
        until(lambda: not json.loads(ask(8000, "/readyz") or "{}")["worker"]["warning"], "a worker")
        assert ready["search"]["documents"] == articles(), ready
    for setting, service in (("CACHE_URL", "cache"), ("MEDIA_STORAGE_URL", "figures")):
        if setting in block.text:
            assert json.loads(ask(8000, "/readyz") or "{}")[service] == "ok"


def start_s3() -> None:
    """Runs the store that the page takes for granted, with its empty bucket, at the page's address."""
    folder = Path("/srv/s3")
    store = s3.Server(folder, port=7070)
    store.access, store.secret = "KEY", "SECRET"
    folder.mkdir()
    store.start()


def serves() -> bool:
    """Whether the service answers. Raises Failed when its process is gone."""
    if not any(b"gunicorn" in path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")):
        raise Failed("the server has ended")
    return ask(8000, "/readyz") is not None


def articles() -> int:
    """How many articles the week has that was imported."""
    said = shell(f"{MANAGE} check_index")
    found = re.search(r"are equal: (\d+) articles", said)
    assert found, said
    return int(found[1])


def do(block: Block) -> None:
    """Runs commands, or puts a file where the page says and has its own program check it."""
    if block.kind == "sh":
        before(block)
        shell(block.text)
        after(block)
    elif block.kind == "ini" and block.file.endswith(".service"):
        Path(block.file).write_text(block.text, encoding="utf-8")
        if shutil.which("systemd-analyze"):
            run("systemd-analyze", "verify", "--man=no", block.file)
    elif block.kind == "nginx" and shutil.which("nginx"):
        Path(f"/etc/nginx/conf.d/block-{block.line}.conf").write_text(block.text, encoding="utf-8")
        run("nginx", "-t", "-q")


def shell(text: str) -> str:
    """Runs commands in a new log-in shell of root's, on a terminal, and returns what it printed."""
    answers = next(
        (
            list(typed)
            for command, typed in ANSWERS.items()
            if f"{command} " in text or f"{command}\n" in text
        ),
        [],
    )
    serves = "gunicorn config.wsgi" in text
    pid, terminal = pty.fork()
    if pid == 0:
        environment = {
            "HOME": "/root", "TERM": "dumb", "LANG": "C.UTF-8", "REPOSITORY": str(REPOSITORY),
            "PATH": f"/usr/local/sbin:{Path(sys.executable).resolve().parent}:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        }  # fmt: skip
        os.chdir("/root")
        os.execve("/bin/bash", ["bash", "-e", "-c", text], environment)  # noqa: S606
    if serves:
        threading.Thread(target=look_at_drill, args=(terminal,), daemon=True).start()
    printed, answered = b"", 0
    while True:
        if select.select([terminal], [], [], 0.3)[0]:
            try:
                printed += os.read(terminal, 65536)
            except OSError:  # the other end is closed
                break
        elif answers and len(printed) > answered and re.search(rb"(?::|\xef\xbc\x9a) ?$", printed):
            answered = len(printed) + len(answers[0])
            os.write(terminal, f"{answers.pop(0)}\n".encode())
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    said = printed.decode(errors="replace")
    if code not in ((0, ENDED_BY_CTRL_C, -signal.SIGINT) if serves else (0,)):
        raise Failed(f"exit code {code}\n{said}")
    if serves and "/search/ is 200" not in LOOKED:
        raise Failed(f"the drill's site was not seen: {LOOKED}\n{said}")
    return said


LOOKED: list[str] = []


def look_at_drill(terminal: int) -> None:
    """Looks at the site of the drill as a person would, and ends it."""
    until(lambda: ask(8001, "/healthz") is not None, "the drill's site")
    paths = ("/", "/search/?q=HBM", "/account/login/")
    LOOKED.extend(f"{path.partition('?')[0]} is 200" for path in paths if ask(8001, path))
    os.write(terminal, CTRL_C)


def ask(port: int, path: str) -> str | None:
    """Asks the site; None when it does not answer, or not by 200."""
    try:
        with urlopen(Request(f"http://127.0.0.1:{port}{path}"), timeout=600) as answer:
            return str(answer.read().decode()) if answer.status == 200 else None
    except (URLError, ConnectionError):
        return None


def run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", errors="replace")
    if done.returncode:
        raise Failed(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")


@contextmanager
def everything_ended() -> Iterator[None]:
    try:
        yield
    finally:
        for unit in Path("/run/units").glob("*"):
            subprocess.run(["/usr/local/sbin/systemctl", "stop", unit.name], check=False)


def main() -> int:
    enter()
    furnish()
    with everything_ended():
        for block in blocks():
            began = time.monotonic()
            try:
                do(block)
            except (Failed, AssertionError) as error:
                logs = "".join(path.read_text() for path in Path("/var/log").glob("xinwenku*.log"))
                print(f"docs/operations.md:{block.line}: does not work\n{block.text}\n{error}\n{logs}")
                return 1
            print(
                f"docs/operations.md:{block.line}: {block.kind} works ({time.monotonic() - began:.0f} s)",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())

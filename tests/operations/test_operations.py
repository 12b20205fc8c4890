"""Operations work as they are written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.cluster import s3
from tests.cluster.starting import CanNotStart
from tests.conftest import ROOT
from tests.operations.page import KINDS, blocks

MAY_ENTER = (
    os.geteuid() == 0
    and bool(shutil.which("unshare"))
    and subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "true"], check=False).returncode
    == 0
)
"""Whether this machine lets us make a clean one."""
NEEDED = ("nginx", "systemd-analyze", "pg_ctlcluster", "redis-server", "openssl", "ip")


def test_every_block_says_what_it_is_and_commands_are_bash() -> None:
    found = blocks()
    assert {block.kind for block in found} <= KINDS
    commands = [block for block in found if block.kind == "sh"]
    assert len(commands) > 8
    for block in commands:
        done = subprocess.run(
            ["bash", "-n"], input=block.text, check=False, capture_output=True, encoding="utf-8"
        )
        assert (done.returncode, done.stderr) == (0, ""), f"docs/operations.md:{block.line}"


def test_every_command_of_ours_is_run_as_the_services_user() -> None:
    """A file that root made in the data directory stops the service; a shell of root's knows nothing of its settings."""
    lines = [line for block in blocks() if block.kind == "sh" for line in block.text.splitlines()]
    ours = [line for line in lines if re.search(r"manage\.py|gunicorn", line)]
    assert len(ours) > 15
    assert [
        line
        for line in ours
        if not re.match(r"runuser -u xinwenku -- |  \.venv/bin/python manage\.py restore", line)
    ] == []


@pytest.mark.nightly
@pytest.mark.server
@pytest.mark.skipif(not MAY_ENTER, reason="needs root, and leave to make namespaces")
@pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason=f"needs {', '.join(NEEDED)}")
def test_every_block_works_on_a_clean_machine() -> None:
    try:
        s3.program()  # out here, where Go may fetch it
    except CanNotStart as error:
        pytest.skip(str(error))
    commands = [block for block in blocks() if block.kind == "sh"]  # before: the page may be edited meanwhile
    done = subprocess.run(
        [
            "unshare",
            "--mount",
            "--net",
            "--pid",
            "--fork",
            "--kill-child",
            sys.executable,
            "-m",
            "tests.operations.machine",
        ],
        cwd=ROOT,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-4000:]
    assert done.stdout.count(" sh works") == len(commands)

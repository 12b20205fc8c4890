"""What systemctl is on the clean machine: it starts and stops the units that the page has written, and those of packages, and no more.

Installed as /usr/local/sbin/systemctl. Of a unit it follows User, EnvironmentFile, WorkingDirectory, ExecStartPre,
ExecStart, RuntimeDirectory, Wants and PartOf.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

UNITS = Path("/etc/systemd/system")
OF_PACKAGES = Path("/lib/systemd/system")
RUNNING = Path("/run/units")


def lines(unit: str, name: str) -> list[str]:
    own, of_package = (folder / f"{unit}.service" for folder in (UNITS, OF_PACKAGES))
    text = (own if own.exists() else of_package).read_text(encoding="utf-8")
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{name}=")]


def start(unit: str) -> None:
    for wanted in lines(unit, "Wants"):
        start(wanted.removesuffix(".service"))
    if (RUNNING / unit).exists():
        return
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    for file in lines(unit, "EnvironmentFile"):
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            environment[name] = value.strip("'\"")
    as_user = ["/usr/sbin/runuser", "-u", lines(unit, "User")[0], "--"]
    options = {"cwd": [*lines(unit, "WorkingDirectory"), "/"][0], "env": environment}
    for name in lines(unit, "RuntimeDirectory"):
        Path(f"/run/{name}").mkdir(exist_ok=True)
        shutil.chown(f"/run/{name}", lines(unit, "User")[0])
    for command in lines(unit, "ExecStartPre"):
        subprocess.run([*as_user, *command.split()], check=True, **options)  # type: ignore[call-overload]
    with Path(f"/var/log/{unit}.log").open("ab") as log:
        process = subprocess.Popen(
            [*as_user, *lines(unit, "ExecStart")[0].split()],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **options,  # type: ignore[call-overload]
        )
    (RUNNING / unit).write_text(str(process.pid), encoding="ascii")


def stop(unit: str) -> None:
    if not (RUNNING / unit).exists():
        return
    pid = int((RUNNING / unit).read_text(encoding="ascii"))
    os.killpg(pid, signal.SIGTERM)
    while Path(f"/proc/{pid}").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z":
        time.sleep(0.05)
    (RUNNING / unit).unlink()


def parts_of(unit: str) -> list[str]:
    """Returns the units that are restarted with this one."""
    others = [path.stem for path in UNITS.glob("*.service") if not path.is_symlink()]
    return [other for other in others if f"{unit}.service" in lines(other, "PartOf")]


def main(verb: str, *named: str) -> None:
    RUNNING.mkdir(exist_ok=True)
    units = [unit for unit in named if not unit.startswith("-")]
    if verb in ("stop", "restart"):
        for unit in units:
            for each in (unit, *parts_of(unit)):
                stop(each)
    if verb in ("enable", "start", "restart"):
        for unit in units:
            start(unit)
    elif verb not in ("stop", "daemon-reload"):
        sys.exit(f"systemctl {verb} is not known here")


if __name__ == "__main__":
    main(*sys.argv[1:])

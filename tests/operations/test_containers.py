"""Containerfile and compose.yaml, as far as they can be told right without building them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from config import settings as site_settings
from tests.conftest import ROOT

CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
OURS = {"site", "worker"}


@pytest.fixture
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return read


def documented() -> set[str]:
    """The variables that .env.example has."""
    return set(
        re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    )


def test_hadolint_finds_nothing() -> None:
    program = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [program, "Containerfile"], cwd=ROOT, check=False, capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_images_are_of_a_version_and_of_no_registry_of_ours(compose: dict[str, Any]) -> None:
    named = re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    named += [service["image"] for name, service in compose["services"].items() if name not in OURS]
    assert len(named) == 4
    for image in named:
        assert re.fullmatch(r"[a-z]+:\d[\w.-]*", image), image


def test_the_site_runs_as_its_own_user_and_what_it_writes_are_volumes(compose: dict[str, Any]) -> None:
    assert re.findall(r"^USER (\S+)", CONTAINERFILE, re.MULTILINE) == ["10001:10001"]
    assert "--uid 10001 --gid xinwenku" in CONTAINERFILE
    assert "--gid 10001 xinwenku" in CONTAINERFILE
    places = set(re.findall(r'"(/[^"]+)"', re.findall(r"^VOLUME (.*)", CONTAINERFILE, re.MULTILINE)[0]))
    for name in OURS:
        service = compose["services"][name]
        assert {volume.split(":")[1] for volume in service["volumes"]} == places
        assert {volume.split(":")[0] for volume in service["volumes"]} <= compose["volumes"].keys()
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    for name in ("XWK_DATA_DIR", "BACKUP_DIR"):
        assert re.search(rf"{name}=(\S+)", CONTAINERFILE)[1] in places  # type: ignore[index]


def test_every_variable_is_one_of_the_site_and_secrets_have_no_default(compose: dict[str, Any]) -> None:
    for name in OURS:
        assert compose["services"][name]["env_file"] == ".env", "other variables of the site may stand there"
        environment = compose["services"][name]["environment"]
        assert environment.keys() <= documented()
        assert {"SECRET_KEY", "DATABASE_URL", "CACHE_URL", "ALLOWED_HOSTS"} <= environment.keys()
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    for secret in re.findall(r"\$\{(\w*(?:PASSWORD|SECRET|KEY)\w*)(.*?)\}", text):
        assert secret[1].startswith(":?"), secret
    set_in_image = set(re.findall(r"^ +([A-Z_]+)=", CONTAINERFILE.split("\nENV PATH")[1], re.MULTILINE))
    assert {name for name in set_in_image if not name.startswith("PYTHON")} <= documented()


def test_every_service_that_is_waited_for_says_when_it_is_ready(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        for other, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert services[other]["healthcheck"]["test"][0] == "CMD"


def test_the_commands_are_there_and_have_time_to_end(compose: dict[str, Any]) -> None:
    text = CONTAINERFILE + (ROOT / "compose.yaml").read_text(encoding="utf-8")
    commands = set(re.findall(r"manage\.py\W+(\w+)", text))
    assert {"set_up", "run_worker", "migrate", "createsuperuser"} == commands <= get_commands().keys()
    assert "exec gunicorn config.wsgi" in CONTAINERFILE
    assert (ROOT / "config" / "wsgi.py").exists()
    assert int(compose["services"]["site"]["stop_grace_period"].rstrip("s")) >= 40  # as the unit has it
    client = re.search(r"postgres:(\d+)", str(compose["services"]["database"]["image"]))
    assert client
    assert f"PostgreSQL {client[1]}" in CONTAINERFILE


def test_nothing_secret_or_made_gets_into_an_image() -> None:
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", ".git", ".venv", "var", "build"} <= {*left_out}
    kept = {
        "fixtures",
        "locale",
        "static",
        "templates",
        "docs",
        *(app.split(".")[0] for app in site_settings.INSTALLED_APPS),
    }
    assert not {*left_out} & kept

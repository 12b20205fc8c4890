"""Every requirement has a reason, a use, a life and a licence; docs/dependencies.md says so and is true."""

from __future__ import annotations

import ast
import datetime as dt
import re
from functools import cache
from importlib import metadata

import pytest
from packaging.utils import canonicalize_name

from tests.supply.dependencies import PAGE, Facts, page, unexplained
from tests.supply.requirements import FILES, ROOT, Requirement, is_gpl, licence, pinned, requirements

ROOMS = ["archive", "claims", "config", "desk", "glossary", "insight", "members", "search", "worker"]
USED_IN = {
    "requirements": [*ROOMS, "gunicorn.conf.py", "manage.py"],
    "requirements-dev": [*ROOMS, "tests", "benchmarks"],
    "requirements-bench": ["benchmarks"],
}
LOADED_BY_NAME = {
    "argon2-cffi": "Django's Argon2PasswordHasher, which config/passwords.py derives from",
    "gunicorn": "config/serve.py and the services of docs/operations.md run it",
    "pip-audit": "tests/supply/audit.py runs it",
    "psycopg": "Django's PostgreSQL backend, when DATABASE_URL names one",
    "python-json-logger": "config/logs.py names its formatter",
    "tzdata": "zoneinfo reads the zone of TIME_ZONE from it, where the system has none",
}
ALL = [requirement for file in FILES for requirement in requirements(file)]


@cache
def owners() -> dict[str, set[str]]:
    """Which distributions each top-level module belongs to."""
    found = metadata.packages_distributions()
    return {module: {canonicalize_name(name) for name in names} for module, names in found.items()}


def modules_of(name: str) -> set[str]:
    return {module for module, names in owners().items() if name in names}


@cache
def imported(file: str) -> set[str]:
    """The top-level modules that the code of a requirements file imports, and those that the settings name."""
    found: set[str] = set()
    for place in USED_IN[file]:
        path = ROOT / place
        for source in path.rglob("*.py") if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    found |= {name.name.split(".")[0] for name in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.split(".")[0])
    strings = [
        node.value
        for name in ("settings.py", "parts.py")
        for node in ast.walk(ast.parse((ROOT / "config" / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    ]
    return found | {value.split(".")[0] for value in strings if isinstance(value, str)}


def is_tool(name: str) -> bool:
    """Whether the Makefile runs a command of it, pytest loads it, mypy's settings name it, or it types another."""
    entries = metadata.distribution(name).entry_points
    commands = {entry.name for entry in entries if entry.group == "console_scripts"}
    files = metadata.distribution(name).files or []
    commands |= {file.name for file in files if file.parent.name == "bin"}  # a program that is no script
    run = set(re.findall(r"\$\(BIN\)/([\w-]+)", (ROOT / "Makefile").read_text(encoding="utf-8")))
    plugins = re.search(
        r"^plugins = \[(.*)\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert plugins
    return bool(
        (commands | {name}) & run
        or any(entry.group == "pytest11" for entry in entries)
        or any(module in plugins[1] for module in modules_of(name) if module.startswith("mypy"))
        or name.removeprefix("types-") in {requirement.name for requirement in ALL} - {name}
    )


def test_every_requirement_has_a_reason() -> None:
    assert [requirement.name for requirement in ALL if len(requirement.reason) < 5] == []


@pytest.mark.parametrize("requirement", ALL, ids=lambda requirement: f"{requirement.file}-{requirement.name}")
def test_every_requirement_is_used(requirement: Requirement) -> None:
    name = requirement.name
    if name in LOADED_BY_NAME:
        return
    try:
        used = modules_of(name) & imported(requirement.file) or is_tool(name)
    except metadata.PackageNotFoundError:  # what only a benchmark needs is installed by the benchmark
        used = name.replace("-", "_") in imported(requirement.file)
    assert used, f"nothing uses {name}: take it out of {requirement.file}.in"


def test_what_is_loaded_by_name_is_still_required() -> None:
    assert set(LOADED_BY_NAME) <= {requirement.name for requirement in ALL}


def test_the_page_is_what_the_files_say() -> None:
    text = PAGE.read_text(encoding="utf-8")
    facts = Facts.of_page(text)
    names = {name for file in FILES for name in pinned(file)}
    assert names == set(facts.licences), "run `make dependencies`"
    assert page(facts) == text, "run `make dependencies`"
    for name in sorted(names):
        try:
            assert facts.licences[name] == licence(name)
        except metadata.PackageNotFoundError:
            continue  # another platform, or a benchmark's


def test_what_had_no_release_for_two_years_says_why() -> None:
    assert unexplained(Facts.of_page(PAGE.read_text(encoding="utf-8"))) == []


def test_an_old_release_without_a_reason_is_named() -> None:
    facts = Facts.of_page(PAGE.read_text(encoding="utf-8"))
    aged = Facts(facts.day, facts.licences, {**facts.releases, "django": facts.day - dt.timedelta(days=731)})
    assert [said.split()[0] for said in unexplained(aged)] == ["django"]


def test_nothing_that_is_installed_is_gpl() -> None:
    """A development tool may be, where its line says so: it is run here, never imported or shipped."""
    told = {
        requirement.name for requirement in requirements("requirements-dev") if "GPL" in requirement.reason
    }
    installed = {
        canonicalize_name(distribution.metadata["Name"]) for distribution in metadata.distributions()
    }
    gpl = {name for name in installed if is_gpl(licence(name))}
    assert gpl == told
    assert not told & set(pinned("requirements"))
    for name in told:
        assert not modules_of(name) & imported("requirements-dev"), f"{name} is a tool, not a library"


def test_no_host_of_a_registry_is_written_anywhere() -> None:
    hosts = re.compile(r"pypi\.org|pythonhosted|index-url\b(?!\s*--)|find-links\b(?!\s*--)")
    texts = [
        path
        for path in ROOT.glob("*")
        if path.suffix in {".in", ".txt", ".md", ".toml"} or path.name == "Makefile"
    ]
    texts += (ROOT / "docs").rglob("*.md")
    said = {
        (path.name, line)
        for path in texts
        for line in path.read_text(encoding="utf-8").splitlines()
        if hosts.search(line) and "--no-emit" not in line
    }
    assert said == set()

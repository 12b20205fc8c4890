"""`python -m tests.supply.dependencies` (`make dependencies`): writes docs/dependencies.md.

It asks the package index that pip is set up with when each requirement last had a release. Tests read the page and
ask nobody: they hold for the day on which it was made. The command exits with 1 when something had no release for two
years and its line in requirements*.in does not say why that is no harm.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
import tempfile
from dataclasses import dataclass

from piptools.repositories import PyPIRepository

from tests.supply.requirements import FILES, ROOT, licence, pinned, requirements

PAGE = ROOT / "docs" / "dependencies.md"
LONG = dt.timedelta(days=2 * 365)
HEAD = """# Dependencies

Written on {day} by `make dependencies`, from `requirements*.in`, the lock files and the package index; tests compare. What is older than two
years has its reason in its line. GPL and AGPL are not allowed; [security.md](security.md) says how fast holes are mended.
"""
_DAY = re.compile(r"Written on (\S+) by")
_ROW = re.compile(r"^\| ([\w.-]+) \| \d\S* \| (.*?) \|(?: (\d{4}-\d\d-\d\d) \|)?", re.MULTILINE)


@dataclass(frozen=True)
class Facts:
    """What stands in no file of ours: the day, licences, and when each requirement last had a release."""

    day: dt.date
    licences: dict[str, str]
    releases: dict[str, dt.date]

    @classmethod
    def of_page(cls, page: str) -> Facts:
        """What the page says. Raises ValueError when it is none."""
        if not (day := _DAY.search(page)):
            raise ValueError(f"{PAGE} does not say when it was written: run `make dependencies`")
        rows = _ROW.findall(page)
        return cls(
            dt.date.fromisoformat(day[1]),
            {name: licence for name, licence, _ in rows},
            {name: dt.date.fromisoformat(release) for name, _, release in rows if release},
        )

    @classmethod
    def asked(cls) -> Facts:
        """What the installed distributions and the package index say now. Raises SystemExit when the index does not answer."""
        with tempfile.TemporaryDirectory() as cache:
            index = PyPIRepository([], cache_dir=cache)
            releases = {}
            for file in FILES:
                for requirement in requirements(file):
                    found = index.find_all_candidates(requirement.name)
                    times = [one.link.upload_time for one in found if one.link.upload_time]
                    if not times:
                        raise SystemExit(
                            f"The package index does not say when {requirement.name} had a release."
                        )
                    releases[requirement.name] = max(times).date()
        licences = {name: licence(name) for file in FILES for name in pinned(file)}
        return cls(dt.datetime.now(dt.UTC).date(), licences, releases)


def page(facts: Facts) -> str:
    """docs/dependencies.md."""
    parts = [HEAD.format(day=facts.day)]
    named: set[str] = set()
    for file, title in FILES.items():
        rows = [
            f"| {name} | {pinned(file)[name]} | {facts.licences[name]} | {facts.releases[name]} | {requirement.reason} |"
            for requirement in requirements(file)
            for name in [requirement.name]
        ]
        named |= {requirement.name for requirement in requirements(file)}
        parts.append(_table(title, "name | version | licence | last release | reason", rows))
    for file in FILES:
        rows = [
            f"| {name} | {version} | {facts.licences[name]} |"
            for name, version in sorted(pinned(file).items())
            if name not in named
        ]
        named |= set(pinned(file))
        if rows:
            parts.append(_table(f"What {file}.txt pins besides", "name | version | licence", rows))
    return "\n".join(parts)


def _table(title: str, heads: str, rows: list[str]) -> str:
    return "\n".join([f"## {title}", "", f"| {heads} |", "|---" * (heads.count("|") + 1) + "|", *rows, ""])


def unexplained(facts: Facts) -> list[str]:
    """Requirements without a release in the two years before the page, and without a reason for it."""
    return [
        f"{requirement.name} had its last release on {release}: replace it, or write `no release since "
        f"{release.year}: …` with the reason in its line of {file}.in"
        for file in FILES
        for requirement in requirements(file)
        for release in [facts.releases[requirement.name]]
        if facts.day - release > LONG and f"no release since {release.year}: " not in requirement.reason
    ]


def main() -> int:
    """Writes the page."""
    facts = Facts.asked()
    PAGE.write_text(page(facts), encoding="utf-8")
    print(f"Wrote {PAGE.relative_to(ROOT)}.")
    for said in (old := unexplained(facts)):
        print(said, file=sys.stderr)
    return bool(old)


if __name__ == "__main__":
    sys.exit(main())

"""How static files are named and kept: those of two releases lie side by side.

    base.4f2a….css, base.9c01….css     each file under the hash of its content, as pages name it
    staticfiles-….json                 which file of a release has which name
    .made-from-…                       that all of them are there; when this release was last started, or replaced

A page of the release before still finds its scripts, and that release itself may be started again beside the new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

KEPT_SECONDS = 30 * 24 * 3600
"""How long the files of a release stay after it was last started, or another one took its place."""
_COMPRESSED = ("", ".gz", ".br")
_IMPORT = r'@import "(?P<url>[\w.-]+\.css)";'
_ITS_TEXT = "the text of what is imported"
_COMMENT = r"(?P<matched>)(?P<url>)/\*(?!!)[\s\S]*?\*/"
"""A comment of a style sheet; not one that holds a licence. To Django's storage it is a reference to nothing, for which
nothing comes in its place."""


@cache
def release() -> str:
    """Returns a name for the static files of this code: another one when any of them, or a package, is another."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for folder in map(Path, settings.STATICFILES_DIRS):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Whitenoise's, which also gives a module that another one imports the name with its hash.

    Without it a browser would load such a module under two names, as two modules. A style sheet gets the text of those
    that it imports in their places, and goes without comments: before it shows anything, a page waits for few and
    small ones.
    """

    support_js_module_import_aggregation = True
    patterns = (
        ("*.css", ((_IMPORT, _ITS_TEXT), _COMMENT)),
        *CompressedManifestStaticFilesStorage.patterns,
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.manifest_name = _manifest(release())
        super().__init__(*arguments, **options)
        self._addresses: dict[str, str] = {}

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None
    ) -> Callable[[re.Match[str]], str]:
        """Returns what comes in the place of a reference that was found in the file `name`."""
        if template == _ITS_TEXT:
            return lambda found: _sheet(Path(name).with_name(found["url"]))
        converter: Callable[[re.Match[str]], str] = super().url_converter(name, hashed_files, template)
        return converter

    def url(self, name: str | None, force: bool = False) -> str:
        """Returns the address of a file, worked out once: what is collected later, a new process serves."""
        if name is None or settings.DEBUG or force:
            return str(super().url(name, force))
        address = self._addresses.get(name)
        if address is None:
            address = self._addresses[name] = str(super().url(name))
        return address


def _sheet(name: Path) -> str:
    """Returns the text of a style sheet with all that it imports. Raises ValueError when it is not there."""
    path = finders.find(str(name))
    if path is None:
        raise ValueError(f"The file '{name}' could not be found")
    text = Path(path).read_text(encoding="utf-8")
    return re.sub(_IMPORT, lambda found: _sheet(name.with_name(found["url"])), text)


def collect() -> None:
    """Copies, names and compresses the static files of this release, unless they are there, and removes old ones."""
    root = Path(settings.STATIC_ROOT)
    done = root / f".made-from-{release()}"
    if not done.exists():
        # Those without a hash are each release's own: any source counts as newer than what is there.
        for path in set(_files(root)) - _hashed(root, _releases(root)):
            os.utime(path, (0, 0))
        call_command("collectstatic", interactive=False, verbosity=0)
    _note_start(root, done)
    _remove_old(root)


def _note_start(root: Path, started: Path) -> None:
    """Notes that a release starts, and that the one which started last was in use until now."""
    before = max(root.glob(".made-from-*"), key=lambda path: path.stat().st_mtime, default=started)
    if before != started:
        until = time.time() - 1
        os.utime(before, (until, until))
    started.touch()


def _remove_old(root: Path) -> None:
    """Removes what only releases name that were not in use for a long time."""
    long_ago = time.time() - KEPT_SECONDS
    known = _releases(root)
    old = {name for name in known if (root / f".made-from-{name}").stat().st_mtime < long_ago}
    for path in _hashed(root, old) - _hashed(root, known - old):
        path.unlink(missing_ok=True)
    for name in old:
        (root / _manifest(name)).unlink(missing_ok=True)
        (root / f".made-from-{name}").unlink()


def _releases(root: Path) -> set[str]:
    return {path.name.removeprefix(".made-from-") for path in root.glob(".made-from-*")}


def _hashed(root: Path, releases: Iterable[str]) -> set[Path]:
    """Returns the files of some releases whose names have the hash of their content, compressed ones too."""
    found: set[Path] = set()
    for name in releases:
        path = root / _manifest(name)
        names = json.loads(path.read_text(encoding="utf-8"))["paths"] if path.exists() else {}
        found.update(root / f"{hashed}{end}" for hashed in names.values() for end in _COMPRESSED)
    return found


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file() and not path.name.startswith(".")]


def _manifest(name: str) -> str:
    return f"staticfiles-{name}.json"

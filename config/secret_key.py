"""The signing key of a site whose operator has not set one."""

import contextlib
import os
import tempfile
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def read_or_make_secret_key(path: Path) -> str:
    """Returns the key kept in `path`; makes it on first use, readable by its owner only.

    A key that changed at every start would log everybody out, one shipped in the source would let anyone
    sign a session, and asking for one would make the set-up a third command.
    """
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as draft:  # mode 0600
            draft.write(get_random_secret_key())
            draft.flush()
            with contextlib.suppress(FileExistsError):  # of two processes at once, one wins
                os.link(draft.name, path)  # whole or not at all
    return path.read_text(encoding="ascii")

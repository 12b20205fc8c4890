"""Run by docx.py in a process of its own: a .docx on standard input → HTML on standard output.

It may use so much processor time and memory, write no file, start no process and open no socket.
"""

from __future__ import annotations

import io
import resource
import sys

# Everything that mammoth imports on its way is imported here, before the doors are closed.
import xml.dom.expatbuilder
import xml.dom.pulldom  # noqa: F401

import mammoth

STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
b => strong
i => em
"""
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.",
    "shutil.",
    "ctypes.",
    "ftplib.",
    "http.",
    "urllib.",
    "smtplib.",
)


def guard(event: str, arguments: tuple[object, ...]) -> None:
    """Lets the interpreter read its own library and nothing else happen."""
    if event == "open":
        path, mode = str(arguments[0]), arguments[1]
        if mode in (None, "r", "rb") and path.startswith((sys.prefix, sys.base_prefix)):
            return
        raise PermissionError(f"{event} {path}")
    if event.startswith(_FORBIDDEN) and event not in ("os.listdir", "os.scandir"):
        raise PermissionError(event)


def main() -> None:
    seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    document = io.BytesIO(sys.stdin.buffer.read())
    sys.addaudithook(guard)
    result = mammoth.convert_to_html(
        document, style_map=STYLES, ignore_empty_paragraphs=False, include_embedded_style_map=False
    )
    sys.stdout.buffer.write(result.value.encode("utf-8", "replace"))


main()

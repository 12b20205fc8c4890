"""The system's Chromium, found and started, and what is watched while it shows our pages.

`chromium-headless-shell` is the same engine without the windows that a whole Chromium draws though nobody sees them:
it takes a quarter of the CPU.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Playwright,
    Request,
    Response,
    WebError,
)

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
HOW_TO_INSTALL = (
    "apt-get install chromium-headless-shell fonts-noto-cjk, or set XWK_CHROMIUM to the path of a Chromium"
)
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine has an address: a page that asks for more is found out, not served.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

BLOCKED = "Service Worker registration blocked by Playwright"
"""What Playwright says for us where a test wants none."""


def find_chromium() -> str | None:
    """The program to start: what XWK_CHROMIUM says, else the first of the usual names on PATH."""
    chosen = os.environ.get("XWK_CHROMIUM")
    return shutil.which(chosen) if chosen else next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """Starts Chromium without a window; without its sandbox only for root, who can not have one."""
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=find_chromium(), headless=True, args=[*FLAGS, *as_root])


@dataclass
class Watch:
    """Notes what a page must never do: fail, complain in the console, or ask another host for anything.

    `expected` holds addresses that may answer with an error, because a test asks for one.
    """

    expected: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)

    def attach(self, context: BrowserContext, origin: str) -> None:
        """Watches every page of `context`, which should ask `origin` alone."""
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("dialog", self._on_dialog)
        context.on("request", lambda request: self._on_request(request, origin))
        context.on("requestfailed", self._on_failure)
        context.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.text == BLOCKED:
            return
        if message.type in ("error", "warning") and message.location.get("url") not in self.expected:
            self.problems.append(f"console {message.type}: {message.text} ({message.location})")

    def _on_error(self, error: WebError) -> None:
        self.problems.append(f"script error: {error.error}")

    def _on_dialog(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _on_request(self, request: Request, origin: str) -> None:
        if not request.url.startswith((f"{origin}/", "data:", "blob:")):
            self.problems.append(f"request to another host: {request.url}")

    def _on_failure(self, request: Request) -> None:
        # Leaving a page ends what it still loads: that is the visitor's doing.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"request failed: {request.url}: {request.failure}")

    def _on_response(self, response: Response) -> None:
        self.responses.append(response)
        if response.status >= 400 and response.url not in self.expected:
            self.problems.append(f"answered {response.status}: {response.url}")

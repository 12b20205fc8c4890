"""What the tests of the import desk paste there, and where they look."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.archive.makers import BODIES, TITLES

REMOTE = '<img data-src="https://mmbiz.example/picture.png" alt="">'


def rich_week() -> tuple[str, str]:
    """A week as WeChat puts it on the clipboard, plain and rich; the third heading has lost its number."""
    headings = [f"1. {TITLES[0]}", f"2. {TITLES[1]}", TITLES[2]]
    pairs = list(zip(headings, BODIES, strict=True))
    text = "\n".join(["台上周报", "2025.5.12-2025.5.16", *(line for pair in pairs for line in pair)])
    pieces = [
        f'<p style="color:red">{heading}</p><section>'
        + "".join(f"<p><span>{line}</span></p>" for line in body.split("\n"))
        + ("</section>" if number else f"{REMOTE}</section>")
        for number, (heading, body) in enumerate(pairs)
    ]
    return text, "<p>台上周报</p><p>2025.5.12-2025.5.16</p>" + "".join(pieces)


def titles(page: Page) -> Locator:
    return page.locator(".desk-card input[name=title]")


def said(page: Page) -> Locator:
    return page.locator(".desk-said")


def clear(page: Page) -> None:
    """Empties the desk: another test finds nothing there."""
    page.locator(".desk-clear summary").click()
    page.locator(".desk-clear button").click()
    expect(page.get_by_label("粘贴整期内容")).to_be_visible()

"""What the tests of the search page do and see there."""

from __future__ import annotations

from urllib.parse import unquote

from playwright.sync_api import Locator, Page, Request

LONGER_THAN_THE_PAUSE_MS = 400
"""Suggestions are asked for when a reader pauses."""


def compose(page: Page, letters: str) -> None:
    """Half-typed letters in the box, as a Chinese input method puts them there."""
    for length in range(1, len(letters) + 1):
        cursor = {"selectionStart": length, "selectionEnd": length}
        cdp(page, "Input.imeSetComposition", {"text": letters[:length], **cursor})


def choose(page: Page, text: str) -> None:
    """What the reader picks among the characters that the input method offers."""
    cdp(page, "Input.insertText", {"text": text})


def cdp(page: Page, method: str, parameters: dict[str, object]) -> None:
    page.context.new_cdp_session(page).send(method, parameters)


def type_query(page: Page, box: Locator, letters: str, asked: str = "") -> None:
    """Types, and waits until what is offered is offered for all of it: a slower answer would replace the list.

    `asked` is what the box holds then, as an address has it, when that is not `letters`.
    """
    end = f"/suggest?q={asked or letters}"
    with page.expect_response(lambda response: unquote(response.url).endswith(end)):
        box.press_sequentially(letters)
    page.evaluate("new Promise(shown => setTimeout(shown))")
    suggestions(page).first.wait_for()


def suggestions(page: Page) -> Locator:
    return page.get_by_role("listbox", name="搜索建议").get_by_role("option")


def suggestion_groups(page: Page) -> Locator:
    """The headings of the groups."""
    return page.locator(".suggestions .heading")


def asked_suggestions(page: Page) -> list[Request]:
    """Records the requests for suggestions from now on."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/suggest?" in request.url else None)
    return asked


def total(page: Page) -> int:
    return int(page.locator(".total strong").inner_text())


def facet(page: Page, label: str) -> Locator:
    """The links of one group of filters."""
    heading = page.get_by_role("heading", name=label, exact=True, level=3)
    return page.locator(".facet").filter(has=heading).locator("li > a:first-child")


def take(link: Locator) -> tuple[str, int]:
    """Follows a filter, and waits for what it finds; returns its label, and how many results it promised."""
    label, count = (link.locator("span").nth(place).inner_text() for place in (0, 1))
    page, before = link.page, link.page.url
    link.click()
    page.wait_for_url(lambda url: url != before)
    return label, int(count)

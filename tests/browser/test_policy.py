"""No page breaks its content security policy, and the policy stops what is smuggled into a page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Watch
from tests.browser.conftest import Visit
from tests.browser.visiting import PAGES, log_in, visit
from tests.server.site import Site
from tests.tiers import nightly

pytestmark = pytest.mark.tidy

EDITORS = [
    "/admin/",
    "/admin/archive/issue/",
    "/admin/archive/issue/add/",
    "/admin/archive/issue/12/change/",
    "/admin/archive/issue/12/history/",
    "/admin/archive/issue/12/wechat/",
    "/admin/archive/poststyle/",
    "/admin/archive/issue/12/delete/",
    "/admin/archive/article/",
    "/admin/archive/article/4/change/",
    "/admin/glossary/term/",
    "/admin/glossary/term/1/change/",
    "/admin/glossary/term/import/",
    "/admin/glossary/term/look-alikes/",
    "/admin/insight/goldenquery/",
    "/admin/insight/ignoredword/",
    "/admin/insight/ignoredword/try-term/",
    "/admin/insight/searchrecord/",
    "/admin/desk/",
    "/admin/people/",
    "/admin/people/1/",
    "/admin/people/invite/",
    "/admin/people/invitations/",
    "/admin/password_change/",
]
NOTE_VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", event =>
        window.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sourceFile} ${event.sample}`));
"""
TRIALS = """async () => {
    const image = new Image();
    image.src = "https://elsewhere.example/spy.gif";
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    const style = document.createElement("style");
    style.textContent = "body { display: none }";
    document.head.append(script, style);
    await fetch("https://elsewhere.example/").catch(() => {});
    await new Promise(done => setTimeout(done, 100));
    return [...new Set(window.violations.map(text => text.split(":")[0]))].sort();
}"""


def violations(page: Page) -> list[str]:
    page.wait_for_load_state("networkidle")
    found: list[str] = page.evaluate("window.violations")
    return found


def some_or_all(pages: list[str]) -> pytest.MarkDecorator:
    """What breaks a policy complains in the console, too, which each test of this folder notes."""
    return pytest.mark.parametrize("pages", [pytest.param(pages[::3], id="some"), nightly(pages, id="all")])


@some_or_all([*PAGES.values()])
def test_no_page_of_members_breaks_its_policy(
    demo_site: Site, new_visitor: Visit, watch: Watch, pages: list[str]
) -> None:
    page = new_visitor(demo_site)
    page.add_init_script(NOTE_VIOLATIONS)
    for path in pages:
        visit(page, watch, demo_site, path)
        assert violations(page) == [], path


@some_or_all(EDITORS)
def test_no_page_of_editors_breaks_its_policy(
    editors_site: Site, prepared_site: tuple[Site, str], new_visitor: Visit, pages: list[str]
) -> None:
    page = new_visitor(editors_site)
    page.add_init_script(NOTE_VIOLATIONS)
    page.goto("/admin/login/")
    log_in(page, "editor", prepared_site[1])
    for path in pages:
        answer = page.goto(path)
        assert answer is not None
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert violations(page) == [], path
    page.goto("/admin/archive/article/4/change/")
    expect(page.locator(".tiptap")).to_be_editable()  # its scripts were found, by the import map
    assert page.locator(".tiptap").evaluate("e => getComputedStyle(e).whiteSpaceCollapse") == "break-spaces"


def test_what_is_smuggled_into_a_page_does_nothing(demo_site: Site, new_visitor: Visit, watch: Watch) -> None:
    page = new_visitor(demo_site)
    page.add_init_script(NOTE_VIOLATIONS)
    page.goto("/")
    assert page.evaluate(TRIALS) == ["connect-src", "img-src", "script-src-elem", "style-src-elem"]
    assert page.evaluate("window.ran") is None
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert any("Content Security Policy" in problem for problem in watch.problems)
    watch.problems.clear()  # what was refused is told in the console


@pytest.mark.parametrize("path", ["/", "/api/v1/issues", "/feeds/issues.atom", "/admin/login/"])
def test_every_answer_says_what_else_is_not_allowed(demo_site: Site, new_visitor: Visit, path: str) -> None:
    headers = new_visitor(demo_site).request.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]

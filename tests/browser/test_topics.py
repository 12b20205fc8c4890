"""A member follows a topic: from the home page to it, from its chart to a week, and side by side with another."""

from __future__ import annotations

import csv
import io
import re
from itertools import pairwise

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.visiting import HELD_ANSWER
from tests.server.site import Site
from tests.waiting import until


def found(page: Page) -> int:
    """How many results the search page says there are."""
    return int(page.locator(".total strong").inner_text())


def test_a_topic_is_found_opened_and_followed_to_a_week(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    expect(page.get_by_role("heading", name="近四周升温")).to_be_visible()
    page.get_by_role("link", name="话题", exact=True).click()
    page.get_by_label("筛选").fill("tsmc")
    page.get_by_label("筛选").press("Enter")
    page.locator(".topics").get_by_role("link", name="台积电", exact=True).click()
    expect(page.get_by_role("heading", name="台积电", exact=True)).to_be_visible()
    expect(page.locator(".passages mark").first).to_have_text(re.compile("台积电|TSMC"))
    week = page.locator(".chart a").nth(3)
    said = re.search(r"：(\d+) 篇", week.get_attribute("data-says") or "")
    assert said
    week.click(force=True)
    chosen = page.locator(".chosen")
    expect(chosen.locator("li")).to_have_count(int(said[1]))
    assert "/topics/" in page.url
    chosen.get_by_role("link", name="在搜索里看全部").click()
    page.wait_for_url("**/search/?q=*since=*")
    assert found(page) == int(said[1])


def test_two_queries_are_laid_over_each_other_without_javascript(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, java_script_enabled=False)
    page.goto("/search/?q=HBM3E")
    page.get_by_role("link", name="看热度").click()
    page.get_by_label("关键词 2").fill("HBM4")
    page.get_by_role("button", name="比较").click()
    expect(page.locator(".legend li")).to_have_count(2)
    expect(page.locator(".chart .series .line")).to_have_count(2)
    cell = page.get_by_role("row", name=re.compile("第12周")).get_by_role("link").last
    number = int(cell.inner_text())
    cell.click()
    assert found(page) == number
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("下载 CSV")).click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "周,从,到,全部文章,HBM3E,HBM4"
    assert len(lines) == 13


def labels(page: Page) -> list[dict[str, float]]:
    """Where the labels of the time axis stand."""
    found: list[dict[str, float]] = page.locator(".chart .period").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().toJSON())"
    )
    return found


def test_numbers_of_a_chart_are_read_listed_and_saved(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, width=390, height=844, has_touch=True, is_mobile=True)
    for path in ("/topics/taijidian/", "/trends/?q=HBM&q=台积电&q=英伟达"):
        page.goto(path)
        found = labels(page)
        assert len(found) > 2
        assert all(other["left"] - one["right"] > 4 for one, other in pairwise(found)), "half a letter apart"
    box = page.locator(".chart a").nth(-2).locator("rect").bounding_box()
    assert box
    page.locator(".plate").scroll_into_view_if_needed()
    box = page.locator(".chart a").nth(-2).locator("rect").bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    note = page.locator(".under")
    expect(note).to_contain_text("2025年第12周")
    row = page.get_by_role("row", name=re.compile("第12周")).locator("td:not(.all)")
    numbers = row.all_inner_texts()
    assert re.findall(r"(\d+)$", note.inner_text(), re.MULTILINE) == numbers
    assert note.locator("li span").all_inner_texts() == ["HBM", "台积电", "英伟达"]
    lists = page.locator(".chosen ul")
    expect(lists).to_have_count(3)
    assert [str(each.locator("li").count()) for each in lists.all()] == numbers
    with page.expect_download() as download:
        page.get_by_role("button", name="存为图片").click()
    with Image.open(download.value.path()) as picture:
        assert picture.format == "PNG"
        assert picture.width > 1400
        colours = picture.convert("RGB").getcolors(1 << 24)
    assert colours
    found_colours = {colour for _, colour in colours}
    assert {(171, 36, 23), (29, 90, 158), (33, 113, 74)} <= found_colours, "each line in its ink"
    page.get_by_role("button", name="收起").click()
    expect(lists).to_have_count(0)


def test_of_two_periods_that_are_chosen_the_last_is_listed(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.add_init_script(HELD_ANSWER)
    page.goto("/topics/taijidian/")
    first, second = (page.locator(".chart a").nth(place) for place in (3, 5))
    page.evaluate("hold = true")
    first.click(force=True)
    until(lambda: page.evaluate("!!window.release"), "the answer is here, and held")
    page.evaluate("hold = false")
    second.click(force=True)
    chosen = page.locator(".chosen h2")
    expect(chosen).to_have_text(second.get_attribute("data-says") or "")
    page.evaluate("release()")
    page.evaluate("() => new Promise(done => setTimeout(done))")  # after what the answer led to
    expect(chosen).to_have_text(second.get_attribute("data-says") or "")


def test_the_numbers_of_a_topic_are_a_file(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/topics/taijidian/")
    total = int(page.locator(".facts strong").inner_text())
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("下载 CSV")).click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert rows[0] == ["周", "从", "到", "全部文章", "台积电"]
    assert sum(int(row[-1]) for row in rows[1:]) == total

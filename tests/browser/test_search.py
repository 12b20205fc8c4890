"""The search page in the hands of members: suggestions, filters, hits in the article, and what nothing answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.conftest import Visit
from tests.browser.test_member import (
    SCHEMES,
    axe_complaints,
    hits,
    in_view,
    links_to_articles,
    search_box,
    search_for,
    tab_to,
)
from tests.server.site import Site

NO_TERM = "堆叠良率"
"""In the demo weeks, and in no glossary."""
LONG_QUESTION = "今年哪些厂在建先进封装新产线，什么时候量产？"
LONGER_THAN_THE_PAUSE_MS = 400

MARKUP = "<img src=x onerror=alert(1)>"
AMPERSAND = "R&D+C#测试"
MAKE_HOSTILE_ARTICLES = f"""
from archive.models import Article, Issue
from glossary.models import Term
Term.objects.create(name={MARKUP!r}, kind="product")
Term.objects.create(name={AMPERSAND!r}, kind="technology")
for number, columnist in enumerate([{MARKUP!r}, "乙"]):
    day = f"2024-0{{number + 5}}-10"
    issue = Issue.objects.create(
        title="探针周报", start_date=day, end_date=day, columnist=columnist, status="published"
    )
    for position in (1, 2):
        Article.objects.create(
            issue=issue, position=position, title=f"探针{{number}}{{position}}" + {MARKUP!r} * (position == 1),
            body="<p>开头没有。</p><p>探<strong>针</strong>词在<em>这</em>里 R&amp;D+C#测试"
            + " &lt;img src=x onerror=alert(1)&gt;" * (position == 1) + "</p>",
        )
"""


@pytest.fixture(scope="module")
def hostile_site(prepared_site: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo weeks, and two issues whose columnist, titles and terms are made of markup and URL characters."""
    copy = prepared_site[0].copy_to(tmp_path_factory.mktemp("hostile") / "data")
    copy.run_python(MAKE_HOSTILE_ARTICLES)
    with copy.served() as site:
        yield site
    assert "Traceback" not in site.log


@pytest.fixture
def editor(editors_site: Site, prepared_site: tuple[Site, str], new_visitor: Visit) -> Page:
    """A browser in which the demo editor has logged in."""
    page = new_visitor(editors_site)
    page.goto("/admin/")
    page.get_by_label("用户名").fill("editor")
    page.get_by_label("密码").fill(prepared_site[1])
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="文库", level=1)).to_be_visible()
    return page


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


def suggestions(page: Page) -> Locator:
    return page.get_by_role("listbox", name="搜索建议").get_by_role("option")


def asked_suggestions(page: Page) -> list[Request]:
    """Notes from now on what is asked of the suggestions' address."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/suggest" in request.url else None)
    return asked


def total(page: Page) -> int:
    return int(page.locator(".total strong").inner_text())


def facet(page: Page, label: str) -> Locator:
    """The links of one group of filters."""
    heading = page.get_by_role("heading", name=label, exact=True, level=3)
    return page.locator(".facet").filter(has=heading).get_by_role("link")


def take(link: Locator) -> tuple[str, int]:
    """Follows a filter; returns its label, and how many results it promised."""
    label, count = (link.locator("span").nth(place).inner_text() for place in (0, 1))
    link.click()
    return label, int(count)


# --- The whole way -------------------------------------------------------------------------------------


def test_composed_word_suggested_filtered_opened_lands_on_its_mark(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site, height=500)
    page.goto("/")
    asked = asked_suggestions(page)
    search_box(page).focus()
    compose(page, "tai ji dian")
    page.wait_for_timeout(LONGER_THAN_THE_PAUSE_MS)
    assert asked == []
    expect(search_box(page)).to_have_attribute("aria-expanded", "false")

    choose(page, "台积电")
    expect(search_box(page)).to_have_value("台积电")
    expect(suggestions(page).first).to_contain_text("台积电")
    assert [request.url.partition("?q=")[2] for request in asked] == [quote("台积电")]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(search_box(page)).to_have_value("台积电")

    before = total(page)
    page.goto(page.url + "&year=2025")
    month, promised = take(facet(page, "月份").first)
    assert total(page) == promised < before
    company, promised = take(facet(page, "公司").first)
    assert total(page) == promised
    expect(page.locator(".chips a")).to_have_text([re.compile(x) for x in ("2025 年", month, company)])
    page.get_by_role("link", name=f"去掉条件：{company}").click()
    expect(page.locator(".chips a")).to_have_count(2)
    page.get_by_role("link", name="去掉条件：2025 年").click()
    expect(page.locator(".chips")).to_have_count(0)
    assert total(page) == before

    hits(page).filter(has=page.locator(".snippet mark")).first.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/articles/\d+/\?q=[^#]+#p\d+$"))
    marked = page.locator(":target mark.current")
    expect(marked).to_have_text(re.compile("台积电|TSMC"))
    assert in_view(marked)


def test_years_are_offered_where_there_are_several(hostile_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(hostile_site)
    page.goto("/search/?q=这")
    for label, promised in dict(take_labels(facet(page, "年份"))).items():
        page.get_by_role("navigation", name="缩小范围").get_by_role("link", name=label).click()
        assert total(page) == promised
        page.get_by_role("link", name=f"去掉条件：{label}").click()


def take_labels(links: Locator) -> list[tuple[str, int]]:
    counts = [link.locator("span").all_inner_texts() for link in links.all()]
    assert len(counts) > 1
    return [(label, int(count)) for label, count in counts]


def test_every_filter_finds_as_many_as_it_promises_without_javascript(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site, java_script_enabled=False)
    page.goto("/")
    search_box(page).fill("HBM")
    page.get_by_role("button", name="搜索").click()
    address = page.url
    every = page.get_by_role("navigation", name="缩小范围").get_by_role("link").all()
    assert len(every) > 10
    for number in range(0, len(every), 4):
        page.goto(address)
        _label, promised = take(page.locator(".facet a").nth(number))
        assert total(page) == promised
        expect(page.locator(".chips a")).to_have_count(1)


def test_shared_address_shows_another_reader_the_same(demo_site: Site, new_visitor: Visit) -> None:
    first = new_visitor(demo_site)
    first.goto("/search/?q=HBM")
    take(facet(first, "公司").first)
    first.get_by_role("link", name="最新").click()
    expect(first.locator(".sorts [aria-current]")).to_have_text("最新")
    second = new_visitor(demo_site)
    second.goto(first.url)
    assert links_to_articles(second) == links_to_articles(first) != []
    for what in (".chips", ".facets", ".sorts", ".total strong"):
        assert second.locator(what).inner_html() == first.locator(what).inner_html()
    expect(second.locator(".sorts [aria-current]")).to_have_text("最新")
    expect(search_box(second)).to_have_value("HBM")


# --- Suggestions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["tjd", "taiji", "台积", "TSM", "臺積"])
def test_suggestions_know_letters_sound_and_initials(demo_site: Site, new_visitor: Visit, typed: str) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/")
    search_box(page).press_sequentially(typed)
    expect(suggestions(page).filter(has_text="台积电").first).to_be_visible()
    suggestions(page).filter(has_text="台积电").first.click()
    expect(search_box(page)).to_have_value("台积电")
    expect(hits(page).first).to_be_visible()


def test_title_among_the_suggestions_leads_to_its_article(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    search_box(page).press_sequentially("带宽才是")
    expect(suggestions(page)).to_have_count(1)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("昇腾910C怎么看？算力之外，带宽才是关键")


def test_box_is_the_combobox_that_aria_describes_at_every_step(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    box = page.get_by_role("combobox", name="搜索全部往期")
    expect(box).to_have_attribute("aria-autocomplete", "list")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(page.locator(f"#{box.get_attribute('aria-controls')}")).to_have_role("listbox")

    box.press_sequentially("tai")
    expect(box).to_have_attribute("aria-expanded", "true")
    count = suggestions(page).count()
    assert count > 2
    assert box.get_attribute("aria-activedescendant") is None
    for key, place in [
        ("ArrowDown", 0),
        ("ArrowDown", 1),
        ("ArrowUp", 0),
        ("ArrowUp", count - 1),
        ("ArrowDown", 0),
    ]:
        page.keyboard.press(key)
        active = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
        expect(active).to_have_attribute("aria-selected", "true")
        assert active.evaluate("e => [...e.parentNode.children].indexOf(e)") == place
        expect(page.locator("[aria-selected=true]")).to_have_count(1)
        expect(box).to_be_focused()

    for scheme, width in product(SCHEMES, (1280, 360)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert axe_complaints(page) == [], f"{scheme}, {width} pixels wide"
        assert page.evaluate("document.documentElement.scrollWidth") == width

    page.keyboard.press("Escape")
    expect(suggestions(page)).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    assert box.get_attribute("aria-activedescendant") is None
    expect(box).to_have_value("tai")
    page.keyboard.press("ArrowDown")
    expect(suggestions(page)).to_have_count(count)
    page.keyboard.press("Tab")
    expect(suggestions(page)).to_have_count(0)


def test_escape_keeps_a_late_answer_from_opening_the_list_again(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    search_box(page).press_sequentially("ta")
    expect(suggestions(page).first).to_be_visible()
    page.route("**/suggest?q=tai", lambda route: (page.wait_for_timeout(300), route.continue_()))
    with page.expect_request("**/suggest?q=tai"):
        search_box(page).press("i")
    page.keyboard.press("Escape")
    page.wait_for_timeout(2 * LONGER_THAN_THE_PAUSE_MS)
    expect(suggestions(page)).to_have_count(0)
    expect(search_box(page)).to_have_value("tai")


def test_enter_without_a_choice_searches_for_what_was_typed(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    search_box(page).press_sequentially("tai")
    expect(suggestions(page).first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=tai")


def test_recent_searches_of_this_browser_are_offered_on_focus(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    search_box(page).focus()
    expect(suggestions(page)).to_have_count(0)
    for query in ("混合键合", "HBM4", "混合键合"):
        search_for(page, query)
        page.goto("/")
    search_box(page).focus()
    expect(suggestions(page).locator("span")).to_have_text(["混合键合", "HBM4", "清除搜索记录"])
    expect(suggestions(page).locator("small")).to_have_text(["搜过", "搜过", "只在这个浏览器里"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=HBM4")
    search_box(page).fill("")
    expect(suggestions(page).locator("span").first).to_have_text("HBM4")

    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(suggestions(page)).to_have_count(0)
    page.goto("/")
    search_box(page).focus()
    page.wait_for_timeout(LONGER_THAN_THE_PAUSE_MS)
    expect(suggestions(page)).to_have_count(0)

    stranger = new_visitor(demo_site)
    stranger.goto("/")
    search_box(stranger).focus()
    stranger.wait_for_timeout(LONGER_THAN_THE_PAUSE_MS)
    expect(suggestions(stranger)).to_have_count(0)


def test_box_works_when_the_browser_keeps_nothing_and_suggests_nothing(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})")
    page.route("**/suggest?*", lambda route: route.fulfill(status=200, body="not JSON"))
    page.goto("/")
    search_box(page).press_sequentially("HBM")
    page.wait_for_timeout(LONGER_THAN_THE_PAUSE_MS)
    expect(suggestions(page)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(hits(page).first).to_be_visible()


# --- Hits in the article -------------------------------------------------------------------------------


def test_hits_are_stepped_through_by_buttons_and_keys_and_taken_off(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site, height=500)
    page.goto("/search/?q=HBM")
    hits(page).get_by_role("link").first.click()
    bar = page.get_by_role("group", name="命中处")
    expect(bar).to_be_visible()
    marks = page.locator(".prose mark")
    count = marks.count()
    assert count > 2
    assert set(marks.all_inner_texts()) <= {"HBM", "高带宽内存"}
    first = current_mark(page)
    assert page.locator(":target").evaluate("e => e.contains(document.querySelector('mark.current'))")

    text = page.locator(".prose").inner_text()
    steps = [
        (lambda: bar.get_by_role("button", name="下一处").click(), 1),
        (lambda: page.keyboard.press("n"), 2),
        (lambda: page.keyboard.press("Shift+N"), 1),
        (lambda: bar.get_by_role("button", name="上一处").click(), 0),
        (lambda: [page.keyboard.press("n") for _ in range(count)], 0),
    ]
    for step, distance in steps:
        step()
        place = (first + distance) % count
        expect(bar.locator("output")).to_have_text(f"{place + 1} / {count}")
        assert current_mark(page) == place
        expect(page.locator("mark.current")).to_be_in_viewport()

    search_box(page).press_sequentially("nN")  # in a field they are letters
    assert current_mark(page) == first
    page.locator("main").focus()
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    expect(marks).to_have_count(0)
    assert page.locator(".prose").inner_text() == text


def current_mark(page: Page) -> int:
    """Which of the marks is the one that the reader stands at."""
    return int(page.locator(".prose mark").evaluate_all("all => all.findIndex(e => e.matches('.current'))"))


def test_button_that_takes_the_marks_off_leaves_the_focus_on_the_page(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.goto("/articles/7/?q=HBM")
    page.get_by_role("button", name="去掉标记").focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_count(0)
    expect(page.locator("main")).to_be_focused()


def test_hit_that_is_partly_bold_is_one_hit(hostile_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(hostile_site)
    page.goto("/search/?q=探针词")
    hits(page).get_by_role("link").first.click()
    expect(page.locator("#hit-bar output")).to_have_text("1 / 1")
    expect(page.locator(":target mark.current")).to_have_text(["探", "针", "词"])
    page.keyboard.press("Escape")
    assert page.locator(".prose :target, .prose:has(:target)").first.inner_text()
    expect(page.locator(".prose strong")).to_have_text("针")


@pytest.mark.parametrize(
    "address", ["/articles/4/", "/articles/4/?q=绝无此词", "/articles/4/?q=", "/articles/7/?q=HBM#1%"]
)
def test_bar_is_there_only_where_there_are_hits(demo_site: Site, new_visitor: Visit, address: str) -> None:
    page = new_visitor(demo_site)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    expect(page.locator("#hit-bar")).to_be_visible(visible="HBM" in address)


# --- What was done where nothing answers ---------------------------------------------------------------


def test_corrected_query_says_what_was_searched_for_instead(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    search_for(page, "taijidian")
    note = page.get_by_role("status").filter(has_text="没有一篇符合“taijidian”")
    expect(note).to_contain_text(f"下面是“台积电”的结果，共 {total(page)} 篇")
    expect(search_box(page)).to_have_value("taijidian")
    before = total(page)
    note.get_by_role("link", name="台积电").click()
    expect(search_box(page)).to_have_value("台积电")
    assert total(page) == before


def test_long_question_says_that_not_every_word_was_found(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    search_for(page, LONG_QUESTION)
    expect(page.get_by_role("status").filter(has_text="没有一篇符合全部检索词")).to_be_visible()
    expect(hits(page).first.locator("mark").filter(has_text="先进封装").first).to_be_visible()


def test_empty_page_names_what_is_missing_and_offers_looser_searches(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    search_for(page, '绝无此词 "台积电" -三星')
    nothing = page.get_by_role("region", name="没有一篇符合")
    missing = nothing.get_by_role("listitem").filter(has_text="文库里没有")
    expect(missing).to_have_text(re.compile(r"绝无此词\s+文库里没有\s+0 篇"))
    offered = nothing.get_by_role("listitem").filter(has=page.locator("a + .change, a + .count"))
    assert offered.count() >= 2
    for number in range(offered.count()):
        promised = offered.nth(number).locator(".count").inner_text()
        query = offered.nth(number).get_by_role("link").inner_text()
        offered.nth(number).get_by_role("link").click()
        expect(search_box(page)).to_have_value(query)
        assert f"{total(page)} 篇" == promised
        expect(page.locator(".notice")).to_have_count(0)
        page.go_back()


def test_empty_page_offers_the_search_without_its_filters(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=台积电&year=1999&sort=newest")
    looser = page.get_by_role("listitem").filter(has_text="不限已加的条件")
    promised = looser.locator(".count").inner_text()
    looser.get_by_role("link").click()
    expect(page.locator(".chips")).to_have_count(0)
    assert f"{total(page)} 篇" == promised
    expect(page.locator(".sorts [aria-current]")).to_have_text("最新")


def test_empty_page_offers_the_quotation_without_its_quotes(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto('/search/?q="封装 先进 台积电"')
    looser = page.get_by_role("listitem").filter(has_text="不要求一字不差")
    looser.get_by_role("link", name="封装 先进 台积电").click()
    expect(hits(page).first).to_be_visible()


def test_empty_page_offers_what_a_missing_part_sounds_like(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=绝无此词+taijidian")
    looser = page.get_by_role("listitem").filter(has_text="与“taijidian”写法或读音相近")
    looser.get_by_role("link", name="台积电").click()
    expect(hits(page).first).to_be_visible()


# --- Why ------------------------------------------------------------------------------------------------


def test_member_asks_why_and_is_told_in_words(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=HBM+先进封装厂")
    page.get_by_role("link", name="为什么是这些结果？").click()
    why = page.get_by_role("region", name="为什么是这些结果")
    expect(why).to_be_in_viewport()
    expect(why).to_contain_text("是词条“HBM”，也找 高带宽内存")
    expect(why).to_contain_text(re.compile(r"先进封装\s+\d+ 篇"))
    expect(hits(page).first).to_contain_text(re.compile(r"得分 [\d.]+：.*“先进封装厂” [\d.]+，“HBM” [\d.]+"))
    expect(why.get_by_text("加为")).to_have_count(0)
    promised = re.search(r"单搜它有 (\d+) 篇", why.locator("dd").first.inner_text())
    assert promised is not None
    why.get_by_role("link", name="HBM", exact=True).click()
    assert total(page) == int(promised[1])
    page.go_back()
    why.get_by_role("link", name="不再说明").click()
    expect(page.get_by_role("region", name="为什么是这些结果")).to_have_count(0)


def test_editor_who_asks_why_can_teach_the_glossary(editor: Page) -> None:
    editor.goto(f"/search/?q=台积电{NO_TERM}&explain=1")
    why = editor.locator(".explanation")
    expect(why.locator(".teach")).to_contain_text(f"词库里没有“台积电{NO_TERM}”")
    why.get_by_role("link", name="加为词条").click()
    expect(editor.get_by_label("名称")).to_have_value(f"台积电{NO_TERM}")
    editor.go_back()
    why.get_by_role("link", name="加为某个词条的别名").click()
    editor.get_by_role("link", name="台积电", exact=True).click()
    expect(editor.get_by_label("名称")).to_have_value("台积电")

    editor.goto("/search/?q=TSMC&explain=1")
    expect(editor.locator(".teach")).to_have_count(0)
    editor.locator(".explanation").get_by_role("link", name="台积电").click()
    expect(editor.get_by_label("名称")).to_have_value("台积电")


def test_every_example_of_the_help_finds_what_it_promises(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/")
    page.get_by_role("link", name="还有更多写法").click()
    examples = page.locator("dl > div").filter(has=page.locator("dt a"))
    assert examples.count() > 10
    for number in range(examples.count()):
        promised = examples.nth(number).locator(".count").inner_text()
        examples.nth(number).get_by_role("link").click()
        expect(search_box(page)).not_to_have_value("")
        found = page.locator(".total strong")
        if promised != "0 篇":  # last week, as long as the archive is a demo
            expect(found).to_have_text(promised.removesuffix(" 篇"))
            expect(page.locator(".notice")).to_have_count(0)
        page.go_back()


# --- By keyboard, on a phone, against markup ------------------------------------------------------------


def test_keyboard_alone_suggests_filters_sorts_opens_and_steps(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    tab_to(page, search_box(page))
    page.keyboard.type("hbm")
    expect(suggestions(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    to_filters = page.get_by_role("link", name="缩小范围")
    tab_to(page, to_filters)
    assert in_view(to_filters)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".facet a").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**&term=*")
    chip = page.locator(".chips a")
    tab_to(page, chip)
    page.keyboard.press("Enter")
    expect(chip).to_have_count(0)
    tab_to(page, page.get_by_role("link", name="最早"))
    page.keyboard.press("Enter")
    expect(page.locator(".sorts [aria-current]")).to_have_text("最早")
    tab_to(page, hits(page).get_by_role("link").first)
    page.keyboard.press("Enter")
    expect(page.locator(":target mark.current")).to_be_in_viewport()
    tab_to(page, page.get_by_role("button", name="去掉标记"), most=40)
    page.keyboard.press("Space")
    expect(page.locator("mark")).to_have_count(0)


def test_phone_begins_with_results_and_leads_to_the_filters(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, width=360, height=740, has_touch=True, is_mobile=True)
    page.goto("/search/?q=HBM")
    assert in_view(hits(page).locator(".snippet").first)
    link = page.get_by_role("link", name="缩小范围")
    expect(link).to_be_in_viewport()
    link.tap()
    expect(page.get_by_role("navigation", name="缩小范围").locator("h3").first).to_be_in_viewport()
    for touched in page.locator(".facet a").all():
        box = touched.bounding_box()
        assert box is not None
        assert box["height"] >= 24  # WCAG 2.2, target size
    take(page.locator(".facet a").first)
    expect(page.locator(".chips a")).to_have_count(1)
    assert in_view(hits(page).first)


def test_filters_stay_in_sight_beside_the_results(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=HBM")
    hits(page).nth(10).scroll_into_view_if_needed()
    expect(page.get_by_role("heading", name="缩小范围")).to_be_in_viewport()
    page.locator(".facet a").last.focus()
    expect(page.locator(".facet a").last).to_be_in_viewport()


def test_markup_in_titles_terms_and_columnists_is_shown_as_text(
    hostile_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(hostile_site)  # a dialog or a request for the image would fail the test
    page.goto("/search/?q=探针")
    expect(facet(page, "产品")).to_contain_text([MARKUP])
    expect(facet(page, "栏目作者")).to_contain_text([MARKUP])
    for label in ("产品", "栏目作者"):
        facet(page, label).filter(has_text=MARKUP).click()
        expect(page.get_by_role("link", name=f"去掉条件：{MARKUP}").first).to_be_visible()
    expect(hits(page)).to_have_count(1)
    assert MARKUP in hits(page).first.inner_text()
    search_box(page).fill("")
    search_box(page).press_sequentially("<img")
    expect(suggestions(page).first).to_contain_text(MARKUP)
    suggestions(page).first.click()
    expect(search_box(page)).to_have_value(MARKUP)
    page.goto(f"/search/?q={quote(MARKUP)}&explain=1")
    expect(page.locator(".explanation")).to_contain_text(MARKUP)
    hits(page).get_by_role("link").first.click()
    expect(page.locator(".prose mark.current").first).to_be_visible()
    asked = {"q": f'绝无此词 "{MARKUP}甲"', "term": MARKUP, "columnist": MARKUP, "explain": "1"}
    page.goto(f"/search/?{urlencode(asked)}")
    expect(page.get_by_role("region", name="没有一篇符合")).to_be_visible()
    page.goto("/")
    search_box(page).focus()  # what was searched for comes back from the browser's memory
    expect(suggestions(page).first).to_contain_text(MARKUP)
    expect(page.locator("main img, main svg, main script, .suggestions img")).to_have_count(0)


def test_name_with_url_characters_keeps_them_on_its_way(hostile_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(hostile_site)
    page.goto("/")
    search_box(page).press_sequentially("R&D")
    suggestions(page).filter(has_text=AMPERSAND).first.click()
    expect(search_box(page)).to_have_value(AMPERSAND)
    expect(page.locator(".total strong")).to_have_text("4")
    page.get_by_role("link", name="为什么是这些结果？").click()
    page.locator(".explanation dt a").click()
    expect(search_box(page)).to_have_value(AMPERSAND)
    hits(page).get_by_role("link").first.click()
    expect(page.locator("mark.current")).to_have_text(AMPERSAND)

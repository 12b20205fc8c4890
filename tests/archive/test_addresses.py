"""Addresses of links are those that Django and Python would write, only faster."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils.encoding import uri_to_iri
from hypothesis import given
from hypothesis import strategies as st

from archive.addresses import address_of_number, parameters

TEXT = st.text(st.characters() | st.sampled_from("台积电 &%+=~'\"<\ud800"), max_size=12)


@given(st.lists(st.tuples(TEXT, TEXT | st.integers()), max_size=3))
def test_parameters_are_encoded_but_for_what_is_no_ascii(given_: list[tuple[str, object]]) -> None:
    assert parameters(given_) == uri_to_iri(urlencode(given_, errors="replace"))


@given(st.integers(0, 2**63 - 1))
def test_the_address_of_a_number_is_the_one_that_is_reversed(number: int) -> None:
    assert address_of_number("archive:article-detail", number) == reverse(
        "archive:article-detail", args=[number]
    )


def test_the_links_to_pages_repeat_what_was_asked_and_name_each_page() -> None:
    pager = Template("{% include '_pager.html' %}")
    written = Template("{% querystring page=2 %}")
    for asked in ("?q=a%26b&page=3&year=2025", "?q=%22%3Cb%3E", ""):
        request = RequestFactory().get(f"/{asked}")
        context = {"request": request, "page": Paginator(range(100), 10).page(3)}
        html = pager.render(RequestContext(request, context))
        link = written.render(RequestContext(request, context))
        assert f'<a href="{link}" rel="prev">上一页</a>' in html
        assert f'<a href="{link}" aria-label="第 2 页">2</a>' in html
        assert f'href="{link.replace("page=2", "page=3")}" aria-current="page"' in html
        assert "<span>…</span>" in html
        beside = pager.render(RequestContext(request, {**context, "without_numbers": True}))
        assert (beside.count("href"), 'rel="next"' in beside) == (2, True)
    assert "href" not in pager.render(
        RequestContext(request, {"request": request, "page": Paginator([1], 10).page(1)})
    )

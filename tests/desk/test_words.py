"""Words of the week on the desk that the glossary lacks."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from glossary.models import Alias, Term
from insight.models import IgnoredWord
from tests.conftest import WeekMaker
from tests.desk.conftest import URL, Editor, log_in, said

WEEK = (
    "芯片一周记\n2025.4.7-2025.4.11\n1. 宇树科技上市\n"
    "机器人公司宇树科技（Unitree）递交招股书。宇树科技去年营收翻倍。\n2. 新品\n龙芯的新品MX9100量产。"
)
WORDS = f"{URL}words/"


@pytest.fixture
def lying(chief: Editor, make_issue: WeekMaker) -> Editor:
    """A week with three new words lies on the desk; one of them is in the archive."""
    make_issue({"旧闻": "宇树科技（Unitree）成立。"})
    chief.paste(text=WEEK)
    return chief


def count(editor: Editor) -> int:
    return editor.client.get(f"{WORDS}count/").json()["count"]


def test_each_word_is_shown_as_it_is_cut_and_where_it_stands(lying: Editor) -> None:
    assert f'href="{WORDS}"' in lying.page()
    page = lying.client.get(WORDS).content.decode()
    assert [
        page.index(f'<div class="word">{word}</div>') for word in ("宇树科技", "Unitree", "MX9100")
    ] == sorted(page.index(f'<div class="word">{word}</div>') for word in ("MX9100", "Unitree", "宇树科技"))
    assert "<span>宇树</span><span>科技</span>" in page
    assert "龙芯的新品<mark>MX9100</mark>量产。" in page
    assert "文库里 1 篇</a>" in page
    assert "文库里还没有" in page
    assert count(lying) == 3


def test_each_of_the_three_ways_leads_back_to_the_desks_words(lying: Editor) -> None:
    back = f"?back={quote(WORDS, safe='')}"
    page = lying.client.get(WORDS).content.decode()
    assert f"/admin/insight/ignoredword/ignore/{back}" in page
    answer = lying.client.post(f"/admin/insight/ignoredword/ignore/{back}", {"text": "MX9100"}, follow=True)
    assert answer.redirect_chain[-1][0] == WORDS
    assert IgnoredWord.objects.get().text == "MX9100"
    none = {f"aliases-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    answer = lying.client.post(
        f"/admin/glossary/term/add/{back}", {"name": "宇树科技", "kind": "company", **none}, follow=True
    )
    assert answer.redirect_chain[-1][0] == WORDS
    answer = lying.client.post(
        f"/admin/insight/ignoredword/alias/{back}", {"text": "Unitree", "term": "宇树科技"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == WORDS
    assert Alias.objects.get().term == Term.objects.get()
    assert "没有发现词库里缺的词" in answer.content.decode()
    assert count(lying) == 0


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_a_way_back_out_of_the_site_is_not_taken(lying: Editor, elsewhere: str) -> None:
    url = f"/admin/insight/ignoredword/ignore/?back={quote(elsewhere, safe='')}"
    assert lying.client.post(url, {"text": "MX9100"})["Location"] == "/admin/insight/ignoredword/"


def test_a_word_goes_with_the_card_that_held_it(lying: Editor) -> None:
    lying.act(f"drop {lying.state.cards[1].key}")
    assert "MX9100" not in lying.client.get(WORDS).content.decode()
    assert count(lying) == 2


def test_who_may_not_see_the_radar_sees_no_words(editor: Editor, chief: Editor) -> None:
    editor.paste(text=WEEK)
    assert WORDS not in editor.page()
    assert editor.client.get(WORDS).status_code == 403
    assert editor.client.get(f"{WORDS}count/").status_code == 403
    ignorer = log_in("add_issue", "view_ignoredword", name="ignorer")
    ignorer.paste(text=WEEK)
    page = ignorer.client.get(WORDS).content.decode()
    assert '<div class="word">MX9100</div>' in page
    assert not any(words in page for words in ("新建词条</a>", "加为别名</a>", "忽略</button>"))


def test_an_empty_desk_has_no_words(chief: Editor) -> None:
    assert "粘贴整期内容" in chief.client.get(WORDS, follow=True).content.decode()
    assert count(chief) == 0
    assert said(chief.client.get(URL)) == ""

"""The new-word radar: on made texts, and on the demo weeks with half of the glossary taken away."""

from __future__ import annotations

import csv
import doctest
import random

import pytest
from django.test import Client

from glossary.exchange import SHIPPED
from glossary.matching import Matcher, form_of
from glossary.models import Alias, Term
from glossary.table import read_table
from glossary.vocabulary import Vocabulary, current_vocabulary
from insight import radar
from insight.models import IgnoredWord
from insight.radar import extraction, han, latin, signs, stopping
from search.text.analysis import NO_TERMS
from tests.conftest import WeekMaker
from tests.insight.conftest import EditorMaker
from tests.writing import create

RADAR = "/admin/insight/ignoredword/"


def names(text: str) -> set[str]:
    return {word.text for word in han.find_words([(1, text)], NO_TERMS)}


def codes(text: str) -> list[str]:
    return [text[start:end] for start, end in latin.find_codes(text, NO_TERMS)]


@pytest.mark.parametrize("module", [han, latin, signs])
def test_the_examples_in_the_docs_hold(module: object) -> None:
    assert doctest.testmod(module).attempted > 0  # type: ignore[arg-type]
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("龙芯3B6000与S5000C-E上市", ["3B6000", "S5000C-E"]),
        ("Panther Lake处理器用Intel 18A", ["Panther Lake", "Intel 18A"]),
        ("2025Q3营收12GB，良率90%，5GHz，12英寸，第3季", []),
        ("CEO说，CFO也说，IT行业", []),
        ("见https://example.com/MI450或mail@Example.cn", []),
        ("the quick brown fox", []),
        ("GTC2025年推出的NVIDIA2022款", []),
        ("DeepSeek说R1", ["DeepSeek", "R1"]),
        ("N+2工艺与A-B面", ["N+2", "A-B"]),
    ],
)
def test_codes_and_names_in_latin_letters(text: str, found: list[str]) -> None:
    assert codes(text) == found


def test_a_short_code_is_named_with_its_maker() -> None:
    text = "推理模型DeepSeek R1开源"
    found = latin.find_codes(text, Matcher({"DeepSeek": 1}))
    assert [text[start:end] for start, end in found] == ["DeepSeek R1"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("首席执行官帕特·基辛格自上任以来", "帕特·基辛格"),
        ("分析师郭鸣錤指出，产能不足", "郭鸣錤"),
        ("宇树科技（Unitree）发布新品。宇树科技完成融资。", "宇树科技"),
    ],
)
def test_names_that_show_signs_of_being_one(text: str, name: str) -> None:
    from glossary.folding import fold

    assert fold(name) in names(text)


def test_plain_text_holds_no_names() -> None:
    text = (
        "公司今年的产能比去年同期提高了一成，市场价格也在上涨。\n"
        "这意味着下半年的订单会更多，而且客户愿意付更高的价格。\n"
        "业内人士认为，这条产线明年一季度就能投产，但良率还要看。\n"
    )
    assert names(text) <= {"产线", "良率"}


@pytest.mark.parametrize(
    ("name", "before", "after", "kind"),
    [
        ("Compute Tray", "运算匣(", ")等", "technology"),
        ("Critical Change", "架构上的“", "”,", "technology"),
        ("Ada Example", "工程经理", "在网上说", "person"),
        ("Example", "据", "博士介绍", "person"),
        ("Fictor", "", "宣布扩产", "company"),
        ("Fictor", f"{signs.FIRM_MASK}、", "等", "company"),
        ("Fictor", f"{signs.MASK}、", "等", "technology"),
        ("Fictor", "虚构半导体(", ")", "company"),
        ("FCT", "", "宣布扩产", "technology"),
    ],
)
def test_a_latin_name_is_a_company_only_where_the_text_treats_it_as_one(
    name: str, before: str, after: str, kind: str
) -> None:
    assert latin.kind_of(name, before, after) == kind


def test_a_plain_word_beside_a_term_or_lower_case_english_is_no_name() -> None:
    text = "GB300 Rack出货，Track of the year，Stargate开工"
    found = latin.find_codes(text, Matcher({"GB300": 1}))
    assert [text[start:end] for start, end in found] == ["Stargate"]


def test_stop_words_are_new_to_the_glossary_and_would_be_proposed_without_the_list() -> None:
    """So that the list stays short, and never hides what an editor wants to know."""
    with stopping.STOP_WORDS.open(encoding="utf-8", newline="") as file:
        rows = [(row["word"], row["reason"]) for row in csv.DictReader(file, delimiter="\t")]
    assert all(reason for _, reason in rows)
    assert len({form_of(word) for word, _ in rows}) == len(rows)
    shipped = {form_of(writing) for row in read_table(SHIPPED) for writing in row.writings}
    assert not shipped & stopping.stop_words()
    for word, _ in rows:
        is_spot = any(spot.text == form_of(word) for spot in han._spots(form_of(word)))
        assert is_spot or codes(word) == [word], f"{word} is proposed by nobody: take it off the list"


@pytest.mark.django_db
def test_words_of_the_trade_people_and_english_phrases_are_no_new_companies(make_issue: WeekMaker) -> None:
    create(Term, name="台积电", kind="company")
    create(Term, name="Ada Example", kind="person")
    text = (
        "{0}营收增长，财报好于预期，车规产线满产，IP授权也多。台积电、群虚到场，梁柏乔、台积电也到场。"
        "运算匣（Compute Tray）出货。Example认为，{0}会赢。"
    )
    week = {f"第{number}条": text.format(firm) for number, firm in enumerate(["甲厂", "乙厂", "丙厂"])}
    make_issue(week)
    found = {candidate.text: candidate.kind for candidate in radar.candidates()}
    assert not {"营收", "财报", "车规", "产线", "IP", "Example"} & found.keys()
    assert found["梁柏乔"] == "person"
    assert found["群虚"] == "company"
    assert found["Compute Tray"] == "technology"


def test_cohesion_and_freedom() -> None:
    from collections import Counter

    assert han.entropy(Counter()) == 0
    assert han.entropy(Counter("aaaa")) == 0
    counts = {"昇腾": 8, "昇": 8, "腾": 64}.__getitem__
    assert han.cohesion("昇腾", counts, 4096) == pytest.approx(6 / 9)


@pytest.mark.usefixtures("trade_archive")
def test_what_the_glossary_loses_the_radar_finds() -> None:
    """With half of the terms gone, most of the first thirty words are terms that are gone."""
    vocabulary = current_vocabulary()
    for seed in (1, 2):
        chance = random.Random(seed)
        kept = {pk: term for pk, term in vocabulary.terms.items() if chance.random() < 0.5}
        matcher = Matcher({writing: pk for pk, term in kept.items() for writing in term.writings})
        found = extraction._read("", Vocabulary(matcher, kept))
        hits = [candidate.text for candidate in found[:30] if candidate.form in vocabulary.matcher.writings]
        assert len(hits) >= 21, f"seed {seed}: only {hits}"


TEXTS = {
    "宇树科技上市": "机器人公司宇树科技（Unitree）递交招股书。宇树科技去年营收翻倍。",
    "宇树科技量产": "宇树科技（Unitree）的新品MX9100量产。",
    "别的": "晶圆价格上涨。",
}


@pytest.mark.django_db
def test_a_candidate_says_where_how_often_and_how_it_is_cut_now(make_issue: WeekMaker) -> None:
    make_issue(TEXTS, end_date="2025-03-21")
    make_issue({"旧闻": "宇树科技成立。"}, end_date="2025-02-14", title="旧刊")
    found = {candidate.text: candidate for candidate in radar.candidates()}
    word = found["宇树科技"]
    assert (word.kind, word.articles, word.recent, word.earlier, word.rise) == ("company", 3, 2, 1, 1)
    assert word.count == 6
    assert word.pieces == ("宇树", "科技")
    assert [example.word for example in word.examples] == ["宇树科技"] * 3
    assert found["MX9100"].kind == "product"


@pytest.mark.django_db
def test_a_draft_is_not_read(make_issue: WeekMaker) -> None:
    make_issue(TEXTS, status="draft")
    assert radar.candidates() == []


@pytest.mark.django_db
def test_a_word_goes_when_it_becomes_a_term_and_when_it_is_ignored(make_issue: WeekMaker) -> None:
    make_issue(TEXTS)
    assert {"宇树科技", "MX9100", "Unitree"} <= {candidate.text for candidate in radar.candidates()}
    term = create(Term, name="宇树科技", kind="company")
    create(Alias, term=term, text="Unitree")
    IgnoredWord.objects.create(text="ＭＸ９１００")
    from glossary import current

    current.look_again()
    assert radar.candidates() == []


@pytest.mark.django_db
def test_one_text_is_read_with_what_the_archive_knows(make_issue: WeekMaker) -> None:
    make_issue(TEXTS)
    text = "宇树科技又有新品AB1234，对手跟进。"
    assert [candidate.text for candidate in radar.unknown_words(text)] == ["宇树科技", "AB1234"]
    assert radar.unknown_words("晶圆价格上涨。") == []


@pytest.mark.django_db
def test_the_page_has_one_click_for_each_way(admin_client: Client, make_issue: WeekMaker) -> None:
    make_issue(TEXTS)
    page = admin_client.get(RADAR).content.decode()
    assert "/admin/glossary/term/add/?name=%E5%AE%87%E6%A0%91%E7%A7%91%E6%8A%80&amp;kind=company" in page
    form = admin_client.get("/admin/glossary/term/add/?name=宇树科技&kind=company").content.decode()
    assert 'value="宇树科技"' in form
    assert '<option value="company" selected>' in form
    page = admin_client.post(f"{RADAR}ignore/", {"text": "宇树科技"}, follow=True).content.decode()
    assert "以后不再提示“宇树科技”" in page
    assert [candidate.text for candidate in radar.candidates() if "宇树" in candidate.text] == []
    admin_client.post(f"{RADAR}restore/", {"text": "宇树科技"})
    assert "宇树科技" in {candidate.text for candidate in radar.candidates()}


@pytest.mark.django_db
def test_a_word_becomes_an_alias_of_a_term_named_in_any_writing(
    admin_client: Client, make_issue: WeekMaker
) -> None:
    article = make_issue({"长存扩产": "长存的新厂投产。"}).articles.get()
    term = create(Term, name="长江存储", kind="company")
    create(Alias, term=term, text="YMTC")
    url = f"{RADAR}alias/"
    assert 'value="长存"' in admin_client.get(f"{url}?text=长存").content.decode()
    refused = admin_client.post(url, {"text": "长存", "term": "没有这个"}).content.decode()
    assert "词库里没有“没有这个”" in refused
    page = admin_client.post(url, {"text": "长存", "term": "ymtc"}, follow=True).content.decode()
    assert "“长存”现在是“长江存储”的别名" in page
    assert article.mentions.get().term == term
    taken = admin_client.post(url, {"text": "YMTC", "term": "长江存储"}).content.decode()
    assert "这个别名已经有了" in taken


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("permission", "action", "data"),
    [
        ("insight.add_ignoredword", "ignore/", {"text": "词"}),
        ("insight.delete_ignoredword", "restore/", {"text": "词"}),
    ],
)
def test_who_may_only_look_changes_nothing(
    editor: EditorMaker, permission: str, action: str, data: dict[str, str]
) -> None:
    assert editor("insight.view_ignoredword").get(RADAR).status_code == 200
    assert editor("archive.view_issue").get(RADAR).status_code == 403
    assert editor("insight.view_ignoredword").post(f"{RADAR}{action}", data).status_code == 403
    assert editor("insight.view_ignoredword", permission).post(f"{RADAR}{action}", data).status_code == 302
    assert editor("insight.view_ignoredword").post(f"{RADAR}alias/", data).status_code == 403

"""What the worker learns: once for each state of archive and glossary, of published articles alone."""

from __future__ import annotations

import numpy as np
import pytest

from archive.models import Article, Issue
from archive.publishing import withdraw
from config import settings as site
from glossary.models import Term
from search.meaning import learning, store
from search.meaning.nearest import current_model
from search.tasks import learn_meaning
from tests.conftest import WeekMaker
from tests.writing import save


def near(text: str) -> list[str]:
    model = current_model()
    assert model is not None
    return [Article.objects.get(pk=article.pk).title for article in model.nearest(text, 8)]


def test_the_task_learns_what_its_schedule_asks_for(articles: Issue) -> None:
    assert current_model() is None
    learn_meaning.call()
    assert "Wolfspeed换帅" in near("耐高压的材料")
    assert site.WORKER_TASKS["search.tasks.learn_meaning"]["every"] == 3600
    assert "search.tasks.learn_meaning" in site.SEARCH_TASKS_OF_A_NEW_INDEX


def test_nothing_is_learnt_twice(articles: Issue) -> None:
    assert learning.bring_up_to_date()
    name = store.current_name()
    assert not learning.bring_up_to_date()
    assert store.current_name() == name


def test_a_change_of_an_article_is_learnt_and_the_old_model_goes(articles: Issue) -> None:
    learning.bring_up_to_date()
    before = store.current_name()
    article = Article.objects.get(title="存储涨价")
    article.body = "<p>碳化硅涨价。</p>"
    save(article)
    assert learning.bring_up_to_date()
    assert "存储涨价" in near("耐高压的材料")
    assert {path.name for path in store.folder().iterdir()} == {store.CURRENT, store.current_name()}
    assert store.current_name() != before


def test_a_note_of_the_glossary_is_learnt(articles: Issue) -> None:
    learning.bring_up_to_date()
    assert near("记忆体颗粒") == []
    term = Term.objects.get(name="闪存")
    term.note = "记忆体颗粒"
    save(term)
    assert learning.bring_up_to_date()
    assert near("记忆体颗粒")[0] == "存储涨价"


def test_drafts_are_not_learnt(articles: Issue, make_issue: WeekMaker) -> None:
    make_issue({"机密": "雷神计划用碳化硅。"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    learning.bring_up_to_date()
    model = current_model()
    assert model is not None
    assert model.nearest("雷神计划", 5) == []
    assert Article.objects.get(title="机密").pk not in {article.pk for article in model.nearest("碳化硅", 50)}


def test_what_was_withdrawn_is_forgotten(articles: Issue, make_issue: WeekMaker) -> None:
    other = make_issue({"雷神发布": "雷神计划用碳化硅。"}, end_date="2025-03-28")
    learning.bring_up_to_date()
    assert "雷神发布" in near("雷神计划")
    withdraw(other)
    assert learning.bring_up_to_date()
    assert near("雷神计划") == []


@pytest.mark.parametrize("name", ["words", "weights", "directions", "articles", "places"])
def test_a_damaged_model_is_none_and_is_learnt_again(articles: Issue, name: str) -> None:
    learning.bring_up_to_date()
    path = store.folder() / store.current_name() / f"{name}.npy"
    content = path.read_bytes()
    np.save(path, np.load(path)[:1], allow_pickle=False)
    assert store.load(store.current_name()) is None
    path.write_bytes(content[:-7])
    assert store.load(store.current_name()) is None
    assert learning.bring_up_to_date()
    assert store.load(store.current_name()) is not None


def test_a_name_that_leads_elsewhere_is_none(articles: Issue) -> None:
    learning.bring_up_to_date()
    (store.folder() / store.CURRENT).write_text("../meaning", encoding="ascii")
    assert store.current_name() == ""
    (store.folder() / store.CURRENT).write_bytes(b"\xff\x00")
    assert current_model() is None


def test_an_archive_of_three_articles_teaches_nothing(transactional_db: None, make_issue: WeekMaker) -> None:
    make_issue({"甲": "一。", "乙": "二。", "丙": "三。"})
    assert not learning.bring_up_to_date()
    assert current_model() is None

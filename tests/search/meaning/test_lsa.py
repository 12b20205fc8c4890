"""Latent semantic analysis: words that stand in like articles are alike, whichever of them a query uses."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from search.meaning.lsa import SLICE, Space, learn

TEXTS = {
    1: "车辆 电池 充电 续航",
    2: "汽车 电池 充电 快充",
    3: "汽车 车辆 电池 续航",
    4: "光刻 曝光 掩模 线宽",
    5: "光刻 掩模 套刻 线宽",
    6: "曝光 光刻 套刻 掩模",
    7: "地震 停机 疏散 复工",
    8: "地震 停机 复工 报废",
}


def counted(text: str) -> Counter[str]:
    return Counter(text.split())


def space_of(texts: dict[int, str], **limits: int) -> Space:
    space = learn(((pk, counted(text)) for pk, text in texts.items()), **limits)
    assert space is not None
    return space


def nearest(space: Space, text: str, limit: int = 3) -> list[int]:
    return [pk for pk, _ in space.nearest(counted(text), limit)]


def test_an_article_is_near_in_words_that_it_does_not_hold() -> None:
    space = space_of(TEXTS, max_dimensions=3)
    assert set(nearest(space, "车辆 续航")) == {1, 2, 3}  # 2 holds neither
    assert set(nearest(space, "套刻 曝光")) == {4, 5, 6}
    likeness = dict(space.nearest(counted("车辆 续航"), 8))
    assert likeness[2] > 0.5 > 0.2 > max(likeness[pk] for pk in (4, 5, 6, 7, 8))


def test_words_that_the_archive_does_not_have_lead_nowhere() -> None:
    space = space_of(TEXTS)
    assert space.nearest(counted("红烧肉 咸鱼"), 5) == []
    assert space.nearest({}, 5) == []
    assert space.nearest(counted("汽车 " + " ".join(f"词{n}" for n in range(20))), 5) == []  # hardly anything
    assert nearest(space, "汽车 红烧肉")


def test_nothing_is_learnt_from_too_little() -> None:
    assert learn([]) is None
    assert learn([(1, counted("一 二")), (2, counted("三")), (3, {})]) is None


def test_the_same_archive_makes_the_same_model() -> None:
    one, two = space_of(TEXTS), space_of(TEXTS)
    assert one.nearest(counted("汽车 续航"), 8) == two.nearest(counted("汽车 续航"), 8)
    assert (one.directions == two.directions).all()


@pytest.mark.slow
def test_places_are_those_of_an_exact_decomposition() -> None:
    random = np.random.default_rng(3)
    topics = [random.permutation(900)[:200] for _ in range(12)]
    texts = {
        pk: " ".join(f"w{word}" for word in [*random.choice(topics[pk % 12], 150), *random.choice(900, 60)])
        for pk in range(600)
    }
    space = space_of(texts, max_dimensions=12)
    words = sorted({word for text in texts.values() for word in text.split()})
    table = np.array([[counts[word] for word in words] for counts in map(counted, texts.values())])
    assert (table > 0).sum() > SLICE
    weighed = np.log1p(table) * np.log((len(texts) + 1) / ((table > 0).sum(axis=0) + 0.5))
    weighed /= np.linalg.norm(weighed, axis=1, keepdims=True)
    exact = weighed @ np.linalg.svd(weighed, full_matrices=False)[2][:12].T
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    assert np.abs(space.places @ space.places.T - exact @ exact.T).max() < 0.01


def test_a_large_vocabulary_keeps_the_words_that_most_articles_hold() -> None:
    texts = {pk: f"{text} 只此{pk}" for pk, text in TEXTS.items()} | {9: "孤词 独此一处"}
    space = space_of(texts, max_words=6)
    assert len(space.words) == 6
    assert space.nearest(counted("只此3"), 5) == []
    assert set(nearest(space, "光刻")) == {4, 5, 6}
    assert dict(space.nearest(counted("光刻"), 9))[9] == 0

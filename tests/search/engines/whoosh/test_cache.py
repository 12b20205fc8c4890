"""What is remembered is bounded, and the most recently used of it stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from search.engines.whoosh.cache import WeighedCache


def test_the_longest_unused_goes_first() -> None:
    computed: list[str] = []

    def ask(key: str) -> str:
        return texts.get(key, lambda: computed.append(key) or key * 2)  # type: ignore[func-returns-value]

    texts = WeighedCache[str](limit=4, weigh=len)
    assert [ask(key) for key in ("a", "b", "a", "c", "a", "b")] == ["aa", "bb", "aa", "cc", "aa", "bb"]
    assert computed == ["a", "b", "c", "b"]
    assert (len(texts), texts.weight) == (2, 4)


def test_what_weighs_more_than_all_may_is_answered_and_not_kept() -> None:
    texts = WeighedCache[str](limit=4, weigh=len)
    assert texts.get("long", lambda: "12345") == "12345"
    assert (len(texts), texts.weight) == (0, 0)
    assert texts.get("long", lambda: "1234") == "1234"
    assert (len(texts), texts.weight) == (1, 4)


def test_what_is_forgotten_is_computed_again() -> None:
    texts = WeighedCache[str](limit=4, weigh=len)
    texts.get("a", lambda: "old")
    texts.clear()
    assert (texts.get("a", lambda: "new"), texts.weight) == ("new", 3)


def test_many_threads_get_what_belongs_to_their_keys_and_the_bound_holds() -> None:
    squares = WeighedCache[int](limit=50, weigh=lambda square: 1)

    def ask(number: int) -> int:
        return squares.get(number % 97, lambda: (number % 97) ** 2)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(20_000))) == [(number % 97) ** 2 for number in range(20_000)]
    assert len(squares) == squares.weight == 50

"""What SEARCH_URL may say of a cluster, and what is wrong with one that says something else."""

from __future__ import annotations

import doctest

import pytest
from django.core.exceptions import ImproperlyConfigured

from search.engines.opensearch import address, mapping, similarity
from search.engines.registry import engine_for


@pytest.mark.parametrize("module", [address, mapping, similarity])
def test_the_examples_are_true(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("opensearch://", "'' is no host"),
        ("opensearch://one,", "'' is no host"),
        ("opensearch://one:port/news", "'one:port' is no host"),
        ("opensearch://one:99999/news", "'one:99999' is no host"),
        ("opensearch://one/News", "'News' can not be the name of an index"),
        ("opensearch://one/a/b", "'a/b' can not be the name of an index"),
        ("opensearch://one/news?ssl=off", "there is no option 'ssl': use tls, ca, timeout"),
        ("opensearch://one/news?tls=no", "tls='no': use on or off"),
        ("opensearch://one/news?timeout=soon", "timeout='soon': use seconds"),
    ],
)
def test_a_wrong_url_is_answered_by_what_is_wrong_and_not_by_its_password(url: str, said: str) -> None:
    url = url.replace("://", "://reader:secret@")
    with pytest.raises(ImproperlyConfigured) as refused:
        engine_for(url)
    assert said in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "SEARCH_URL=opensearch://" in str(refused.value)


def test_encrypted_unless_told_otherwise() -> None:
    assert address.Address.of("opensearch://one").is_encrypted
    assert not address.Address.of("opensearch://one?tls=off").is_encrypted
    assert address.Address.of("opensearch://[::1]:9201,two").hosts == (("::1", 9201), ("two", 9200))

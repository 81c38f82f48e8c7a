"""corpus.identity: which addresses name the same article."""

from __future__ import annotations

import pytest

from corpus.identity import address_key


@pytest.mark.parametrize(
    "spelling",
    [
        "https://news.example/a/b?id=7&page=2",
        "http://news.example/a/b?id=7&page=2",
        "https://NEWS.example/a/b?id=7&page=2",
        "https://news.example./a/b?id=7&page=2",
        "https://news.example:443/a/b?id=7&page=2",
        "http://news.example:80/a/b?id=7&page=2",
        "https://news.example/a/b/?id=7&page=2",
        "https://news.example/a/b?page=2&id=7",
        "https://news.example/a/b?id=7&page=2#comments",
        "https://news.example/a/b?utm_source=x&id=7&UTM_Medium=y&page=2",
        "https://news.example/a/b?fbclid=z&id=7&page=2&gclid=1&at_medium=rss&mc_cid=2",
    ],
)
def test_spellings_of_one_address_are_one(spelling: str) -> None:
    """Scheme, case of the host, default port, slash, order, fragment and tracking do not count."""
    assert address_key(spelling) == "news.example/a/b?id=7&page=2"


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example/a/b?id=8",
        "https://news.example/a/B?id=7",
        "https://news.example/a?id=7",
        "https://news.example/a/b",
        "https://other.example/a/b?id=7",
        "https://news.example:8443/a/b?id=7",
        "https://news.example/a/b?id=7&page=2",
        "https://news.example/a/b?id=",
    ],
)
def test_what_may_name_another_article_counts(other: str) -> None:
    """Host, port, path and every other parameter tell articles apart."""
    assert address_key(other) != address_key("https://news.example/a/b?id=7")


@pytest.mark.parametrize("address", ["http://news.example:99999/", "http://[::1/", "http://news.example/\ud800"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """A port out of range, a broken host or half a character is a `ValueError`."""
    with pytest.raises(ValueError, match=r"."):
        address_key(address)

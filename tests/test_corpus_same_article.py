"""corpus.identity: the deliveries of one article are one address, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.identity import address_key

ONE = "https://outlet.example/2026/11/ferry-strike-ends"


@pytest.mark.parametrize(
    "spelling",
    [
        "https://www.outlet.example/2026/11/ferry-strike-ends",
        "http://m.outlet.example/2026/11/ferry-strike-ends",
        "https://mobile.outlet.example/2026/11/ferry-strike-ends/",
        "https://amp.outlet.example/2026/11/ferry-strike-ends",
        "https://outlet.example/2026/11/ferry-strike-ends/amp",
        "https://outlet.example/2026/11/ferry-strike-ends/amp/",
        "https://outlet.example/2026/11/ferry-strike-ends/AMP?utm_source=feed",
        "https://outlet.example/2026/11/ferry-strike-ends.amp",
        "https://outlet.example/2026/11/ferry-strike-ends?amp=1",
        "https://outlet.example/2026/11/ferry-strike-ends?amp",
        "https://outlet.example/2026/11/ferry-strike-ends?outputType=amp&fbclid=x",
        "https://outlet.example/2026/11/ferry%2Dstrike-ends",
    ],
)
def test_deliveries_of_an_article_are_one(spelling: str) -> None:
    """AMP by path, host or parameter, mobile hosts, "www" and escapes that need not be name the same article."""
    assert address_key(spelling) == address_key(ONE)


def test_an_amp_page_keeps_its_ending_otherwise() -> None:
    """AMP's ending goes, the file's own stays, and so do other parameters."""
    assert address_key("https://outlet.example/a.amp.html?id=7&amp=1") == address_key(
        "http://outlet.example/a.html?id=7"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://outlet.example/amp/a", "https://outlet.example/a"),  # a section may be named so
        ("https://outlet.example/sport/amplifier", "https://outlet.example/sport/"),
        ("https://outlet.example/a-amp", "https://outlet.example/a"),
        ("https://outlet.example/a?amp=7", "https://outlet.example/a"),
        ("https://outlet.example/a?output=print", "https://outlet.example/a"),
        ("https://money.outlet.example/a", "https://outlet.example/a"),
        ("https://m.example/a", "https://example/a"),  # all there is before the domain
        ("https://mm.outlet.example/a", "https://outlet.example/a"),
        ("https://www2.outlet.example/a", "https://outlet.example/a"),
        ("https://outlet.example/a%2Fb", "https://outlet.example/a/b"),
        ("https://outlet.example/A", "https://outlet.example/a"),
        ("https://outlet-example.cdn.ampproject.org/c/s/outlet.example/a", "https://outlet.example/a"),
    ],
)
def test_what_may_be_another_article_is_another(one: str, other: str) -> None:
    """Rules that could fold two articles are not used; an AMP cache speaks for nobody's host."""
    assert address_key(one) != address_key(other)


def test_hosts_and_paths_of_other_scripts_have_one_spelling() -> None:
    """As written, and as browsers send them."""
    assert address_key("https://zürich.example/böe") == address_key("https://xn--zrich-kva.example/b%c3%b6e")


paths = st.lists(st.text(alphabet="abcü%~-_.é/ 漢", max_size=12), max_size=4).map(lambda parts: "/".join(parts))


@given(paths, st.dictionaries(st.text(alphabet="abmp_ü", min_size=1, max_size=5), st.text(max_size=6), max_size=3))
def test_a_key_is_its_own_key(path: str, parameters: dict[str, str]) -> None:
    """Whatever the address, taking the key of its key changes nothing, nor does what every delivery may add."""
    from urllib.parse import quote, urlencode

    url = f"https://outlet.example/{quote(path, safe='/%')}"
    query = urlencode({name: value for name, value in parameters.items() if "\ud800" not in value}, errors="replace")
    key = address_key(f"{url}?{query}" if query else url)
    added = f"{url}?{query}&utm_medium=x" if query else f"{url}?utm_medium=x"
    assert address_key(added) == key
    assert address_key(added.replace("https://", "http://www.")) == key

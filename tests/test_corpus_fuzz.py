"""Markup and feeds of any make, put together from what real ones are made of and from what breaks readers.

What is asked of each: it is read or named unreadable, its passages tile its text, nothing invisible is left in it, and
the store takes it. What larger campaigns of the same kind found stands as tests of its own beside the code it is about.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import CorpusError
from corpus.feeds import parse_feed
from corpus.identity import address_key
from corpus.items import Item
from corpus.keep import keep, page_mark
from corpus.lists import choose
from corpus.records import Source, SourceKind
from corpus.store import Store
from corpus.taking import Taken, completed, foreign_id, read_item, read_page, stamp

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOURCE = Source("The Outlet", SourceKind.FEED, "https://outlet.example/feed")
URL = "https://outlet.example/a"
LONG = "The ferry sailed again on Friday, nine days after the strike of its crews began. " * 9

TAGS = """div p span a ul ol li table tr td h1 h2 blockquote cite figure figcaption article main section aside footer
header nav br script style svg noscript template iframe form time img meta link title base body html head dl dt pre
math""".split()
ATTRIBUTES = (
    'class="article-body"', 'class="promo"', "hidden", "data-nosnippet", 'href="http://[::1"', 'name="robots"',
    'content="noindex, max-snippet:99999999999999999999"', 'content="2026-13-45T99:99"', 'content="0000-00-00"',
    'content="9999-12-31T23:59:59+23:59"', 'property="article:published_time"', 'datetime="10000-01-01"',
    'rel="canonical"', 'type="application/ld+json"', "itemprop=author", 'lang="\ud800"', 'property="og:url"',
)  # fmt: skip
TEXTS = (
    "The ferry sailed again on Friday, nine days after it.", "\u202e\u200b\ufeff", "الخبر اليوم.", "新聞。",
    "\x00\x01\ufffe", "&#xD800;", "&#0;&#x110000;", "&nbsp;&undefined;", "\f", "<![CDATA[", "]]>", "<!--", "-->",
    "\ud800",
    '{"@type":"NewsArticle","headline":["a",{"name":7}],"datePublished":[1],"author":{"name":{"@value":3}}}',
    '{"@graph":{"@type":["LiveBlogPosting",null]},"url":["x"],"isAccessibleForFree":[]}', "Read more", "By Ada Holm",
    "12 March 2026", "e\u0301" * 9, "a" * 900, ". " * 90, "x\u2028y", "https://outlet.example/1", "javascript:x",
    "http://[", "https://outlet.example:99999/", "Fri, 32 Nov 2026 25:00:00 -9999", "2026-11-20T23:30:00+99:99",
)  # fmt: skip
PARTS = "title link guid description pubDate content:encoded dc:creator author updated id summary content".split()

texts = st.sampled_from(TEXTS)
openings = st.builds(
    "<{} {}{}".format, st.sampled_from(TAGS), st.lists(st.sampled_from(ATTRIBUTES), max_size=3).map(" ".join),
    st.sampled_from([">", ">", "/>", ""]),
)  # fmt: skip
pieces = st.lists(st.one_of(openings, st.sampled_from(TAGS).map("</{}>".format), texts, texts), max_size=40)
markup = pieces.map("".join)
pages = st.tuples(pieces, pieces).map(
    lambda halves: f"{''.join(halves[0])}<article><h1>Ferries</h1><p>{TEXTS[0]}</p>{''.join(halves[1])}<p>{TEXTS[0]}"
)
elements = st.builds(
    "<{0}{2}>{1}</{0}>".format,
    st.sampled_from(PARTS),
    texts | markup,
    st.sampled_from(["", ' type="html"', ' href="//["']),
)
entries = st.tuples(st.lists(elements, max_size=7), st.booleans(), st.integers(1, 3)).map(
    lambda some: (
        f"<item>{''.join(some[0])}<link>{URL}{some[2]}</link>"
        f"{'<content:encoded><![CDATA[<p>' + LONG + '</p>]]></content:encoded>' if some[1] else ''}</item>"
    )
)
feeds = st.tuples(st.sampled_from(["<channel>{}</channel></rss>", "{}"]), st.lists(entries, max_size=4)).map(
    lambda both: f"<rss xmlns:content='http://purl.org/rss/1.0/modules/content/'>{both[0].format(''.join(both[1]))}"
)
fuzzed = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def sound(taken: Taken) -> None:
    """What holds of every article, whatever it was taken from."""
    article = taken.article
    assert "".join(article.text[each.start : each.end] for each in taken.passages) == article.text
    assert all(each.start <= a < b <= each.end for each in taken.passages for a, b in each.quotable)
    assert all(article.text[block.start : block.end].strip() for block in article.blocks)
    shown = f"{article.title}{article.text}{''.join(article.authors)}".replace("\n", "")
    assert shown.isprintable() or not any(sign < " " or sign in "\u202e\u200b\ufeff\u2066" for sign in shown)


def kept(tmp_path: Path, taken: Taken, item: Item) -> None:
    """The store takes it under its address."""
    store = Store(tmp_path / "corpus.db")
    number = store.source_id(SOURCE.name) or store.put_source(SOURCE)
    article = completed(taken, item, SOURCE, NOW)
    keep(store, article, taken.passages, key=f"url:{address_key(URL)}", source=number, page="x", fetched=NOW)
    store.close()


@fuzzed
@given(
    markup | pages | pages,
    st.sampled_from(["text/html", "text/html; charset=latin-1", "text/html; charset=hex", "text/plain"]),
)
def test_any_markup_is_read_or_named_unreadable(tmp_path: Path, written: str, content_type: str) -> None:
    data = written.encode("utf-8", "surrogatepass")
    assert len(page_mark(data)) == 64
    try:
        taken = read_page(data, url=URL, content_type=content_type)
    except CorpusError:
        return
    sound(taken)
    kept(tmp_path, taken, Item(URL))


@fuzzed
@given(feeds)
def test_any_feed_is_read_or_named_unreadable(tmp_path: Path, written: str) -> None:
    try:
        feed = parse_feed(written.encode("utf-8", "surrogatepass"), url=SOURCE.location)
    except CorpusError:
        return
    chosen, failures = choose(feed.items, SOURCE)
    assert all(failure.reason for failure in failures)
    for item in feed.items:
        assert len(stamp(item)) == 32
        foreign_id(item, SOURCE)
    for item in chosen:
        try:
            taken = read_item(item)
        except CorpusError:
            continue
        sound(taken)
        kept(tmp_path, taken, item)

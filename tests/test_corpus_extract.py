"""What is taken out of a document: title, story and particulars, and what is left behind."""

from __future__ import annotations

import json

import pytest

from corpus.cleaning import decode, stated_time, tidy, web_address
from corpus.errors import UnreadableError
from corpus.extract import extract, extract_lines
from corpus.page_scores import mean_scores, score_pages, shingle_overlap
from corpus.records import Article, ArticleKind, BlockKind, Failure

PASTED = """Skip to content
Home
World
Sport

Council delays tram line vote as costs climb past $400 million

By Ana Lopez, City Hall reporter
Published March 3, 2024 at 9:12 a.m.

Share
Tweet

MILLBROOK — The city council put off a vote on the eastern tram line on Monday.

It was the third delay.

"We are not going to sign a blank cheque," said Councillor Dirk Amundsen. "Our residents deserve better."

tram model at city hall
A model of the planned tram at Millbrook City Hall. Jo Field/Fieldpress via Imagebank

Sign up for the Sentinel newsletter and get the day's top stories in your inbox.

What the plan includes

The proposal has three parts:
• 11 kilometres of new track
• Two depots
• 24 low-floor trams

Related
Tram costs explained
Five things to know about the eastern line

Costs rose by a third since 2021, an auditor's report found. The report blamed steel prices.

The Sentinel reached out to the contractor by email for comment.

Correction: An earlier version of this article misstated the length of the line.

Our Promise

The Sentinel is devoted to careful local reporting.

The Sentinel is devoted to careful local reporting.

About the writer

Ana Lopez is a City Hall reporter at the Sentinel. ... Read more

Sentinel cover
  • Unlimited articles
  • Enjoy ad-free reading
Sentinel cover
  • Unlimited articles
"""

PAGE = """<!doctype html><html lang="en-GB"><head><title>Mill burns | The Lantern</title>
<meta property="og:site_name" content="The Lantern"><meta name="robots" content="max-snippet:50, noarchive">
<meta name="tdm-reservation" content="1"><link rel="canonical" href="/2026/11/mill-burns">
<meta property="article:published_time" content="2026-11-20T09:00:00Z">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Mill burns down",
 "datePublished": "2026-11-20T23:30:00-05:00", "dateModified": "2026-11-21T08:00:00-05:00",
 "author": [{"name": "Lena Ost"}, {"name": "Bo Wend"}], "publisher": {"name": "Lantern Media"},
 "isAccessibleForFree": "False"}</script></head><body>
<div class="cookie-banner"><p>We use cookies to improve your visit. Accept them all?</p></div>
<nav><ul><li><a href="/a">News</a></li><li><a href="/b">Sport</a></li></ul></nav>
<main><article><h1>Mill burns down</h1><p class="byline">By Lena Ost</p>
<p>The old mill burned down on Friday night, and nobody was hurt, the fire brigade said.</p>
<figure><img src="m.jpg"><figcaption>The mill on Saturday.</figcaption></figure>
<p>“It was the <b>heart</b> of the town,” said the mayor, who had come with her children.</p>
<div class="newsletter-signup"><p>Get our morning letter, free in your inbox.</p></div>
<h2>What is known</h2>
<ul><li>The fire began in the attic.</li><li>It took six hours to put out.</li></ul>
<blockquote><p>I shall miss the sound of the wheel.</p></blockquote>
<p>An inquiry will begin on Monday, and the owners have promised to rebuild the tower.</p>
<p>Correction: an earlier version of this article gave the wrong day.</p>
<p><a href="/c">Read more: The story of the mill</a></p></article></main>
<section class="comments"><p>First! What a pity about the mill, I used to go there every summer.</p></section>
<footer><p>All rights reserved by the Lantern.</p></footer></body></html>"""


def lines(article: Article) -> list[str]:
    return [article.text[block.start : block.end] for block in article.blocks]


def one(text: str, name: str, url: str | None = None) -> Article:
    (article,) = extract(text.encode(), name=name, url=url)
    return article


def test_a_pasted_page_gives_its_story_and_nothing_else() -> None:
    """Menus, bylines, captions, promotion, links, slogans and the writer's note stay behind."""
    article = one(PASTED, "page.txt")
    assert article.title == "Council delays tram line vote as costs climb past $400 million"
    assert lines(article) == [
        "MILLBROOK — The city council put off a vote on the eastern tram line on Monday.",
        "It was the third delay.",
        '"We are not going to sign a blank cheque," said Councillor Dirk Amundsen. "Our residents deserve better."',
        "What the plan includes",
        "The proposal has three parts:",
        "11 kilometres of new track",
        "Two depots",
        "24 low-floor trams",
        "Costs rose by a third since 2021, an auditor's report found. The report blamed steel prices.",
        "The Sentinel reached out to the contractor by email for comment.",
        "Correction: An earlier version of this article misstated the length of the line.",
    ]
    assert [block.kind for block in article.blocks][3:8] == [
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.ITEM,
        BlockKind.ITEM,
        BlockKind.ITEM,
    ]
    assert (article.published, article.authors, article.url) == ("2024-03-03", ("Ana Lopez",), None)
    assert article.notes == ("Correction: An earlier version of this article misstated the length of the line.",)


def test_a_story_that_speaks_to_its_reader_is_no_promotion() -> None:
    """Advice about accounts and alerts stays; the outlet's call for tips goes."""
    article = one(
        "How to protect your account\n\nIf you bank with Brillbank, you should change your password today.\n\n"
        "You can sign in to your account and register for alerts on your phone.\n\n"
        "Your money is covered, and you have 13 months to make a claim.\n\n"
        "Do you have a story? Email us at a@example.org.",
        "a.txt",
    )
    assert len(lines(article)) == 3


def test_other_languages_are_read_by_shape() -> None:
    """German and Chinese pages keep their paragraphs and lose their links."""
    german = one(
        "Hochwasser: Tausende verlassen ihre Häuser\nVon Petra Klein\n03.05.2022\n\n"
        "Nach Regen mussten 4.000 Menschen fort.\n"
        "Foto: Jan Weber / Bildfunk\nLesen Sie auch: Warum die Deiche zu niedrig sind\nDer Pegel stieg auf 6,20 Meter.",
        "a.txt",
    )
    assert lines(german) == ["Nach Regen mussten 4.000 Menschen fort.", "Der Pegel stieg auf 6,20 Meter."]
    assert (german.authors, german.published) == (("Petra Klein",), "2022-05-03")
    chinese = one("东港码头罢工进入第二周\n\n三十一艘船只停泊在港外。\n\n港务局表示随时准备谈判。", "b.txt")
    assert (chinese.title, lines(chinese)[1]) == ("东港码头罢工进入第二周", "港务局表示随时准备谈判。")


def test_broken_lines_are_joined() -> None:
    """Text wrapped at a fixed width comes back in paragraphs, without a lede taken for the title."""
    article = one(
        "The harbour pilots' strike entered its second week on Thursday with no talks\n"
        "planned, leaving 31 ships at anchor off Port Ellery, and the union said that\nit would go on.\n\n"
        'The port authority said in a statement that it was "ready to talk at any\ntime".\n',
        "a.txt",
    )
    assert article.title == ""
    assert lines(article)[1] == 'The port authority said in a statement that it was "ready to talk at any time".'


def test_markdown_with_front_matter() -> None:
    """Front matter gives the particulars; marks, images and link targets go, kinds stay."""
    article = one(
        "---\ntitle: First electric ferry\nurl: https://ledger.example/ferry\npublished: 2026-02-11T09:40:00+01:00\n"
        "source: The Ledger\nauthor: Pelle Arend and Io Ryd\n---\n# First electric ferry\n\nThe *line* has ordered a\n"
        "[ferry](https://a.example/x) for 62 million. ![boat](b.jpg)\n\n## Why now\n\n> The boat is quiet.\n\n"
        "- It is new.\n",
        "a.md",
    )
    assert article.title == "First electric ferry"
    assert [(b.kind.value, article.text[b.start : b.end]) for b in article.blocks] == [
        ("paragraph", "The line has ordered a ferry for 62 million."),
        ("heading", "Why now"),
        ("quote", "The boat is quiet."),
        ("item", "It is new."),
    ]
    assert (article.url, article.published) == ("https://ledger.example/ferry", "2026-02-11T09:40:00+01:00")
    assert (article.outlet, article.authors) == ("The Ledger", ("Pelle Arend", "Io Ryd"))


def test_a_page_gives_its_story_and_what_it_states() -> None:
    """Blocks in order with their kinds; JSON-LD goes before meta; directives and notes are kept."""
    article = one(PAGE, "a.html", "https://lantern.example/2026/11/mill-burns?utm_source=x")
    assert [(b.kind.value, article.text[b.start : b.end]) for b in article.blocks] == [
        ("paragraph", "The old mill burned down on Friday night, and nobody was hurt, the fire brigade said."),
        ("paragraph", "“It was the heart of the town,” said the mayor, who had come with her children."),
        ("heading", "What is known"),
        ("item", "The fire began in the attic."),
        ("item", "It took six hours to put out."),
        ("quote", "I shall miss the sound of the wheel."),
        ("paragraph", "An inquiry will begin on Monday, and the owners have promised to rebuild the tower."),
        ("paragraph", "Correction: an earlier version of this article gave the wrong day."),
    ]
    assert article.title == "Mill burns down"
    assert article.url == "https://lantern.example/2026/11/mill-burns"
    assert (article.published, article.updated) == ("2026-11-20T23:30:00-05:00", "2026-11-21T08:00:00-05:00")
    assert (article.authors, article.outlet, article.language) == (("Lena Ost", "Bo Wend"), "The Lantern", "en-GB")
    assert (article.free, article.robots) == (False, ("max-snippet:50", "noarchive", "tdm-reservation"))
    assert article.notes == ("Correction: an earlier version of this article gave the wrong day.",)


@pytest.mark.parametrize(
    ("stated", "kind"),
    [
        ('<script type="application/ld+json">{"@type":"OpinionNewsArticle"}</script>', ArticleKind.OPINION),
        ('<meta property="article:section" content="Opinion">', ArticleKind.OPINION),
        ('<meta property="article:section" content="Sponsored">', ArticleKind.SPONSORED),
        ('<script type="application/ld+json">{"@type":"SatiricalArticle"}</script>', ArticleKind.SATIRE),
        ('<script type="application/ld+json">{"@type":"LiveBlogPosting"}</script>', ArticleKind.LIVE),
        ("", ArticleKind.NEWS),
    ],
)
def test_the_kind_is_what_the_page_states(stated: str, kind: ArticleKind) -> None:
    """Opinion, sponsored, satire and live blogs, by JSON-LD type or section."""
    assert one(f"<head>{stated}</head><p>The old mill burned down on Friday night.</p>", "a.html").kind is kind


def test_a_live_blog_keeps_its_own_headline_and_a_stated_date_beats_the_address() -> None:
    """The first entry's title is not the blog's, and /2020/01/02/ is not when it was published."""
    entries = "".join(
        f"<h2>Entry {n}</h2><p>It is {n} o'clock and the count goes on, officials say.</p>" for n in range(4)
    )
    data = {
        "@type": "LiveBlogPosting",
        "headline": "Election night, live",
        "datePublished": "2026-11-20T18:00:00+01:00",
        "liveBlogUpdate": [
            {"@type": "BlogPosting", "headline": "Entry 0", "datePublished": "2026-11-20T23:00:00+01:00"}
        ],
    }
    head = f'<head><script type="application/ld+json">{json.dumps(data)}</script></head>'
    article = one(f"{head}<article>{entries}</article>", "a.html", "https://a.example/2020/01/02/night")
    assert (article.title, article.published) == ("Election night, live", "2026-11-20T18:00:00+01:00")


def test_entities_are_not_expanded() -> None:
    """A page that declares entities gets them back unexpanded."""
    kinds = '<!ENTITY x "boom"><!ENTITY f SYSTEM "file:///etc/passwd">'
    page = f"<!DOCTYPE html [{kinds}]><p>The end &x; is near &f; today.</p>"
    text = one(page, "a.html").text
    assert "boom" not in text
    assert "root:" not in text


def test_json_and_json_lines() -> None:
    """Objects become articles with their id; what is no address or date is left out."""
    entry = {
        "id": "a1",
        "url": "javascript:x",
        "title": " T ",
        "source": "S",
        "published": "soon",
        "text": "One.\n\nTwo.",
    }
    (article,) = extract(json.dumps(entry).encode(), name="a.json")
    assert (article.external_id, article.title, article.outlet, article.text) == ("a1", "T", "S", "One.\nTwo.")
    assert (article.url, article.published) == (None, None)
    assert [found.external_id for found in extract(b'[{"id":1,"text":"A."},{"id":2,"text":"B."}]', name="b.json")] == [
        "1",
        "2",
    ]
    results = list(extract_lines([b'{"id":"x","text":"A."}', b"", b"not json", b'{"id":"y"}', b"[1]"], "c.jsonl"))
    assert isinstance(results[0], Article)
    assert [r.subject for r in results[1:] if isinstance(r, Failure)] == [
        "c.jsonl, line 3",
        "c.jsonl, line 4",
        "c.jsonl, line 5",
    ]
    with pytest.raises(UnreadableError, match=r"c\.jsonl, line 2"):
        extract(b'{"id":"x","text":"A."}\nnope', name="c.jsonl")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.txt"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "a.txt"),
        (b"x", "a.pdf"),
        (b"[" * 100_000, "a.json"),
        (b"<html><body><nav>Home</nav></body></html>", "a.html"),
        (b"[]", "a.json"),
    ],
)
def test_what_cannot_be_read_is_named_with_a_remedy(data: bytes, name: str) -> None:
    """Each failure carries its subject and what to do."""
    with pytest.raises(UnreadableError) as caught:
        extract(data, name=name)
    assert caught.value.subject == name
    assert caught.value.remedy


def test_encodings_are_found_as_browsers_find_them() -> None:
    """Byte order mark, header, meta, then a guess; Latin-1 is read as windows-1252."""
    text = "Où est l’été? Déjà passé, naïve, à Zürich."
    assert decode(text.encode("utf-16"), "text/html; charset=utf-8") == text
    assert decode(text.encode("cp1252"), "text/html; charset=iso-8859-1") == text
    assert decode(b'<meta charset="windows-1251">' + "Привет".encode("cp1251"), markup=True).endswith("Привет")
    assert decode("東京で地震".encode("shift_jis"), "text/plain; charset=Shift_JIS") == "東京で地震"
    assert decode(text.encode(), "text/html; charset=latin1") == text


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", "A ponte não abrirá, e a inspeção está concluída; são três milhões de euros, disse o vereador."),
        ("cp1252", "Den gamla bron över ån är stängd till maj. Omvägen tar tjugo minuter, båten går från onsdag."),
        ("cp1252", "La inundación dejó más de cuarenta casas sin luz. ¿Qué ocurrirá mañana? «No lo sabemos», dijo."),
        ("cp1250", "A hidat májusig lezárták az árvíz után. A gyerekek hétfőn térnek vissza, és a komp szerdától jár."),
        ("cp1250", "Powódź zniszczyła więcej niż czterdzieści domów. Dzieci wrócą do szkoły, most będzie zamknięty."),
        ("cp1251", "Паром снова отправился в пятницу утром, через девять дней после начала забастовки экипажей."),
        ("shift_jis", "フェリーは金曜日の朝に再び出航した。乗組員のストライキが始まってから九日後のことである。"),
        ("gb18030", "渡轮在罢工九天后于星期五早晨再次启航，码头上约有两百人。"),
    ],
)
@pytest.mark.parametrize("declared", ["text/html", "text/html; charset=nonsense", "text/html; charset=utf-8"])
def test_a_charset_that_is_missing_or_wrong_is_guessed(codec: str, text: str, declared: str) -> None:
    """By what makes a text; where Western and Central European letters do, by the language."""
    assert decode(f"<html><body><p>{text}</p></body></html>".encode(codec), declared, markup=True) == (
        f"<html><body><p>{text}</p></body></html>"
    )


def test_invisible_characters_are_removed() -> None:
    """Zero-width, bidi and tag characters go, joiners that spell words stay, the rest is NFC."""
    assert tidy("pay\u200bpal \u202egnp.exe\u202c\u2066x\u2069 \U000e0041b") == "paypal gnp.exex b"
    assert tidy("می\u200cخواهم") == "می\u200cخواهم"
    assert tidy("a\u200cb e\u0301\u00a0\n c") == "ab é c"


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026-11-20T23:30:00Z", "2026-11-20T23:30:00Z"),
        ("2026-11-20T23:30-05:00", "2026-11-20T23:30-05:00"),
        ("2026-11-20 23:30:00 +0100", "2026-11-20T23:30:00+01:00"),
        ("2026-11-20T23:30:00", "2026-11-20"),
        ("Fri, 20 Nov 2026 23:30:00 GMT", "2026-11-20T23:30:00+00:00"),
        ("2026-13-20", None),
        ("tomorrow", None),
        (None, None),
        (20261120, None),
    ],
)
def test_stated_times(stated: object, kept: str | None) -> None:
    """ISO 8601 with the zone stated, a date where there is none, None for the rest."""
    assert stated_time(stated) == kept


def test_only_web_addresses_are_kept() -> None:
    """Other schemes, relative and broken addresses are none."""
    assert web_address(" https://a.example/b?c ") == "https://a.example/b?c"
    assert [web_address(x) for x in ("ftp://a.example", "//a.example", "javascript:1", "http://", "http://[", 3)] == [
        None
    ] * 6


def test_page_scores_follow_the_published_scorer(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Bags of 4-grams over word tokens; empty answers count for recall alone; F1 of the means."""
    assert shingle_overlap("a b c d e", "a b c d f") == (1 / 3, 1 / 3, 1 / 3)
    assert shingle_overlap("a b", "a, b!") == (1.0, 0.0, 0.0)
    assert shingle_overlap("a b c d", "") == (0.0, 0.0, 1.0)
    assert mean_scores([(1.0, 0.0, 0.0), (0.0, 0.0, 1.0)]) == {
        "precision": 1.0,
        "recall": 0.5,
        "f1": pytest.approx(2 / 3),
    }
    with pytest.raises(UnreadableError, match="ground-truth"):
        score_pages(tmp_path)

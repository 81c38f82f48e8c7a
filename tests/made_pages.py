"""Pages of many makes with the same few stories in them: ``.venv/bin/python tests/made_pages.py FOLDER``.

Each make is laid out as some kind of site is, without the names of any; what stands around the story is written like
the boxes, lists and notices of news sites. The folder is one for ``scripts/evaluate.py --pages``.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from further_pages import BEES, MOULIN, QUARRY, further_pages
from later_pages import pages_of
from page_parts import Story, between, links, marked, page

HARBOUR = Story(
    "Harbour crane falls into the basin, and nobody is hurt",
    "The port of Ostrel stays closed until divers have looked at the hull of a freighter.",
    "By Mira Solen",
    "14 October 2026",
    (
        "A crane of sixty tonnes toppled into the harbour basin of Ostrel on Wednesday morning and came to rest a few "
        "metres from a freighter with nineteen people on board.",
        "Nobody was hurt, the port authority said. The driver had left his cabin for breakfast ten minutes earlier.",
        "“I heard a groan as if a whale were coming up,” said Jon Tarbeck, who sells fish at the quay. “Then the water "
        "stood higher than my stall.”",
        "# What is known so far",
        "Inspectors had passed the crane in June. Its owner, a firm from the neighbouring county, put new cables on it "
        "in August and reported the work as finished on the ninth of September.",
        "The freighter's hull shows a dent below the water line. Divers will look at it on Thursday, and the basin "
        "stays closed for as long.",
        "- Eleven ships wait outside the harbour.",
        "- The fish auction moves to the northern pier.",
        "- Ferries to the islands sail from Port Amrel.",
        "The county's prosecutor has opened an inquiry. She said that she had no reason to suspect anybody, and that "
        "such an inquiry was the rule after accidents at work.",
        "> We shall know more when the cables have been looked at, and not before.",
        "Ostrel has lost a crane once before. In the storm of 1987 one of them fell onto the customs house, which was "
        "empty because it was a Sunday.",
        "The new one will have to be ordered abroad and takes about fourteen months to build, the port's director "
        "said, so that the summer of 2028 is the earliest that the basin will be at full strength again.",
    ),
)
SCHOOL = Story(
    "Village school with four pupils may stay open",
    "The council of Hadrow votes against its own plan.",
    "By Pelle Arend and Io Ryd",
    "3 March 2026",
    (
        "Four children, one teacher and a tiled stove: the school of Lower Hadrow will not be closed in the summer "
        "after all. The town council rejected its own administration's plan by fourteen votes to nine on Monday.",
        "Parents had gathered 1,800 signatures, which is three for every inhabitant of the village.",
        "The administration wanted to save 96,000 crowns a year. It had argued that a bus to the upper school takes "
        "no more than twelve minutes.",
        "Twelve minutes in summer, answered the villagers, who had brought photographs of the pass in February.",
        "The mayor, who had voted for the plan, said that she would respect the decision and look for the money "
        "elsewhere. A new count of pupils is due in two years.",
    ),
)
KRAN = Story(
    "Nach dem Hochwasser: Brücke in Talheim bleibt bis Mai gesperrt",
    "Die Stadt rechnet mit Kosten von vier Millionen Euro.",
    "Von Lene Ostwald",
    "12. Januar 2026",
    (
        "Die Eisenbrücke in Talheim bleibt nach dem Hochwasser vom Wochenende bis mindestens Mai gesperrt. Ein Pfeiler "
        "habe sich um elf Zentimeter gesenkt, teilte das Tiefbauamt am Montag mit.",
        "Der Umweg über die Autobahn dauert zwanzig Minuten. Für Fußgänger setzt die Stadt von Mittwoch an ein Boot "
        "ein, das zwischen sechs und zweiundzwanzig Uhr fährt.",
        "„Wir haben Glück gehabt, dass der Bus schon drüben war“, sagte der Leiter der Feuerwehr.",
        "# Gutachten bis März",
        "Ein Gutachter soll bis März klären, ob der Pfeiler gehoben werden kann oder ersetzt werden muss. Im zweiten "
        "Fall rechnet die Stadt mit Kosten von vier Millionen Euro, von denen das Land die Hälfte trüge.",
        "Die Brücke stammt aus dem Jahr 1911 und steht unter Denkmalschutz. Zuletzt war sie 1994 überholt worden.",
    ),
)
TEASERS = (
    ("Ferries sail again after nine days", "Crews accept a rise of four per cent, and the islands breathe again."),
    ("River falls below its first mark", "The lower town has begun to carry its furniture back into the cellars."),
    ("Comet comes into view this weekend", "It can be seen with the naked eye shortly before the sun rises."),
)
SECTIONS = ("Home", "Politics", "Economy", "Sport", "Culture", "Weather", "Opinion", "Podcasts", "Subscribe")
CONSENT = (
    "We and our 214 partners store and access information on your device, such as cookies, to show you advertising "
    "that fits your interests and to measure how our pages are read. You can accept all cookies or manage your "
    "choices at any time in the settings. Your choices apply to this website only."
)
NEWSLETTER = "Get the day's most important stories in your inbox every morning. Sign up for our free newsletter here."
DONATE = "Our reporting is free for everybody because readers pay for it. Support us with a monthly contribution."
BIO = "Mira Solen is a reporter at the Ostrel desk and covers harbours, fishing and the sea."
RIGHTS = "© 2026 The Lantern. All rights reserved. No part of this page may be reproduced without permission."
COMMENTS = (
    ("seagull42", "3 hours ago", "I have worked at that quay for twenty years and the cables were always a joke."),
    ("Old Tom", "2 hours ago", "And who pays for it in the end? The same people as always, that much is certain."),
    ("harbourcat", "1 hour ago", "Glad that nobody was hurt. My brother sails on that freighter, and he is fine."),
)


def tables(story: Story) -> str:
    """Tables for the layout, line breaks for paragraphs, no classes."""
    text = "<br><br>".join(escape(part[2:] if part[:2] in ("# ", "- ", "> ") else part) for part in story.parts)
    menu = "".join(f'<tr><td><a href="/{name}">{name}</a></td></tr>' for name in SECTIONS)
    return page(
        f'<table width="100%"><tr><td colspan=3><font size=6>The Lantern</font></td></tr><tr><td width=120><table>'
        f"{menu}</table></td><td><h1>{story.title}</h1><font size=2><i>{story.byline}, {story.date}</i></font><br><br>"
        f'{text}<br><br><a href="/print">Print this page</a> | <a href="/mail">Send to a friend</a></td><td width=160>'
        f"<b>Most read</b><br>{'<br>'.join(f'<a href=/{n}>{name}</a>' for n, (name, _) in enumerate(TEASERS))}</td>"
        f"</tr><tr><td colspan=3><font size=1>{RIGHTS}</font></td></tr></table>",
        story,
    )


def hashed(story: Story) -> str:
    """Class names that say nothing, boxes between the paragraphs, teasers with whole sentences below."""
    cards = "".join(
        f'<div class="css-9q{n}"><a href="/{n}"><h3 class="css-x{n}">{name}</h3><p class="css-1d">{line}</p></a></div>'
        for n, (name, line) in enumerate(TEASERS)
    )
    box = f'<div class="css-k3"><p class="css-k4">{NEWSLETTER}</p></div>'
    return page(
        f'<div class="css-a1"><ul class="css-a2">{links(SECTIONS)}</ul></div><main class="css-m"><div class="css-h">'
        f'<h1 class="css-t">{story.title}</h1><p class="css-d">{story.date}</p><p class="css-b">{story.byline}</p>'
        f'</div><section class="css-s">{between(marked(story, "<p class=css-p>{}</p>"), box, (1,))}</section>'
        f'<section class="css-r"><h2 class="css-rt">More from The Lantern</h2>{cards}</section></main>'
        f'<div class="css-f"><p class="css-fp">{RIGHTS}</p></div>',
        story,
    )


def soup(story: Story) -> str:
    """Divisions for everything, the paragraphs included, and nothing named."""
    parts = marked(story, "<div>{}</div>", "<div><b>{}</b></div>")
    menu = "".join(f'<div><a href="/{name}">{name}</a></div>' for name in SECTIONS)
    more = "".join(f'<div><div><a href="/{n}">{name}</a></div></div>' for n, (name, _) in enumerate(TEASERS))
    return page(
        f"<div><div>{menu}</div></div><div><div><h1>{story.title}</h1></div><div>{story.byline}</div><div>{story.date}"
        f"</div><div>{''.join(parts)}</div></div><div><div>Related</div>{more}</div><div><div>{RIGHTS}</div></div>",
        story,
    )


def blog(story: Story) -> str:
    """A common blog system: sharing, tags, a box on the writer, related posts, comments."""
    comments = "".join(
        f'<li class="comment"><cite class="fn">{who}</cite> <a href="#c">{when}</a><p>{said}</p>'
        f'<a class="comment-reply-link" href="#r">Reply</a></li>'
        for who, when, said in COMMENTS
    )
    return page(
        f'<header class="site-header"><nav><ul>{links(SECTIONS)}</ul></nav></header><article class="post type-post">'
        f'<h1 class="entry-title">{story.title}</h1><div class="entry-meta">{story.date} {story.byline}</div>'
        f'<div class="entry-content">{"".join(marked(story))}<div class="sharedaddy"><h3>Share this:</h3><ul>'
        f"{links(('Facebook', 'E-mail', 'Print'))}</ul></div><div class='jp-relatedposts'><h3>Related</h3>"
        f"{''.join(f'<p><a href=/{n}>{name}</a></p>' for n, (name, _) in enumerate(TEASERS))}</div></div>"
        f'<footer class="entry-footer">Posted in <a href="/h">Harbour</a></footer><div class="author-box"><h4>'
        f'About the author</h4><p>{BIO}</p></div></article><div id="comments"><h2>3 thoughts on “{story.title}”</h2>'
        f"<ol>{comments}</ol></div>",
        story,
    )


def mobile(story: Story) -> str:
    """A page for readers on telephones: AMP's elements, captions with credits, advertisements."""
    picture = '<amp-img src="a.jpg"></amp-img><figcaption>The basin on Wednesday. Photo: Ann Bell</figcaption>'
    box = '<div class="ad-slot"><amp-ad type="x"></amp-ad>Advertisement</div>'
    return page(
        f'<amp-sidebar id="s"><ul>{links(SECTIONS)}</ul></amp-sidebar><main><article><h1>{story.title}</h1>'
        f"<div>{story.byline} | {story.date}</div><figure>{picture}</figure>{between(marked(story), box, (1, 4))}"
        f"</article></main><amp-consent><div><p>{CONSENT}</p></div></amp-consent><footer>{RIGHTS}</footer>",
        story,
    )


def carded(story: Story) -> str:
    """Cards that lead to other articles between the paragraphs, each with a sentence of its own."""
    name, line = TEASERS[0]
    box = f'<div><h3><a href="/1">{name}</a></h3><p><a href="/1">{line}</a></p></div>'
    return page(
        f"<header><ul>{links(SECTIONS)}</ul></header><article><h1>{story.title}</h1><p>{story.deck}</p>"
        f"<div><span>{story.byline}</span><time>{story.date}</time></div>{between(marked(story), box, (1, 3))}"
        f"</article><div><h2>Read next</h2>{box}</div><footer><p>{RIGHTS}</p></footer>",
        story,
    ).replace(f"<p>{story.deck}</p>", "")


def asking(story: Story) -> str:
    """Boxes between the paragraphs that ask for money and addresses, unnamed; a call at the end of a paragraph."""
    parts = marked(story)
    parts[1] = parts[1].replace("</p>", ' <a href="/tips">Do you know more? Write to us</a></p>')
    text = between(parts, f"<div><p><strong>{DONATE}</strong></p></div>", (0,))
    return page(
        f"<div>{links(SECTIONS, 'span')}</div><article><h1>{story.title}</h1><p>{story.byline}</p><p>{story.date}</p>"
        f"<div>{text}</div><p><em>{BIO}</em></p><p>{NEWSLETTER}</p></article><footer><p>{RIGHTS}</p></footer>",
        story,
    )


def discussed(story: Story) -> str:
    """Comments that are longer than the article, in unnamed divisions."""
    lines = [
        f"<div><div>{who}</div><div>{when}</div><div>{said} That is what I said then, and I say it again: {said}</div>"
        "<div><a href='#'>Reply</a> <a href='#'>Report</a></div></div>"
        for who, when, said in COMMENTS * 4
    ]
    return page(
        f"<div><ul>{links(SECTIONS)}</ul></div><div><h1>{story.title}</h1><div>{story.byline}</div><div>"
        f"{''.join(marked(story))}</div></div><div><h2>12 comments</h2>{''.join(lines)}</div>",
        story,
    )


def endless(story: Story) -> str:
    """The next article below the first one, as pages without an end have it."""
    other = SCHOOL if story is not SCHOOL else HARBOUR
    both = "".join(
        f"<div><h1>{each.title}</h1><p>{each.date}</p><div>{''.join(marked(each))}</div></div>"
        for each in (story, other)
    )
    return page(f"<nav>{links(SECTIONS)}</nav><div>{both}</div><footer>{RIGHTS}</footer>", story)


def spanned(story: Story) -> str:
    """Paragraphs as spans in sections, names made by a builder of sites."""
    parts = marked(story, '<section data-block="text"><div><span>{}</span></div></section>')
    return page(
        f'<div id="root"><div class="Nav__Inner">{links(SECTIONS, "div")}</div><div class="Article__Wrapper"><h1>'
        f'{story.title}</h1><div class="Byline__Text">{story.byline}</div>{"".join(parts)}</div><div '
        f'class="Footer__Legal">{RIGHTS}</div></div>',
        story,
    )


def asked(story: Story) -> str:
    """The notice on cookies above all, longer than a paragraph, in a division without a name."""
    return page(
        f"<div><div><h2>Your privacy</h2><p>{CONSENT}</p><p>{CONSENT}</p><button>Accept all</button></div></div>"
        f"<ul>{links(SECTIONS)}</ul><article><h1>{story.title}</h1><p><small>{story.date}</small></p>"
        f"{''.join(marked(story))}</article><div><p>{RIGHTS}</p></div>",
        story,
    )


def pictured(story: Story) -> str:
    """A picture above every second paragraph, its caption in a paragraph of its own."""
    box = '<p><img src="a.jpg"></p><p><em>The place on Tuesday, seen from the hill. (Photo: Ann Bell)</em></p>'
    return page(
        f"<header><ul>{links(SECTIONS)}</ul></header><div><h1>{story.title}</h1><p>{story.byline} - {story.date}</p>"
        f"{between(marked(story), box, (0, 2, 4))}<p>Tags: <a href=/a>harbour</a>, <a href=/b>Ostrel</a></p></div>",
        story,
    )


def german(story: Story) -> str:
    """A German site: advertisement, links to more, a newsletter and a notice of rights."""
    box = '<div><span>Anzeige</span></div><p>Lesen Sie auch: <a href="/1">Fähren fahren nach neun Tagen wieder</a></p>'
    return page(
        f"<nav>{links(('Start', 'Politik', 'Sport', 'Kultur', 'Abo'))}</nav><article><h1>{story.title}</h1><p>"
        f"{story.byline}</p><p>{story.date}</p>{between(marked(story), box, (1,))}<p>Jetzt den Newsletter abonnieren"
        f"</p></article><section><h2>Mehr zum Thema</h2>{links([name for name, _ in TEASERS])}</section>"
        "<footer>Alle Rechte vorbehalten. Impressum | Datenschutz</footer>",
        story,
    )


def narrow(story: Story) -> str:
    """The story in the middle of three columns, the others full of sentences."""
    left = "".join(f"<div><b>{name}</b><p>{line}</p></div>" for name, line in TEASERS)
    right = f"<div><p>{DONATE}</p></div><div><p>{NEWSLETTER}</p></div>" + left
    return page(
        f"<div><ul>{links(SECTIONS)}</ul></div><div><div>{left}</div><div><h1>{story.title}</h1><div>{story.byline}"
        f"</div>{''.join(marked(story))}</div><div>{right}</div></div><div>{RIGHTS}</div>",
        story,
    )


MAKES: Sequence[Callable[[Story], str]] = (
    tables, hashed, soup, blog, mobile, carded, asking, discussed, endless, spanned, asked, pictured, german, narrow,
)  # fmt: skip


def made_pages() -> Iterator[tuple[str, str, str]]:
    """Name, markup and story of each page."""
    for make in MAKES:
        for story in (HARBOUR, SCHOOL, KRAN):
            yield f"{make.__name__}-{story.title.split()[0].lower().strip(':')}", make(story), story.text


def later_pages() -> Iterator[tuple[str, str, str]]:
    """Those of tests/later_pages.py, with the stories of both sets before."""
    return pages_of((HARBOUR, SCHOOL, KRAN, QUARRY, BEES, MOULIN))


SETS: Mapping[str, Callable[[], Iterator[tuple[str, str, str]]]] = {
    "made": made_pages,
    "further": further_pages,
    "later": later_pages,
}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Lay out pages of many makes, to be scored.")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--set", choices=list(SETS), default="made", help="which of them (made)")
    wanted = parser.parse_args()
    folder = wanted.folder
    (folder / "html").mkdir(parents=True)
    truth = {}
    for name, markup, text in SETS[wanted.set]():
        (folder / "html" / f"{name}.html.gz").write_bytes(gzip.compress(markup.encode()))
        truth[name] = {"articleBody": text}
    (folder / "ground-truth.json").write_text(json.dumps(truth))


if __name__ == "__main__":
    main()

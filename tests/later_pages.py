"""Pages of nine makes more, written when those of `further_pages` had been looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from page_parts import Story, between, links, marked, page

RANKS = (
    "Why the ferry strike lasted nine days and what the crews got out of it",
    "The comet that everybody talks about, and where to look for it",
    "Ten recipes for the last asparagus of the year",
)
GERMAN = (
    ("Fähren fahren wieder", "Nach neun Tagen Streik haben die Besatzungen das Angebot angenommen."),
    ("Komet am Wochenende", "Kurz vor Sonnenaufgang ist er mit bloßem Auge zu sehen."),
)


def agency(story: Story) -> str:
    """The headline in a header of its own, who reported and edited below, a standing line on standards."""
    return page(
        f"<div id=top><ul>{links(('World', 'Markets', 'Sport'))}</ul></div><header><h1>{story.title}</h1><div>"
        f"{story.byline} · {story.date} · 2 min read</div></header><section>{''.join(marked(story))}<p>(Reporting by "
        "Anna Voss in Ostrel; Editing by Tom Reed)</p><p>Our Standards: The Agency Trust Principles.</p></section>"
        "<aside><h3>Key figures</h3><p>Sixty tonnes is what the crane weighed.</p></aside><footer><a href=/x>Purchase "
        "Licensing Rights</a></footer>",
        story,
    )


def ranked(story: Story) -> str:
    """Numbered lists of headlines that are sentences, before and below the story."""
    ranks = "".join(f"<li><a href=/{at}>{line}</a></li>" for at, line in enumerate(RANKS))
    return page(
        f"<div><div><h3>Latest</h3><ol>{ranks}</ol></div><div><h1>{story.title}</h1><span>{story.byline}</span>"
        f"{''.join(marked(story))}<h3>Most commented</h3><ol>{ranks}</ol></div></div>",
        story,
    )


def pulled(story: Story) -> str:
    """A sentence of the story set large in the middle of it."""
    sentence = story.parts[1].split(". ")[0].strip(".") + "."
    box = f"<div><span>“</span><div>{sentence}</div></div>"
    return page(
        f"<main><article><h1>{story.title}</h1><p>{story.date}</p>{between(marked(story), box, (2,))}</article></main>",
        story,
    )


def campus(story: Story) -> str:
    """A press release: whom to call, who publishes it, what can be downloaded."""
    return page(
        "<nav aria-label=breadcrumb><a href=/>Home</a> › <a href=/n>Newsroom</a> › Releases</nav><div><h1>"
        f"{story.title}</h1><p>{story.date}</p>{''.join(marked(story))}<h2>Media contact</h2><p>Dr. Ulla Brandt, Press "
        "Office, +46 555 0100, press@college.example</p><h2>About the College of Veld</h2><p>The College of Veld was "
        "founded in 1891 and teaches some four thousand students in eleven departments.</p></div><div><h2>Downloads"
        "</h2><a href=/a.pdf>Press release (PDF, 120 kB)</a></div>",
        story,
    )


def essay(story: Story) -> str:
    """A magazine's: a large first letter, rules between groups of paragraphs, the issue it is in."""
    parts = marked(story)
    parts[0] = re.sub(r">(\w)", r"><span class=cap>\1</span>", parts[0], count=1)
    groups = "".join(f"<div>{''.join(parts[at : at + 3])}</div><hr>" for at in range(0, len(parts), 3))
    return page(
        f"<header><a href=/>The Quarterly</a></header><div><h1>{story.title}</h1><div><a href=/w>{story.byline}</a>"
        f"</div>{groups}<div>This piece appears in the spring issue of The Quarterly. <a href=/s>Order it here</a>."
        "</div></div>",
        story,
    )


def weekend(story: Story) -> str:
    """A German paper's: teasers with whole sentences in the middle, where it was printed, the way out."""
    cards = "".join(f"<article><a href=/1><h3>{name}</h3><p>{line}</p></a></article>" for name, line in GERMAN)
    box = f"<section><h2>Mehr zum Thema</h2>{cards}</section>"
    return page(
        f"<header><ul>{links(('Politik', 'Kultur', 'Abo'))}</ul></header><main><article><h1>{story.title}</h1><p>"
        f"{story.byline}</p>{between(marked(story), box, (1,))}<p>Dieser Text erschien zuerst in der Wochenendausgabe."
        "</p><p><a href=/>Zur Startseite</a></p><p><a href=/k>12 Kommentare lesen</a></p></article></main>",
        story,
    )


def council(story: Story) -> str:
    """A town's: opening hours beside the story, and whether the page was helpful."""
    return page(
        f'<div class="layout-container"><header><div class="region">{links(("Town", "Offices", "News"))}</div></header>'
        f'<main><div class="node__content"><h1><span>{story.title}</span></h1><div class="field field--name-body">'
        f"{''.join(marked(story))}</div></div></main><aside-col><div><h2>Town hall</h2><p>The town hall is open from "
        "nine to four on weekdays and closed on public holidays.</p><p>Please bring your identity card to every "
        "appointment.</p></div></aside-col><div><h2>Was this page helpful?</h2><button>Yes</button><button>No</button>"
        "<p>Thank you for your feedback, it helps us to make this website better.</p></div></div>",
        story,
    )


def noisy(story: Story) -> str:
    """Advertisements between the paragraphs, one of them a sentence; calls in divisions at the end."""
    parts = marked(story)
    parts[0] += "<div>Advertisement - scroll to continue</div>"
    parts[2] += (
        "<div><a href=/sp><span>Sponsored</span><div>These five shoes will change the way you walk, doctors say.</div>"
        "</a></div>"
    )
    return page(
        f"<div>{links(('News', 'Stars', 'Sport'), 'span')}</div><div><div>BREAKING</div><h1>{story.title}</h1><div>"
        f"{story.byline}, Published {story.date}</div>{''.join(parts)}<div>Do you have a story for us? Ring the "
        "newsdesk on 555 0142.</div><div>Like this story? For more news every day, follow our channel.</div></div>",
        story,
    )


def explained(story: Story) -> str:
    """Headings in divisions of their own, a label above, the sources below."""
    parts = marked(story, heading="<div><h2>{}</h2></div>")
    return page(
        f"<nav>{links(('News', 'Explained'))}</nav><div><div><h1>{story.title}</h1></div><div><div>Explained</div>"
        f"{''.join(parts)}</div></div><div><div>Sources: county archive, own research</div></div>",
        story,
    )


MAKES: Sequence[Callable[[Story], str]] = (
    agency, ranked, pulled, campus, essay, weekend, council, noisy, explained,
)  # fmt: skip


def pages_of(stories: Sequence[Story]) -> Iterator[tuple[str, str, str]]:
    """Name, markup and story of each page."""
    for make in MAKES:
        for story in stories:
            yield f"{make.__name__}-{story.title.split()[0].lower().strip(':')}", make(story), story.text

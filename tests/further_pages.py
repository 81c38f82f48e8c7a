"""Pages of ten further makes, written before anybody looked at how they are read; `made_pages` lays them out, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape

from page_parts import Story, between, links, marked, page

QUARRY = Story(
    "Quarry at Mount Veld to close after a century",
    "Two hundred jobs go, and a lake is to take its place.",
    "Nadja Korr",
    "2 June 2026",
    (
        "The last wagon of granite will leave Mount Veld on the thirtieth of September. The owners told their two "
        "hundred and six workers so at a meeting on Monday that lasted less than half an hour.",
        "“My grandfather broke stone here, and so did my mother,” said Edda Lorn, a driver. “I had hoped for ten more "
        "years.”",
        "# Too dear to pump",
        "Water has been seeping into the deepest terrace since 2019. Pumping it out costs 40,000 crowns a month, "
        "according to the firm, and the price of granite has fallen by a third.",
        "The union called the figures unproven and asked for an independent audit.",
        "# What happens to the pit",
        "Once the pumps stand still, the pit will fill within about eight years and become the deepest lake in the "
        "county, engineers of the mining office say. They have asked that nobody swim in it before 2036.",
        "The office named three conditions for the closure:",
        "- The western face has to be secured with anchors.",
        "- The firm keeps paying for measurements of the groundwater.",
        "- The narrow-gauge railway is handed over to the museum.",
        "The museum said it would gladly take the railway, if somebody paid for its bridges.",
    ),
)
BEES = Story(
    "Swarm of bees stops tram line 4 for two hours",
    "A retired teacher lured them into a box.",
    "Staff",
    "19 May 2026",
    (
        "A swarm of some twelve thousand bees settled on the overhead wire at Linden Square on Tuesday, and line 4 "
        "stood "
        "still from ten until noon.",
        "The transport company first called the fire brigade, which called a beekeeper, who was on holiday.",
        "In the end it was Holm Petri, 71, a retired teacher of Latin, who climbed a ladder with a cardboard box.",
        "He had never done it before, he said afterwards, but Virgil explains it very well.",
    ),
)
MOULIN = Story(
    "Le moulin de Sauvière tourne de nouveau",
    "Après onze ans de travaux, la roue est repartie dimanche.",
    "Par Aude Crespin",
    "7 avril 2026",
    (
        "La roue du moulin de Sauvière s'est remise en mouvement dimanche après-midi, devant quelque quatre cents "
        "habitants. Elle était à l'arrêt depuis la crue de 1983.",
        "« On ne pensait pas que le bois tiendrait », reconnaît Paul Thévenot, charpentier à la retraite, qui a dirigé "
        "le chantier pendant onze ans.",
        "# Un demi-million d'euros",
        "Les travaux ont coûté 520 000 euros, dont la moitié vient de dons. La région a payé le reste, après avoir "
        "refusé deux fois de le faire.",
        "Le moulin produira de la farine le samedi matin et de l'électricité le reste de la semaine, de quoi alimenter "
        "l'école et la mairie.",
    ),
)
LONG_TEASERS = (
    "The new swimming bath opens on Saturday with a relay of all the schools, and entry is free until noon.",
    "Forty years after the last one was shot, a lynx has been photographed in the forest behind the mill.",
    "Rents in the old town rose by nine per cent last year, which is more than in any other quarter.",
    "A baker from the lower town has won the county's prize for rye bread for the third time in a row.",
)


def builder(story: Story) -> str:
    """A page builder's: every paragraph in a widget eleven divisions deep, buttons between, posts before and after."""

    def widget(inner: str) -> str:
        return '<div class="el el-col"><div class="el-wrap"><div class="el-inner">' * 3 + inner + "</div>" * 9

    share = widget('<div class="el-btns"><a href="/s">Share</a><a href="/t">Tweet</a><a href="/p">Pin it</a></div>')
    return page(
        widget(f"<ul>{links(('Home', 'About', 'News', 'Contact'))}</ul>")
        + widget(f'<h1 class="el-heading">{story.title}</h1>')
        + widget(f"<ul><li>{story.byline}</li><li>{story.date}</li><li>No comments</li></ul>")
        + between([widget(part) for part in marked(story)], share, (1,))
        + widget("<a href=/prev><span>Previous</span> Council puts off the vote on the new dog park until autumn</a>")
        + widget("<a href=/next><span>Next</span> Where to eat asparagus this week, and where you had better not</a>")
        + widget(
            "<h4>Leave a comment</h4><p>Your email address will not be published. Required fields are marked *</p>"
        )
        + widget("<p>Copyright 2026. Made with love in Veld.</p>"),
        story,
    )


def sectioned(story: Story) -> str:
    """Each heading and what follows it in a section of its own, anchors at the top, a box to the side of each."""
    groups: list[list[str]] = [[]]
    for part in marked(story):
        if part.startswith("<h2>"):
            groups.append([])
        groups[-1].append(part)
    anchors = links([part[2:] for part in story.parts if part.startswith("# ")])
    side = f"<aside><h3>Around the county</h3><p>{LONG_TEASERS[0]}</p></aside>"
    return page(
        f"<header><nav><ul>{links(('News', 'County', 'Sport'))}</ul></nav></header><main><header><h1>{story.title}</h1>"
        f"<p>{story.byline}</p><time>{story.date}</time></header><nav><h2>On this page</h2><ol>{anchors}</ol></nav>"
        + "".join(f"<section>{''.join(group)}</section>{side}" for group in groups)
        + "</main><footer><p>The Veld Courier is a member of the press council. Complaints are answered in ten "
        "days.</p>"
        "</footer>",
        story,
    )


def polled(story: Story) -> str:
    """A vote of the readers, an offer and a video between the paragraphs."""
    vote = (
        "<div><form><fieldset><legend>What do you think: has the right thing been done here?</legend><label><input "
        "type=radio> Yes, it was high time</label><label><input type=radio> No, it is a shame</label><button>Vote"
        "</button></fieldset><p>1,204 people have voted so far.</p></form></div>"
    )
    offer = (
        "<div class=offer><h3>Only this week</h3><p>Read the Courier for three months for the price of one. Cancel "
        "whenever you want.</p><a href=/buy>To the offer</a></div>"
    )
    video = "<div class=player><video></video><div>This video cannot be played in your browser.</div></div>"
    parts = marked(story)
    parts[0] += video
    parts[1] += vote
    parts[2] += offer
    return page(
        f"<div class=top><ul>{links(('News', 'County', 'Sport'))}</ul></div><div "
        f"class=story><h1>{story.title}</h1><div "
        f"class=by>{story.byline}</div>{''.join(parts)}</div><div class=bottom>Imprint | Privacy</div>",
        story,
    )


def wire(story: Story) -> str:
    """An agency's: plain text in one element, blank lines between the paragraphs, lines broken by hand."""
    lines = []
    for part in story.parts:
        words, line, folded = part.removeprefix("# ").removeprefix("- ").split(" "), "", []
        for word in words:
            if len(line) + len(word) > 66:
                folded.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines.append("\n".join([*folded, line]))
    return page(
        f"<div>County News Agency</div><hr><h1>{story.title}</h1><div>{story.date}</div><pre>"
        f"{escape((chr(10) * 2).join(lines), quote=False)}</pre><hr><div><a href=/back>Back to the list of reports</a> "
        "<a href=/print>Printable version</a></div>",
        story,
    )


def office(story: Story) -> str:
    """An authority's page of long ago: capitals, paragraphs never closed, a column of notices in whole sentences."""
    text = "".join(
        f"<H3>{part[2:]}</H3>" if part[:2] == "# " else f"<P>{escape(part.removeprefix('- '), quote=False)}\n"
        for part in story.parts
    )
    notices = "".join(f"<P><B>Notice</B><BR>{line}\n" for line in LONG_TEASERS[:3])
    return page(
        f"<CENTER><H2>County of Veld</H2></CENTER><TABLE><TR><TD WIDTH=150 VALIGN=top>{notices}</TD><TD VALIGN=top><H1>"
        f"{story.title}</H1>{text}</TD></TR></TABLE><HR><ADDRESS>County of Veld, 1 Castle Street. Last changed "
        f"{story.date} by the webmaster.</ADDRESS>",
        story,
    )


def french(story: Story) -> str:
    """A French paper's: links to more, an advertisement, the offer, the readers' reactions."""
    box = "<p><strong>À lire aussi</strong> <a href=/1>Le marché de Pâques déménage sur les quais</a></p>"
    react = "".join(
        f"<div><span>{who}</span><span>il y a {n} heures</span><p>{said}</p><a href=#>Répondre</a></div>"
        for n, (who, said) in enumerate((
            ("Lulu34", "Enfin une bonne nouvelle, mon arrière-grand-père y portait son blé chaque automne."),
            ("Jean-Mi", "Et qui va payer l'entretien pendant les vingt prochaines années, je vous le demande ?"),
        ), 2)
    )  # fmt: skip
    return page(
        f"<header><ul>{links(('Accueil', 'Région', 'Sports', 'Se connecter', 'Je m’abonne'))}</ul></header><article>"
        f"<h1>{story.title}</h1><p>{story.byline}</p><p>Publié le {story.date} à 18h12, mis à jour à 19h03</p>"
        f"<p>Temps de lecture : 2 min</p>{between(marked(story), box, (1,))}<div>Publicité</div><p>Vous souhaitez lire "
        "plus d'articles ? <a href=/abo>Abonnez-vous à partir de 1 € par "
        "mois</a></p></article><section><h2>Réagissez à "
        f"cet article</h2>{react}</section><section><h2>Sur le même sujet</h2>{links(('Une crue', 'Un pont'))}"
        "</section><footer>Mentions légales | Gestion des cookies</footer>",
        story,
    )


def gallery(story: Story) -> str:
    """A row of pictures in the middle, captions of whole sentences, credits, a counter."""
    shots = "".join(
        f"<div><img src={n}.jpg><div>{n} / 4</div><div>{line}</div><div>Picture: Ole Brandt/Courier</div></div>"
        for n, line in enumerate((
            "The terrace in the morning of Monday, seen from the road to the chapel.",
            "Workers carry their tools to the gate after the meeting.",
            "A locomotive of 1908 waits in the shed for better days.",
            "Visitors look down from the platform, which was built in 1974.",
        ), 1)
    )  # fmt: skip
    return page(
        f"<nav>{links(('News', 'County', 'Sport'))}</nav><article><header><h1>{story.title}</h1><p>{story.date}</p>"
        f"</header><figure><img src=0.jpg><figcaption>The edge of the pit on Monday evening. <span>Ole Brandt</span>"
        f"</figcaption></figure>"
        f"{between(marked(story), f'<div>{shots}</div>', (1,))}</article><footer>Imprint</footer>",
        story,
    )


def listening(story: Story) -> str:
    """A bar to listen, to give away and to save above; the writer, topics, corrections desk and apps below."""
    return page(
        f"<header><ul>{links(('U.S.', 'World', 'Business', 'Arts'))}</ul></header><main><h1>{story.title}</h1><div>"
        "<button>Listen to this article · 4:12 min</button><a href=/more>Learn more</a><button>Share full "
        "article</button>"
        "<button>Save</button><span>37</span></div><div><span>By "
        f"{story.byline}</span> <span>Reporting from the county</span></div><div><time>{story.date}</time></div>"
        f"<section>{''.join(marked(story))}</section><div><p>{story.byline} writes about towns and what becomes of "
        f"them. "
        "Reach the newsroom at <a href=mailto:desk@courier.example>desk@courier.example</a>.</p><p>A version of this "
        "article appears in print on page 12 of the county edition with the headline: A Last Day.</p></div><div><p>See "
        "more on: <a href=/a>Mining</a>, <a href=/b>Labour</a></p></div><div><p>Have you found an error? Please let "
        "our "
        "desk know.</p><p>Download the app and never miss a story again.</p></div></main><footer>© 2026 The Courier"
        "</footer>",
        story,
    )


def local(story: Story) -> str:
    """A small town's paper: sentences to the left and right and below, all of it in divisions that nothing names."""
    side = "".join(f"<div><div>{line}</div></div>" for line in LONG_TEASERS)
    events = "".join(
        f"<div>{day}: {what}</div>"
        for day, what in (
            ("Friday", "The brass band plays in the park, and there is soup for everybody who brings a bowl."),
            ("Saturday", "Flea market at the station from eight o'clock; stalls are handed out at seven."),
            ("Sunday", "The museum shows how rope was made, and children may try it themselves."),
        )
    )
    return page(
        f"<div><div>{links(('News', 'Notices', 'Clubs'), 'span')}</div></div><div><div><div>Weather</div><div>Rain "
        f"until Thursday, then brighter, with 14 degrees on the "
        f"hills.</div>{side}</div><div><div><h1>{story.title}</h1>"
        f"</div><div>{story.date}</div>{''.join(marked(story))}</div><div>{side}</div></div><div><div>What is on</div>"
        f"{events}</div><div>The Veld Courier, 3 Mill Lane. Printed on paper from our own forest.</div>",
        story,
    )


def mailed(story: Story) -> str:
    """The page of a newsletter: nested tables, a link to the browser's view, how to be taken off the list."""
    rows = "".join(f"<tr><td style='padding:8px'>{part}</td></tr>" for part in marked(story))
    return page(
        "<table width=100%><tr><td align=center><table width=600><tr><td><a href=/view>View this email in your browser"
        f"</a></td></tr><tr><td><img src=logo.png alt='The Courier'></td></tr><tr><td><h1>{story.title}</h1></td></tr>"
        f"<tr><td><table width=100%>{rows}</table></td></tr><tr><td><table><tr><td><p>You are receiving this email "
        "because you signed up on our website. Want to change how you receive these emails? You can <a href=/p>update "
        "your preferences</a> or <a href=/u>unsubscribe from this "
        "list</a>.</p></td></tr></table></td></tr></table></td>"
        "</tr></table>",
        story,
    )


MAKES: Sequence[Callable[[Story], str]] = (
    builder, sectioned, polled, wire, office, french, gallery, listening, local, mailed,
)  # fmt: skip


def further_pages() -> Iterator[tuple[str, str, str]]:
    """Name, markup and story of each page."""
    for make in MAKES:
        for story in (QUARRY, BEES, MOULIN):
            yield f"{make.__name__}-{story.title.split()[0].lower()}", make(story), story.text

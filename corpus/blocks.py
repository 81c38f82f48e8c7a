"""A page's tree without its furniture, and the blocks of text that stand in it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from corpus import lexicon, wording
from corpus.cleaning import tidy, true_references
from corpus.records import BlockKind

_MOST = 1_500_000  # characters of markup that are parsed; what stands further down is no article
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]")  # lxml reads them, but takes no text with them
_ELEMENTS = 50_000  # that are looked at; a long live blog has 20,000
_CAPTION = 60  # words below a picture, its credit included
_BOX = 20  # elements in and around a picture that are looked at
_CELLS = 200  # of a table's row; trafilatura's time grows with their square
_SCRIPT = re.compile(r"<(script|style|svg)\b([^<>]{0,2000})>", re.I)

_NEVER = {
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "video", "audio", "canvas",
    "form", "button", "input", "select", "textarea", "label", "nav", "dialog", "menu", "figcaption", "head", "map",
}  # fmt: skip
_HEAD = {"base", "link", "meta", "noscript", "script", "style", "template", "title"}
_ASIDE = {"aside", "footer"}
_ROLES = {
    "navigation", "complementary", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar", "toolbar",
    "banner", "tooltip", "status", "alert", "button", "tablist",
}  # fmt: skip
# Whole words of class and id names, as they are put together by "-", "_" and capitals.
_NAMES = frozenset(
    """ad ads adv advert advertisement advertising adslot adunit affiliate author authors banner bio breadcrumb
    breadcrumbs byline bylines caption captions cc comment comments commenting consent cookie cookies copyright credit
    credits cta dateline disclaimer disqus donate footer gdpr infobox login masthead menu meta modal mostpopular
    nav navbar navigation newsletter newsletters noprint outbrain overlay pagination paywall popup
    promo promoted promos promotion rail recirc recirculation recommended recommendation
    recommendations related respond share sharebar sharing shares sidebar signup skip social sponsor sponsored sponsors
    subscribe subscription taboola tags taxonomy timestamp toolbar tooltip trending widget widgets
    sr""".split()
)
_PAIRS = re.compile(
    r"read-?(?:more|next|also)|more-?(?:on|from|stories|news|like)|most-?(?:read|popular|viewed)|see-?also|sign-?up|up-?next|"
    r"screen-?reader|visually-?hidden|key-?points-?player|(?:post|article|entry)-?(?:tags|meta|footer)|jump-?link|"
    r"related-?|also-?like|(?:photo|image|img|media)-?(?:credit|caption|info|source)|you-?may|editors?-?picks|what-?to-?read",
    re.I,
)
# Names that say that what is inside is the article, whatever else they say.
_BODY = re.compile(
    r"article-?body|story-?body|entry-?content|post-?content|article-?content|body-?copy|main-?content", re.I
)
_SPLIT = re.compile(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)

# Elements whose names say what they are about, or that are too small or too large to be furniture.
_UNNAMED = {"article", "main", "a", "b", "i", "em", "strong", "h1", "table", "tbody", "tr", "td", "th"}

_STOPPED = re.compile(r"(\w+)[.!?…][\"'”’»)]* $")
_NO_SENTENCE = re.compile(r"[^\W_]\W{0,2}(?<![.!…\"”’»])$")  # a question may be one, and is a call as often

_BREAKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre",
    "section",
    "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "caption"}


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A run of text between two block boundaries of a page.

    Attributes:
        text: tidied.
        kind: by the elements around it.
        tag: the element that holds the text itself.
        linked: share of the characters inside links, 0 to 1.
        bold: share of the characters set bold.
        place: names the kind of container, the same for its like: tags and classes of all elements around it.
        parent: number of the element that holds the block's element.
        around: numbers of the elements around it, the innermost first.
        title: it stands in the page's main heading.
        picture: it stands in or right beside a picture.
        call: a link that ends the text and is no sentence, after one: "Got a tip?", "More on the vote"; else empty.
    """

    text: str
    kind: BlockKind
    tag: str
    linked: float
    bold: float
    place: str
    parent: int
    around: tuple[int, ...]
    title: bool
    picture: bool
    call: str = ""


def parse(markup: str) -> Any | None:
    """The page's tree, None where there is nothing to parse; no entities, no network, bounded in size."""
    markup = _without_scripts(true_references(_CONTROLS.sub("", markup).replace("\f", " ")))
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        tree = lxml_html.document_fromstring(markup[:_MOST].encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    _cut(tree)
    _mend_head(tree)
    return tree


def _cut(tree: Any) -> None:
    """Removes, in place, what makes a page larger than any article, so that none takes minutes to read."""
    everything = list(tree.iter())
    for element in everything[_ELEMENTS:]:
        if element.getparent() is not None:
            element.getparent().remove(element)
    for row in tree.iter("tr"):
        del row[_CELLS:]


def _mend_head(tree: Any) -> None:
    """Moves out of the head, in place, what begins a body.

    HTML lets a page leave out ``<body>``, and lxml's parser does not know that an ``<article>`` begins one.
    """
    head = tree.find("head")
    children = list(head) if head is not None else []
    first = next((at for at, child in enumerate(children) if child.tag not in _HEAD), len(children))
    if first == len(children):
        return
    body = tree.find("body")
    if body is None:
        body = etree.SubElement(tree, "body")
    for place, child in enumerate(children[first:]):
        body.insert(place, child)


def _without_scripts(markup: str) -> str:
    """The markup less its scripts and styles, which are most of a large page; JSON-LD stays."""
    kept: list[str] = []
    at = 0
    ends = {name: re.compile(rf"</{name}\s*>", re.I) for name in ("script", "style", "svg")}
    while found := _SCRIPT.search(markup, at):
        end = ends[found[1].lower()].search(markup, found.end())
        if end is None:
            break
        kept.append(markup[at : end.end() if "ld+json" in found[2].lower() else found.start()])
        at = end.end()
    return "".join([*kept, markup[at:]])


def prune(tree: Any) -> None:
    """Removes from the tree, in place, what pages mark as no part of their article.

    Goes by elements, roles and names. What holds a good part of the page's paragraphs stays, whatever its name.
    """
    shares = _shares(tree)
    total = shares.get(tree, 0) or 1
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None or element.tag in ("html", "body"):
            continue
        if _unwanted(element) and (element.tag in _NEVER - {"form", "label"} or shares.get(element, 0) < 0.3 * total):
            element.drop_tree()
    for picture in list(tree.iter("img", "picture")):
        box = _captioned(picture)
        if box is not None and box.getparent() is not None and shares.get(box, 0) < 0.3 * total:
            box.drop_tree()


def _captioned(picture: Any) -> Any | None:
    """The element that holds a picture, below it a few words and at their end who made it; None where there is none."""
    for box in islice(picture.iterancestors(), _BOX):
        said: list[str] = []
        reached = False
        for place, (event, each) in enumerate(etree.iterwalk(box, events=("start", "end"))):
            reached = reached or each is picture
            words = tidy((each.text if event == "start" else each.tail if each is not box else "") or "")
            if place > 2 * _BOX or (words and not reached) or each.tag == "h1":
                return None
            said += [words] if words else []
        if said:
            short = sum(map(wording.words, said)) <= _CAPTION
            return box if short and len(said) > 1 and wording.is_credit(said[-1]) else None
    return None


def blocks(tree: Any) -> list[PageBlock]:
    """The blocks of text of the tree in reading order; empty ones are left out."""
    return _Walk().run(tree)


def _unwanted(element: Any) -> bool:
    tag = element.tag
    if tag in _NEVER:
        return True
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if (element.get("role") or "").lower() in _ROLES or _HIDDEN.search(element.get("style") or ""):
        return True
    if tag in _ASIDE and not any(parent.tag == "blockquote" for parent in element.iterancestors()):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-component') or ''}"
    if not names.strip() or tag in _UNNAMED:
        return False
    if _BODY.search(names):
        return False
    for name in names.split():
        if _PAIRS.search(name) or not _NAMES.isdisjoint(part.lower() for part in _SPLIT.split(name)):
            return True
    return False


def _shares(tree: Any) -> dict[Any, int]:
    """Characters of the paragraphs inside each element that holds any."""
    sizes: dict[Any, int] = {}
    for element in reversed(list(tree.iter())):  # children come before their parents
        if not isinstance(element.tag, str):
            continue
        size = sizes.get(element, 0)
        if element.tag == "p":
            size = sizes[element] = sum(map(len, element.itertext()))
        parent = element.getparent()
        if size and parent is not None:
            sizes[parent] = sizes.get(parent, 0) + size
    return sizes


class _Walk:
    """One pass over a tree, without recursion: pages nest deeper than Python's stack."""

    def __init__(self) -> None:
        self.found: list[PageBlock] = []
        self.text: list[str] = []
        self.tail: list[str] = []  # linked text that nothing follows so far
        self.counts: Counter[str] = Counter()
        self.open: list[Any] = []
        self.numbers: dict[Any, int] = {}
        self.breaks = 0

    def run(self, tree: Any) -> list[PageBlock]:
        body = tree.find(".//body")
        for event, element in etree.iterwalk(body if body is not None else tree, events=("start", "end")):
            if not isinstance(element.tag, str):
                continue
            if event == "start":
                if _bounds(element):
                    self.flush()
                elif element.tag == "br":
                    self.breaks += 1
                    if self.breaks == 2:
                        self.flush()
                    self.text.append(" ")
                elif element.tag in ("td", "th"):
                    self.text.append(" ")  # a row reads as one line
                self.open.append(element)
                self.add(element.text)
            else:
                if _bounds(element):
                    self.flush()
                self.open.pop()
                if self.open:
                    self.add(element.tail)
        self.flush()
        return self.found

    def add(self, text: str | None) -> None:
        if not text:
            return
        self.text.append(text)
        if length := len(text.strip()):
            self.breaks = 0
            self.counts["all"] += length
            tags = {element.tag for element in self.open[-8:]}
            self.counts["linked"] += length * ("a" in tags)
            if "a" in tags:
                self.tail.append(text)
            else:
                self.tail.clear()
            self.counts["bold"] += length * (not tags.isdisjoint(("b", "strong")))

    def flush(self) -> None:
        line, tail = tidy("".join(self.text)), tidy("".join(self.tail))
        counts, self.counts, self.text, self.tail, self.breaks = self.counts, Counter(), [], [], 0
        if not line:
            return
        holders = [element for element in self.open if _bounds(element)]
        holder = holders[-1] if holders else self.open[-1]
        tags = {element.tag for element in holders[-12:]}
        parent = holder.getparent() if holder.tag in ("p", "li", "ul", "ol", "blockquote", *_HEADINGS) else holder
        parent = holder if parent is None else parent
        size = counts["all"] or 1
        around = [parent, *parent.iterancestors()]
        numbers = tuple(self.numbers.setdefault(element, len(self.numbers)) for element in around)
        self.found.append(
            PageBlock(
                text=line,
                kind=_kind(tags, holder.tag),
                tag=holder.tag,
                linked=counts["linked"] / size,
                bold=counts["bold"] / size,
                place="/".join(f"{e.tag}.{e.get('class') or ''}" for e in reversed(around)),
                parent=numbers[0],
                around=numbers,
                title="h1" in tags,
                picture="figure" in tags or _beside_picture(holder),
                call=tail if _begins_anew(line, tail) else "",
            )
        )


def _begins_anew(line: str, tail: str) -> bool:
    """Whether a link at the end of a text is no sentence, and stands after one."""
    if not _NO_SENTENCE.search(tail):
        return False
    before = _STOPPED.search(line.removesuffix(tail))
    return before is not None and len(before[1]) > 1 and before[1].lower() not in lexicon.TITLES


def _bounds(element: Any) -> bool:
    """Whether text before and after the element's edges are different blocks.

    The cells of a row of data read as one line; a cell with blocks of its own is part of a layout.
    """
    if element.tag in ("td", "th"):
        return next(element.iterdescendants(*_BREAKS, "br"), None) is not None
    return element.tag in _BREAKS


def _kind(tags: set[str], holder: str) -> BlockKind:
    if not tags.isdisjoint(_HEADINGS):
        return BlockKind.HEADING
    if "li" in tags or holder in ("dd", "dt"):
        return BlockKind.ITEM
    return BlockKind.QUOTE if "blockquote" in tags else BlockKind.PARAGRAPH


def _beside_picture(holder: Any) -> bool:
    """Whether the element holds a picture or comes right after an element that is nothing but one."""
    if holder.tag not in ("p", "div", "span", "td", "center"):
        return False
    if next(holder.iter("img", "picture"), None) is not None:
        return True
    before = holder.getprevious()
    if before is None or not isinstance(before.tag, str) or (before.tail or "").strip():
        return False
    pictured = before.tag in ("img", "picture") or next(before.iter("img", "picture"), None) is not None
    return pictured and not "".join(before.itertext()).strip()

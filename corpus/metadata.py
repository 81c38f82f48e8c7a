"""What a page states about its article, in the order of trust: JSON-LD, then meta elements, then the page itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from corpus.cleaning import stated_time, tidy, web_address
from corpus.records import Article, ArticleKind
from corpus.robots import TOKEN

_ARTICLE_TYPES = re.compile(r"Article$|^(?:News|Blog|LiveBlog|SocialMedia)?Posting$|^(?:BlogPosting|Report|Review)$")
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "liveBlogUpdate")
_MANY = 2_000  # JSON-LD nodes looked at

_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "sailthru.title", "parsely-title")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished", "date.published",
    "pubdate",
    "publishdate", "publish-date", "publication_date", "parsely-pub-date", "sailthru.date", "dc.date.issued",
    "dcterms.issued", "dcterms.created", "dc.date", "dcterms.date", "date",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "article:modified", "datemodified",
    "date.modified", "lastmod", "last-modified", "dcterms.modified", "dc.date.modified", "revised",
)  # fmt: skip
_AUTHORS = ("article:author", "author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl")
_ROBOTS = {"robots", "googlebot", "googlebot-news", TOKEN.casefold()}
_DIRECTIVES = re.compile(r"noindex|none|nosnippet|noarchive|max-snippet\s*:\s*-?\d+|noai|noimageai")
_OTHER_DIRECTIVES = re.compile(r"max-(?:image|video)-preview\s*:\s*[\w-]+")  # "none" there is about pictures

_OPINION = re.compile(
    r"\b(?:opinions?|op-?ed|editorials?|columnists?|commentary|kommentar|meinung|tribune|opinión|opinião)\b", re.I
)
_SPONSORED = re.compile(
    r"\b(?:sponsored|advertorial|paid (?:content|post|partnership)|partner content|branded content|presented by|"
    r"advertisement feature|anzeige|contenu sponsorisé|contenido patrocinado)\b",
    re.I,
)
_SATIRE = re.compile(r"\bsatir(?:e|ical|a)\b", re.I)
_LIVE = re.compile(r"\blive[ -]?blog\b|\blive updates?\b|\bliveticker\b", re.I)


def page_facts(tree: Any, url: str | None = None) -> Article:
    """An `Article` without text: title, times, authors and the rest as the page states them.

    Args:
        tree: the page as parsed, before anything is removed from it.
        url: where the page was fetched; its address unless it names a canonical one.
    """
    data = _linked_data(tree)
    meta = _meta(tree)
    base = web_address(url)
    return Article(
        title=_title(tree, data, meta),
        text="",
        blocks=(),
        url=_canonical(tree, data, meta, base),
        published=_time(data, ("datePublished", "dateCreated"), meta, _PUBLISHED)
        or _shown_time(tree)
        or _guessed_date(tree),
        updated=_time(data, ("dateModified",), meta, _UPDATED),
        authors=_authors(data, meta, tree),
        language=_language(tree, data, meta),
        outlet=_outlet(data, meta),
        kind=_kind(tree, data, meta),
        free=_free(data),
        robots=_robots(tree, meta),
    )


def states_publication(tree: Any) -> bool:
    """Whether JSON-LD or a meta element states a time of publication that can be read."""
    return _time(_linked_data(tree), ("datePublished", "dateCreated"), _meta(tree), _PUBLISHED) is not None


def _linked_data(tree: Any) -> list[dict[str, Any]]:
    """The readable JSON-LD objects that describe an article, the fullest first."""
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        raw = (
            re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\]\]>)\s*;?\s*$", "", script.text or "")
            .strip()
            .rstrip(";")
        )
        try:
            value = json.loads(raw, strict=False)
        except (ValueError, RecursionError):
            continue
        found.extend(node for node in _nodes(value) if any(_ARTICLE_TYPES.search(name) for name in _types(node)))
    wanted = ("headline", "datePublished", "author", "publisher", "articleBody", "dateModified")
    live = [node for node in found if "LiveBlogPosting" in _types(node)]
    ranked = sorted(found, key=lambda node: -sum(bool(node.get(key)) for key in wanted))
    # A live blog lists its entries as postings of their own; the blog is the article.
    return [*live[:1], *(node for node in ranked if not live or node is not live[0])] if live else ranked


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    waiting, seen = [value], 0
    while waiting and seen < _MANY:
        node = waiting.pop(0)
        seen += 1
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            yield node
            waiting.extend(node[key] for key in _NESTED if isinstance(node.get(key), dict | list))


def _types(node: dict[str, Any]) -> list[str]:
    stated = node.get("@type")
    return [str(name).rpartition("/")[2] for name in (stated if isinstance(stated, list) else [stated]) if name]


def _meta(tree: Any) -> dict[str, list[str]]:
    """Contents of the meta elements by lower-case name or property."""
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = tidy(element.get("content") or "")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if content and (name := (element.get(attribute) or "").strip().lower()):
                found.setdefault(name, []).append(content)
    return found


def _first(meta: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return next((meta[name][0] for name in names if name in meta), "")


def _text(value: Any) -> str:
    """The words of a JSON-LD value: a string, or the name of a thing, or the first of several."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or ""
    return tidy(_unescaped(value)) if isinstance(value, str) else ""


def _unescaped(text: str) -> str:
    from html import unescape

    return unescape(text) if "&" in text else text


def _title(tree: Any, data: list[dict[str, Any]], meta: dict[str, list[str]]) -> str:
    heads = [tidy("".join(head.itertext())) for head in tree.iter("h1")]
    heads = [head for head in heads if head]
    stated = next((text for node in data if (text := _text(node.get("headline")))), "") or _first(meta, _TITLES)
    page = next((tidy("".join(element.itertext())) for element in tree.iter("title")), "")
    if len(heads) == 1 and (not stated or _alike(heads[0], stated) or _alike(heads[0], page)):
        return heads[0]
    for head in heads:
        if _alike(head, stated):
            return head
    return stated or (heads[0] if heads else _without_outlet(page, meta))


def _alike(one: str, other: str) -> bool:
    """Whether the titles share more than half of the shorter one's words."""
    a, b = (set(re.findall(r"\w+", text.casefold())) for text in (one, other))
    return bool(a and b) and len(a & b) * 2 > min(len(a), len(b))


def _without_outlet(page: str, meta: dict[str, list[str]]) -> str:
    outlet = _first(meta, ("og:site_name",))
    parts = re.split(r"\s+[|–—•·»-]\s+", page)
    if len(parts) > 1 and (not outlet or parts[-1].casefold() == outlet.casefold()):
        return " - ".join(parts[:-1]) if len(parts) > 2 else parts[0]
    return page


def _canonical(tree: Any, data: list[dict[str, Any]], meta: dict[str, list[str]], base: str | None) -> str | None:
    stated = [
        element.get("href")
        for element in tree.iter("link")
        if "canonical" in (element.get("rel") or "").lower().split()
    ]
    stated += meta.get("og:url", [])
    stated += [node.get("url") for node in data[:1]]
    for address in stated:
        if not isinstance(address, str):
            continue
        try:
            found = web_address(urljoin(base, address.strip()) if base else address)
        except ValueError:
            continue
        if found:
            return found
    return base


def _time(
    data: list[dict[str, Any]], keys: tuple[str, ...], meta: dict[str, list[str]], names: tuple[str, ...]
) -> str | None:
    """The first time stated; a bare date gives way to a time stated for the same day."""
    stated = [stated_time(node.get(key)) for key in keys for node in data]
    stated += [stated_time(content) for name in names for content in meta.get(name, [])]
    times = [time for time in stated if time]
    if not times:
        return None
    return next((time for time in times if len(time) > 10 and time.startswith(times[0])), times[0])


def _shown_time(tree: Any) -> str | None:
    """The first ``<time>`` or ``itemprop`` date of the page that stands in no list of links."""
    for element in tree.iter("time", "span", "abbr", "div", "p"):
        marked = element.tag == "time" or "datePublished" in (element.get("itemprop") or "")
        if not marked or any(parent.tag in ("aside", "nav", "footer", "li") for parent in element.iterancestors()):
            continue
        stated = stated_time(element.get("datetime") or element.get("content") or tidy("".join(element.itertext())))
        if stated:
            return stated
    return None


def _guessed_date(tree: Any) -> str | None:
    """What htmldate finds in the page's text; the address is kept from it."""
    from htmldate import find_date

    try:
        # Given an address, though an empty one, it takes no date from the canonical one.
        return stated_time(find_date(tree, url="", original_date=True, extensive_search=False))
    except Exception:  # it raises what its parsers raise, and a page without a date is still a page
        return None


def _authors(data: list[dict[str, Any]], meta: dict[str, list[str]], tree: Any) -> tuple[str, ...]:
    names: list[str] = []
    for node in data:
        stated = node.get("author") or node.get("creator")
        for one in stated if isinstance(stated, list) else [stated]:
            names.append(_text(one))
        if any(names):
            break
    if not any(names):
        names = [
            part for name in _AUTHORS for content in meta.get(name, []) for part in re.split(r",|;| and ", content)
        ]
    if not any(names):
        names = [
            tidy("".join(element.itertext()))
            for element in tree.iter("a", "span")
            if "author" in (element.get("rel") or "").split() or (element.get("itemprop") or "") == "author"
        ]
    cleaned = (re.sub(r"^(?:by|von|par|por)\s+", "", tidy(name), flags=re.I).strip(" ,") for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if 1 < len(name) <= 80 and "://" not in name))


def _language(tree: Any, data: list[dict[str, Any]], meta: dict[str, list[str]]) -> str:
    stated = [tree.get("lang"), tree.get("{http://www.w3.org/XML/1998/namespace}lang"), tree.get("xml:lang")]
    stated += [node.get("inLanguage") for node in data]
    stated += [_first(meta, ("content-language", "og:locale", "language", "dc.language"))]
    for value in stated:
        tag = _text(value).split(",")[0].strip().replace("_", "-")
        if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", tag):
            language, *rest = tag.split("-")
            return "-".join([language.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])
    return ""


def _outlet(data: list[dict[str, Any]], meta: dict[str, list[str]]) -> str:
    stated = next((text for node in data if (text := _text(node.get("publisher")))), "")
    return _first(meta, ("og:site_name",)) or stated or _first(meta, ("application-name", "dc.publisher"))


def _kind(tree: Any, data: list[dict[str, Any]], meta: dict[str, list[str]]) -> ArticleKind:
    types = {name for node in data[:3] for name in _types(node)}
    sections = [_text(node.get(key)) for node in data[:1] for key in ("articleSection", "genre")]
    sections += meta.get("article:section", []) + meta.get("section", []) + meta.get("parsely-section", [])
    sections += _labels(tree)
    stated = " | ".join(sections)
    if "AdvertiserContentArticle" in types or _SPONSORED.search(stated):
        return ArticleKind.SPONSORED
    if "SatiricalArticle" in types or _SATIRE.search(stated):
        return ArticleKind.SATIRE
    if "LiveBlogPosting" in types or _LIVE.search(stated):
        return ArticleKind.LIVE
    if types & {"OpinionNewsArticle", "EditorialArticle"} or _OPINION.search(stated):
        return ArticleKind.OPINION
    return ArticleKind.NEWS


def _labels(tree: Any) -> Iterator[str]:
    """Short lines that stand right above or below the headline, where pages say what a piece is."""
    head = next(tree.iter("h1"), None)
    if head is None:
        return
    near = [head.getprevious(), head.getnext()]
    parent = head.getparent()
    if parent is not None and parent.tag in ("header", "div"):
        near.append(parent.getprevious())
    for element in near:
        if element is None or not isinstance(element.tag, str) or element.tag in ("nav", "script", "style"):
            continue
        text = tidy("".join(element.itertext()))
        if 0 < len(text) <= 60:
            yield text


def _free(data: list[dict[str, Any]]) -> bool | None:
    for node in data:
        stated = node.get("isAccessibleForFree")
        if isinstance(stated, bool):
            return stated
        if isinstance(stated, str) and stated.lower().rpartition("/")[2] in ("true", "false"):
            return stated.lower().endswith("true")
    return None


def _robots(tree: Any, meta: dict[str, list[str]]) -> tuple[str, ...]:
    """The directives for all robots that limit what may be kept or shown, in the order stated."""
    found: list[str] = []
    for name in sorted(_ROBOTS & meta.keys(), key=lambda name: name != "robots"):
        for content in meta[name]:
            directives = _DIRECTIVES.findall(_OTHER_DIRECTIVES.sub("", content.lower()))
            found += [re.sub(r"\s", "", each) for each in directives]
    found = [each for directive in found for each in (("noindex",) if directive == "none" else (directive,))]
    reservations = {content.strip() for content in meta.get("tdm-reservation", [])}
    found += ["tdm-reservation"] if "1" in reservations else ["tdm-reservation:0"] if "0" in reservations else []
    if next(tree.iterfind(".//*[@data-nosnippet]"), None) is not None:
        found.append("data-nosnippet")
    return tuple(dict.fromkeys(found))

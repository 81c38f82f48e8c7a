"""Which lines of a page are its story, judged by their shape and place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from corpus import wording
from corpus.records import BlockKind

_HEAD = 40  # lines above the story that may be menus
_SENTENCE_TITLE = 15  # words; a headline that ends in a full stop is no longer
_KICKER = 6  # words in capitals; longer lines of them are headlines
_DECK = 8  # words; an unfinished sentence this long under the title belongs to the story
_TOLD = 8  # words; less before a call to the reader belongs to the call
_HEADING = 14  # words; a longer line without a full stop is a paragraph
_LONG = 25  # words; nobody writes menus this long
_SLOGAN = 6  # words; shorter sentences can come again by themselves
_COMPARED = 400  # lines that are compared with each other, at most
_MARKS = " \"“”„«»'‘’"
_REPEATABLE = 30  # words; a paragraph this long that occurs again was pasted twice


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page.

    Attributes:
        text: tidied, on one line, not empty.
        kind: what its marking says; a heading only where marked as such.
        group: lines without an empty one between them share a number.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    group: int = 0

    @property
    def prose(self) -> bool:
        """Whether it reads as a sentence or more."""
        if self.kind is BlockKind.HEADING:
            return False
        count = wording.words(self.text)
        return count >= _LONG or (count >= 2 and (wording.ends_sentence(self.text) or self.text[-1] in '"”»:'))


def find_title(lines: list[Line]) -> int | None:
    """The index of the headline among the first lines, None where the text begins without one.

    The first line that can be one: menus, dates and bylines before it are passed over, and a few words in capitals
    (a masthead, a kicker) where a line that is none follows.
    """
    short: list[int] = []
    capitals: int | None = None
    for at, line in enumerate(lines[:_HEAD]):
        count = wording.words(line.text)
        if line.kind is BlockKind.HEADING:
            return at
        if line.kind is BlockKind.ITEM or wording.is_menu(line.text) or _never(line, strict=False):
            continue
        if line.prose:
            # A question or a short sentence can be a headline, a lede cannot.
            stops = line.text[-1] == "." and count > _SENTENCE_TITLE
            if not short and capitals is None and not stops and count <= _LONG and len(lines) > 1:
                return at
            break
        if count >= 4 and line.text.isupper() and count <= _KICKER:
            capitals = at if capitals is None else capitals
        elif count >= 4:
            return at
        else:
            short.append(at)
    if capitals is not None:
        return capitals
    return max(short, key=lambda at: (wording.words(lines[at].text), -at), default=None)


def story(lines: list[Line]) -> list[Line]:
    """The lines of a pasted page that are the story, without the title, in order; subheadings are marked as headings.

    Goes by what holds on any site: lines that repeat, lines without a full stop, what follows a heading over links or
    the last paragraph, lists that no sentence announces, picture credits and what stands right above them, and
    sentences in which the outlet speaks of itself.
    """
    strict = _speaks_to_reader(lines)
    lines = [_without_call(line, strict=strict) for line in lines]
    doomed = _furniture(lines, _repeated(lines) | _captions(lines), strict)
    told = [at for at, line in enumerate(lines) if at not in doomed and _tells(line)]
    if not told:
        return [line for at, line in enumerate(lines) if at not in doomed]
    first, last = told[0], told[-1]
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.kind is BlockKind.ITEM:
            stop = at
            while stop < len(lines) and lines[stop].kind is BlockKind.ITEM:
                stop += 1
            if _list_belongs(lines, at, stop, doomed, first, last, strict):
                kept.extend(lines[i] for i in range(at, stop) if i not in doomed)
            at = stop
            continue
        if at not in doomed and at <= last:
            kept.extend(_placed(lines, at, first, doomed))
        at += 1
    return _without_bare_headings(kept)


def marked_story(lines: list[Line]) -> list[Line]:
    """The lines of a page's main part that are the story; their kinds are known from its marking and stay."""
    strict = _speaks_to_reader(lines)
    lines = [_without_call(line, strict=strict) for line in lines]
    doomed = _furniture(lines, _slogans(lines) | _pulled(lines), strict)
    return _without_bare_headings([line for at, line in enumerate(lines) if at not in doomed])


def _furniture(lines: list[Line], doomed: set[int], strict: bool) -> set[int]:
    doomed = doomed | {at for at, line in enumerate(lines) if at not in doomed and _never(line, strict=strict)}
    doomed |= _boxes(lines, doomed) | _comments(lines)
    return doomed | _signatures(lines, doomed)


def _never(line: Line, *, strict: bool) -> bool:
    """Whether the line is furniture wherever it stands."""
    text = line.text
    return (
        wording.is_noise(text)
        or (line.kind is not BlockKind.HEADING and wording.is_credit(text))
        or (line.kind is BlockKind.PARAGRAPH and wording.is_slug(text))
        or wording.is_byline(text)
        or wording.is_dateline(text)
        or wording.is_promotion(text, strict=strict)
    )


def _without_call(line: Line, *, strict: bool) -> Line:
    """A paragraph of the story less the call to the reader that its last sentences are."""
    if line.kind is not BlockKind.PARAGRAPH or not wording.is_promotion(line.text, strict=strict):
        return line
    told = line.text
    for end in reversed(wording.stops(line.text)):
        if not wording.is_promotion(told[end:].strip(), strict=strict):
            break
        told = told[:end]
    if wording.words(told) < _TOLD or not wording.ends_sentence(told) or wording.second_person(told):
        return line
    return line if wording.is_promotion(told, strict=strict) else replace(line, text=told)


def _tells(line: Line) -> bool:
    return line.prose and line.kind is not BlockKind.ITEM


def _speaks_to_reader(lines: list[Line]) -> bool:
    prose = [line for line in lines if line.prose and wording.words(line.text) >= 8]
    return sum(wording.second_person(line.text) for line in prose) * 3 > len(prose) > 0


def _repeated(lines: list[Line]) -> set[int]:
    """Lines that occur again: furniture, all of them, unless long or most of the page was pasted twice."""
    counts = Counter(line.text.casefold() for line in lines)
    again = [at for at, line in enumerate(lines) if counts[line.text.casefold()] > 1]
    twice = sum(len(lines[at].text) for at in again) * 2 > sum(len(line.text) for line in lines)
    doomed, seen = set(), set()
    for at in again:
        key = lines[at].text.casefold()
        keep_first = twice or wording.words(key) >= _REPEATABLE or (at < 4 and lines[at].prose)
        if key in seen or not keep_first:
            doomed.add(at)
        seen.add(key)
    return doomed


def _slogans(lines: list[Line]) -> set[int]:
    """Whole sentences that come again word for word, a few times: boxes between the paragraphs.

    What comes more often, or holds numbers, is the form of a list or table.
    """
    counts = Counter(line.text for line in lines if line.kind is BlockKind.PARAGRAPH)
    found = set()
    for at, line in enumerate(lines):
        sentence = line.text[-1] in ".!" and not any(sign.isdigit() for sign in line.text)
        if 2 <= counts[line.text] <= 4 and sentence and _SLOGAN <= wording.words(line.text) < _REPEATABLE:
            found.add(at)
    return found if len(found) * 4 < len(lines) else set()


def _pulled(lines: list[Line]) -> set[int]:
    """Sentences that stand word for word in a longer paragraph: set large in a box, to draw readers in."""
    if len(lines) > _COMPARED:
        return set()
    paragraphs = [line.text for line in lines if line.prose and line.kind is BlockKind.PARAGRAPH]
    found = set()
    for at, line in enumerate(lines):
        text = line.text.strip(_MARKS)
        if line.prose and line.kind is not BlockKind.ITEM and _SLOGAN <= wording.words(text) < _REPEATABLE:
            longer = (told for told in paragraphs if len(told) > len(line.text) + len(_MARKS))
            if any(text in told for told in longer):
                found.add(at)
    return found


def _captions(lines: list[Line]) -> set[int]:
    """What stands without a gap beside a picture's alternative text or credit: its caption."""
    labelled = {at + 1 for at, line in enumerate(lines[:-1]) if wording.opens_caption(line.text)}
    sizes = Counter(line.group for line in lines)
    if sum(size == 1 for size in sizes.values()) * 2 <= len(sizes):
        return labelled  # paragraphs are not set apart by empty lines, so standing together means nothing
    doomed = labelled
    for at, line in enumerate(lines):
        if sizes[line.group] > 4:
            continue
        after = at + 1
        if (
            line.kind is BlockKind.PARAGRAPH
            and wording.is_slug(line.text)
            and after < len(lines)
            and lines[after].group == line.group
        ):
            doomed.add(after)
        if wording.is_credit(line.text) and wording.words(line.text) <= 12:
            doomed.update(i for i in range(max(0, at - 3), at) if lines[i].group == line.group)
    return {at for at in doomed if wording.words(lines[at].text) <= 60}


def _boxes(lines: list[Line], doomed: set[int]) -> set[int]:
    """Headings over links or over a note on the writer, and what stands under them."""
    boxed: set[int] = set()
    at = 0
    while at < len(lines):
        text = lines[at].text
        writer = wording.opens_writer_box(text)
        if not writer and not wording.opens_link_box(text):
            at += 1
            continue
        boxed.add(at)
        at += 1
        taken = 0
        while at < len(lines):
            line = lines[at]
            # The first sentences under "About the writer" are about the writer, whatever they say.
            bio = writer and line.prose and (taken == 0 or wording.is_bio(line.text))
            ends = (_tells(line) and not _teases(line)) or line.kind is BlockKind.HEADING
            ends = ends or any(map(_states, lines[at : at + 2]))
            if not bio and at not in doomed and ends:
                break
            if not bio and not writer and line.kind is not BlockKind.ITEM and _subheads(lines, at, doomed):
                break
            taken += bio
            boxed.add(at)
            at += 1
    return boxed


def _teases(line: Line) -> bool:
    """A question or exclamation short enough for the headline of another article."""
    return line.text[-1] in "?!" and wording.words(line.text) <= _HEADING


def _states(line: Line) -> bool:
    """A list item that is a sentence, as those that sum a story up are and links are not."""
    return line.kind is BlockKind.ITEM and line.text[-1] == "." and wording.words(line.text) >= _DECK


def _comments(lines: list[Line]) -> set[int]:
    """What readers wrote: all below a heading that says so, where lines of comments follow it."""
    for at, line in enumerate(lines):
        if wording.opens_comments(line.text):
            following = sum(wording.is_comment_line(each.text) for each in lines[at + 1 :])
            if following >= 2:
                return set(range(at, len(lines)))
    return set()


def _subheads(lines: list[Line], at: int, doomed: set[int]) -> bool:
    """Whether a line stands alone right above two paragraphs, as a subheading does."""
    alone = all(lines[i].group != lines[at].group for i in (at - 1, at + 1) if 0 <= i < len(lines))
    following = [lines[i] for i in range(at + 1, min(at + 3, len(lines))) if i not in doomed]
    return alone and len(following) == 2 and all(_tells(line) for line in following)


def _signatures(lines: list[Line], doomed: set[int]) -> set[int]:
    """Notes on the writer and the outlet after the last paragraph of the story."""
    found: set[int] = set()
    for at in range(len(lines) - 1, -1, -1):
        if at in doomed or not _tells(lines[at]):
            continue
        if not (wording.is_bio(lines[at].text) or wording.is_mission(lines[at].text)):
            break
        found.add(at)
    # A text of nothing else is about a writer.
    told = sum(1 for at, line in enumerate(lines) if at not in doomed and _tells(line))
    return found if len(found) < told else set()


def _list_belongs(
    lines: list[Line], start: int, stop: int, doomed: set[int], first: int, last: int, strict: bool
) -> bool:
    """Whether a run of list items is the story's: announced by a sentence, or sentences themselves."""
    items = [lines[i] for i in range(start, stop) if i not in doomed]
    if not items or (stop - start - len(items)) * 3 >= stop - start:
        return False
    if not strict and sum(wording.second_person(item.text) for item in items) * 3 >= len(items):
        return False
    sentences = sum(wording.ends_sentence(item.text) for item in items) * 2 > len(items)
    before = start - 1
    announced = before >= 0 and before not in doomed and lines[before].text[-1] in ":："
    if before in doomed or start > last:
        return announced or (sentences and before not in doomed)
    if start < first:
        return sentences or sum(wording.words(item.text) for item in items) >= 6 * len(items)
    return True


def _placed(lines: list[Line], at: int, first: int, doomed: set[int]) -> list[Line]:
    """The line as what it is between the title and the last paragraph; none where it is a menu's."""
    line = lines[at]
    if line.prose or line.kind in (BlockKind.HEADING, BlockKind.QUOTE):
        return [line]
    count = wording.words(line.text)
    if at < first:
        return [line] if count >= _DECK else []
    if count > _HEADING:
        return [line]
    near = [i for i in (at - 2, at - 1, at + 1, at + 2) if 0 <= i < len(lines) and _label(lines[i])]
    menu = (
        (at - 1 in near and at - 2 in near)
        or (at + 1 in near and at + 2 in near)
        or (at - 1 in near and at + 1 in near)
    )
    if menu and not _subheads(lines, at, doomed):
        return []
    return [replace(line, kind=BlockKind.HEADING)]


def _label(line: Line) -> bool:
    return not line.prose and line.kind is BlockKind.PARAGRAPH and wording.words(line.text) <= _HEADING


def _without_bare_headings(kept: list[Line]) -> list[Line]:
    """The lines less the headings at the end, which have nothing under them."""
    while kept and kept[-1].kind is BlockKind.HEADING:
        kept = kept[:-1]
    return kept

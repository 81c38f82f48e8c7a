"""What became of a quote when its article changed: unchanged, moved, reworded, altered in substance or withdrawn.

Pure, deterministic, without a model. Sentences that stand in both versions are set aside first; the quote's own
sentence is then looked for among what is new, and `corpus.claims` says whether the two claim the same.

The terms, as used here:

- *unchanged*: the words stand, house style and slips of the pen aside, between the same neighbours.
- *moved*: the words stand, in another order with the article's other paragraphs: there is a longest run of paragraphs
  that kept their order which the quote's is not needed for. Paragraphs that were added or dropped move nothing.
- *reworded*: a counterpart stands that claims the same.
- *altered*: a counterpart claims otherwise (number, unit, date, time, name, negation, direction, modality, speaker,
  roles), or the article goes on without the sentence. A name in another spelling counts, since another person may be
  meant; it does not where letters were swapped or the article had it right elsewhere all along.
- *withdrawn*: the text is empty, a removal or retraction notice, a paywall's stub, or another text altogether.

What a correction or update note repeats of the old words does not count as standing there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from corpus import lexicon
from corpus.claims import differences
from corpus.counterparts import Match, Unit, counterpart, standing, standing_at, units_of, weights_of
from corpus.difference import Difference, Reason
from corpus.notices import says_removed, says_retracted, sells_the_rest
from corpus.slips import same_words
from corpus.spelling import sense
from corpus.versions import Version, read, setting_of
from corpus.words import Word


class ChangeClass(StrEnum):
    """What became of a quote."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    REWORDED = "reworded"
    ALTERED = "altered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class QuoteChange:
    """What became of a quote, and why.

    Attributes:
        kind: the class.
        now: offsets in the later text of the words that stand for the quote; None where none do.
        reason: what about it changed; the first found where several did.
        old, new: the differing words of the reason, as printed; either may be empty.
    """

    kind: ChangeClass
    now: tuple[int, int] | None
    reason: Reason
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


# An article of which less survives, in sentences and in vocabulary, is another text.
_SURVIVING_SENTENCES = 0.15
_SURVIVING_WORDS = 0.25
_SURVIVING_WORDS_UNNAMED = 0.45  # where hardly a name of the earlier text is left
# A text cut to less than this share of its length above a paywall is a stub.
_STUB = 0.6
# The share of a paragraph's words that marks where it stands now, for the order of paragraphs.
_REPEATED = 0.5


def class_of(quote: str, before: str, after: str, *, start: int | None = None) -> QuoteChange:
    """What became of a quote of ``before`` in ``after``.

    Args:
        quote: words of ``before``, one sentence or several; an ellipsis may stand for words left out.
        before, after: the article's two texts, paragraphs parted by newlines.
        start: where the quote stands in ``before``, in characters; looked for where None or wrong.
    """
    if not after.strip():
        return QuoteChange(ChangeClass.WITHDRAWN, None, Reason.WITHDRAWN)
    old, new = read(before), read(after)
    notice = _notice(old, new)
    if notice is not None:
        return notice
    units = units_of(quote, old, start)
    if not units:
        return QuoteChange(ChangeClass.UNCHANGED, None, Reason.NONE)
    if before == after:
        return QuoteChange(ChangeClass.UNCHANGED, standing_at(quote, before, start), Reason.NONE)
    matches = [standing(unit, old, new) or counterpart(unit, old, new) for unit in units]
    found = [match for match in matches if match is not None]
    now = _hull(found, len(quote))
    for unit, match in zip(units, matches, strict=True):
        if match is None:
            if not found and _other_text(old, new):
                return QuoteChange(ChangeClass.WITHDRAWN, None, Reason.WITHDRAWN)
            return QuoteChange(
                ChangeClass.ALTERED, now, Reason.GONE, old=_printed(before if unit.at >= 0 else quote, unit.words)
            )
    differing = _differing(units, found, old, new)
    if differing is not None:
        printed = _printed(before if units[0].at >= 0 else quote, differing.old), _printed(after, differing.new)
        return QuoteChange(ChangeClass.ALTERED, now, differing.reason, *printed)
    if not all(match.same for match in found):
        return QuoteChange(ChangeClass.REWORDED, now, Reason.WORDING)
    if any(_moved(unit, match, old, new) for unit, match in zip(units, found, strict=True)):
        return QuoteChange(ChangeClass.MOVED, now, Reason.PLACE)
    literal = now is not None and after[now[0] : now[1]] == quote
    return QuoteChange(ChangeClass.UNCHANGED, now, Reason.NONE if literal else Reason.STYLE)


def _notice(old: Version, new: Version) -> QuoteChange | None:
    """Withdrawn, where the later text says so itself."""
    fresh = [one for one in new.sentences if one.key not in old.keys]
    told = [one for one in fresh if says_removed(new.text[one.start : one.end])]
    if told and (_surviving(old, new) < 0.5 or any(says_retracted(new.text[one.start : one.end]) for one in told)):
        return QuoteChange(ChangeClass.WITHDRAWN, None, Reason.WITHDRAWN)
    return None


def _surviving(old: Version, new: Version) -> float:
    """The share of the earlier text, by length, whose sentences stand in the later one."""
    kept = [one for one in old.sentences if any(not new.sentences[at].note for at in new.keys.get(one.key, ()))]
    return sum(one.end - one.start for one in kept) / max(1, sum(one.end - one.start for one in old.sentences))


def _other_text(old: Version, new: Version) -> bool:
    """Whether the later text is a paywall's stub or about something else."""
    fresh = [one for one in new.sentences if one.key not in old.keys]
    if len(new.text) < _STUB * len(old.text) and any(sells_the_rest(new.text[one.start : one.end]) for one in fresh):
        return True
    if _surviving(old, new) >= _SURVIVING_SENTENCES:
        return False
    setting = setting_of(old, new)
    before, after = _senses(setting.old), _senses(setting.new)
    shared = len(before & after) / max(1, len(before))
    # Long texts share the common words of news; who and where it is about tells them apart.
    named = {word for word in setting.large - setting.small if word in setting.old}
    strange = len(named) >= 3 and len(named & setting.new) < 0.2 * len(named)
    return shared < (_SURVIVING_WORDS_UNNAMED if strange else _SURVIVING_WORDS)


def _senses(words: frozenset[str]) -> set[str]:
    return {sense(word) for word in words if word not in lexicon.STOPWORDS and len(word) > 2}


def _moved(unit: Unit, match: Match, old: Version, new: Version) -> bool:
    """Whether the unit stands in another order with the paragraphs around it."""
    if unit.at < 0:
        return False
    own = old.sentences[unit.at].paragraph
    place = dict(_places(old, new))
    place[unit.at] = match.first
    beside = any(
        place.get(unit.at + step) == match.first + step and old.sentences[unit.at + step].paragraph == own
        for step in (-1, 1)
        if unit.at + step in place
    )
    order: list[tuple[bool, int]] = []
    seen: set[int] = set()
    for at in sorted(place):
        paragraph = old.sentences[at].paragraph
        mine = at == unit.at
        if mine or (paragraph not in seen and not (paragraph == own and beside)):
            order.append((mine, place[at]))
            if not mine:
                seen.add(paragraph)
    everyone = [position for _, position in order]
    others = [position for mine, position in order if not mine]
    return _longest_rise(others) == _longest_rise(everyone)


@lru_cache(maxsize=16)
def _places(old: Version, new: Version) -> dict[int, int]:
    """Where the earlier sentences stand in the later text; of a paragraph in other words, its first one at the best."""
    place = {
        at: twin for at, one in enumerate(old.sentences) if not one.note and (twin := old.twin(at, new)) is not None
    }
    settled = {old.sentences[at].paragraph for at in place}
    fresh = [
        (at, set(weights_of(new.words(at))))
        for at, one in enumerate(new.sentences)
        if one.key not in old.keys and not one.note
    ]
    for at, one in enumerate(old.sentences):
        if one.paragraph not in settled and not one.note:
            wanted = {key for key, weight in weights_of(old.words(at)).items() if weight > 0.5}
            shared, position = max(((len(wanted & there), -position) for position, there in fresh), default=(0, 0))
            if wanted and shared >= _REPEATED * len(wanted):
                place[at] = -position
                settled.add(one.paragraph)
    return place


def _longest_rise(positions: list[int]) -> int:
    """The length of the longest strictly increasing subsequence."""
    tails: list[int] = []
    for position in positions:
        at = bisect_left(tails, position)
        tails[at : at + 1] = [position]
    return len(tails)


def _differing(units: list[Unit], found: list[Match], old: Version, new: Version) -> Difference | None:
    """The first claim of the quote that its counterpart does not make."""
    for first, last, members in _groups(units, found):
        if all(match.same for _, match in members):
            difference = _framed(members, old, new)
            if difference is not None:
                return difference
            continue
        words = [w for at in range(first, last + 1) for w in new.words(at)]
        near = [
            w
            for at in range(max(0, first - 2), min(len(new.sentences), last + 3))
            if not first <= at <= last and new.sentences[at].key not in old.keys and not new.sentences[at].note
            for w in new.words(at)
        ]
        for claim in differences([w for unit, _ in members for w in unit.words], words, near, setting_of(old, new)):
            return claim
    return None


def _groups(units: list[Unit], found: list[Match]) -> list[tuple[int, int, list[tuple[Unit, Match]]]]:
    """Units whose counterparts overlap, to be compared as one: sentences that were merged or split anew."""
    groups: list[tuple[int, int, list[tuple[Unit, Match]]]] = []
    for unit, match in zip(units, found, strict=True):
        if groups and match.first <= groups[-1][1] and groups[-1][0] <= match.last:
            first, last, members = groups[-1]
            groups[-1] = (min(first, match.first), max(last, match.last), [*members, (unit, match)])
        else:
            groups.append((match.first, match.last, [(unit, match)]))
    return groups


def _framed(members: list[tuple[Unit, Match]], old: Version, new: Version) -> Difference | None:
    """What the rest of the sentence now does to words that stand: "It is not true that ..."."""
    for unit, match in members:
        if unit.at < 0 or new.sentences[match.first].key == old.sentences[unit.at].key:
            continue
        if same_words(old.words(unit.at), new.words(match.first)):
            continue
        for claim in differences(old.words(unit.at), new.words(match.first), (), setting_of(old, new)):
            if claim.reason in (Reason.NEGATION, Reason.MODALITY):
                return claim
    return None


def _hull(found: list[Match], length: int) -> tuple[int, int] | None:
    """From the first to the last of the words that stand for the quote; the first alone where they stand far apart."""
    if not found:
        return None
    start, end = min(match.span[0] for match in found), max(match.span[1] for match in found)
    return found[0].span if end - start > 3 * length + 200 else (start, end)


def _printed(text: str, words: Sequence[Word]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text[w.start : w.end] for w in words))

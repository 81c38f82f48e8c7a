"""Opposites, negation, certainty and speakers that differ between two wordings."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from corpus import lexicon, synonyms
from corpus.difference import Difference, Op, Reason, Words
from corpus.spelling import sense, spelling, stem
from corpus.words import Kind, Word

_IMPLICIT = lexicon.IMPLICIT_NEGATORS | frozenset(map(stem, lexicon.IMPLICIT_NEGATORS))
_DENYING = ("un", "in", "im", "il", "ir", "dis", "non")


@lru_cache(maxsize=1)
def _contrast_stems() -> dict[str, frozenset[tuple[int, int]]]:
    found: dict[str, frozenset[tuple[int, int]]] = {}
    for word, sides in synonyms.CONTRASTS.items():
        if word not in synonyms.EXACT:
            base = stem(spelling(word))
            found[base] = found.get(base, frozenset()) | sides
    return found


def _sides(word: Word) -> frozenset[tuple[int, int]]:
    """The contrasts a word takes part in, and on which side."""
    if word.kind is not Kind.WORD:
        return frozenset()
    return synonyms.CONTRASTS.get(word.key, frozenset()) | _contrast_stems().get(word.stem, frozenset())


def _opposed(old: Word, new: Word) -> frozenset[int]:
    """The contrasts on which the two words take different sides; none where they agree on any."""
    mine, theirs = _sides(old), _sides(new)
    if not mine or not theirs or mine & theirs or old.sense == new.sense:
        return frozenset()
    return frozenset(group for group, _ in mine) & frozenset(group for group, _ in theirs)


def contrasts(old: Words, new: Words, ops: list[Op]) -> Iterable[Difference]:
    for tag, a, b, c, d in ops:
        if tag == "replace":
            yield from _prefixed(old[a:b], new[c:d], old, new)
    before = frozenset[tuple[int, int]]().union(*map(_sides, old))
    after = frozenset[tuple[int, int]]().union(*map(_sides, new))
    gone = [w for w in old if (sides := _sides(w)) and not sides & after]
    come = [w for w in new if (sides := _sides(w)) and not sides & before]
    placed = {(i, j) for tag, a, b, c, d in ops if tag == "replace" for i in range(a, b) for j in range(c, d)}
    alike = _alike(old, new)
    for word in gone:
        for other in come:
            i, j = old.index(word), new.index(other)
            # "rejected" and "did not approve" are the same.
            if _denied(old, i) == _denied(new, j) and _opposed(word, other) and (alike or (i, j) in placed):
                yield Difference(Reason.DIRECTION, (word,), (other,))
    # "was held at home and remains in custody" and "... was freed": one more word of the first side stays elsewhere.
    here, there = {w.sense for w in new}, {w.sense for w in old}
    for i, j in placed:
        word, other = old[i], new[j]
        if word.sense in here or other.sense in there or (word in gone and other in come):
            continue
        if _denied(old, i) == _denied(new, j) and _opposed(word, other):
            yield Difference(Reason.DIRECTION, (word,), (other,))


def _denied(words: Words, at: int) -> bool:
    """Whether the word stands under a "not"."""
    return any(w.key in lexicon.NEGATORS for w in words[max(0, at - 3) : at])


def replaced(old: Words, new: Words, ops: list[Op]) -> Iterable[Difference]:
    """Words in exactly each other's place that exclude each other there, and offices that became others."""
    for tag, a, b, c, d in ops:
        if tag == "replace" and b - a == d - c == 1:
            mine, theirs = _aligned_sides(old[a]), _aligned_sides(new[c])
            office = old[b] if b < len(old) else None
            if mine and theirs and not mine & theirs and {g for g, _ in mine} & {g for g, _ in theirs}:
                yield Difference(Reason.DIRECTION, (old[a],), (new[c],))
            elif (old[a].key in lexicon.SHARES and new[c].kind is Kind.NUMBER) or (
                _before_number(old, b, new, d) and {old[a].key, new[c].key} == {"by", "to"}
            ):
                yield Difference(Reason.NUMBER, (old[a],), (new[c],))
            elif (
                office is not None
                and office.key in lexicon.OFFICES
                and not {old[a].key, new[c].key} & lexicon.STOPWORDS
            ):
                yield Difference(Reason.ROLES, (old[a], office), (new[c],))
        elif tag == "replace" and max(b - a, d - c) <= 2:
            for word in old[a:b]:
                for other in new[c:d]:
                    mine, theirs = _aligned_sides(word), _aligned_sides(other)
                    shared = {g for g, _ in mine} & {g for g, _ in theirs}
                    if shared and not mine & theirs and not {word.key, other.key} & lexicon.STOPWORDS:
                        yield Difference(Reason.DIRECTION, (word,), (other,))
        elif tag != "replace" and b - a + d - c == 1 and [*old[a:b], *new[c:d]][0].key in lexicon.QUALIFIERS:
            yield Difference(Reason.ROLES, tuple(old[a:b]), tuple(new[c:d]))


def _before_number(old: Words, b: int, new: Words, d: int) -> bool:
    return b < len(old) and d < len(new) and old[b].kind is Kind.NUMBER and old[b].key == new[d].key


def _aligned_sides(word: Word) -> frozenset[tuple[int, int]]:
    return synonyms.ALIGNED.get(word.key) or synonyms.ALIGNED.get(word.stem) or frozenset()


def _alike(old: Words, new: Words) -> bool:
    """Whether most of what the old sentence says is in the new one."""
    content = {w.sense for w in old if w.key not in lexicon.STOPWORDS}
    return bool(content) and len(content & {w.sense for w in new}) >= 0.5 * len(content)


def _prefixed(old: Words, new: Words, whole_old: Words, whole_new: Words) -> Iterable[Difference]:
    """A word and its opposite by prefix: "likely" and "unlikely"."""
    for a in old:
        for b in new:
            short, long = sorted((a.key, b.key), key=len)
            opposite = len(short) > 3 and long in {p + short for p in _DENYING}
            if opposite and abs(_denials(whole_old) - _denials(whole_new)) != 1:
                yield Difference(Reason.NEGATION, (a,), (b,))


def _refused(words: Words) -> dict[str, Word]:
    """What somebody refused, declined or failed to do, by the sense of the deed."""
    return {
        deed.sense: no
        for no, to, deed in zip(words, words[1:], words[2:], strict=False)
        if to.key == "to" and no.stem in ("refus", "declin", "fail")
    }


def _ruled_out(words: Words) -> list[Word]:
    """The words of "ruled out"; who is ruled out of a match only misses it."""
    found = [at for at, (a, b) in enumerate(pairwise(words)) if a.stem in ("rul", "rule") and b.key == "out"]
    return [each for at in found if [w.key for w in words[at + 2 : at + 3]] != ["of"] for each in words[at : at + 2]]


def _denials(words: Words) -> int:
    count = sum(w.key in lexicon.NEGATORS for w in words)
    # "has yet to be approved"
    count += sum(a.key == "yet" and b.key == "to" for a, b in pairwise(words))
    return count - sum(a.key == "not" and b.key == "only" for a, b in pairwise(words))


def _content(words: Words) -> set[str]:
    return {
        w.sense
        for w in words
        if w.kind is Kind.WORD
        and w.key not in lexicon.STOPWORDS
        and w.key not in lexicon.NEGATORS
        and w.stem not in ("be", "have", "do", "need")
        and w.key not in lexicon.BESIDE_NEGATION
    }


def negations(old: Words, new: Words, ops: list[Op]) -> Iterable[Difference]:
    ruled, rules = _ruled_out(old), _ruled_out(new)
    if bool(ruled) != bool(rules) and _denials(old) == _denials(new):
        yield Difference(Reason.NEGATION, tuple(ruled), tuple(rules))
    refused, kept = _refused(old), _refused(new)
    if refused.keys() != kept.keys() and _denials(old) == _denials(new) == 0:
        # "resigned" and "refused to resign"
        yield from (Difference(Reason.NEGATION, (), (w,)) for key, w in kept.items() if key in {x.sense for x in old})
        yield from (
            Difference(Reason.NEGATION, (w,), ()) for key, w in refused.items() if key in {x.sense for x in new}
        )
    if _denials(old) == _denials(new):
        yield from _false_now(old, new)
        return
    more, fewer, flipped = (old, new, False) if _denials(old) > _denials(new) else (new, old, True)
    implied = sum(w.stem in _IMPLICIT or w.key in _IMPLICIT for w in fewer) - sum(
        w.stem in _IMPLICIT or w.key in _IMPLICIT for w in more
    )
    # "failed" for "did not succeed": the opposite without the "not"; "undeclared" for "not declared".
    if (
        implied > 0
        or _by_prefix(more, fewer)
        or any(_opposed(w, x) for i, w in enumerate(more) if _denied(more, i) for x in fewer)
    ):
        return
    for tag, a, b, c, d in ops:
        if tag == "equal":
            continue
        block, other = (new[c:d], old[a:b]) if flipped else (old[a:b], new[c:d])
        deniers = [w for w in block if w.key in lexicon.NEGATORS]
        if len(deniers) <= sum(w.key in lexicon.NEGATORS for w in other):
            continue
        gained = _content(block) - _content(fewer)
        gone = _content(other) - _content(more)
        opens = block[0].key in lexicon.CLAUSE_OPENERS or any(
            w.key in lexicon.CLAUSE_OPENERS for w in block[: block.index(deniers[0])]
        )
        if (opens and gained) or len(gained) > 2 or (gained and gone):
            continue
        sides = (tuple(other), tuple(block)) if flipped else (tuple(block), tuple(other))
        yield Difference(Reason.NEGATION, *sides)
        return


def _by_prefix(more: Words, fewer: Words) -> bool:
    """Whether a word of the one side, denied there, stands on the other with a prefix that denies it."""
    denied = {w.stem for at, w in enumerate(more) if w.kind is Kind.WORD and len(w.stem) > 3 and _denied(more, at)}
    return any(w.stem.removeprefix(prefix) in denied for w in fewer for prefix in _DENYING if w.stem.startswith(prefix))


def _false_now(old: Words, new: Words) -> Iterable[Difference]:
    """The new wording calls the old claim false, or a flat "is" became "is no longer" and the like."""
    come = [w for w in new if w.key in lexicon.FALSITY or w.stem in lexicon.FALSITY]
    if come and not any(w.key in lexicon.FALSITY or w.stem in lexicon.FALSITY for w in old):
        yield Difference(Reason.NEGATION, (), (come[0],))


def modality(old: Words, new: Words, ops: list[Op]) -> Iterable[Difference]:
    for first, second, flipped in ((old, new, False), (new, old, True)):
        keys = {w.key for w in first}
        # What says "possible" in other words counts where it was put in for it, not where it stood all along.
        others = {form for w in second if w.key not in keys for form in (w.key, w.stem)}
        for marks, enough in ((lexicon.POSSIBLE, lexicon.POSSIBLE_ENOUGH), (lexicon.HEDGES, lexicon.HEDGED_ENOUGH)):
            mark = next((w for w in first if w.key in marks and not _able(first, w)), None)
            if mark is None or others & enough or any(w.key in marks for w in second):
                continue
            # A clause that was added may have its own "may".
            if not flipped:
                yield Difference(Reason.MODALITY, (mark,), ())
            elif _beside(mark, old, new, ops):
                yield Difference(Reason.MODALITY, (), (mark,))
    accused = [w for w in old if w.stem in lexicon.ACCUSING]
    if (
        accused
        and not any(
            w.stem in lexicon.ACCUSING or w.stem in lexicon.ACCUSED_ENOUGH or w.key in lexicon.HEDGED_ENOUGH
            for w in new
        )
        and _alike([w for w in old if w not in accused], new)
    ):
        yield Difference(Reason.MODALITY, (accused[0],), ())
    yield from _done(old, new)
    risked = next((w for w in old if w.key in lexicon.RISKS), None)
    sure = next((w for w in new if w.key in lexicon.CERTAIN), None)
    doubted = any(w.key in lexicon.POSSIBLE_ENOUGH or w.key in lexicon.RISKS for w in new)
    if risked and sure and not doubted and not any(w.key in lexicon.CERTAIN for w in old):
        yield Difference(Reason.MODALITY, (risked,), (sure,))
    will = [w for w in old if w.key in lexicon.CERTAIN]
    perhaps = [w for w in new if w.key in lexicon.POSSIBLE]
    would = [w for w in old if w.key == "would"]
    if would and perhaps and not any(w.key in lexicon.POSSIBLE for w in old) and "would" not in {w.key for w in new}:
        yield Difference(Reason.MODALITY, (would[0],), (perhaps[0],))
    if (
        will
        and perhaps
        and not any(w.key in lexicon.CERTAIN for w in new)
        and not any(w.key in lexicon.POSSIBLE for w in old)
    ):
        yield Difference(Reason.MODALITY, (will[0],), (perhaps[0],))


def _done(old: Words, new: Words) -> Iterable[Difference]:
    """What had to be done on one side and has been done on the other: "still has to sign it", "has signed it"."""
    for first, second, flipped in ((old, new, False), (new, old, True)):
        if _denials(first) or _denials(second):
            continue
        due = {
            c.sense: c
            for a, b, c in zip(first, first[1:], first[2:], strict=False)
            if a.stem == "have" and b.key == "to"
        }
        for at, word in enumerate(second):
            if word.sense in due and any(w.stem == "have" for w in second[max(0, at - 2) : at]):
                sides = (due[word.sense],), (word,)
                yield Difference(Reason.MODALITY, *(sides[::-1] if flipped else sides))


def _able(words: Words, word: Word) -> bool:
    """Whether "could" tells of ability in the past, or of what was not possible."""
    if word.key != "could":
        return False
    at = words.index(word)
    following = [w.key for w in words[at + 1 : at + 2]]
    return following in (["not"], ["hear"], ["see"], ["feel"], ["smell"]) or following == []


def _beside(word: Word, old: Words, new: Words, ops: list[Op]) -> bool:
    """Whether a word of the new side came in without a clause of its own."""
    at = new.index(word)
    for tag, _a, _b, c, d in ops:
        if tag != "equal" and c <= at < d:
            return len(_content(new[c:d]) - _content(old)) <= 2
    return False


@lru_cache(maxsize=1)
def _actor_stems() -> dict[str, str]:
    return {stem(spelling(word)): head for word, head in lexicon.ACTORS.items()}


def actor_of(word: Word) -> str | None:
    """The kind of actor that a word names; None where it names none."""
    if word.kind is not Kind.WORD:
        return None
    return lexicon.ACTORS.get(word.key) or _actor_stems().get(word.stem)


def _kinds(words: Words) -> set[str]:
    return {kind for word in words if (kind := actor_of(word))}


def _said_by(words: Words) -> dict[str, Word]:
    """The kinds of speakers close to a verb of saying."""
    found: dict[str, Word] = {}
    for at, word in enumerate(words):
        if word.stem in lexicon.SAYING or sense(word.key) == sense("say"):
            for other in words[max(0, at - 3) : at + 5]:
                if (kind := actor_of(other)) is not None:
                    found.setdefault(kind, other)
    return found


def speakers(old: Words, new: Words) -> Iterable[Difference]:
    """Another kind of speaker beside the verb of saying, and none of the old ones left."""
    before, after = _said_by(old), _said_by(new)
    lost, come = (
        before.keys() - _kinds(new),
        after.keys() - _kinds(old),
    )
    if lost and come and len(before) == len(lost):
        yield Difference(Reason.ATTRIBUTION, (before[min(lost)],), (after[min(come)],))


def actors(old: Words, new: Words, ops: list[Op]) -> Iterable[Difference]:
    """Another kind of actor in exactly the place of the first."""
    kinds_old, kinds_new = _kinds(old), _kinds(new)
    for tag, a, b, c, d in ops:
        if tag != "replace" or b - a > 2 or d - c > 2:
            continue
        for word in old[a:b]:
            for other in new[c:d]:
                actor, instead = actor_of(word), actor_of(other)
                if actor and instead and actor not in kinds_new and instead not in kinds_old:
                    yield Difference(Reason.ATTRIBUTION, (word,), (other,))

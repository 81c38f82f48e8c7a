"""How well a set of questions is answered: the measures, and the run that asks as members do."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import numpy as np

from bot.answer import Newsroom
from corpus.errors import CorpusError
from corpus.records import instant
from index.records import Query

RANKS = 10
QUOTES = 3
REFUSED = 0.1
"""Share of answerable questions refused at the threshold of ``false_answer@10``."""
BINS = 10


class Split(StrEnum):
    """Which of a set's questions are asked."""

    TUNE = "tune"
    HELD = "held"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a set.

    Attributes:
        gold: external ids of the articles that answer; empty when none does.
        answers: accepted answer strings, may be empty.
    """

    id: str
    question: str
    asked: str
    gold: frozenset[str]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question came to.

    Attributes:
        ranks: external ids of the articles found, best first, each once.
        quotes: the quotes, best first, whether or not the bot would have refused.
        took_ms: the whole question, milliseconds.
        quoted: the article of the first quote; empty without one.
    """

    asked: Asked
    ranks: tuple[str, ...]
    quotes: tuple[str, ...]
    confidence: float
    answered: bool
    took_ms: float
    quoted: str = ""


def is_held(question: str) -> bool:
    """Whether a question's id belongs to the held split: the first digit of its SHA-1 is 0 to 3."""
    return hashlib.sha1(question.encode(), usedforsecurity=False).hexdigest()[0] in "0123"


def load_questions(path: Path, split: Split = Split.ALL) -> list[Asked]:
    """The questions of a set, see docs/quality.md for the format.

    Raises:
        CorpusError: the file cannot be read or a line is not such an object; names the line.
    """
    found = []
    try:
        lines = path.read_text(encoding="utf-8").split(
            "\n"
        )  # not at the other line ends that JSON allows inside a string
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"cannot be read ({error})", subject=path, remedy="give a questions file") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            asked = Asked(
                str(raw["id"]),
                str(raw["question"]),
                str(raw.get("asked") or ""),
                frozenset(_strings(raw["gold"])),
                tuple(_strings(raw.get("answers") or [])),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CorpusError(
                f"is no question ({error!r})", subject=f"{path}:{number}", remedy="see docs/quality.md for the format"
            ) from error
        if split is Split.ALL or is_held(asked.id) == (split is Split.HELD):
            found.append(asked)
    return found


def _strings(value: object) -> list[str]:
    """The entries of a list; a string, which would fall into its letters, is none."""
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is no list")
    return [str(each) for each in value]


def ask_all(
    newsroom: Newsroom, questions: Iterable[Asked], external_ids: Mapping[int, str], newest: datetime | None
) -> Iterable[Outcome]:
    """Ask every question as members do, one after the other.

    Args:
        external_ids: the set's ids of articles, by the store's.
        newest: the newest article's time; the now of questions that have none of their own.
    """
    for asked in questions:
        now = instant(asked.asked) or newest or datetime.now(UTC)
        investigation = newsroom.investigate(Query(asked.question, now))
        found = investigation.found
        articles = [*(each.hit.article for each in found.ranked), *found.behind] if found else []
        yield Outcome(
            asked,
            tuple(dict.fromkeys(external_ids[each] for each in articles)),
            tuple(quote.text for quote in found.quotes) if found else (),
            investigation.answer.confidence,
            investigation.answer.answered,
            investigation.answer.took_ms,
            external_ids[found.quotes[0].hit.article] if found and found.quotes else "",
        )


def measures(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """The figures of a run, by name; fractions from 0 to 1, words and milliseconds aside; None where undefined."""
    answerable = [each for each in outcomes if each.asked.gold]
    unanswerable = [each for each in outcomes if not each.asked.gold]
    with_answers = [each for each in answerable if each.asked.answers]
    both = bool(answerable and unanswerable)
    quoted = [quote for each in outcomes for quote in each.quotes]
    times = [each.took_ms for each in outcomes]
    confident = [each.confidence for each in answerable]
    unfounded = [each.confidence for each in unanswerable]
    held = [holds(each, 1) for each in with_answers]
    return {
        "questions": float(len(outcomes)),
        "answerable": float(len(answerable)),
        **{f"hits@{k}": _mean([float(bool(set(each.ranks[:k]) & each.asked.gold)) for each in answerable])
           for k in (1, 4, 10)},
        "mrr@10": _mean([_reciprocal_rank(each) for each in answerable]),
        "ndcg@10": _mean([_ndcg(each) for each in answerable]),
        "quote_hit@1": _mean([float(each) for each in held]),
        "quote_hit@3": _mean([float(holds(each, QUOTES)) for each in with_answers]),
        "quote_words": _mean([float(len(quote.split())) for quote in quoted]),
        "auroc": auroc(confident, unfounded),
        "false_refusal": _mean([float(not each.answered) for each in answerable]) if both else None,
        "false_answer": _mean([float(each.answered) for each in unanswerable]) if both else None,
        "false_answer@10": _false_answers(confident, unfounded) if both else None,
        "auroc_quote": auroc(
            [each.confidence for each, hit in zip(with_answers, held, strict=True) if hit],
            [each.confidence for each, hit in zip(with_answers, held, strict=True) if not hit],
        ),
        "ece": calibration_error(_judged(outcomes)) if both else None,
        "ms_p50": float(np.percentile(times, 50)) if times else None,
        "ms_p99": float(np.percentile(times, 99)) if times else None,
    }  # fmt: skip


def holds(outcome: Outcome, quotes: int) -> bool:
    """Whether an accepted answer stands in one of the first so many quotes."""
    return any(stands_in(outcome.asked.answers, quote) for quote in outcome.quotes[:quotes])


def stands_in(answers: Sequence[str], text: str) -> bool:
    """Whether one of the accepted answers stands in a text, as whole words."""
    within = f" {folded(text)} "
    return any(f" {each} " in within for each in map(folded, answers) if each)


def folded(text: str) -> str:
    """Text as answers are compared: case folded, runs of other than word characters as one space."""
    return re.sub(r"\W+", " ", text.casefold()).strip()


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Probability that a positive scores above a negative, ties count half (Mann-Whitney); None without both."""
    if not positive or not negative:
        return None
    below = np.sort(np.asarray(negative))
    values = np.asarray(positive)
    wins = np.searchsorted(below, values, side="left") + np.searchsorted(below, values, side="right")
    return float(wins.mean() / (2 * len(below)))


def calibration_error(judged: Sequence[tuple[float, bool]]) -> float | None:
    """Expected calibration error over ten bins of equal width (Naeini et al. 2015): mean gap of sureness and truth."""
    if not judged:
        return None
    confidences = np.asarray([confidence for confidence, _ in judged])
    right = np.asarray([truth for _, truth in judged], dtype=float)
    bins = np.minimum((confidences * BINS).astype(int), BINS - 1)
    gaps = [
        (bins == each).mean() * abs(confidences[bins == each].mean() - right[bins == each].mean())
        for each in np.unique(bins)
    ]
    return float(sum(gaps))


def _judged(outcomes: Sequence[Outcome]) -> list[tuple[float, bool]]:
    """Confidence and truth: with accepted answers, the first quote holds one; without, its article answers.

    No answer to the unanswerable is true, whatever strings its set gives.
    """
    judged = []
    for each in outcomes:
        truth = bool(each.asked.gold) and (holds(each, 1) if each.asked.answers else each.quoted in each.asked.gold)
        judged.append((each.confidence, truth))
    return judged


def _false_answers(confident: Sequence[float], unfounded: Sequence[float]) -> float:
    """Share of the unanswerable at or above the threshold that refuses one answerable question in ten."""
    ordered = sorted(confident)
    threshold = ordered[math.floor(REFUSED * len(ordered))]
    return float(np.mean([each >= threshold for each in unfounded]))


def _reciprocal_rank(outcome: Outcome) -> float:
    for place, article in enumerate(outcome.ranks[:RANKS], 1):
        if article in outcome.asked.gold:
            return 1 / place
    return 0.0


def _ndcg(outcome: Outcome) -> float:
    """nDCG@10 with gains of 0 and 1 (Järvelin and Kekäläinen 2002)."""
    gain = sum(
        1 / math.log2(place + 1)
        for place, article in enumerate(outcome.ranks[:RANKS], 1)
        if article in outcome.asked.gold
    )
    ideal = sum(1 / math.log2(place + 1) for place in range(1, min(len(outcome.asked.gold), RANKS) + 1))
    return gain / ideal


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None

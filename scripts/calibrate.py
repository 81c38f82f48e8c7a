"""Fit the weights of ranking and quoting and the calibration of confidence, and write them into the repository.

``.venv/bin/python scripts/calibrate.py DATA [--check]`` reads the question sets below the folder DATA (format: see
docs/quality.md), takes their tune splits, and writes ``index/weights.py`` and ``index/calibration.toml``; with
``--check`` it only prints what it would write. Deterministic but for the last digits of the model's arithmetic.
Exit status: 0 done, 2 a usage or set-up error.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import door

door.enter()

import numpy as np
from fits import attention, listwise
from numpy.typing import NDArray
from question_sets import Search, ask, load_set
from refused_sets import REFUSED_SETS, SMALL_SETS, made, small
from rich.console import Console
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bot.evaluation import stands_in
from bot.progress_bars import progress_bars
from bot.settings import load_settings
from corpus.errors import NewsdeskError
from index import confidence, evidence, late, ranking, reading, weights
from index.embedder import load
from index.ranking import Ranked

SETUP = 2
RANKED_SETS = ("news_paragraphs", "why_newswire", "answer_sentences", "trick_questions")
"""Sets that ranking and quoting are fitted on; near_misses names no single passage as the right one."""
PENALTY_RANKING, PENALTY_QUOTING = 0.004, 0.003
"""L2 penalties on standardised weights."""
PENALTY_ATTENTION = 0.002
"""L2 penalty on the direction of attention."""
GOALS = (0.15, 0.10)
"""False refusals and false answers that the shipped threshold should stay below, on questions of other years."""

Floats = NDArray[np.float64]


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = door.Parser(description="Fit the numbers of ranking, quoting and confidence.")
    parser.add_argument("data", type=Path, help="folder of question sets")
    parser.add_argument("--check", action="store_true", help="print, write nothing")
    wanted = parser.parse_args()
    try:
        settings = load_settings()
        embedder = load(settings.embedding_model, settings.models_dir)
        with progress_bars(Console(stderr=True)) as progress:
            sets = {name: load_set(wanted.data / name, embedder, progress) for name in (*RANKED_SETS, "near_misses")}
    except NewsdeskError as error:
        print(f"calibrate: {error}", file=sys.stderr)
        return SETUP
    searches = {name: list(ask(embedder, *each)) for name, each in sets.items()}
    direction = fit_attention(searches)
    searches = {name: [each.counting(direction) for each in found] for name, found in searches.items()}
    fit_ranking(searches)
    fit_quoting(searches)
    for name, found in (*made(sets, embedder), *small(sets, searches["trick_questions"], embedder)):
        searches[name] = [each.counting(direction) for each in found]
    text = fit_confidence(searches, embedder.digest, direction)
    for name, content in (("weights.py", weights_file()), ("calibration.toml", text)):
        if wanted.check:
            print(content)
        else:
            (door.ROOT / "index" / name).write_text(content, encoding="utf-8")
    return 0


def _holds(search: Search, each: Ranked) -> list[bool]:
    """Whether each sentence holds an accepted answer; where none is given, whether the passage is a right one."""
    if each.hit.article not in search.gold:
        return [False] * len(each.scores)
    if not search.asked.answers:
        return [True] * len(each.scores)
    passage = each.candidate.passage
    texts = [passage.text[a - passage.start : b - passage.start] for a, b in each.candidate.sentences]
    return [stands_in(search.asked.answers, text) for text in texts]


def _put(table: Mapping[str, Mapping[str, float]], kind: str, names: Sequence[str], fitted: Floats) -> None:
    """Let the package rank with the fitted weights from here on."""
    own: Any = table[kind]
    own.clear()
    own.update({name: round(float(value), 3) for name, value in zip(names, fitted, strict=True)})


@dataclass(frozen=True)
class Measured:
    """One search's read passages: all measures by name, which are right, and which article each is of."""

    columns: Mapping[str, Floats]
    right: NDArray[np.bool_]
    articles: list[int]
    gold: frozenset[int]

    def rows(self, names: Sequence[str]) -> Floats:
        """Some measures, shape (passages, measures)."""
        return np.stack([self.columns[name] for name in names], axis=1)


def _measured(search: Search) -> Measured:
    ranked = search.ranked("late")
    right = np.array([each.hit.article in search.gold for each in ranked])
    exact = np.array([any(_holds(search, each)) for each in ranked])
    columns = {name: np.array([each.hit.signals[name] for each in ranked]) for name in weights.RANKING["late"]}
    chosen = exact if search.asked.answers and exact.any() else right
    return Measured(columns, chosen, [each.hit.article for each in ranked], search.gold)


def fit_attention(searches: Mapping[str, Sequence[Search]]) -> NDArray[np.float32]:
    """Fit how much a question's tokens count, and print what that is worth on the set left out."""
    items = {name: [each for search in searches[name] if (each := _met(search))] for name in RANKED_SETS}

    def figures(name: str, direction: NDArray[np.float32]) -> str:
        places = []
        for pieces, best, _, right in items[name]:
            scores = best @ late.attention(pieces, direction)
            places.append(1 + int((scores > scores[right].max()).sum()))
        found = np.array(places)
        return f"{np.mean(found <= 1):.3f} / {np.mean(np.where(found <= 10, 1 / found, 0)):.3f}"

    for name in RANKED_SETS:
        others = attention([each for other in RANKED_SETS if other != name for each in items[other]], PENALTY_ATTENTION)
        print(
            f"late interaction alone, {name}: {figures(name, np.zeros_like(others))}; "
            f"tokens weighed by the other sets {figures(name, others)}",
            file=sys.stderr,
        )
    return attention([each for own in items.values() for each in own], PENALTY_ATTENTION)


def _met(
    search: Search,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]] | None:
    """What `fits.attention` takes of one search; None where no right passage was read."""
    right = np.array([each.passage.article in search.gold for each in search.candidates])
    if not right.any():
        return None
    best = np.stack([each.matches.max(axis=1) for each in search.candidates if each.matches is not None])
    dense = np.array([each.dense for each in search.candidates], dtype=np.float32)
    return search.pieces, best, dense, right


def fit_ranking(searches: Mapping[str, Sequence[Search]]) -> None:
    """Fit the passages' score, with and without late interaction.

    A set counts by the root of its size, so that the largest does not decide alone.
    """
    measured = {name: [_measured(search) for search in searches[name] if search.gold] for name in RANKED_SETS}
    for kind, own in weights.RANKING.items():
        names = list(own)

        def fitted(sets: Sequence[str], names: Sequence[str] = names) -> Floats:
            items = [
                (each.rows(names), each.right, len(measured[name]) ** -0.5)
                for name in sets
                for each in measured[name]
                if each.right.any()
            ]
            return listwise(items, PENALTY_RANKING)

        final = fitted(RANKED_SETS)
        for name in RANKED_SETS:
            others = fitted([other for other in RANKED_SETS if other != name])
            print(
                f"{kind} ranking, {name}: {_figures(measured[name], names, final)}; "
                f"fitted without it {_figures(measured[name], names, others)}",
                file=sys.stderr,
            )
        _put(weights.RANKING, kind, names, final)


def _figures(measured: Sequence[Measured], names: Sequence[str], fitted: Floats) -> str:
    """Hits@1, Hits@4 and MRR@10 over articles."""
    places = []
    for each in measured:
        order = np.argsort(-(each.rows(names) @ fitted), kind="stable")
        articles = list(dict.fromkeys(each.articles[row] for row in order))
        places.append(next((n for n, article in enumerate(articles, 1) if article in each.gold), 99))
    found = np.array(places)
    reciprocal = np.where(found <= 10, 1 / found, 0)
    return f"{np.mean(found <= 1):.3f} / {np.mean(found <= 4):.3f} / {reciprocal.mean():.3f}"


def fit_quoting(searches: Mapping[str, Sequence[Search]]) -> None:
    """Fit the sentences' score over the passages that may be quoted."""
    for kind, own in weights.QUOTING.items():
        names = list(own)
        items = []
        for name in RANKED_SETS:
            share = sum(1 for each in searches[name] if each.gold) ** -0.5
            for search in searches[name]:
                if not search.gold:
                    continue
                rows, right = [], []
                background = search.background
                vector = reading.weights(search.question, background.passages, background.frequencies)
                ranked = search.ranked(kind)
                best: dict[int, float] = {}
                for each in ranked:
                    best.setdefault(each.hit.article, each.hit.score)
                for each in evidence.quotable(ranked):
                    if each.reading is None or not each.scores:
                        continue
                    parts = ranking.sentence_measures(
                        search.question, each.candidate, each.reading, vector, each.hit.score, best[each.hit.article]
                    )
                    rows.append(np.stack([parts[measure] for measure in names], axis=1))
                    right += _holds(search, each)
                if any(right) and not all(right):
                    items.append((np.concatenate(rows).astype(np.float64), np.array(right), share))
        _put(weights.QUOTING, kind, names, listwise(items, PENALTY_QUOTING))
        for name in RANKED_SETS:
            print(f"{kind} quoting, {name}: {_quoting(searches[name], kind)}", file=sys.stderr)


def _quoting(searches: Sequence[Search], kind: str) -> str:
    first, three, words = [], [], []
    for search in searches:
        if search.gold and search.asked.answers:
            quotes = evidence.quotes(search.question, search.ranked(kind))  # as they score, before they are read
            held = [stands_in(search.asked.answers, quote.text) for quote in quotes]
            first.append(bool(held and held[0]))
            three.append(any(held))
            words += [len(quote.text.split()) for quote in quotes]
    return f"first {np.mean(first):.3f}, three {np.mean(three):.3f}, words {np.mean(words):.1f}" if first else "–"


MANY = ("dense", "sentence", "rivals", "elsewhen", "reading")
FEW = ("dense", "elsewhen", "unnamed", "reading")
"""Signals of searches that find many stories, and few: where there are few the best sentence's vector tells nothing
more, and a missing name does."""

Signalled = Mapping[str, Sequence[tuple[dict[str, float], bool]]]
"""Of each set's searches the signals, and whether the first quote is from an article that answers."""


def fit_confidence(searches: Mapping[str, Sequence[Search]], digest: str, direction: NDArray[np.float32]) -> str:
    """Fit the probability that the first quote is from an article that answers; returns the record's text."""
    measured = {name: [_signals(search) for search in searches[name]] for name in (*REFUSED_SETS, *SMALL_SETS)}
    many, few = (
        _regression({name: measured[name] for name in sets}, signals)
        for sets, signals in ((REFUSED_SETS, MANY), (SMALL_SETS, FEW))
    )
    today = datetime.now(UTC).date().isoformat()
    fitted = confidence.Calibration(digest, today, 0.0, many, few)
    sure = {name: np.array([fitted.probability(each) for each, _ in own]) for name, own in measured.items()}
    gold = {name: np.array([bool(search.gold) for search in searches[name]]) for name in measured}
    threshold = _balanced(sure["other_years"], gold["other_years"])
    figures = []
    for name in measured:
        yes, no = sure[name][gold[name]], sure[name][~gold[name]]
        parts = [f"{np.mean(no >= threshold):.3f} false answers"] if len(no) else []
        parts += [f"{np.mean(yes < threshold):.3f} false refusals"] if len(yes) else []
        line = f"{name}: at the threshold {', '.join(parts)}"
        if len(yes) and len(no):
            line += (
                f"; AUROC {roc_auc_score(gold[name], sure[name]):.3f}, "
                f"{np.mean(no >= np.quantile(yes, 0.1)):.3f} false answers at 10 % false refusals"
            )
        figures.append(line)
    for part, sets in (("many", REFUSED_SETS), ("few", SMALL_SETS)):
        right, share = _right({name: measured[name] for name in sets})
        error = _ece(np.concatenate([sure[name] for name in sets]), right, share)
        figures.append(f"expected calibration error, {part} stories: {error:.3f}")
    lines = [
        "# Written by scripts/calibrate.py on the tune splits of trick_questions, near_misses, of questions of 2022",
        "# asked of paragraphs of 2023 (other_years), of one set's questions asked of another's articles (strangers),",
        "# of trick questions asked with and without the paragraph that answers (left_out), and of questions asked of",
        "# one article alone (one_...: the best found, its own, a strange one, the best but its own). Figures:",
        *(f"# {line}" for line in figures),
        f'model = "{digest}"',
        f'fitted = "{today}"',
        f"threshold = {threshold}",
        "attention = [",
        *textwrap.wrap(
            ", ".join(f"{value:.3f}" for value in direction), 110, initial_indent="  ", subsequent_indent="  "
        ),
        "]",
    ]
    for part, each in (("many", many), ("few", few)):
        lines += ["", f"[{part}]", f"bias = {each.bias}", "", f"[{part}.weights]"]
        lines += [f"{name} = {value}" for name, value in each.weights.items()]
        lines += ["", f"[{part}.centres]", *(f"{name} = {value}" for name, value in each.centres.items())]
    return "\n".join(lines) + "\n"


def _right(measured: Signalled) -> tuple[NDArray[np.bool_], Floats]:
    """Which first quotes are right, and each search's share: a set counts by the root of its size."""
    right = [each[1] for own in measured.values() for each in own]
    return np.array(right), np.array([len(own) ** -0.5 for own in measured.values() for _ in own])


def _regression(measured: Signalled, signals: Sequence[str]) -> confidence.Regression:
    every = [each for own in measured.values() for each, _ in own]
    names = [signal for signal in signals if any(signal in each for each in every)]
    rows = np.array([[each.get(signal, np.nan) for signal in names] for each in every])
    right, share = _right(measured)
    centres, scale = np.nanmean(rows, axis=0), np.nanstd(rows, axis=0)
    model = LogisticRegression(max_iter=1000).fit(
        np.nan_to_num((rows - centres) / np.where(scale > 0, scale, 1)), right, sample_weight=share / share.mean()
    )
    weights = model.coef_[0] / np.where(scale > 0, scale, 1)
    return confidence.Regression(
        round(float(model.intercept_[0]), 3),
        {name: round(float(value), 3) for name, value in zip(names, weights, strict=True)},
        {name: round(float(value), 4) for name, value in zip(names, centres, strict=True)},
    )


def _balanced(sure: Floats, answerable: NDArray[np.bool_]) -> float:
    """The threshold, to two places, that comes nearest to both goals: the larger excess over its `GOALS` is least."""

    def excess(threshold: float) -> float:
        refused, answered = np.mean(sure[answerable] < threshold), np.mean(sure[~answerable] >= threshold)
        return float(max(refused / GOALS[0], answered / GOALS[1]))

    return min((step / 100 for step in range(1, 100)), key=excess)


def _signals(search: Search) -> tuple[dict[str, float], bool]:
    ranked = search.ranked("late")
    quotes, reading = search.quoted(ranked)
    measured = confidence.signals(search.question, ranked, quotes, reading)
    return measured, bool(quotes) and quotes[0].hit.article in search.gold


def _ece(sure: Floats, right: NDArray[np.bool_], share: Floats) -> float:
    """Expected calibration error over ten bins (Guo et al. 2017), weighted like the fit."""
    bins = np.minimum((sure * 10).astype(int), 9)
    error = 0.0
    for each in range(10):
        inside = bins == each
        if inside.any():
            mass = share[inside].sum()
            error += abs((share[inside] * (sure[inside] - right[inside])).sum() / mass) * mass / share.sum()
    return float(error)


def weights_file() -> str:
    """The text of ``index/weights.py`` with the weights as they are now."""
    old = Path(weights.__file__).read_text(encoding="utf-8")
    head = old[: old.index("FITTED")]
    parts = [f'{head}FITTED = "{datetime.now(UTC).date().isoformat()}"\n']
    for name, table in (("RANKING", weights.RANKING), ("QUOTING", weights.QUOTING)):
        lines = [f"{name}: Mapping[str, Mapping[str, float]] = {{"]
        for kind, own in table.items():
            lines.append(f'    "{kind}": {{')
            lines += [f'        "{measure}": {value},' for measure, value in own.items()]
            lines.append("    },")
        parts.append("\n".join([*lines, "}\n"]))
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())

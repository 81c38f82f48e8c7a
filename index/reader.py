"""Reading a question and a passage together: does the passage answer, or does it only speak of the same things?

Vectors of question and passage know nothing of each other; a changed name or a missing fact leaves them where they
were. A model that reads both at once sees it (a cross-encoder, Nogueira and Cho 2019, arXiv 1901.04085). The reader is
the embedding model itself, some of its weights changed by matrices of low rank (LoRA, Hu et al. 2021, arXiv
2106.09685) that ``scripts/train_reader.py`` fitted and ``index/reader.safetensors`` holds: some five megabytes. They
belong to one model's digest; other models have no reader. This file knows torch; `index.runtime` runs what is exported.
"""

from __future__ import annotations

import copy
from typing import Any

from index import model_files

HEAD = "answers"


def joined(title: str, text: str) -> str:
    """What the reader is given of a passage: its title says what "he" and "the region" are."""
    return f"{title}. {text}" if title else text


class SlowReader:
    """The reader over torch, at full precision."""

    def __init__(self, tokenizer: Any, module: Any) -> None:
        self._tokenizer = tokenizer
        self.module = module

    def read(self, question: str, text: str) -> float:
        """See `index.runtime.FastReader`."""
        import torch

        features = self._tokenizer(question, text, truncation="longest_first", return_tensors="pt")
        with torch.inference_mode():
            found = self.module(features["input_ids"], features["attention_mask"], features["token_type_ids"])
        return float(found[0])


def adapted(model: Any, digest: str) -> SlowReader | None:
    """The reader that belongs to an embedding model; None where there is none.

    Args:
        model: the SentenceTransformer.
        digest: of its files.
    """
    import torch
    from safetensors import safe_open

    if not model_files.READER.exists():
        return None
    with safe_open(model_files.READER, framework="pt") as held:
        if (held.metadata() or {}).get("model") != digest:
            return None
        tensors = {name: held.get_tensor(name).float() for name in held.keys()}  # noqa: SIM118  # not a mapping
    transformer = copy.deepcopy(model[0].auto_model).cpu().eval()
    own = dict(transformer.named_parameters())
    with torch.no_grad():
        for name, tensor in tensors.items():
            if name.endswith(".down"):
                layer = name.removesuffix(".down")
                own[f"{layer}.weight"] += tensors[f"{layer}.up"] @ tensor
            elif name in own:
                own[name].copy_(tensor)
    head = torch.nn.Linear(own["embeddings.word_embeddings.weight"].shape[1], 1)
    head.load_state_dict({part: tensors[f"{HEAD}.{part}"] for part in ("weight", "bias")})
    return SlowReader(model.tokenizer, _reading(transformer, head))


def _reading(transformer: Any, head: Any) -> Any:
    import torch

    class Reading(torch.nn.Module):
        """From token ids to the log odds that the second text answers the first.

        The head looks at the first token alone, so the last layer is worked out for that one: a seventh of the time.
        """

        def __init__(self) -> None:
            super().__init__()
            *before, self.last = transformer.encoder.layer
            transformer.encoder.layer = torch.nn.ModuleList(before)
            self.transformer = transformer
            self.head = head

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            hidden = self.transformer(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state
            first, look = hidden[:, :1], self.last.attention.self
            keys, values = self._heads(look.key(hidden)), self._heads(look.value(hidden))
            scores = self._heads(look.query(first)) @ keys.transpose(2, 3) * look.attention_head_size**-0.5
            scores = scores.masked_fill(attention_mask[:, None, None] == 0, torch.finfo(scores.dtype).min)
            seen = (scores.softmax(-1) @ values).transpose(1, 2).flatten(2)
            met = self.last.attention.output(seen, first)
            return self.head(self.last.output(self.last.intermediate(met), met)[:, 0])[:, 0]

        def _heads(self, rows: Any) -> Any:
            """Shape (n, t, d) to (n, heads, t, d / heads)."""
            return rows.unflatten(-1, (-1, self.last.attention.self.attention_head_size)).transpose(1, 2)

    return Reading().eval()

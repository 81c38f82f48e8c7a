"""Real sentence-transformers models of a few kilobytes, built by the tests that ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def small_model(
    folder: Path,
    *,
    pooling: str = "mean",
    dense: bool = False,
    tokens: int = 24,
    twins: Mapping[str, str] | None = None,
) -> Path:
    """A little BERT with random weights and prompts of its own, saved by sentence-transformers.

    ``twins`` are words of another language with the English word whose vector each shares: a bilingual model.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(7)
    words = "the harbour bridge bread rose fell in march query passage : . ? when why a b c d e".split()
    bare = folder / "bare"
    bare.mkdir(parents=True)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words, *(twins or ())]
    (bare / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(str(bare / "vocab.txt"), model_max_length=tokens).save_pretrained(bare)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    bert = BertModel(BertConfig(vocab_size=len(vocabulary), max_position_embeddings=64, **sizes))
    with torch.no_grad():
        for foreign, english in (twins or {}).items():
            vectors = bert.embeddings.word_embeddings.weight
            vectors[vocabulary.index(foreign)] = vectors[vocabulary.index(english)]
    bert.save_pretrained(bare)
    transformer = Transformer(str(bare), max_seq_length=tokens)
    modules: list[Any] = [transformer, Pooling(32, pooling)]
    modules += [Dense(32, 16)] if dense else [Normalize()]
    prompts = {"query": "query : when ", "document": "passage : "}
    SentenceTransformer(modules=modules, prompts=prompts).save(str(folder / "model"))
    return folder / "model"

"""An optional second reading of the best passages by a CrossEncoder; off unless ``RERANK_MODEL`` names one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.embedder import check_torch
from index.errors import ModelError
from index.model_files import locate, settings_of

_REMEDY = "set RERANK_MODEL to a CrossEncoder with one output, or leave it empty"


class Reranker:
    """A sentence-transformers CrossEncoder: reads question and passage together, which a vector of each cannot.

    Attributes:
        name: the model, as it was asked for.
    """

    def __init__(self, model: str) -> None:
        """Loads the model from this machine; never its own Python code, never the network.

        Args:
            model: a folder, or a hub name of a model that is already here.

        Raises:
            ModelError: it is missing or cannot be loaded.
        """
        files = locate(model, "RERANK_MODEL")
        if _is_bare(files.folder):
            raise ModelError(
                "is no CrossEncoder: nothing in it scores a pair, so that its order would be chance",
                subject=model,
                remedy=_REMEDY,
            )
        check_torch()
        from sentence_transformers import CrossEncoder

        try:
            self._model = CrossEncoder(str(files.folder), trust_remote_code=False, local_files_only=True)
        except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
            raise ModelError(
                f"sentence-transformers cannot load it as a CrossEncoder ({error})",
                subject=model,
                remedy=_REMEDY,
            ) from error
        if self._model.num_labels != 1:
            raise ModelError(
                f"gives {self._model.num_labels} numbers for a passage",
                subject=model,
                remedy=_REMEDY,
            )
        self.name = files.name

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers, higher is better; as many as texts."""
        if not texts:
            return []
        pairs = [(question, text) for text in texts]
        return [float(score) for score in self._model.predict(pairs, show_progress_bar=False)]


def _is_bare(folder: Path) -> bool:
    """Whether a model ends in vectors or words, by its record: transformers would add a head of random numbers."""
    named = settings_of(folder, "config.json").get("architectures") or []
    return bool(named) and all(str(name).endswith(("Model", "ForMaskedLM")) for name in named)

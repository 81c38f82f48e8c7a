"""scripts/train_reader.py: every example that it trains on is what it says, and a run writes a reader."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors import safe_open

from index import model_files
from index.embedder import SlowEmbedder
from index.model_files import DEFAULT_MODEL, locate
from index.reader import joined

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
import reading_changes
from reading_batches import Examples
from reading_changes import Changes, Example, Pool
from reading_examples import Group, Maker
from wordnet import WordNet

CONTEXT = (
    "The Harbour Trust of Wexley was founded in 1902. Its first chair was Ada Lund. "
    "The Trust sold the old pier to the town of Marrow in 1951. Ada Lund told Bo Stern of the sale the day before."
)
OTHER = "The Mill Company of Wexley sold the old mill to the city of Dunmere. A storm closed the harbour in 1947."
ANSWERS = {
    "When was the Harbour Trust of Wexley founded?": "1902",
    "Who was the first chair of the Trust?": "Ada Lund",
    "Which town did the Trust of Wexley buy the old pier for in 1951?": "Marrow",
    "When did Ada Lund tell Bo Stern of the sale?": "the day before",
}
NOUNS = """  1 The licence.
00000001 15 n 01 settlement 0 002 ~ 00000002 n 0000 ~ 00000003 n 0000 | where people live
00000002 15 n 02 town 0 burgh 0 001 @ 00000001 n 0000 | a small one
00000003 15 n 01 city 0 001 @ 00000001 n 0000 | a large one
"""
VERBS = """00000004 40 v 01 sell 0 001 ! 00000005 v 0101 | give for money
00000005 40 v 02 purchase 0 buy 0 001 ! 00000004 v 0201 | get for money
"""


@pytest.fixture
def wordnet(tmp_path: Path) -> Path:
    """Database files of a few senses."""
    folder = tmp_path / "dict"
    folder.mkdir()
    for name, text in (("noun", NOUNS), ("verb", VERBS), ("adj", ""), ("adv", "")):
        (folder / f"data.{name}").write_text(text, encoding="latin-1")
    index = "  1 The licence.\ntown n 1 1 @ 1 1 00000002\ncity n 1 1 @ 1 1 00000003\nold_town n 1 1 @ 1 1 00000002\n"
    verbs = "sell v 1 1 ! 1 1 00000004\npurchase v 1 1 ! 1 1 00000005\n"
    for name, text in (("noun", index), ("verb", verbs), ("adj", ""), ("adv", "")):
        (folder / f"index.{name}").write_text(text, encoding="latin-1")
    return folder


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    """A file in SQuAD's format: two paragraphs, four questions."""
    asked = [
        {"question": question, "answers": [{"text": answer, "answer_start": CONTEXT.index(answer)}]}
        for question, answer in ANSWERS.items()
    ]
    paragraphs = [{"context": CONTEXT, "qas": asked}, {"context": OTHER, "qas": []}]
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [{"title": "Harbour_Trust", "paragraphs": paragraphs}]}), encoding="utf-8")
    return path


def test_wordnet_gives_opposites_synonyms_and_nouns_of_one_kind(wordnet: Path) -> None:
    """In both directions; of words joined by a line none is taken."""
    found = WordNet(wordnet)
    assert found.opposites["sell"] == {"purchase"}
    assert found.opposites["buy"] == {"sell"}
    assert found.opposites["before"] == {"after"}
    assert found.nouns == {"town": ["city"], "city": ["town"]}
    words = ("town", "towns", "burgh", "city", "sell", "pier")
    assert [found.synonyms(word) for word in words] == [["burgh"], ["burghs"], [], [], [], []]


def letters(texts: Sequence[str]) -> NDArray[np.float32]:
    """How often each letter stands in a text, as unit vectors."""
    counts = np.array([[text.lower().count(letter) for letter in ascii_lowercase] for text in texts], np.float32)
    unit: NDArray[np.float32] = counts / np.linalg.norm(counts, axis=1, keepdims=True)
    return unit


def groups(squad: Path, known: WordNet, seed: int) -> list[Group]:
    """Examples, the same for the same seed."""
    return Maker(squad, known, random.Random(seed)).groups(letters)


def test_every_example_is_what_it_says(squad: Path, wordnet: Path) -> None:
    """Answers stand where they should; what does not answer lacks the answer, or was changed on one side alone."""
    known, kinds = WordNet(wordnet), set()
    assert groups(squad, known, 7) == groups(squad, known, 7)
    for seed in range(150):
        made = groups(squad, known, seed)
        assert [each.right[0].question for each in made] == list(ANSWERS)
        for group in made:
            assert group.article == "Harbour Trust"
            assert all(each.answer is not None for each in group.right)
            for each in (*group.right, *group.wrong):
                kinds.add(each.kind)
                check(each)
    assert kinds == {
        "right", "near", "found", "close", "negated", "names change places", "another thing asked",
        "name in the question", "name in the text", "number in the question", "number in the text",
        "opposite in the question", "opposite in the text", "noun in the question", "word in the question",
        "word in the text", "another name of the text", "asked otherwise",
    }  # fmt: skip


def check(made: Example) -> None:
    """Assert what its kind promises."""
    own = made.question in ANSWERS
    if made.kind == "asked otherwise":
        assert "burgh" in made.question
        assert made.question.replace("burgh", "town") in ANSWERS
        assert made.answer is None or made.text[slice(*made.answer)] == "Marrow"
        return
    if made.kind == "right":
        assert made.answer is not None
        assert made.text[slice(*made.answer)] in ANSWERS.values()
        return
    assert made.answer is None
    assert made.title in ("", "Harbour Trust")
    if made.kind in ("near", "found", "close"):
        assert own
        assert ANSWERS[made.question] not in made.text
        assert made.text in {"near": CONTEXT, "found": OTHER}.get(made.kind, f"{CONTEXT} {OTHER}")
    elif made.kind.endswith("in the text"):
        assert own
        assert ANSWERS[made.question] in made.text
        assert made.text not in CONTEXT
    else:
        assert not own
        assert made.text in CONTEXT


@pytest.mark.parametrize(
    ("kind", "questions"),
    [
        ("names change places", {"When did Bo Stern tell Ada Lund of the sale?"}),
        (
            "another thing asked",
            {f"{word} did Ada Lund tell Bo Stern of the sale?" for word in ("Where", "How", "Why")},
        ),
        ("negated", {"When didn't Ada Lund tell Bo Stern of the sale?"}),
        (
            "another name of the text",
            {f"When did {told} of the sale?" for told in ("Ada Lund tell Marrow", "Marrow tell Bo Stern")},
        ),
    ],
)
def test_a_question_is_turned_into_another(squad: Path, wordnet: Path, kind: str, questions: set[str]) -> None:
    """Of its own words."""
    known = WordNet(wordnet)
    made = [group for seed in range(60) for group in groups(squad, known, seed)[3:]]
    assert {each.question for group in made for each in group.wrong if each.kind == kind} == questions


def test_a_negation_is_told_in_other_words(wordnet: Path) -> None:
    """Of the text, where the answer moves along and what is undone answers no more; of the question a refusal."""
    text, answer = "The Trust did not sell the mill because it was old.", "it was old"
    first = text.index(answer)
    right = Example("Why did the Trust not sell the mill?", "", text, (first, first + len(answer)), "right")
    known, told, undone = WordNet(wordnet), set(), set()
    for seed in range(40):
        kept, wrong = Changes(known, random.Random(seed)).of(right, Pool([], [], []))
        told |= {
            (each.text, each.text[slice(*(each.answer or (0, 0)))]) for each in kept if "not sell" not in each.text
        }
        undone |= {each.text for each in wrong if each.kind == "negation undone in the text"}
    ways = ("declined to", "refused to", "failed to", "chose not to")
    assert {(f"The Trust {way} sell the mill because it was old.", answer) for way in ways} <= told
    assert "The Trust agreed to sell the mill because it was old." in undone
    behind = replace(right, question="What was not kept?", answer=(0, 9))
    for seed in range(20):
        kept, wrong = Changes(known, random.Random(seed)).of(behind, Pool([], [], []))
        assert {each.text[slice(*each.answer)] for each in kept if each.answer} == {"The Trust"}
        assert "negation undone in the text" not in {each.kind for each in wrong}  # of another verb
    changes = Changes(known, random.Random(1))
    for question, otherwise in (
        ("Why did the Trust refuse to sell the mill?", "Why didn't the Trust sell the mill?"),
        ("Who refused to sell the mill?", "Who didn't sell the mill?"),
        ("Why was the Trust unable to sell the mill?", "Why couldn't the Trust sell the mill?"),
        ("Why did the Trust sell the mill?", None),
        ("Who has refused to sell the mill?", None),
        ("Who never failed to sell the mill?", None),
        ("What declined to the point of no return?", None),
        ("Who was killed because he was unable to leave?", "Who was killed because he couldn't leave?"),
    ):
        assert changes.asked_otherwise(replace(right, question=question)) == otherwise


@pytest.mark.parametrize(
    ("text", "old", "new", "keep", "found"),
    [
        ("Ada met Bo. Ada left.", "Ada", "Cleo", (8, 10), ("Cleo met Bo. Cleo left.", (9, 11))),
        ("Ada met Bo.", "Ada", "Cleo", (0, 3), None),  # the answer itself
        ("Adam met Bo.", "Ada", "Cleo", None, None),  # a part of a word
        ("A (1) is 1.", "1", "20", None, ("A (20) is 20.", None)),
    ],
)
def test_a_word_is_exchanged_around_the_answer(
    text: str, old: str, new: str, keep: tuple[int, int] | None, found: tuple[str, tuple[int, int] | None] | None
) -> None:
    """The answer's offsets move along."""
    assert reading_changes.swapped(text, old, new, keep) == found


def test_a_run_writes_a_reader_of_the_default_model(
    squad: Path, wordnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All layers have a change, and the package reads what the training says."""
    import torch
    import train_reader

    out = tmp_path / "reader.safetensors"
    monkeypatch.setattr(train_reader, "WARM", 1)
    kept: list[train_reader.Reading] = []
    fit = train_reader.fit

    def kept_fit(reading: train_reader.Reading, *others: Any, **named: Any) -> int:
        kept.append(reading)
        return fit(reading, *others, **named)

    monkeypatch.setattr(train_reader, "fit", kept_fit)
    arguments = [str(squad), str(wordnet), "--epochs", "2", "--out", str(out)]
    monkeypatch.setattr(sys, "argv", ["train_reader.py", *arguments])
    assert train_reader.main() == 0
    with safe_open(out, framework="np") as held:
        assert held.metadata()["model"] == locate(DEFAULT_MODEL).digest
        assert held.metadata()["examples"] == "16"
        layers = {name.split(".")[2] for name in held.keys() if name.startswith("encoder")}  # noqa: SIM118
        assert layers == set("012345")
    monkeypatch.setattr(model_files, "READER", out)
    model = SlowEmbedder(locate(DEFAULT_MODEL))
    assert model.reader is not None
    for question, text in (("Who was the chair?", "The chair was Ada Lund."), ("When?", "In 1902, at the pier.")):
        features = model.model.tokenizer(question, text, return_tensors="pt")
        with torch.inference_mode():
            trained = float(kept[0].eval()(dict(features))[0][0])
        assert model.reader.read(question, text) == pytest.approx(trained, abs=0.02)


def test_a_reader_is_trained_on(
    squad: Path, wordnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From what it was, at its own rate, all examples counted; one of another model or form, or none, is named."""
    import torch
    import train_reader

    files = locate(DEFAULT_MODEL)
    reading = train_reader.Reading(SlowEmbedder(files).model[0].auto_model)
    with torch.no_grad():
        for each in reading.trained().values():
            each += 0.25
    known = {name: each.half().float() for name, each in reading.trained().items() if not name.startswith("places")}
    paths = {name: tmp_path / f"{name}.safetensors" for name in ("own", "foreign", "smaller", "onward")}
    train_reader.save(reading, files.digest, 100, paths["own"])
    train_reader.save(reading, "another", 100, paths["foreign"])
    monkeypatch.setattr(train_reader, "RANK", 8)
    smaller = train_reader.Reading(SlowEmbedder(files).model[0].auto_model)
    train_reader.save(smaller, files.digest, 100, paths["smaller"])
    monkeypatch.undo()

    def train(onward: Path) -> int:
        arguments = [str(squad), str(wordnet), "--epochs", "1", "--onward", str(onward), "--out", str(paths["onward"])]
        monkeypatch.setattr(sys, "argv", ["train_reader.py", *arguments])
        return train_reader.main()

    for path, told in (
        (paths["foreign"], "belongs to another model"),
        (paths["smaller"], "of another form"),
        (squad, "not read"),
    ):
        assert train(path) == 2
        error = capsys.readouterr().err
        assert str(path) in error
        assert told in error
    assert not paths["onward"].exists()
    monkeypatch.setattr(train_reader, "ONWARD_RATE", 0.0)
    assert train(paths["own"]) == 0
    with safe_open(paths["onward"], framework="pt") as held:
        assert held.metadata()["examples"] == "108"
        assert all(torch.equal(held.get_tensor(name).float(), each) for name, each in known.items())


def test_kinds_are_drawn_by_their_shares() -> None:
    """Of 10,000: rows asked otherwise, changed, or of another name; what a group lacks goes to the others."""
    import train_reader
    from reading_batches import Row

    plain, changed, otherwise, named, near = (
        Row(n, n, -1, -1, kind)
        for n, kind in enumerate(("right", "right", "asked otherwise", "another name of the text", "near"))
    )
    chance = random.Random(3)

    def shares(draw: Any, *rows: Row) -> dict[int, float]:
        drawn = [draw(rows, chance).question for _ in range(10_000)]
        return {row.question: drawn.count(row.question) / len(drawn) for row in rows}

    right, wrong = train_reader._right_row, train_reader._wrong_row
    assert shares(right, plain, changed, otherwise) == pytest.approx({0: 0.45, 1: 0.3, 2: 0.25}, abs=0.02)
    assert shares(right, plain, changed) == pytest.approx({0: 0.7, 1: 0.3}, abs=0.02)
    assert shares(right, plain, otherwise) == pytest.approx({0: 0.75, 2: 0.25}, abs=0.02)
    assert shares(wrong, named, otherwise, near) == pytest.approx({3: 0.35, 2: 0.25, 4: 0.4}, abs=0.02)
    assert shares(wrong, named, near) == pytest.approx({3: 0.35, 4: 0.65}, abs=0.02)
    assert shares(wrong, named) == {3: 1.0}


def test_it_is_told_how_held_articles_are_read(
    squad: Path, wordnet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The AUROC in all and by kind; what is held is not trained on."""
    import train_reader

    raw = json.loads(squad.read_text(encoding="utf-8"))
    raw["data"] = [raw["data"][0] | {"title": title} for title in ("One", "Two", "Three")]
    squad.write_text(json.dumps(raw), encoding="utf-8")
    model = SlowEmbedder(locate(DEFAULT_MODEL)).model
    examples = Examples(groups(squad, WordNet(wordnet), 7), model.tokenizer)
    monkeypatch.setattr(train_reader, "HELD", 1)
    assert train_reader.fit(train_reader.Reading(model[0].auto_model), examples, 1, "cpu") == 2 * 8
    told = capsys.readouterr().err.rpartition("held articles: AUROC ")[2].strip()
    every, _, kinds = told.partition("; ")
    assert 0 <= float(every) <= 1
    shares = dict(each.rsplit(" ", 1) for each in kinds.split(", "))
    assert {"near", "found"} <= set(shares) <= {each.kind for rows in examples.wrong for each in rows}
    assert all(0 <= float(share) <= 1 for share in shares.values())


def test_the_answer_is_found_among_the_tokens(squad: Path, wordnet: Path) -> None:
    """A row of a batch is question and text as the model's tokenizer puts them together, the answer's place marked."""

    tokenizer = SlowEmbedder(locate(DEFAULT_MODEL)).model.tokenizer
    made = groups(squad, WordNet(wordnet), 7)
    examples = Examples(made, tokenizer)
    for n, group in enumerate(made):
        features, first, last = examples.batch([examples.right[n][0], examples.wrong[n][0]], "cpu")
        right = group.right[0]
        told = tokenizer(right.question, joined(right.title, right.text))
        length = len(told["input_ids"])
        for name, tensor in features.items():
            assert tensor[0, :length].tolist() == told[name]
            assert not tensor[0, length:].any()
        answer = tokenizer.decode(told["input_ids"][first[0] : last[0] + 1])
        assert answer == ANSWERS[right.question].lower()
        assert (first[1], last[1]) == (0, 0)


def test_what_cannot_be_read_is_named(
    wordnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With status 2, and nothing is written."""
    import train_reader

    broken = tmp_path / "broken.json"
    broken.write_text('{"data": [{}]}', encoding="utf-8")
    for path in (broken, tmp_path / "nothing.json"):
        out = tmp_path / "out.safetensors"
        monkeypatch.setattr(sys, "argv", ["train_reader.py", str(path), str(wordnet), "--out", str(out)])
        assert train_reader.main() == 2
        assert str(path) in capsys.readouterr().err
        assert not out.exists()


@pytest.mark.parametrize("device", ["cpu", "nowhere"])
def test_what_cannot_be_trained_is_said_at_once(
    device: str, wordnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file without questions, and a device that torch does not know; neither runs for ever or ends in a trace."""
    import train_reader

    empty = tmp_path / "empty.json"
    empty.write_text('{"data": []}', encoding="utf-8")
    out = tmp_path / "out.safetensors"
    arguments = [str(empty), str(wordnet), "--device", device, "--out", str(out)]
    monkeypatch.setattr(sys, "argv", ["train_reader.py", *arguments])
    assert train_reader.main() == 2
    told = f"{empty}: no question to learn from" if device == "cpu" else "--device nowhere: "
    assert capsys.readouterr().err.strip().startswith(f"train_reader: {told}")
    assert not out.exists()

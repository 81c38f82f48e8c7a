"""scripts/train_reader.py: every example that it trains on is what it says, and a run writes a reader."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import pytest
from safetensors import safe_open

from index import model_files
from index.embedder import SlowEmbedder
from index.model_files import DEFAULT_MODEL, locate

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
import reading_examples
from reading_examples import Example, Maker, WordNet

CONTEXT = (
    "The Harbour Trust of Wexley was founded in 1902. Its first chair was Ada Lund. "
    "The Trust sold the old pier to the town of Marrow in 1951."
)
OTHER = "The Mill Company of Wexley sold the old mill to the city of Dunmere. A storm closed the harbour in 1947."
ANSWERS = {
    "When was the Harbour Trust of Wexley founded?": "1902",
    "Who was the first chair of the Trust?": "Ada Lund",
    "Which town did the Trust of Wexley buy the old pier for in 1951?": "Marrow",
}
NOUNS = """  1 The licence.
00000001 15 n 01 settlement 0 002 ~ 00000002 n 0000 ~ 00000003 n 0000 | where people live
00000002 15 n 01 town 0 001 @ 00000001 n 0000 | a small one
00000003 15 n 02 city 0 metropolis 0 001 @ 00000001 n 0000 | a large one
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
    (folder / "index.noun").write_text(index, encoding="latin-1")
    return folder


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    """A file in SQuAD's format: two paragraphs, three questions."""
    asked = [
        {"question": question, "answers": [{"text": answer, "answer_start": CONTEXT.index(answer)}]}
        for question, answer in ANSWERS.items()
    ]
    paragraphs = [{"context": CONTEXT, "qas": asked}, {"context": OTHER, "qas": []}]
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [{"title": "Harbour_Trust", "paragraphs": paragraphs}]}), encoding="utf-8")
    return path


def test_wordnet_gives_opposites_and_nouns_of_one_kind(wordnet: Path) -> None:
    """In both directions; of words joined by a line none is taken."""
    found = WordNet(wordnet)
    assert found.opposites["sell"] == {"purchase"}
    assert found.opposites["buy"] == {"sell"}
    assert found.opposites["before"] == {"after"}
    assert found.nouns == {"town": ["city"], "city": ["town"]}


def test_every_example_is_what_it_says(squad: Path, wordnet: Path) -> None:
    """Answers stand where they should; what does not answer lacks the answer, or was changed on one side alone."""
    known, kinds = WordNet(wordnet), set()
    assert Maker(squad, known, random.Random(7)).examples() == Maker(squad, known, random.Random(7)).examples()
    for seed in range(300):
        for each in Maker(squad, known, random.Random(seed)).examples():
            kinds.add(each.kind)
            check(each)
    assert kinds == {
        "right", "near", "found", "negated", "name in the question", "name in the text", "number in the question",
        "number in the text", "opposite in the question", "opposite in the text", "noun in the question",
        "word in the question", "word in the text",
    }  # fmt: skip


def check(made: Example) -> None:
    """Assert what its kind promises."""
    own = made.question in ANSWERS
    if made.kind == "right":
        assert made.answer is not None
        assert made.text[slice(*made.answer)] in ANSWERS.values()
        return
    assert made.answer is None
    assert made.title in ("", "Harbour Trust")
    if made.kind in ("near", "found"):
        assert own
        assert ANSWERS[made.question] not in made.text
        assert made.text in (CONTEXT if made.kind == "near" else OTHER)
    elif made.kind.endswith("in the text"):
        assert own
        assert ANSWERS[made.question] in made.text
        assert made.text not in CONTEXT
    else:
        assert not own
        assert made.text in CONTEXT


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
    assert reading_examples._swapped(text, old, new, keep) == found


def test_a_run_writes_a_reader_of_the_default_model(
    squad: Path, wordnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a later one goes on from it; what is fitted changes the upper layers alone."""
    import train_reader  # brings torch, which is not for the processes that only collect this file

    first, second = tmp_path / "first.safetensors", tmp_path / "second.safetensors"
    for out, more in ((first, []), (second, ["--from", str(first)])):
        arguments = [str(squad), str(wordnet), "--examples", "32", "--out", str(out), *more]
        monkeypatch.setattr(sys, "argv", ["train_reader.py", *arguments])
        assert train_reader.main() == 0
    with safe_open(second, framework="np") as held:
        assert held.metadata()["model"] == locate(DEFAULT_MODEL).digest
        assert held.metadata()["examples"] == "64"
        layers = {name.split(".")[2] for name in held.keys() if name.startswith("encoder")}  # noqa: SIM118
        assert layers == {"2", "3", "4", "5"}
    answers = []
    for path in (first, second):
        monkeypatch.setattr(model_files, "READER", path)
        reader = SlowEmbedder(locate(DEFAULT_MODEL)).reader
        assert reader is not None
        answers.append(reader.read("Who was the chair?", "The chair was Ada Lund."))
    assert answers[0] != answers[1]


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

"""scripts/calibrate.py over small sets: it fits every number, prints the two files, and names what it cannot read."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.settings import ROOT
from index import weights

SETS = ("news_paragraphs", "why_newswire", "answer_sentences", "trick_questions", "near_misses")
TOWNS = (
    "Arlen", "Borrow", "Cawdry", "Dunmere", "Eskill", "Fenwith", "Gorley", "Hadrow", "Islet", "Jarrow", "Kelm", "Lorne",
    "Marrow",
)  # fmt: skip
SUBJECTS = ("a ferry", "a mill", "a bridge", "a school")


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """Five articles each, in one set thirteen, for rivals; half of the questions ask for a town that none names."""
    for name, subject in zip(SETS, (*SUBJECTS, "a theatre"), strict=True):
        towns = TOWNS if name == "near_misses" else TOWNS[:5]
        articles = [
            {
                "id": f"{name}{number}",
                "title": f"{town} loses {subject}",
                "text": f"{town} lost {subject} in the storm of March.\nThe mayor of {town} wants it back by May, "
                f"because {number + 2} families depend on it. Work is to cost {number}00 crowns.",
                "published": "2023-03-05",
            }
            for number, town in enumerate(towns)
        ]
        questions = [
            {
                "id": f"{name}-{number}-{known}",
                "question": f"What does {town if known else town[::-1].capitalize()} want back?",
                "asked": "2023-06-01",
                "gold": [f"{name}{number}"] if known else [],
                "answers": [f"{number + 2} families"] if known else [],
            }
            for number, town in enumerate(towns[:5])
            for known in (True, False)
        ]
        folder = tmp_path / "sets" / name
        folder.mkdir(parents=True)
        for file, rows in (("articles", articles), ("questions", questions)):
            (folder / f"{file}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return tmp_path / "sets"


def calibrate(folder: Path, data_dir: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "scripts/calibrate.py", str(folder), "--check"]
    environment = {**os.environ, "NEWSDESK_DATA_DIR": str(data_dir)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_every_number_is_fitted_and_nothing_written(sets: Path, demo_data_dir: Path, tmp_path: Path) -> None:
    files = [ROOT / "index" / name for name in ("weights.py", "calibration.toml")]
    before = [file.read_bytes() for file in files]
    done = calibrate(sets, demo_data_dir)
    assert done.returncode == 0, done.stderr
    code, record = done.stdout.split("# Written by scripts/calibrate.py", 1)
    (tmp_path / "weights.py").write_text(code, encoding="utf-8")
    made = runpy.run_path(str(tmp_path / "weights.py"))
    for name in ("RANKING", "QUOTING"):
        held = getattr(weights, name)
        assert {kind: set(own) for kind, own in made[name].items()} == {kind: set(held[kind]) for kind in held}
        assert made[name] != held
    fitted = tomllib.loads("#" + record)
    assert len(fitted["attention"]) == 384
    both = {"dense", "elsewhen", "reading"}
    for part, names in (("many", both | {"sentence", "rivals"}), ("few", both | {"unnamed"})):
        assert set(fitted[part]["weights"]) == set(fitted[part]["centres"]) == names
        assert fitted[part]["weights"]["dense"] > 0  # the nearer, the surer
    assert 0 < fitted["threshold"] < 1
    assert [file.read_bytes() for file in files] == before


def test_a_line_that_cannot_be_read_is_named(sets: Path, demo_data_dir: Path) -> None:
    broken = sets / "news_paragraphs" / "articles.jsonl"
    broken.write_text('{"id": "a", "title": "No text"}\n', encoding="utf-8")
    done = calibrate(sets, demo_data_dir)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"calibrate: {broken}:1: is no article (KeyError('text'));")

"""index.language: which language a question is in, and whether the model reads it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT
from index.embedder import DEFAULT_MODEL
from index.language import identify, supported

FOREIGN = {
    "de": [
        "Wer ist der neue Premierminister von Halvenien?",
        "Warum fuhr die Fähre nicht mehr?",
        "wieviel kostet die neue fähre",
        "Wer hat das Spiel gestern gewonnen?",
        "Was sagt die WHO zu Corona in Deutschland?",
        "Wann läuft die neue Staffel von The Crown?",
    ],
    "fr": ["Pourquoi la Russie n'a-t-elle pas envoyé de troupes ?", "combien de personnes ont été blessées"],
    "es": ["¿Por qué se canceló el ferry a la isla?", "quién es el primer ministro de halvenia"],
    "it": ["Perché la Russia non ha inviato truppe?"],
    "nl": ["wie is de premier van halvenia"],
    "pl": ["Dlaczego Rosja nie wysłała wojsk?"],
    "ru": ["Почему Россия не отправила войска?"],
    "zh": ["俄罗斯为什么没有派兵？"],
    "ja": ["なぜロシアは軍隊を送らなかったのか？"],
    "ko": ["러시아는 왜 군대를 보내지 않았나?"],
}


@pytest.mark.parametrize(("language", "question"), [(code, text) for code, texts in FOREIGN.items() for text in texts])
def test_a_question_in_another_language_is_noticed(language: str, question: str) -> None:
    """Long enough and plain, with or without accents and capitals."""
    assert identify(question) == language


@pytest.mark.parametrize(
    "question",
    [
        "", "42", "Pourquoi ?", "Warum das denn?", "Ilse Marrant", "俄罗斯",
        "Edwin Crane Skarrow Line manager", "Bundestag vote Friedrich Merz result", "Real Betis Osasuna La Liga",
        "Bayer Leverkusen Xabi Alonso contract", "São Paulo football club coach name", "trump tariffs china latest",
    ],
)  # fmt: skip
def test_nothing_is_claimed_of_a_few_words_or_names(question: str) -> None:
    """Three words, or names in whatever language, are no evidence."""
    assert identify(question) is None


def test_english_questions_are_never_taken_for_another_language() -> None:
    """All of the sample's, and none of them needs the model."""
    code = """
import json, sys
from index.language import identify
print(json.dumps([identify(question) for question in json.load(sys.stdin)]))
print("py3langid" in sys.modules)
"""
    lines = (ROOT / "corpus" / "sample" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(questions), cwd=ROOT, capture_output=True, text=True, check=True
    )
    answers, loaded = done.stdout.splitlines()
    assert set(json.loads(answers)) <= {"en", None}
    assert json.loads(answers).count("en") >= 50
    assert loaded == "True"  # a few have no word that only English has


def test_the_default_model_reads_english() -> None:
    """And says so for any English."""
    assert supported(DEFAULT_MODEL, "en") is True
    assert supported(DEFAULT_MODEL, "en-GB") is True
    assert supported(DEFAULT_MODEL, "de") is False


def test_a_name_that_says_multilingual_is_believed() -> None:
    """Nothing else is read into a hub name."""
    assert supported("sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", "de") is True
    assert supported("intfloat/multilingual-e5-small", "sw") is True
    assert supported("someone/some-model", "de") is None


@pytest.mark.parametrize(
    ("card", "german", "swahili"),
    [
        ("---\nlanguage: en\n---\n# Model", False, False),
        ("---\nlicense: mit\nlanguage:\n- en\n- de\ntags:\n- sw\n---\n", True, False),
        ("---\nlanguage: [en, \"de\"]\n---\n", True, False),
        ("---\nlanguage:\n  - multilingual\n---\n", True, True),
        ("---\nlicense: mit\n---\nlanguage: de\n", None, None),
        ("language: de", None, None),
        ("", None, None),
    ],
)  # fmt: skip
def test_a_folder_s_model_card_says_its_languages(
    tmp_path: Path, card: str, german: bool | None, swahili: bool | None
) -> None:
    """Only what stands at the card's head counts; silence is not a no."""
    (tmp_path / "README.md").write_text(card, encoding="utf-8")
    assert supported(str(tmp_path), "de") is german
    assert supported(str(tmp_path), "sw") is swahili
    assert supported(str(tmp_path / "elsewhere"), "de") is None

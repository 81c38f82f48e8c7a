"""index.language: which language a question is in, and whether the model reads it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT
from index.embedder import DEFAULT_MODEL
from index.language import identify, supported, unread, written_in

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
    assert identify(question) == {language}


@pytest.mark.parametrize(
    "question",
    [
        "", "42", "?", "2026?", "10 000 ?", "Ilse Marrant", "β Kestrel",
        "Edwin Crane Skarrow Line manager", "Bundestag vote Friedrich Merz result", "Real Betis Osasuna La Liga",
        "Bayer Leverkusen Xabi Alonso contract", "São Paulo football club coach name", "trump tariffs china latest",
    ],
)  # fmt: skip
def test_nothing_is_claimed_of_a_few_words_or_names(question: str) -> None:
    """Names in whatever language are no evidence."""
    assert identify(question) == frozenset()


SHORT = {
    "de": [
        "Was kostet der Impfstoff?", "was kostet brot", "WAS KOSTET BROT", "Wer trat zurück?", "Wo ist Hale?", "Warum?",
        "Seit wann?", "wer hat gewonnen", "Wurde jemand verletzt?", "Was ist passiert?",
    ],
    "fr": ["Qui a gagné ?", "qui a gagné", "Où est Hale ?", "Combien de morts ?", "qui paie ?", "Que s'est-il passé ?"],
    "es": ["¿Quién ganó?", "quien gano?", "¿Ganó Hale?", "por qué renunció hale"],
    "it": ["Chi ha vinto?", "Dov'è Hale?", "Quanti morti?"],
    "pt": ["Quem ganhou?", "O que aconteceu?", "Onde está Hale?"],
    "nl": ["Wat kost het vaccin?", "Waarom?", "Waar is Hale?"],
    "pl": ["Kto wygrał?", "Gdzie jest Hale?", "Co się stało?"],
    "tr": ["Kim kazandı?", "Ekmek ne kadar?", "Kaç kişi öldü?"],
    "sv": ["Vem vann valet?"],
    "da": ["Hvad skete der?"],
    "ru": ["Сколько стоит вакцина?", "Почему?", "Кто выиграл Eurovision?"],
    "uk": ["хто переміг"],
    "el": ["Ποιος κέρδισε;"],
    "ar": ["من فاز؟"],
    "he": ["מי ניצח?"],
    "hi": ["क्या हुआ"],
    "zh": ["谁赢了？", "俄罗斯", "谁赢了 World Cup?"],
    "ja": ["誰が勝った", "なぜ？", "ワクチン"],
    "ko": ["누가 이겼나요?", "왜?"],
}  # fmt: skip


@pytest.mark.parametrize(("language", "question"), [(code, text) for code, texts in SHORT.items() for text in texts])
def test_a_short_question_in_another_language_is_noticed(language: str, question: str) -> None:
    """Its script, or what it opens with, says so; where several languages share that, all of them are named."""
    found = identify(question)
    assert language in found
    assert "en" not in found


@pytest.mark.parametrize(
    "question",
    [
        "Who won the Tour de France?", "What is Die Welt?", "Who is Łukasz Żal?", "Was Kostner arrested?", "who won",
        "was anyone hurt", "WAS ANYONE HURT", "Was war declared?", "Was Der Spiegel right?", "was die welt sold",
        "Was Wer arrested?", "is Özil retired", "was müller sacked", "Chi Onwurah resigns?", "Wie wins US Open",
        "kim resigned?", "kim clijsters back", "Wer wird Millionär host", "que pasa meaning", "wen is the vote",
        "wo is the mayor", "wo won", "wer did he go", "wer anyone hurt", "Who is Путин?", "习近平 visit",
        "delta variant δ cases", "Come Dine With Me cancelled?", "comment on strike?", "Comment section closed?",
        "El Niño ?", "Hale fired ?", "Qui-Gon actor", "corriere della sera sale?", "Was Lech Wałęsa ill?",
        "Ich bin ein Berliner speech", "Is Quién es esa niña a hit?", "Quién music video", "Perché sculpture",
        "Kto gallery", "Wer Ltd collapse", "coup in côte d'ivoire", "médecins sans frontières attack",
        "c'est la vie lyrics", "Dove soap recall", "No Time to Die release", "was los angeles hit",
    ],
)  # fmt: skip
def test_an_english_question_about_foreign_names_is_not_told_off(question: str) -> None:
    """Titles, names, idioms and slips of the keyboard are no other language."""
    assert identify(question) <= {"en"}


def test_english_questions_are_never_taken_for_another_language() -> None:
    """All of the sample's, and none of them needs the model."""
    code = """
import json, sys
from index.language import identify
print(json.dumps([next(iter(identify(question)), None) for question in json.load(sys.stdin)]))
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


def test_an_article_is_in_the_language_of_its_text() -> None:
    """What its publisher states counts where the text does not tell."""
    german = "Die Fähre fuhr am Montag nicht mehr aus dem Hafen, weil der Sturm zu stark war."
    assert written_in(german, "en") == {"de"}
    assert written_in(german * 1000, "") == {"de"}
    assert written_in("Kestrel 3, Tolm 1", "de-AT") == {"de"}
    assert written_in("Kestrel 3, Tolm 1", "") == frozenset()


def test_a_model_reads_what_may_be_in_one_of_its_languages() -> None:
    """Of several that a text may be in, one is enough; where nothing is known, nothing is said."""
    assert unread(DEFAULT_MODEL, frozenset({"de"}))
    assert unread(DEFAULT_MODEL, frozenset({"de", "nl"}))
    assert not unread(DEFAULT_MODEL, frozenset({"de", "en"}))
    assert not unread(DEFAULT_MODEL, frozenset())
    assert not unread("someone/some-model", frozenset({"de"}))


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

"""The scripts as people run them: as processes, by their output and exit status."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import pytest
from made_once import SAMPLE

from bot.journal import Journal
from bot.settings import ROOT
from index.published import current_version, reindex_lock

SCRIPTS = ROOT / "scripts"
DOORS = sorted(
    path.name for path in SCRIPTS.glob("*.py") if 'if __name__ == "__main__":' in path.read_text(encoding="utf-8")
)
FERRY = "The ferry to Quellmouth sailed again on Friday morning, nine days after the strike of its crews began."


def run(
    name: str,
    *arguments: str | Path,
    data: Path,
    stdin: str = "",
    stdout: int | IO[str] = subprocess.PIPE,
    **settings: str,
) -> subprocess.CompletedProcess[str]:
    """Run a script by the environment's Python, with nothing of this machine's settings but the path."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    # A .env of whoever runs the tests may hold a token; with DEMO set the sample answers all the same.
    fixed = {
        "NEWSDESK_DATA_DIR": str(data),
        "NEWSDESK_DEMO": "1",
        "COLUMNS": "200",
        "EMBEDDING_MODEL": "all-MiniLM-L6-v2",
    }
    return subprocess.run(
        [sys.executable, SCRIPTS / name, *arguments],
        env={**kept, **fixed, **settings},
        cwd="/",
        input=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=110,
        check=False,
    )


@pytest.fixture
def data(tmp_path: Path, models_dir: Path) -> Path:
    """An empty data folder, save for the model's export."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "models").symlink_to(models_dir)
    return folder


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with one article."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "ferry.txt").write_text(f"Ferries sail again\n\n{FERRY}\n")
    return folder


def one_line(text: str) -> str:
    lines = text.splitlines()
    assert len(lines) == 1, text
    return lines[0]


@pytest.mark.parametrize("name", DOORS)
def test_under_another_python_a_script_says_so_in_one_line(name: str) -> None:
    """Status 2, and how to run it, on standard error alone; before anything is imported that could be missing."""
    other = Path(sys.base_prefix, "bin", "python3")
    done = subprocess.run([other, SCRIPTS / name, "--help"], capture_output=True, text=True, cwd="/", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert one_line(done.stderr).startswith(f"{name}: run it as .venv/bin/python scripts/{name} (./scripts/start makes")


def test_ask_prints_one_object(demo_data_dir: Path) -> None:
    """Standard output holds the object alone, with the keys other programs rely on; status 0."""
    done = run("ask.py", "Why did Russia", "not send troops?", "--json", data=demo_data_dir, NEWSDESK_THRESHOLD="0")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(one_line(done.stdout))
    assert list(found) == ["question", "answered", "confidence", "took_ms", "citations", "demonstration"]
    assert found["question"] == "Why did Russia not send troops?"
    assert found["answered"] is True
    assert found["demonstration"] is True
    assert 0 <= found["confidence"] <= 1
    assert found["took_ms"] > 0
    assert 1 <= len(found["citations"]) <= 3
    for number, citation in enumerate(found["citations"], 1):
        keys = {"number", "quote", "passage", "title", "source", "url", "published", "article"}
        assert citation.keys() == keys
        assert citation["number"] == number
        assert citation["quote"] in citation["passage"]
        assert citation["url"] is None or citation["url"].startswith("https://")
        assert isinstance(citation["article"], int)
    assert "Ukraine" in found["citations"][0]["quote"]


def test_ask_says_what_is_not_in_the_sources(demo_data_dir: Path) -> None:
    """Not answered: the same object with no citation and the nearest article; status 3."""
    done = run("ask.py", "--json", "When did the ferry strike end?", data=demo_data_dir, NEWSDESK_THRESHOLD="1")
    assert (done.returncode, done.stderr) == (3, "")
    found = json.loads(one_line(done.stdout))
    assert (found["answered"], found["citations"]) == (False, [])
    assert found["nearest"].keys() == {"title", "source", "url", "published"}
    assert "ferr" in found["nearest"]["title"].casefold()


def test_ask_answers_in_words(demo_data_dir: Path) -> None:
    """Without --json: the quote, where it is from, and that it is a demonstration; no escape codes into a pipe."""
    done = run("ask.py", "When did the ferry strike end?", data=demo_data_dir, NEWSDESK_THRESHOLD="0")
    assert done.returncode == 0
    assert "Demonstration: these articles are made up." in done.stdout
    assert re.search(r"^  “.+", done.stdout, re.MULTILINE)
    assert re.search(r"^  \[1\] .+\n      .+ · .+ · https://\S+$", done.stdout, re.MULTILINE)
    assert "\x1b" not in done.stdout


def test_ask_says_that_its_answer_cannot_be_written(demo_data_dir: Path) -> None:
    """Status 2 and one line on standard error; the log has the exchange all the same."""
    question = "When did the ferry strike end, asked into a full disk?"
    with open("/dev/full", "w") as full:
        done = run("ask.py", "--json", question, data=demo_data_dir, stdout=full)
    assert done.returncode == 2
    assert one_line(done.stderr) == (
        "ask: the answer cannot be written (No space left on device); check standard output"
    )
    with sqlite3.connect(demo_data_dir / "journal.db") as db:
        assert db.execute("SELECT count(*) FROM exchanges WHERE question = ?", [question]).fetchone() == (1,)


def test_ask_without_an_index_names_the_remedy(data: Path) -> None:
    """Status 2, nothing on standard output, one line on standard error."""
    done = run("ask.py", "--json", "Why?", data=data)
    assert (done.returncode, done.stdout) == (2, "")
    assert one_line(done.stderr) == f"ask: {data}/index: no index; run scripts/reindex.py"


def test_ask_takes_bytes_that_are_no_text(demo_data_dir: Path) -> None:
    """What a terminal in another encoding sends is answered, with replacement characters where it is no text."""
    question = os.fsdecode(b"When did the ferry \xff strike end?")
    done = run("ask.py", "--json", question, data=demo_data_dir, NEWSDESK_THRESHOLD="0")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(one_line(done.stdout))["question"] == "When did the ferry \ufffd strike end?"


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        ([], {}, "question"),
        (["  "], {}, "the question is empty"),
        (["Why?", "--colour"], {}, "--colour"),
        (["Why?"], {"NEWSDESK_THRESHOLD": "high"}, "ask: NEWSDESK_THRESHOLD: Input should be a valid number"),
    ],
)
def test_ask_refuses_what_it_cannot_use(
    data: Path, arguments: Sequence[str], settings: dict[str, str], said: str
) -> None:
    """A usage error has status 2 and leaves standard output empty; the last line says what is wrong."""
    done = run("ask.py", *arguments, data=data, **settings)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr.splitlines()[-1]


def test_reindex_reads_lists_and_withdraws(data: Path, news: Path) -> None:
    """Good files go in, bad ones are listed with their reason, gone ones are withdrawn: status 0, and `ask` follows."""
    (news / "river.md").write_text(
        "# The river\n\nThe river rose by two metres in a night, the mayor said on Monday.\n"
    )
    (news / "broken.json").write_text("{")
    (news / "list.jsonl").write_text('{"id": "1", "text": "A teacher found the comet from her garden."}\n{"id": \n')
    done = run("reindex.py", news, data=data)
    assert (done.returncode, done.stdout) == (0, "")
    assert re.search(r"^news +3 +0 +0 +0 +2$", done.stderr, re.MULTILINE), done.stderr
    assert re.search(rf"^not read: .+ \[{re.escape(str(news))}/broken\.json\]$", done.stderr, re.MULTILINE)
    assert re.search(r"^not read: not JSON.+ \[.+/list\.jsonl, line 2\]$", done.stderr, re.MULTILINE)
    assert re.search(r"published: 3 passages of 3 articles, 3 +\n?embedded", done.stderr)
    (news / "river.md").unlink()
    (news / "broken.json").unlink()
    done = run("reindex.py", news, data=data)
    assert done.returncode == 0
    assert re.search(r"^news +0 +0 +2 +1 +1$", done.stderr, re.MULTILINE), done.stderr
    assert re.search(r"published: 2 passages of 2 articles, 0 +\n?embedded", done.stderr)
    found = json.loads(run("ask.py", "When did the ferry sail?", "--json", data=data, NEWSDESK_THRESHOLD="0").stdout)
    first = found["citations"][0]
    assert (first["quote"], first["passage"], first["title"]) == (FERRY, FERRY, "Ferries sail again")
    assert (first["source"], first["url"], first["published"]) == ("news", None, None)
    assert "demonstration" not in found
    for path in news.iterdir():
        path.unlink()
    done = run("reindex.py", news, data=data)
    assert done.returncode == 0
    assert re.search(r"^news +0 +0 +0 +2 +0$", done.stderr, re.MULTILINE), done.stderr


def test_reindex_of_nothing_readable_has_status_1(data: Path, tmp_path: Path) -> None:
    """A missing folder and a broken file are listed; nothing else was asked for."""
    (tmp_path / "broken.json").write_text("{")
    done = run("reindex.py", tmp_path / "nothing", tmp_path / "broken.json", data=data)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"not read: there is no such file or folder [{tmp_path}/nothing]" in done.stderr
    assert f"[{tmp_path}/broken.json]" in done.stderr


def test_reindex_reads_the_sources_file(data: Path, news: Path, tmp_path: Path) -> None:
    """Without arguments NEWSDESK_SOURCES is read; with --full everything is embedded anew."""
    sources = tmp_path / "sources.toml"
    sources.write_text('[[source]]\nname = "The Quay"\nkind = "folder"\npath = "news"\n')
    done = run("reindex.py", data=data, NEWSDESK_SOURCES=str(sources))
    assert done.returncode == 0
    assert re.search(r"^The Quay +1 +0 +0 +0 +0$", done.stderr, re.MULTILINE), done.stderr
    done = run("reindex.py", "--sources", sources, "--full", data=data)
    assert done.returncode == 0
    assert re.search(r"published: 1 passages of 1 article, 1 +\n?embedded", done.stderr), done.stderr


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (
            ["--sources", "/nothing/sources.toml"],
            {},
            "/nothing/sources.toml: there is no such file; see docs/sources.md",
        ),
        ([], {"NEWSDESK_SOURCES": "/nothing/s.toml"}, "/nothing/s.toml: there is no such file"),
        (["/nothing", "--quick"], {}, "--quick"),
        (["/nothing"], {"NEWSDESK_DATA_DIR": "/dev/null/data"}, "is no folder that this user may read; check the path"),
        (["/nothing"], {"EMBEDDING_MODEL": "/nothing/model"}, "no such model folder; set EMBEDDING_MODEL"),
    ],
)
def test_reindex_has_status_2_for_usage_and_set_up(
    data: Path, arguments: Sequence[str], settings: dict[str, Any], said: str
) -> None:
    """The last line names the subject and the remedy."""
    done = run("reindex.py", *arguments, data=data, **{"NEWSDESK_DATA_DIR": str(data), **settings})
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr.splitlines()[-1]


def test_reindex_beside_another_has_status_4(data: Path, news: Path) -> None:
    """It says who is at work and since when, and changes nothing."""
    with reindex_lock(data / "index", "ann by the bot"):
        done = run("reindex.py", news, data=data)
    assert (done.returncode, done.stdout) == (4, "")
    assert re.search(
        rf"a reindex is at work \(ann by the bot, process {os.getpid()}, since 20.+try again later$", done.stderr
    )
    assert current_version(data / "index") is None


def test_evaluate_measures_a_set(data: Path, tmp_path: Path) -> None:
    """One flat object of the measures' names on standard output, null where undefined; nothing is left in the data."""
    articles, questions = tmp_path / "articles.jsonl", tmp_path / "questions.jsonl"
    river = {"id": "r", "title": "River", "published": "2022-02-02", "text": "The river rose by two metres in a night."}
    articles.write_text(f"{json.dumps({'id': 'f', 'title': 'Ferry', 'text': FERRY})}\n{json.dumps(river)}\n")
    asked = [
        {
            "id": "1",
            "question": "When did the ferry to Quellmouth sail?",
            "gold": ["f"],
            "answers": ["nine days after"],
        },
        {"id": "2", "question": "By how much did the river rise?", "gold": ["r"], "answers": ["two metres"]},
    ]
    questions.write_text("".join(f"{json.dumps(each)}\n" for each in asked))
    done = run("evaluate.py", "--articles", articles, "--questions", questions, "--json", data=data)
    assert done.returncode == 0
    figures = json.loads(one_line(done.stdout))
    names = "hits@1 hits@4 hits@10 mrr@10 ndcg@10 quote_hit@1 quote_hit@3 quote_words auroc false_refusal false_answer"
    assert figures.keys() >= {*names.split(), "false_answer@10", "auroc_quote", "ece", "ms_p50", "ms_p99"}
    assert (figures["questions"], figures["hits@1"], figures["mrr@10"], figures["quote_hit@3"]) == (2, 1, 1, 1)
    assert figures["false_answer"] is figures["auroc"] is None
    assert sorted(path.name for path in data.iterdir()) == ["models"]
    held = run("evaluate.py", "--articles", articles, "--questions", questions, "--split", "held", data=data)
    assert held.returncode == 0
    assert re.search(r"^ *questions +1\.000", held.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments",
    [[], ["--articles", "a.jsonl"], ["--articles", "/nothing", "--questions", "/nothing"], ["--plain", "--pages", "p"]],
)
def test_evaluate_has_status_2_for_usage_and_set_up(data: Path, arguments: Sequence[str]) -> None:
    """One of a pair, neither, or a file that is not there."""
    done = run("evaluate.py", *arguments, data=data)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith(
        ("evaluate: give --articles and", "evaluate: --plain goes", "evaluate: /nothing: cannot")
    )


def test_launch_fills_an_empty_folder_and_answers(data: Path) -> None:
    """A first start reads the sample and answers; the second one rebuilds nothing, and chats without a token,
    where a question goes on from the one before."""
    unset = {"NEWSDESK_SOURCES": "/nothing/sources.toml", "NEWSDESK_THRESHOLD": "0"}
    first = run("launch.py", "When did the", "ferry strike end?", data=data, **unset)
    assert first.returncode == 0, first.stderr
    assert "Demonstration" in first.stdout
    version = current_version(data / "index")
    second = run("launch.py", data=data, stdin="When did the ferry strike end?\nwhy?\n\n", **unset)
    assert second.returncode == 0
    assert "Newsdesk answers from Cobalt Ledger, Farsight Dispatch, " in second.stdout
    assert "Demonstration" in second.stdout
    assert "Understood as: why? (When did the ferry strike end?)" in second.stdout
    assert current_version(data / "index") == version
    with sqlite3.connect(data / "journal.db") as db:
        asked = db.execute("SELECT question, understood FROM exchanges ORDER BY id").fetchall()
    alone = ("When did the ferry strike end?", None)
    assert asked == [alone, alone, ("why?", "why? (When did the ferry strike end?)")]


@pytest.mark.parametrize("name", ["start", "test", "environment"])
def test_shell_scripts_can_be_run(name: str) -> None:
    """They are executable and parse; the others, which the shell would misread, are not."""
    assert not [each.name for each in SCRIPTS.glob("*.py") if os.access(each, os.X_OK)]
    path = SCRIPTS / name
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", path], check=True)


def test_the_readme_s_commands_are_real() -> None:
    """Every script and option that the README shows is there, and so is every file it links to."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^(?:\.venv/bin/python |\./)(scripts/[\w.]+)(.*)$", text, re.MULTILINE)
    assert {name for name, _ in commands} >= {"scripts/start", "scripts/test", "scripts/reindex.py", "scripts/ask.py"}
    for name, rest in commands:
        code = (ROOT / name).read_text(encoding="utf-8")
        for option in re.findall(r"--[\w-]+", re.sub(r'"[^"]*"', "", rest)):
            assert f'"{option}"' in code, (name, option)
    for tool in re.findall(r"^\.venv/bin/([\w-]+)", text, re.MULTILINE):
        assert Path(sys.prefix, "bin", tool).exists(), tool
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (ROOT / target).exists(), target


def test_the_readme_s_query_reads_the_log(tmp_path: Path) -> None:
    """The SQL that operators copy works on a journal."""
    Journal(tmp_path / "journal.db").close()
    queries = re.findall(r'"(select [^"]+)"', (ROOT / "README.md").read_text(encoding="utf-8"))
    assert queries
    with sqlite3.connect(tmp_path / "journal.db") as db:
        for query in queries:
            assert db.execute(query).fetchall() == []


def test_the_sample_lies_where_the_scripts_look() -> None:
    """scripts/reindex.py --sample reads corpus/sample/sources.toml."""
    assert (SAMPLE / "sources.toml").is_file()

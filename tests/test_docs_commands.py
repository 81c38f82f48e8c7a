"""docs/commands.md: every command and option is explained there, in both languages, and every picture is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from admin_house import open_bureau

DOCS = Path(__file__).parent.parent / "docs"
SUB, GROUP = 1, 2


def leaves(command: dict[str, Any], path: str, german: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each command that can be used, as written in English and in German."""
    path, german = f"{path} {command['name']}".strip(), f"{german} {words(command)}".strip()
    below = [each for each in command.get("options", ()) if each["type"] in {SUB, GROUP}]
    if not below:
        yield path, german, command
    for each in below:
        yield from leaves(each, path, german)


def words(command: dict[str, Any]) -> str:
    return str((command.get("name_localizations") or {}).get("de", command["name"]))


@pytest.fixture
async def commands(tmp_path: Path) -> list[dict[str, Any]]:
    """All commands as Discord is told them."""
    async with open_bureau(tmp_path) as bureau:
        return [each.json for each in bureau.env.http_requests if each.method == "PUT"][-1]


async def test_every_command_and_option_is_explained_in_both_languages(commands: list[dict[str, Any]]) -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert {command["name"] for command in commands} == {
        "ask", "latest", "sources", "article", "privacy", "corrections", "setup", "stats", "export", "reindex",
        "source", "Check against the news",
        "timeline", "follow", "following",
    }  # fmt: skip
    for command in commands:
        if command.get("type", 1) != 1:
            assert f"**{command['name']}** (*{words(command)}*)" in page
            continue
        for path, german, leaf in leaves(command, "", ""):
            assert f"`/{path}` (`/{german}`)" in page, path
            for option in leaf.get("options", ()):
                assert f"`{option['name']}`" in page, (path, option["name"])
                assert re.search(rf"`{words(option)}`", page), (path, words(option))


def test_every_picture_of_the_docs_is_there_and_small() -> None:
    """A picture nobody links to is of no use; one of a megabyte is none for a phone."""
    linked = set()
    for page in (*DOCS.glob("*.md"), DOCS.parent / "README.md"):
        for path in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            picture = (page.parent / path).resolve()
            assert picture.stat().st_size < 80_000, path
            linked.add(picture)
    assert linked == {path.resolve() for path in DOCS.rglob("*") if path.suffix in {".png", ".svg"}}


@pytest.mark.timeout(600)  # processes that load the model, after each other
def test_the_pages_of_the_pictures_are_made_of_real_replies(demo_data_dir: Path, tmp_path: Path) -> None:
    """The whole bot on the sample: what every command answers with, in words and buttons."""
    given = {
        **os.environ, "NEWSDESK_DATA_DIR": str(demo_data_dir), "NEWSDESK_DEMO": "1",
        "NEWSDESK_SOURCES": "corpus/sample/sources.toml",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "scripts/render_commands.py", str(tmp_path)],
        cwd=DOCS.parent, env=given, capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    pages = {path.stem: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.html")}
    assert len(done.stdout.splitlines()) == len(pages)
    assert {path.stem for path in (DOCS / "pictures").glob("*.png")} < pages.keys()
    assert "You asked: Why did the flood barrier in Hadrow not work?" in pages["ask"]
    assert "<button>Not helpful</button>" in pages["ask"]
    assert "<strong>Not in my sources.</strong>" in pages["refused"]
    assert "<strong>The newest articles</strong>" in pages["newest"]
    assert "<strong>Nicht in meinen Quellen.</strong>" in pages["refused-german"]
    assert "<strong>Around quote 1</strong>" in pages["context"]
    assert "Correction, 27 October: An earlier version" in pages["article"]
    assert "<strong>7 sources</strong> with 44 articles" in pages["sources"]
    assert "#town-hall" in pages["setup-changed"]
    assert "data:image/png;base64," in pages["stats"]
    assert {name for name, page in pages.items() if "<img" in page} >= {"stats", "timeline-picture"}
    assert not [
        name for name, page in pages.items() if re.search(r'<img (?!alt="[^"]{20,}")', page)
    ]  # said in words too
    assert "Only my owner" in pages["only-for-the-owner"]
    assert "<strong>Was ich über dich speichere</strong>" in pages["privacy-german"]
    # Made by ``python -m bot``: a reindex while it was at work, and what became of an answer from what it read.
    assert "<button>Cancel</button>" in pages["reindex"]
    assert "a new index is published" not in pages["reindex"]
    assert "New 44, changed 0, unchanged 0" in pages["reindex-done"]
    assert "New 0, changed 1, unchanged 43" in pages["reindex-again-done"]
    assert "Corrected on" not in pages["ask-before"]
    for page in (pages["ask-corrected"], pages["corrections"]):
        assert "<s>The flood barrier at Hadrow" in page
        assert "because a cable of its third gate had not been replaced" in page
        assert "It says about the change: Correction, 26 November: An earlier version" in page
    assert "Corrected on" in pages["ask-corrected"]
    assert "<strong>Berichtigte Antworten</strong>, 1 insgesamt" in pages["corrections-german"]

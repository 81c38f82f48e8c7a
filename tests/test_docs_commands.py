"""docs/commands.md: every command and option is explained there, in both languages, and every picture is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from admin_house import open_bureau

from bot.commands.privacy import MembersRights

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
        names = {command.name for command in bureau.client.tree.get_commands()}
        if "privacy" not in names:
            parts = bureau.client.tree
            MembersRights(_parts(bureau), 30, None).add()
            await parts.sync()
        return [each.json for each in bureau.env.http_requests if each.method == "PUT"][-1]


def _parts(bureau: Any) -> Any:
    from bot_house import SECRET

    from bot.commands.parts import Parts
    from bot.texts import load_catalogue

    return Parts(bureau.client, bureau.worker, bureau.desk, load_catalogue(), SECRET, bureau.book)


async def test_every_command_and_option_is_explained_in_both_languages(commands: list[dict[str, Any]]) -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert {command["name"] for command in commands} == {
        "ask", "latest", "sources", "article", "privacy", "setup", "stats", "export", "reindex", "source",
        "Check against the news",
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
    assert linked == {path.resolve() for path in DOCS.rglob("*.png")}

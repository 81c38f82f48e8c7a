"""scripts/corrections.py: what waits for the operator is shown, released and dismissed."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from test_bot_rereading import LEAD, PIER, SOON, Desk

ROOT = Path(__file__).parent.parent


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.setenv("NEWSDESK_DATA_DIR", str(tmp_path))
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    spec = importlib.util.spec_from_file_location("corrections_script", ROOT / "scripts" / "corrections.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "corrections_script", module)
    spec.loader.exec_module(module)
    return lambda *arguments: module.main(arguments)


def test_without_a_log_nothing_waits(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    assert capsys.readouterr().out == "nothing was answered yet\n"


@pytest.mark.parametrize(("option", "due", "done"), [("--release", 1, "released"), ("--dismiss", 0, "dismissed")])
def test_a_crowd_is_shown_and_decided(
    tmp_path: Path, run: Callable[..., int], capsys: pytest.CaptureFixture[str], option: str, due: int, done: str
) -> None:
    desk = Desk(tmp_path)
    articles = [desk.article(f"{LEAD} {number}", PIER, key=str(number)) for number in range(3)]
    desk.quoted(articles[0], PIER)
    for number in range(3):
        desk.article(f"{LEAD} {number}", PIER.replace("200", "300"), key=str(number))
    desk.look(SOON)
    assert run() == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "The Paper: 1 articles changed at once, 1 answers quote them"
    assert f"altered: “{PIER}” -> “{PIER.replace('200', '300')}”" in told[1]
    assert run(option, "The Past") == 1
    assert "nothing of The Past waits" in capsys.readouterr().err
    assert run(option, "The Paper") == 0
    assert f"The Paper: 1 quotes {done}" in capsys.readouterr().out
    assert len(desk.due()) == due
    assert run() == 0
    assert capsys.readouterr().out == "nothing waits for you\n"
    desk.store.close()
    desk.journal.close()

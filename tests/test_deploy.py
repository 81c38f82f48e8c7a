"""The systemd unit and the Dockerfile: well-formed, linted, hardened, and every path they name is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT, Settings

UNIT = ROOT / "scripts" / "deploy" / "newsdesk.service"
DOCKERFILE = ROOT / "scripts" / "deploy" / "Dockerfile"
HOME = "/srv/newsdesk"
NAMES = {str(field.validation_alias) for field in Settings.model_fields.values()}


def directives() -> dict[str, list[str]]:
    """The unit's values by name; a name may come more than once."""
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "[")):
            name, value = line.split("=", 1)
            found.setdefault(name, []).append(value)
    return found


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", DOCKERFILE.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def test_the_unit_names_what_is_there() -> None:
    unit = directives()
    (command,) = unit["ExecStart"]
    python, script = command.split()
    assert (python, unit["WorkingDirectory"]) == (f"{HOME}/.venv/bin/python", [HOME])
    assert (ROOT / script).is_file()
    assert (ROOT / unit["Documentation"][0].removeprefix(f"file://{HOME}/")).is_file()
    given = {value.split("=")[0] for value in unit["Environment"]}
    assert given - {"HF_HOME"} <= NAMES
    assert {value.split("=")[1] for value in unit["Environment"]} == {
        "/var/lib/newsdesk", "/var/lib/newsdesk/sources.toml", "/var/cache/newsdesk",
    }  # fmt: skip


def test_the_unit_is_hardened_and_gives_the_bot_time_to_stop() -> None:
    unit = directives()
    hardened = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "MemoryMax": "900M"}
    assert {name: unit[name][0] for name in hardened} == hardened
    assert (unit["Restart"], unit["RestartPreventExitStatus"], unit["StateDirectory"]) == (
        ["on-failure"], ["2"], ["newsdesk"],
    )  # fmt: skip
    source = (ROOT / "bot" / "__main__.py").read_text(encoding="utf-8")
    drain = re.search(r"^DRAIN_SECONDS = ([\d.]+)", source, re.MULTILINE)
    assert drain is not None
    assert int(unit["TimeoutStopSec"][0]) >= float(drain[1]) + 20


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """With this repository in the place of the one that it expects."""
    if shutil.which("systemd-analyze") is None:
        pytest.xfail("this machine has no systemd")
    copy = tmp_path / "newsdesk.service"
    text = UNIT.read_text(encoding="utf-8").replace(HOME, str(ROOT))
    copy.write_text(re.sub(r"^(User|Group)=.*\n", "", text, flags=re.MULTILINE), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(copy)], capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "newsdesk" in line]
    assert said == []
    assert done.returncode == 0 or not said


def linted(dockerfile: str) -> str:
    """What hadolint, which is among the test tools, says of it."""
    linter = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([linter, "--no-color", "-"], input=dockerfile, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.returncode == int(done.stdout != "")
    return done.stdout


def test_the_linter_of_dockerfiles_finds_nothing() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8")
    assert linted(text) == ""
    assert "DL3006" in linted(text.replace("python:3.11-slim", "python"))


def test_the_dockerfile_copies_what_is_there_and_runs_as_a_user() -> None:
    found = instructions()
    known = {"FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "HEALTHCHECK", "STOPSIGNAL", "CMD"}
    assert {name for name, _ in found} <= known
    assert found[0] == ("FROM", "python:3.11-slim")
    copied = set()
    for name, value in found:
        if name == "COPY":
            source, target = value.split()
            assert (ROOT / source).exists(), source
            assert target in {"./", source}
            copied.add(source)
    assert {"corpus", "index", "bot", "scripts"} <= copied
    order = [name for name, _ in found]
    assert order.index("USER") < order.index("CMD")
    assert f"useradd --system --uid {dict(found)['USER']} " in " ".join(value for name, value in found if name == "RUN")
    command = json.loads(dict(found)["CMD"])
    assert command[0] == ".venv/bin/python"
    assert (ROOT / command[1]).is_file()


def test_the_image_gets_the_code_and_no_secrets_or_data() -> None:
    """Everything is left out of the context, but what the Dockerfile copies; the operator's own sources, too."""
    lines = (DOCKERFILE.parent / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "**"
    kept = {line[1:] for line in rules if line.startswith("!")}
    assert kept == {value.split()[0].split("/")[0] for name, value in instructions() if name == "COPY"}
    assert "corpus/sources.toml" in rules[1:]


def test_the_dockerfile_sets_known_settings_and_asks_the_port_it_sets() -> None:
    found = instructions()
    variables = dict(each.split("=", 1) for name, value in found if name == "ENV" for each in value.split())
    assert set(variables) - NAMES == {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "HF_HOME"}
    check = dict(found)["HEALTHCHECK"]
    probe = json.loads(check[check.index("CMD ") + 4 :])
    assert probe[:2] == [".venv/bin/python", "-c"]
    compile(probe[2], "HEALTHCHECK", "exec")
    assert f"http://127.0.0.1:{variables['NEWSDESK_HEALTH_PORT']}/" in probe[2]

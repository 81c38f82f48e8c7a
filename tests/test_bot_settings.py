"""bot.settings: every setting, its default, its check, and the secret of the installation."""

from __future__ import annotations

import multiprocessing
import re
from pathlib import Path

import pytest

from bot.settings import ROOT, Settings, SettingsError, installation_secret, load_settings

ALIASES = {str(field.validation_alias): name for name, field in Settings.model_fields.items()}


def test_what_is_unset_has_its_default(tmp_path: Path) -> None:
    """Nothing has to be set, and an empty value counts as unset."""
    settings = load_settings(None)
    assert settings.discord_token is None
    assert settings.embedding_model == "all-MiniLM-L6-v2"
    assert settings.data_dir == ROOT / "data"
    assert settings.sources == ROOT / "corpus" / "sources.toml"
    assert settings.demo is False
    assert settings.threshold is None
    assert settings.owner_ids == frozenset()
    assert settings.log_level == "INFO"
    assert (settings.retention_days, settings.look_seconds, settings.follow_hours) == (30, 5, 6)
    assert (settings.message_content, settings.watch, settings.health_port, settings.shards) == (
        False,
        True,
        None,
        None,
    )
    empty = tmp_path / ".env"
    empty.write_text("".join(f"{alias}=\n" for alias in ALIASES))
    assert load_settings(empty) == settings


def test_every_setting_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment says is what the bot gets, by type."""
    given = {
        "DISCORD_TOKEN": "tok",
        "DISCORD_API_BASE": "http://127.0.0.1:3001/api/v10/",
        "DISCORD_GATEWAY": "ws://127.0.0.1:3002",
        "EMBEDDING_MODEL": "/srv/model",
        "RERANK_MODEL": "/srv/reader",
        "NEWSDESK_DATA_DIR": "/srv/news",
        "NEWSDESK_SOURCES": "my/sources.toml",
        "NEWSDESK_DEMO": "1",
        "NEWSDESK_MESSAGE_CONTENT": "1",
        "NEWSDESK_OWNER_IDS": "123, 456 789",
        "NEWSDESK_SECRET": "s" * 40,
        "NEWSDESK_THRESHOLD": "0.25",
        "NEWSDESK_RETENTION_DAYS": "7",
        "NEWSDESK_LOOK_SECONDS": "0.5",
        "NEWSDESK_FOLLOW_HOURS": "12.5",
        "NEWSDESK_ALLOW_HOSTS": "Feeds.example,10.0.0.5",
        "NEWSDESK_CONTACT": "news@paper.example",
        "NEWSDESK_HEALTH_PORT": "8080",
        "NEWSDESK_SHARDS": "2",
        "NEWSDESK_PRIVACY_URL": "https://paper.example/privacy",
        "NEWSDESK_WATCH": "0",
        "NEWSDESK_LOG_LEVEL": "debug",
        "NEWSDESK_LOG_FORMAT": "json",
    }
    assert given.keys() == ALIASES.keys()
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = load_settings(None)
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "tok"
    assert settings.discord_api_base == "http://127.0.0.1:3001/api/v10"
    assert settings.discord_gateway == "ws://127.0.0.1:3002"
    assert settings.embedding_model == "/srv/model"
    assert settings.rerank_model == "/srv/reader"
    assert (settings.data_dir, settings.sources) == (Path("/srv/news"), ROOT / "my" / "sources.toml")
    assert settings.demo is True
    assert settings.owner_ids == {123, 456, 789}
    assert settings.allow_hosts == {"feeds.example", "10.0.0.5"}
    assert (settings.threshold, settings.retention_days) == (0.25, 7)
    assert (settings.health_port, settings.shards, settings.log_level) == (8080, 2, "DEBUG")
    assert (settings.look_seconds, settings.follow_hours) == (0.5, 12.5)
    assert settings.contact == "news@paper.example"
    assert (settings.privacy_url, settings.watch) == ("https://paper.example/privacy", False)
    assert settings.log_format == "json"
    assert settings.secret is not None
    assert settings.secret.get_secret_value() == "s" * 40


def test_the_environment_goes_before_the_file_and_arguments_before_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Argument, environment, `.env`, default; what else stands in the file is no error."""
    file = tmp_path / ".env"
    file.write_text("NEWSDESK_RETENTION_DAYS=3\nNEWSDESK_CONTACT=file\nNEWSDESK_SHARDS=4\nELSE=1\n")
    monkeypatch.setenv("NEWSDESK_CONTACT", "environment")
    monkeypatch.setenv("NEWSDESK_SHARDS", "5")
    settings = load_settings(file, shards=6)
    assert (settings.retention_days, settings.contact, settings.shards) == (3, "environment", 6)


def test_only_the_documented_names_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that another program uses, LOG_LEVEL or SECRET say, changes nothing."""
    unset = load_settings(None)
    for name in Settings.model_fields.keys() - {
        "discord_token",
        "discord_api_base",
        "discord_gateway",
        "embedding_model",
        "rerank_model",
    }:
        monkeypatch.setenv(name.upper(), "1")
    assert load_settings(None) == unset


def test_relative_paths_count_from_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the process stands, the same data folder is meant; `~` is the home folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/someone")
    monkeypatch.setenv("NEWSDESK_DATA_DIR", "data/second")
    monkeypatch.setenv("NEWSDESK_SOURCES", "~/sources.toml")
    settings = load_settings(None)
    assert settings.data_dir == ROOT / "data" / "second"
    assert settings.sources == Path("/home/someone/sources.toml")
    assert settings.corpus_db == ROOT / "data" / "second" / "corpus.db"
    assert settings.journal_db == ROOT / "data" / "second" / "journal.db"
    assert settings.index_dir == ROOT / "data" / "second" / "index"
    assert settings.models_dir == ROOT / "data" / "second" / "models"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("NEWSDESK_THRESHOLD", "1.5", "less than or equal to 1"),
        ("NEWSDESK_THRESHOLD", "high", "valid number"),
        ("NEWSDESK_RETENTION_DAYS", "0", "greater than or equal to 1"),
        ("NEWSDESK_OWNER_IDS", "123, me", "'me' is no Discord id, which is a number"),
        ("NEWSDESK_HEALTH_PORT", "70000", "less than or equal to 65535"),
        ("NEWSDESK_DEMO", "perhaps", "valid boolean"),
        ("NEWSDESK_LOG_LEVEL", "chatty", "must be DEBUG, INFO, WARNING or ERROR"),
        ("DISCORD_GATEWAY", "127.0.0.1:3002", "must be an address such as http://127.0.0.1:3001/api/v10"),
        ("NEWSDESK_SHARDS", "0", "greater than or equal to 1"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    """The error names the variable, what is wrong, and where it is explained."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(None)
    assert str(caught.value).startswith(f"{name}: ")
    assert reason in str(caught.value)
    assert str(caught.value).endswith("; see .env.example")


def test_secrets_are_not_shown() -> None:
    """Neither token nor key stands in what a log would print."""
    settings = load_settings(None, discord_token="tok-en", secret="s" * 40)
    assert "tok-en" not in f"{settings!r} {settings}"
    assert "sss" not in f"{settings!r} {settings}"


def test_every_setting_is_explained_and_nothing_else() -> None:
    """`.env.example` names each setting once, under words that explain it, and no other."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^#? ?([A-Z][A-Z_]+)=", text, re.MULTILINE)
    assert sorted(named) == sorted(ALIASES)
    for paragraph in text.split("\n\n"):
        assert paragraph.startswith("# "), f"not explained: {paragraph}"


def test_the_example_file_sets_nothing() -> None:
    """Copied as it is, it leaves every default."""
    assert load_settings(ROOT / ".env.example") == load_settings(None)


def test_the_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    """64 hexadecimal digits, mode 0600, the same at every call, another in another data folder."""
    settings = load_settings(None, data_dir=tmp_path / "deep" / "data")
    first = installation_secret(settings)
    file = settings.data_dir / "secret"
    assert re.fullmatch(rb"[0-9a-f]{64}", first)
    assert file.stat().st_mode & 0o777 == 0o600
    assert installation_secret(settings) == first
    assert [each.name for each in settings.data_dir.iterdir()] == ["secret"]
    assert installation_secret(load_settings(None, data_dir=tmp_path / "other")) != first


def test_a_secret_that_is_set_is_used_and_not_written(tmp_path: Path) -> None:
    """With NEWSDESK_SECRET nothing is made in the data folder."""
    assert installation_secret(load_settings(None, data_dir=tmp_path / "data", secret="my key")) == b"my key"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("held", [b"", b"\xff" * 64])
def test_a_damaged_secret_is_not_replaced(tmp_path: Path, held: bytes) -> None:
    """A new key would make every member a stranger: the error names the file and the remedy."""
    (tmp_path / "secret").write_bytes(held)
    with pytest.raises(SettingsError, match=r"secret: holds no key; restore it from a backup or set NEWSDESK_SECRET"):
        installation_secret(load_settings(None, data_dir=tmp_path))
    assert (tmp_path / "secret").read_bytes() == held


def _secret(folder: str) -> bytes:
    return installation_secret(load_settings(None, data_dir=folder))


def test_processes_that_start_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    """The file appears whole, and whoever comes second takes the first one's."""
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert len(set(pool.map(_secret, [str(tmp_path / "data")] * 16))) == 1
    assert [each.name for each in (tmp_path / "data").iterdir()] == ["secret"]

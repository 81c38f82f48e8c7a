"""The only reader of the environment: every setting, its default and its check."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from corpus.errors import NewsdeskError

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "corpus" / "sources.toml"
SECRET_BYTES = 32


class SettingsError(NewsdeskError):
    """A setting has a value that cannot be used."""


class Settings(BaseSettings):
    """What the operator decided, from the environment first and then from ``.env`` beside the README.

    Every field is described for operators in ``.env.example``.
    """

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, frozen=True)

    discord_token: SecretStr | None = Field(None, validation_alias="DISCORD_TOKEN")
    discord_api_base: str | None = Field(None, validation_alias="DISCORD_API_BASE")
    discord_gateway: str | None = Field(None, validation_alias="DISCORD_GATEWAY")
    embedding_model: str = Field("all-MiniLM-L6-v2", validation_alias="EMBEDDING_MODEL")
    rerank_model: str = Field("", validation_alias="RERANK_MODEL")

    data_dir: Path = Field(Path("data"), validation_alias="NEWSDESK_DATA_DIR")
    sources: Path = Field(Path("corpus/sources.toml"), validation_alias="NEWSDESK_SOURCES")
    demo: bool = Field(False, validation_alias="NEWSDESK_DEMO")
    message_content: bool = Field(False, validation_alias="NEWSDESK_MESSAGE_CONTENT")
    owner_ids: Annotated[frozenset[int], NoDecode] = Field(frozenset(), validation_alias="NEWSDESK_OWNER_IDS")
    secret: SecretStr | None = Field(None, validation_alias="NEWSDESK_SECRET")
    threshold: float | None = Field(None, ge=0, le=1, validation_alias="NEWSDESK_THRESHOLD")
    retention_days: int = Field(30, ge=1, validation_alias="NEWSDESK_RETENTION_DAYS")
    look_seconds: float = Field(5, ge=0.1, le=3600, validation_alias="NEWSDESK_LOOK_SECONDS")
    follow_hours: float = Field(6, gt=0, validation_alias="NEWSDESK_FOLLOW_HOURS")
    allow_hosts: Annotated[frozenset[str], NoDecode] = Field(frozenset(), validation_alias="NEWSDESK_ALLOW_HOSTS")
    contact: str = Field("", validation_alias="NEWSDESK_CONTACT")
    health_port: int | None = Field(None, ge=1, le=65535, validation_alias="NEWSDESK_HEALTH_PORT")
    shards: int | None = Field(None, ge=1, validation_alias="NEWSDESK_SHARDS")
    privacy_url: str | None = Field(None, validation_alias="NEWSDESK_PRIVACY_URL")
    watch: bool = Field(True, validation_alias="NEWSDESK_WATCH")
    log_level: str = Field("INFO", validation_alias="NEWSDESK_LOG_LEVEL")
    log_format: Literal["text", "json"] = Field("text", validation_alias="NEWSDESK_LOG_FORMAT")

    @field_validator("owner_ids", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        if isinstance(value, str):
            parts = value.replace(",", " ").split()
            for part in parts:
                if not (part.isascii() and part.isdecimal()):
                    raise ValueError(f"{part!r} is no Discord id, which is a number (Developer Mode, Copy User ID)")
            return frozenset(int(part) for part in parts)
        return value

    @field_validator("allow_hosts", mode="before")
    @classmethod
    def _hosts(cls, value: Any) -> Any:
        if isinstance(value, str):
            return frozenset(part.casefold() for part in value.replace(",", " ").split())
        return value

    @field_validator("discord_api_base", "discord_gateway")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in {"http", "https", "ws", "wss"}:
            raise ValueError("must be an address such as http://127.0.0.1:3001/api/v10 or ws://127.0.0.1:3002")
        return value.rstrip("/") if value else value

    @field_validator("privacy_url")
    @classmethod
    def _page(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError("must be a web address such as https://paper.example/privacy")
        return value

    @field_validator("data_dir", "sources")
    @classmethod
    def _from_the_repository(cls, value: Path) -> Path:
        return ROOT / value.expanduser()

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @property
    def without_sources(self) -> bool:
        """Whether the operator has written no sources file; one that was named and is not there is a mistake."""
        return self.sources == SOURCES and not self.sources.exists()

    @property
    def corpus_db(self) -> Path:
        """Articles, revisions and passages."""
        return self.data_dir / "corpus.db"

    @property
    def journal_db(self) -> Path:
        """Every question, answer, citation and verdict."""
        return self.data_dir / "journal.db"

    @property
    def index_dir(self) -> Path:
        """Published versions of the index and the cache of vectors."""
        return self.data_dir / "index"

    @property
    def models_dir(self) -> Path:
        """Fast exports of embedding models."""
        return self.data_dir / "models"


def load_settings(env_file: Path | None = ROOT / ".env", **given: Any) -> Settings:
    """Read the settings.

    Args:
        env_file: a dotenv file that the environment overrides; None for the environment alone.
        given: values that override both, by field name.

    Raises:
        SettingsError: naming the first setting that cannot be used, what is wrong with it, and where it is explained; a
            data folder that is there has to be readable.
    """
    aliases = {str(Settings.model_fields[name].validation_alias): value for name, value in given.items()}
    try:
        settings = Settings(_env_file=env_file, **aliases)  # type: ignore[call-arg]  # pydantic-settings' own argument
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise SettingsError(
            str(first["msg"]).removeprefix("Value error, "),
            subject=".".join(str(part) for part in first["loc"]),
            remedy="see .env.example",
        ) from None
    _check_folder(settings.data_dir)
    return settings


def _check_folder(folder: Path) -> None:
    """See that a data folder that is there can be read at all, before whatever is in it seems to be missing."""
    try:
        reachable = stat.S_ISDIR(folder.stat().st_mode) and os.access(folder, os.R_OK | os.X_OK, effective_ids=True)
    except FileNotFoundError:
        return
    except OSError:
        reachable = False
    if not reachable:
        raise SettingsError(
            f"{folder} is no folder that this user may read",
            subject="NEWSDESK_DATA_DIR",
            remedy="check the path and the permissions, or run it as the user who owns it",
        )


def installation_secret(settings: Settings) -> bytes:
    """The key of this installation, made once in the data folder when ``NEWSDESK_SECRET`` is unset.

    The file is readable by its owner alone. Two processes that start at once agree: the file appears whole by
    a hard link, which fails where one is there already.

    Raises:
        SettingsError: it cannot be read or made, or holds no key.
    """
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    path = settings.data_dir / "secret"
    try:
        if not path.exists():
            _make_secret(path)
        key = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(
            f"cannot be read or made ({error.strerror or error})",
            subject=path,
            remedy="check the disk's space and who may read and write the folder, or set NEWSDESK_SECRET",
        ) from error
    except UnicodeDecodeError:
        key = ""
    if len(key) < SECRET_BYTES:
        raise SettingsError("holds no key", subject=path, remedy="restore it from a backup or set NEWSDESK_SECRET")
    return key.encode()


def _make_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".secret-{os.getpid()}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)

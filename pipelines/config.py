"""Settings of one installation: environment variables `BUREAUWATCH_*`, then `bureauwatch.toml`, then the defaults."""

from __future__ import annotations

import difflib
import ipaddress
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pipelines.errors import SettingsError
from pipelines.messages import say

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Config(BaseSettings):
    """All settings of the program; every one is documented in docs/settings.md."""

    model_config = SettingsConfigDict(
        env_prefix="BUREAUWATCH_", toml_file="bureauwatch.toml", extra="ignore", frozen=True
    )

    home: Path = Field(Path("data"), description="data folder: database, archive, state")
    database_url: str | None = Field(None, description="SQLAlchemy URL; default: SQLite in HOME")
    sources: Path | None = Field(None, description="folder of source YAML files; default: the shipped catalogue")
    private_networks: Annotated[list[Network], NoDecode] = Field(
        default_factory=list, description="CIDRs that crawls and webhooks may reach besides public addresses"
    )
    user_agent: str | None = Field(None, description="User-Agent; default: bureauwatch/VERSION (+CONTACT)")
    contact: str | None = Field(None, description="URL or mail address named in the User-Agent")
    concurrency: int = Field(4, ge=1, le=64, description="crawls at the same time")
    language: Literal["en", "zh"] = Field("en", description="language of the program's own words")
    token: str | None = Field(None, min_length=16, description="bearer token of the web pages and API off loopback")
    hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="further Host names `serve` answers"
    )
    executor: Literal["local", "cluster"] = Field("local", description="where crawls run")
    failing_after: int = Field(2, ge=1, description="failed checks in a row before source.failing")
    withdrawal_checks: int = Field(3, ge=1, description="confirmations before report.withdrawn")
    withdrawal_hours: float = Field(24, ge=0, description="least time between first and last confirmation")
    admin_to: str | None = Field(None, description="Apprise URL that is told of sources' health")
    retention_days: int | None = Field(
        None, ge=1, description="days that captures are kept which no version of a report rests on; default: for ever"
    )
    now: datetime | None = Field(None, description="time taken as the clock of one command")

    @field_validator("private_networks", "hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("now")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment beats file beats default; no `.env`, no secrets folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        return self.database_url or f"sqlite:///{self.home / 'bureauwatch.db'}"

    @property
    def archive(self) -> Path:
        """The folder of WARC files."""
        return self.home / "archive"

    def clock(self) -> datetime:
        """The moment (UTC) that the program's edge passes inwards; nothing deeper reads a clock."""
        return self.now.astimezone(UTC) if self.now else datetime.now(UTC)


def load_config() -> Config:
    """Reads the settings.

    Raises:
        SettingsError: names the variable and what was expected.
    """
    _check_file(Path("bureauwatch.toml"))
    try:
        return Config()
    except ValidationError as error:
        first = error.errors()[0]
        name = "BUREAUWATCH_" + "_".join(str(part) for part in first["loc"][:1]).upper()
        raise SettingsError(f"{name}: {first['msg']}", cure="See docs/settings.md for every setting") from None


def _check_file(file: Path) -> None:
    """A settings file that is no TOML, or has a key that no setting is called: a slip must not pass unseen.

    Raises:
        SettingsError: says what is wrong, and which key was meant.
    """
    if not file.is_file():
        return
    try:
        keys = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(
            say("{file} cannot be read: {cause}", file=file, cause=error),
            cure=say('Write lines like: language = "zh"'),
        ) from None
    for key in keys:
        if key.lower() not in Config.model_fields:
            near = difflib.get_close_matches(key.lower(), Config.model_fields, n=1)
            raise SettingsError(
                say("{file}: there is no setting {name}", file=file, name=key),
                cure=say("Did you mean {name}?", name=near[0]) if near else "See docs/settings.md for every setting",
            )

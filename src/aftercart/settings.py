"""What an operator may set: by environment variables AFTERCART_..., or in the file aftercart.toml."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

SETTINGS_FILE: Final = Path("aftercart.toml")
ENVIRONMENT_PREFIX: Final = "AFTERCART_"
CONFIDENTIAL: Final = frozenset({"database_url", "secret", "smtp_url"})
"""Settings that may hold a password: what they were set to is never repeated."""


class SettingRefused(Exception):
    """A setting is unknown or has a value that cannot be used; the message names the setting and where it is set."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Each field is set by the variable AFTERCART_ and its name in capitals, or by its name in aftercart.toml."""

    database_url: str | None = None  # a PostgreSQL 15 to 18; without it the embedded one runs in `data_dir`
    data_dir: Path = Path(".aftercart")
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535)] = 8000
    role: Literal["all", "web", "worker"] = "all"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    public_url: str | None = None  # where customers find the shop; without it the address it listens on
    timezone: str = "Europe/Paris"  # of the dates and times customers read
    secret: Annotated[str, Meta(min_length=32)] | None = None  # without it one is made and kept in `data_dir`
    smtp_url: str | None = None  # such as smtp://user:password@host:587; without it no mail is sent
    mail_from: str = "Aftercart <no-reply@localhost>"
    webhook_private_addresses: bool = False


def load_settings(*, environment: Mapping[str, str] | None = None, file: Path = SETTINGS_FILE) -> Settings:
    """Read the settings; the environment wins over the file, and an empty variable counts as not set.

    `environment` is that of the process by default; a `file` that does not exist sets nothing. Raises `SettingRefused`.
    """
    variables = os.environ if environment is None else environment
    in_file = _read_file(file)
    chosen: dict[str, Any] = {}
    for field in msgspec.structs.fields(Settings):
        variable = f"{ENVIRONMENT_PREFIX}{field.name.upper()}"
        if variables.get(variable):
            chosen[field.name] = _convert(field, variables[variable], source=variable)
        elif field.name in in_file:
            chosen[field.name] = _convert(field, in_file[field.name], source=f"{field.name} in {file}")
    return Settings(**chosen)


def _read_file(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise SettingRefused(f"{file} is not valid TOML: {fault}") from fault
    for name in found.keys() - {field.name for field in msgspec.structs.fields(Settings)}:
        raise SettingRefused(f"{name} in {file} is no setting of Aftercart")
    return found


def _convert(field: msgspec.structs.FieldInfo, given: object, *, source: str) -> object:
    confidential = field.name in CONFIDENTIAL
    try:
        return msgspec.convert(given, type=field.type, strict=isinstance(given, int), dec_hook=_to_path)
    except msgspec.ValidationError as fault:
        shown = source if confidential else f"{source} is {given!r}"
        raise SettingRefused(f"{shown}: {fault}") from fault


def _to_path(kind: type, given: object) -> object:
    if kind is Path and isinstance(given, str):
        return Path(given).expanduser()
    raise msgspec.ValidationError(f"Expected `{kind.__name__.lower()}`, got `{type(given).__name__}`")

"""What the environment tells CantoDesk, read once and checked at start.

Every variable begins with ``CANTODESK_``: ``CANTODESK_DATABASE_URL``,
``CANTODESK_PROFILE`` and so on. Nothing else in the project reads the
environment.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
LANGUAGES = ("yue", "en", "zh")
DEFAULT_LANGUAGE = "yue"

_MAKE_A_KEY = "python3 -c 'import base64,os;print(base64.b64encode(os.urandom(32)).decode())'"


class Settings(BaseSettings):
    """All settings. The defaults run the whole product on one machine."""

    model_config = SettingsConfigDict(env_prefix="CANTODESK_", frozen=True)

    profile: Literal["local", "production"] = "local"
    tenant: str = "default"

    # Where the local profile keeps its database and its key file.
    home: Path = Path(".cantodesk")
    database_url: str = ""

    # `version:base64` pairs, comma separated; the last one encrypts, all of them decrypt.
    master_keys: SecretStr | None = None
    # Keyed hashes of sender ids and telephone numbers; one base64 key, never rotated.
    lookup_key: SecretStr | None = None

    host: str = "127.0.0.1"
    assistant_port: int = Field(5005, ge=1, le=65535)
    actions_port: int = Field(5055, ge=1, le=65535)
    desk_port: int = Field(8000, ge=1, le=65535)

    # The shop: names, figures and opening hours (see demo/settings.yml).
    business_file: Path = Path("demo/settings.yml")
    models_dir: Path = Path("models")
    language_dir: Path = Path("data/language")

    # Seconds a customer's turn waits for one action before an apology is sent.
    action_timeout: float = Field(8.0, gt=0)

    @model_validator(mode="after")
    def _production_brings_its_own_secrets(self) -> Settings:
        if self.profile != "production":
            return self
        for name in ("master_keys", "lookup_key"):
            if getattr(self, name) is None:
                raise ValueError(
                    f"CANTODESK_{name.upper()} is not set, and the production profile does not "
                    f"make keys by itself. Make one with: {_MAKE_A_KEY}"
                    + (" and write it as 1:<key>" if name == "master_keys" else "")
                )
        if not self.database_url:
            raise ValueError(
                "CANTODESK_DATABASE_URL is not set. The production profile needs a database of "
                "its own, for example postgresql+psycopg2://user:password@host/cantodesk"
            )
        return self

    @property
    def key_file(self) -> Path:
        """The local profile's key file, mode 0600, made at the first start."""
        return self.home / "keys.json"

    @property
    def database(self) -> str:
        """The SQLAlchemy address in use."""
        if self.database_url:
            return self.database_url
        return f"sqlite:///{(self.home / 'cantodesk.sqlite3').resolve()}"

    def url(self, process: Literal["assistant", "actions", "desk"]) -> str:
        """Base address of one of our processes."""
        return f"http://{self.host}:{getattr(self, f'{process}_port')}"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process."""
    return Settings()

"""Settings: everything runs without any, and production refuses to run without its own."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from pydantic import ValidationError

from cantodesk.settings import Settings, get_settings

KEY = base64.b64encode(b"k" * 32).decode()
PRODUCTION = {
    "CANTODESK_PROFILE": "production",
    "CANTODESK_MASTER_KEYS": f"1:{KEY}",
    "CANTODESK_LOOKUP_KEY": KEY,
    "CANTODESK_DATABASE_URL": "postgresql+psycopg2://u:p@h/d",
}


def test_the_defaults_run_the_whole_product_on_one_machine() -> None:
    settings = Settings()
    assert settings.profile == "local"
    assert settings.host == "127.0.0.1"
    assert settings.database.startswith("sqlite:///")
    assert settings.database.endswith("/.cantodesk/cantodesk.sqlite3")
    assert Path(settings.database.removeprefix("sqlite:///")).is_absolute()


def test_every_setting_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANTODESK_HOME", "/var/lib/shop")
    monkeypatch.setenv("CANTODESK_DESK_PORT", "9000")
    monkeypatch.setenv("CANTODESK_ACTION_TIMEOUT", "2.5")
    settings = Settings()
    assert settings.key_file == Path("/var/lib/shop/keys.json")
    assert settings.url("desk") == "http://127.0.0.1:9000"
    assert settings.action_timeout == 2.5


@pytest.mark.parametrize("process", ["assistant", "actions", "desk"])
def test_every_process_has_an_address(process: str) -> None:
    settings = Settings(host="10.0.0.1", **{f"{process}_port": 1234})
    assert settings.url(process) == "http://10.0.0.1:1234"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CANTODESK_PROFILE", "staging"),
        ("CANTODESK_DESK_PORT", "0"),
        ("CANTODESK_DESK_PORT", "65536"),
        ("CANTODESK_DESK_PORT", "http"),
        ("CANTODESK_ACTION_TIMEOUT", "0"),
        ("CANTODESK_ACTION_TIMEOUT", "-1"),
    ],
)
def test_a_senseless_value_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


def test_production_with_its_own_secrets_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    assert Settings().database == PRODUCTION["CANTODESK_DATABASE_URL"]


@pytest.mark.parametrize(
    "missing", ["CANTODESK_MASTER_KEYS", "CANTODESK_LOOKUP_KEY", "CANTODESK_DATABASE_URL"]
)
def test_production_without_one_of_them_says_which_and_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name, value in PRODUCTION.items():
        if name != missing:
            monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=f"{missing} is not set") as refused:
        Settings()
    assert KEY not in str(refused.value.errors(include_input=False))


def test_secrets_are_not_shown() -> None:
    settings = Settings(master_keys=f"1:{KEY}", lookup_key=KEY)  # type: ignore[arg-type]
    assert KEY not in repr(settings)
    assert KEY not in str(settings)


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(ValidationError):
        Settings().host = "0.0.0.0"  # type: ignore[misc]  # noqa: S104


def test_a_process_reads_them_once() -> None:
    assert get_settings() is get_settings()

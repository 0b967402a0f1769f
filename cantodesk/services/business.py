"""The business as its owners describe it in one YAML file (see ``demo/settings.yml``).

Figures for the answers (`variables`), opening hours of each office, the rules of
refunds, and how soon a ticket is promised. Read once, checked whole; an error
names the file and the key.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from cantodesk.services.opening_spans import Day, Span, day_keys, parse_spans, refuse_overlap
from cantodesk.services.trilingual import Trilingual
from cantodesk.storage.business_tables import Priority

MAIN_OFFICE = "customer_service"

_LARGEST_FILE = 1_000_000
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_VARIABLE_NAME = re.compile(r"[a-z][a-z0-9_]*")


class BusinessFileError(Exception):
    """The business file cannot be used. The message names the file, the key and the remedy."""


class RefundPolicy(BaseModel):
    """What the shop takes back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Calendar days after the day of delivery on which goods may still come back.
    return_days: int = Field(14, ge=0, le=365)
    # Kinds of goods (`attributes.kind`) that are never taken back, for hygiene or by nature.
    not_returnable: tuple[str, ...] = ()
    # Whether the delivery charge of an order sent back whole is paid back too.
    refund_delivery_fee: bool = False


class OfficeHours(BaseModel):
    """Opening hours of one office.

    Every day of the week and ``holidays`` must be said, also the closed ones.
    A single date (``2027-02-05``) goes before everything else.
    """

    model_config = ConfigDict(frozen=True)

    week: dict[Day, tuple[Span, ...]]
    dates: dict[date, tuple[Span, ...]] = {}

    @model_validator(mode="before")
    @classmethod
    def _from_keys(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("expected days with their hours, such as mon-fri: ['09:00-18:00']")
        week: dict[Day, tuple[Span, ...]] = {}
        dates: dict[date, tuple[Span, ...]] = {}
        for key, spans in value.items():
            hours = parse_spans(str(key), spans)
            day = key if isinstance(key, date) else _as_date(str(key))
            if day is not None:
                dates[day] = hours
                continue
            for name in day_keys(str(key)):
                if name in week:
                    raise ValueError(f"{name} is said twice")
                week[name] = hours
        missing = [name for name in Day if name not in week]
        if missing:
            raise ValueError(
                f"nothing is said for {', '.join(missing)}; write for example "
                f"{missing[0]}: [] when it is closed"
            )
        if not any(week[name] for name in Day if name is not Day.HOLIDAYS):
            raise ValueError("the office is never open")
        refuse_overlap(week)
        return {"week": week, "dates": dates}


class Business(BaseModel):
    """Everything in the business file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    variables: dict[str, Trilingual]
    opening_hours: dict[str, OfficeHours]
    refund_policy: RefundPolicy = RefundPolicy()
    # Opening hours, of the office that handles it, in which a ticket is looked at.
    ticket_hours: dict[Priority, Decimal] = {
        Priority.URGENT: Decimal(2),
        Priority.HIGH: Decimal(4),
        Priority.NORMAL: Decimal(9),
    }
    # Minutes of opening time within which a customer is called back.
    callback_minutes: int = Field(60, gt=0, le=60 * 24 * 7)

    @model_validator(mode="before")
    @classmethod
    def _one_return_period(cls, value: Any) -> Any:
        """The period customers are told is the period that is applied."""
        if not isinstance(value, dict) or not isinstance(value.get("variables"), dict):
            return value
        told = value["variables"].get("return_days")
        policy = value.get("refund_policy", {})
        if told is None or not isinstance(policy, dict):
            return value
        if policy.get("return_days", told) != told:
            raise ValueError("refund_policy.return_days differs from variables.return_days")
        return {**value, "refund_policy": {**policy, "return_days": told}}

    @field_validator("variables", mode="before")
    @classmethod
    def _plain_or_by_language(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("expected names with their values")
        return {name: _variable(str(name), content) for name, content in value.items()}

    @field_validator("opening_hours")
    @classmethod
    def _main_office(cls, value: dict[str, OfficeHours]) -> dict[str, OfficeHours]:
        # Every department without an office of its own keeps these hours.
        if MAIN_OFFICE not in value:
            raise ValueError(f"the office {MAIN_OFFICE} is missing")
        return value

    @field_validator("ticket_hours")
    @classmethod
    def _hours_for_all(cls, value: dict[Priority, Decimal]) -> dict[Priority, Decimal]:
        for priority in Priority:
            if value.get(priority, Decimal(0)) <= 0 or value[priority] > 1000:
                raise ValueError(f"{priority}: expected a number of hours above 0")
        return value

    @classmethod
    def load(cls, path: Path) -> Business:
        """Read and check the business file.

        Raises:
            BusinessFileError: when it is missing, not YAML, or says something impossible.
        """
        try:
            if path.stat().st_size > _LARGEST_FILE:
                raise BusinessFileError(f"{path}: the file is larger than 1 MB.")
            text = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise BusinessFileError(
                f"{path}: the business file cannot be read ({type(error).__name__}). "
                "CANTODESK_BUSINESS_FILE says where it is."
            ) from None
        except UnicodeDecodeError:
            raise BusinessFileError(f"{path}: the file is not UTF-8. Save it as UTF-8.") from None
        return cls._from_text(path, text)

    @classmethod
    def _from_text(cls, path: Path, text: str) -> Business:
        try:
            # The safe reader makes plain values only and never reads the environment.
            content = YAML(typ="safe").load(text)
        except YAMLError as error:
            mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
            where = f"{path}, line {mark.line + 1}" if mark else str(path)
            problem = getattr(error, "problem", None) or "it cannot be read"
            raise BusinessFileError(f"{where}: this is not YAML: {problem}.") from None
        if not isinstance(content, dict):
            raise BusinessFileError(f"{path}: expected the keys variables and opening_hours.")
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            raise BusinessFileError(_explained(path, error)) from None

    def office(self, name: str) -> str:
        """``name`` when the file gives hours for it, else the main office."""
        return name if name in self.opening_hours else MAIN_OFFICE

    def fill(self, text: str, language: str) -> str:
        """``text`` with its ``{variables}`` replaced, and nothing else interpreted.

        Raises:
            KeyError: with the name of a variable the file does not have.
        """
        return _VARIABLE.sub(lambda found: self.variables[found[1]].text(language), text)

    def unknown_variables(self, text: str) -> tuple[str, ...]:
        """Names in braces that the file does not have, in order, and stray braces as they are."""
        names = [name for name in _VARIABLE.findall(text) if name not in self.variables]
        stray = [brace for brace in "{}" if brace in _VARIABLE.sub("", text)]
        return tuple(dict.fromkeys(names + stray))


@lru_cache(maxsize=8)
def business_from(path: Path) -> Business:
    """The business of a file, read once in a process.

    Raises:
        BusinessFileError: see :meth:`Business.load`.
    """
    return Business.load(path)


def _variable(name: str, content: Any) -> Trilingual:
    if not _VARIABLE_NAME.fullmatch(name):
        raise ValueError(f"{name}: a name is small letters, digits and underscores")
    if isinstance(content, dict):
        if set(content) != {"yue", "en", "zh"}:
            raise ValueError(f"{name}: expected the languages yue, en and zh")
        texts = {language: _one_value(name, value) for language, value in content.items()}
        return Trilingual(**texts)
    value = _one_value(name, content)
    return Trilingual(value, value, value)


def _one_value(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValueError(f"{name}: expected a text or a number")
    text = str(value).strip()
    if not text or "{" in text or "}" in text:
        raise ValueError(f"{name}: expected a text without braces")
    return text


def _as_date(key: str) -> date | None:
    try:
        return date.fromisoformat(key)
    except ValueError:
        return None


def _explained(path: Path, error: ValidationError) -> str:
    """One line for each problem: file, key and what is wrong, without the value."""
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        key = ".".join(str(part) for part in problem["loc"]) or "the file"
        lines.append(f"{path}: {key}: {problem['msg'].removeprefix('Value error, ')}.")
    return "\n".join(lines)

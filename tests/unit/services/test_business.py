"""The business file, and what is said about a bad one."""

from __future__ import annotations

from pathlib import Path

import pytest
from business_samples import business_with, demo_business, written_hours

from cantodesk.services.business import Business, BusinessFileError, business_from
from cantodesk.services.departments import TICKET_TOPICS, Department, office_of, topic_of
from cantodesk.storage.business_tables import Priority

GOOD = """\
variables:
  company: {yue: 好日子, en: GoodDay, zh: 好日子}
  return_days: 7
opening_hours:
  customer_service:
    mon-fri: ["09:00-18:00"]
    sat,sun: []
    holidays: []
"""


def load(folder: Path, content: str | bytes) -> Business:
    path = folder / "settings.yml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Business.load(path)


def test_the_demo_is_a_good_business() -> None:
    business = demo_business()
    assert set(business.opening_hours) >= {
        "customer_service",
        "shops",
        "management_office",
        "letting",
    }
    assert business.refund_policy.return_days == 14


def test_a_variable_is_plain_or_has_a_value_for_each_language(tmp_path: Path) -> None:
    business = load(tmp_path, GOOD)
    assert business.fill("{company}: {return_days}", "en") == "GoodDay: 7"
    assert business.fill("{company}：{return_days}", "yue") == "好日子：7"


def test_the_return_period_told_is_the_one_applied(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD).refund_policy.return_days == 7


def test_filling_interprets_nothing_else() -> None:
    business = business_with(written_hours())
    with pytest.raises(KeyError):
        business.fill("{company.__class__}", "en")
    assert business.fill("100% $HOME %s", "en") == "100% $HOME %s"


def test_unknown_variables_and_stray_braces_are_named() -> None:
    business = business_with(written_hours())
    assert business.unknown_variables("{company} {name} {name} {0}") == ("name", "0")
    assert business.unknown_variables("{company") == ("{",)
    assert business.unknown_variables("{{company}}") == ("{", "}")
    assert business.unknown_variables("plain") == ()


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("variables: [", ["line 1", "not YAML"]),
        ("- a", ["variables and opening_hours"]),
        (GOOD.replace("variables:", "variable:"), ["variables: Field required", "variable:"]),
        (GOOD.replace("en: GoodDay, ", ""), ["variables: company: expected the languages"]),
        (GOOD.replace("GoodDay", "'{x}'"), ["variables: company: expected a text without braces"]),
        (GOOD.replace("company:", "Company Name:"), ["variables: Company Name: a name is small"]),
        (GOOD.replace("7\n", "[7]\n"), ["variables: return_days: expected a text or a number"]),
        (GOOD.replace("customer_service", "shops"), ["the office customer_service is missing"]),
        (GOOD.replace("    sat,sun: []\n", ""), ["opening_hours.customer_service", "sat, sun"]),
        (GOOD.replace("09:00-18:00", "9-18"), ["mon-fri: expected hours such as"]),
        (GOOD.replace("18:00", "25:00"), ["25:00 is no time of day"]),
        (GOOD.replace("18:00", "18:61"), ["18:61 is no time of day"]),
        (GOOD.replace("09:00-18:00", "09:00-09:00"), ["the hours are empty"]),
        (GOOD.replace('"09:00-18:00"', '"09:00-13:00", "12:00-18:00"'), ["overlap"]),
        (GOOD.replace('["09:00-18:00"]', '"09:00-18:00"'), ["mon-fri: expected a list"]),
        (GOOD.replace("mon-fri", "mo-fr"), ["mo-fr: expected a day"]),
        (GOOD.replace("sat,sun", "fri,sat,sun"), ["fri is said twice"]),
        (GOOD.replace('["09:00-18:00"]', "[]"), ["the office is never open"]),
        (GOOD + "callback_minutes: 0\n", ["callback_minutes"]),
        (GOOD + "ticket_hours: {urgent: 1, high: 2}\n", ["ticket_hours: normal"]),
        (GOOD + "refund_policy: {return_days: 30}\n", ["differs from variables.return_days"]),
        (GOOD + "refund_policy: {days: 30}\n", ["refund_policy.days"]),
        (GOOD + "x: !!python/object/apply:os.system ['true']\n", ["not YAML"]),
        (b"\xff\xfe" + GOOD.encode(), ["not UTF-8"]),
    ],
)  # fmt: skip
def test_a_bad_file_is_answered_with_its_name_and_key(
    tmp_path: Path, content: str | bytes, parts: list[str]
) -> None:
    with pytest.raises(BusinessFileError) as caught:
        load(tmp_path, content)
    assert "settings.yml" in str(caught.value)
    for part in parts:
        assert part in str(caught.value)


def test_a_night_may_not_run_into_the_next_opening(tmp_path: Path) -> None:
    hours = GOOD.replace("09:00-18:00", "09:00-02:00").replace(
        "sat,sun: []", "sat: ['01:00-03:00']\n    sun: []"
    )
    with pytest.raises(BusinessFileError, match="fri runs past the opening of sat"):
        load(tmp_path, hours)


def test_a_missing_file_says_which_setting_names_it(tmp_path: Path) -> None:
    with pytest.raises(BusinessFileError, match="CANTODESK_BUSINESS_FILE"):
        business_from(tmp_path / "none.yml")


def test_environment_variables_are_not_expanded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_SHOP", "hush")
    business = load(tmp_path, GOOD.replace("7\n", "7\n  hotline: $SECRET_OF_THE_SHOP\n"))
    assert business.fill("{hotline}", "en") == "$SECRET_OF_THE_SHOP"


OPERATIONAL = [
    "request_human",
    "complain",
    "place_order",
    "track_order",
    "cancel_order",
    "change_order",
    "change_delivery_address",
    "report_missing_delivery",
    "report_wrong_or_damaged_item",
    "request_refund",
    "request_exchange",
    "track_refund",
    "track_rebate",
    "report_payment_problem",
    "request_invoice",
    "register_account",
    "reset_password",
    "edit_account",
    "delete_account",
    "request_personal_data",
    "report_repair",
    "book_facility",
    "report_nuisance",
    "search_listing",
    "book_viewing",
]


@pytest.mark.parametrize("intent", OPERATIONAL)
def test_every_operational_intent_has_a_department(intent: str) -> None:
    assert TICKET_TOPICS[intent].intent == intent


def test_a_topic_without_a_row_goes_to_customer_service() -> None:
    assert topic_of("ask_price").department is Department.CUSTOMER_SERVICE
    assert topic_of("complain").priority is Priority.HIGH
    assert topic_of("cancel_order").needs_order


def test_every_department_keeps_the_hours_of_an_office_there_is() -> None:
    business = demo_business()
    assert {business.office(office_of(department)) for department in Department} == {
        "customer_service",
        "management_office",
        "letting",
    }
    assert business_with(written_hours()).office("letting") == "customer_service"

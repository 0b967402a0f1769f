"""Which department looks after what: one row for each intent that may become a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cantodesk.storage.business_tables import Priority


class Department(StrEnum):
    """Who handles it."""

    CUSTOMER_SERVICE = "customer_service"
    LOGISTICS = "logistics"
    REFUNDS = "refunds"
    PAYMENTS = "payments"
    PRODUCTS = "products"
    MEMBERSHIP = "membership"
    PROPERTY = "property"
    LETTING = "letting"
    PRIVACY = "privacy"
    IT = "it"


@dataclass(frozen=True, slots=True)
class TicketTopic:
    """How a ticket of one intent is handled."""

    intent: str
    department: Department
    # Whether nothing can be done without the order's number.
    needs_order: bool = False
    priority: Priority = Priority.NORMAL


_D, _HIGH = Department, Priority.HIGH

TICKET_TOPICS: dict[str, TicketTopic] = {
    topic.intent: topic
    for topic in (
        TicketTopic("request_human", _D.CUSTOMER_SERVICE, priority=_HIGH),
        TicketTopic("complain", _D.CUSTOMER_SERVICE, priority=_HIGH),
        # Orders
        TicketTopic("place_order", _D.CUSTOMER_SERVICE),
        TicketTopic("track_order", _D.LOGISTICS, needs_order=True),
        TicketTopic("cancel_order", _D.CUSTOMER_SERVICE, needs_order=True, priority=_HIGH),
        TicketTopic("change_order", _D.CUSTOMER_SERVICE, needs_order=True, priority=_HIGH),
        TicketTopic("change_delivery_address", _D.LOGISTICS, needs_order=True, priority=_HIGH),
        TicketTopic("report_missing_delivery", _D.LOGISTICS, needs_order=True, priority=_HIGH),
        TicketTopic("report_wrong_or_damaged_item", _D.REFUNDS, needs_order=True),
        # Refund, return, rebate
        TicketTopic("request_refund", _D.REFUNDS, needs_order=True),
        TicketTopic("request_exchange", _D.REFUNDS, needs_order=True),
        TicketTopic("track_refund", _D.REFUNDS, needs_order=True),
        TicketTopic("track_rebate", _D.REFUNDS),
        # Payment: a failed payment often has no order yet.
        TicketTopic("report_payment_problem", _D.PAYMENTS, priority=_HIGH),
        TicketTopic("request_invoice", _D.PAYMENTS, needs_order=True),
        # Account
        TicketTopic("register_account", _D.MEMBERSHIP),
        TicketTopic("reset_password", _D.IT),
        TicketTopic("edit_account", _D.MEMBERSHIP),
        TicketTopic("delete_account", _D.PRIVACY),
        # Tickets and privacy
        TicketTopic("track_ticket", _D.CUSTOMER_SERVICE),
        TicketTopic("request_personal_data", _D.PRIVACY),
        # Property management
        TicketTopic("report_repair", _D.PROPERTY, priority=_HIGH),
        TicketTopic("book_facility", _D.PROPERTY),
        TicketTopic("report_nuisance", _D.PROPERTY),
        # Letting
        TicketTopic("search_listing", _D.LETTING),
        TicketTopic("book_viewing", _D.LETTING),
    )
}

_OFFICES = {Department.PROPERTY: "management_office", Department.LETTING: "letting"}


def topic_of(intent: str) -> TicketTopic:
    """How a ticket of ``intent`` is handled; customer service takes what has no row."""
    return TICKET_TOPICS.get(intent, TicketTopic(intent, Department.CUSTOMER_SERVICE))


def office_of(department: Department) -> str:
    """The office whose opening hours hold for the department."""
    return _OFFICES.get(department, "customer_service")

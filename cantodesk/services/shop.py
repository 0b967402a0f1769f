"""Every service of one business, wired together: what the action server and the desk take."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from cantodesk.services.business import Business, business_from
from cantodesk.services.clock import Clock, utc_now
from cantodesk.services.hours import OpeningTimes
from cantodesk.services.identity import Identity
from cantodesk.services.knowledge import Embed, Knowledge
from cantodesk.services.orders import Orders
from cantodesk.services.products import Products
from cantodesk.services.refunds import Refunds
from cantodesk.services.tickets import Tickets
from cantodesk.settings import Settings
from cantodesk.storage.engine import engine_for
from cantodesk.storage.vault import Vault, open_vault


@dataclass(frozen=True, slots=True)
class Shop:
    """The services of one business. All of them are safe for threads."""

    business: Business
    opening_times: OpeningTimes
    identity: Identity
    orders: Orders
    refunds: Refunds
    products: Products
    tickets: Tickets
    knowledge: Knowledge


def shop_of(
    engine: Engine, vault: Vault, business: Business, embed: Embed, clock: Clock = utc_now
) -> Shop:
    """The services on one database. No connection is opened here."""
    return Shop(
        business=business,
        opening_times=OpeningTimes(business),
        identity=Identity(engine, vault, clock),
        orders=Orders(engine, vault, clock),
        refunds=Refunds(engine, vault, business, clock),
        products=Products(engine),
        tickets=Tickets(engine, vault, business, clock),
        knowledge=Knowledge(engine, embed, business),
    )


def configured_shop(settings: Settings, embed: Embed) -> Shop:
    """The services this process is configured for.

    Raises:
        BusinessFileError: when the business file cannot be used.
        BadKeys: when the keys cannot be used.
    """
    business = business_from(settings.business_file)
    return shop_of(engine_for(settings.database), open_vault(settings), business, embed)

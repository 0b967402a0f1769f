"""The business, put together once a process from the settings.

Actions, the desk, the channels and the command line all get their services here,
so that there is one place that knows what is built from what.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from cantodesk.conversations.handovers import HandOvers
from cantodesk.services.business import Business, load_business
from cantodesk.services.clock import Clock, utc_now
from cantodesk.services.hours import OpeningTimes
from cantodesk.services.knowledge import Knowledge
from cantodesk.services.orders import Orders
from cantodesk.services.products import Products
from cantodesk.services.refunds import Refunds
from cantodesk.services.tickets import Tickets
from cantodesk.settings import Settings, get_settings
from cantodesk.storage.vault import Vault, open_vault


@dataclass(frozen=True)
class Services:
    """All services of one business over one database."""

    business: Business
    vault: Vault
    hours: OpeningTimes
    orders: Orders
    refunds: Refunds
    products: Products
    tickets: Tickets
    knowledge: Knowledge
    handovers: HandOvers
    clock: Clock

    @property
    def engine(self) -> Engine:
        """The database."""
        return self.vault.engine


Embed = Callable[[Sequence[str]], NDArray[np.float32]]


def assemble(settings: Settings, embed: Embed, clock: Clock = utc_now) -> Services:
    """Build the services; connects to nothing yet but reads the key file and the business file.

    Raises:
        BadKeys, BusinessFileError: a sentence that says what to mend.
    """
    vault = open_vault(settings)
    business = load_business(settings.business_file)
    engine = vault.engine
    return Services(
        business=business,
        vault=vault,
        hours=OpeningTimes(business),
        orders=Orders(engine, vault, clock),
        refunds=Refunds(engine, vault, business, clock),
        products=Products(engine),
        tickets=Tickets(engine, vault, business, clock),
        knowledge=Knowledge(engine, embed, business),
        handovers=HandOvers(engine, vault, clock),
        clock=clock,
    )


@lru_cache(maxsize=1)
def get_services() -> Services:
    """The services of this process."""
    return assemble(get_settings(), _embed)


def _embed(lines: Sequence[str]) -> NDArray[np.float32]:
    # Loaded with the first question: the desk and the command line never need it.
    from cantodesk.understanding.sentences import encode_sentences

    return encode_sentences(lines)

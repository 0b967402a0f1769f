"""The business, put together once a process from the settings.

Actions, channels and the command line get their services here, so that there is
one place that knows what is built from what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cantodesk.conversations.handovers import HandOvers
from cantodesk.conversations.people import People
from cantodesk.services.business import business_from
from cantodesk.services.clock import Clock, utc_now
from cantodesk.services.knowledge import Embed
from cantodesk.services.shop import Shop, shop_of
from cantodesk.settings import Settings, get_settings
from cantodesk.storage.vault import Vault, open_vault


@dataclass(frozen=True)
class Services:
    """What a turn of the conversation may ask for."""

    shop: Shop
    vault: Vault
    handovers: HandOvers
    people: People


def assemble(settings: Settings, embed: Embed, clock: Clock = utc_now) -> Services:
    """Build the services. Reads the key file and the business file, connects to nothing yet.

    Raises:
        BadKeys, BusinessFileError: a sentence that says what to mend.
    """
    vault = open_vault(settings)
    shop = shop_of(vault.engine, vault, business_from(settings.business_file), embed, clock)
    handovers = HandOvers(vault.engine, vault, clock)
    people = People(vault, shop.tickets, handovers, shop.opening_times, clock)
    return Services(shop, vault, handovers, people)


@lru_cache(maxsize=1)
def get_services() -> Services:
    """The services of this process."""
    return assemble(get_settings(), _embed)


def _embed(lines: Sequence[str]) -> NDArray[np.float32]:
    # Loaded with the first question: the command line never needs it.
    from cantodesk.understanding.sentences import encode_sentences

    return encode_sentences(lines)

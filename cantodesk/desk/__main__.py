"""``python -m cantodesk.desk``: the desk on its own."""

from __future__ import annotations

import sys

from cantodesk.desk.app import serve
from cantodesk.services.business import BusinessFileError
from cantodesk.settings import get_settings
from cantodesk.storage.crypto import BadKeys

if __name__ == "__main__":
    try:
        serve(get_settings())
    except (BusinessFileError, BadKeys) as error:
        sys.exit(str(error))

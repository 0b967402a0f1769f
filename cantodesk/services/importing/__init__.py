"""The business's own files into the database: orders, goods, customers, refunds, answers."""

from cantodesk.services.importing.report import ImportKind, ImportReport, RowError
from cantodesk.services.importing.run import import_file, import_folder

__all__ = ["ImportKind", "ImportReport", "RowError", "import_file", "import_folder"]

"""The register as files: read from CSV and written to it, without HTTP. The shipped register and a city's own upload come the same way.

A file is all or nothing; a row that cannot be read, or that its sender may not write, is named with its number, column and reason.
"""

from partners.exchange.faults import Fault, Faulty
from partners.exchange.tables import TABLES, Outcome, dump, load, workbook

__all__ = ["TABLES", "Fault", "Faulty", "Outcome", "dump", "load", "workbook"]

"""Files from outside: received, opened in a process of their own, cleaned, kept under random names, and handed out again.

`workflow.actions.attach` is how a person adds one to a thing; imports read a table with `read_table`, lists in XML
with `read_records`, the QR codes of a photo with `read_codes`.
"""

from workflow.documents import made, pages
from workflow.documents.checking import check, check_waiting
from workflow.documents.codes import read_codes
from workflow.documents.receiving import MOST_BYTES, receive
from workflow.documents.records import Records, read_records
from workflow.documents.rules import MOVES
from workflow.documents.store import ALTERED, LOST, forget_strays, kept, place_of
from workflow.documents.tables import read_table

__all__ = [
    "ALTERED",
    "LOST",
    "MOST_BYTES",
    "MOVES",
    "Records",
    "check",
    "check_waiting",
    "forget_strays",
    "kept",
    "made",
    "pages",
    "place_of",
    "read_codes",
    "read_records",
    "read_table",
    "receive",
]

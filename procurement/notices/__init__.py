"""Every message the system can send: the table says what, to whom, when (table.py); here it becomes rows of the outbox.

Reads rows and writes none: `tasks.announce` writes what `tell` gives: mail to the outbox, and what stands under the bell.
"""

from procurement.notices.digest import kind_to_stop, way_of
from procurement.notices.entries import for_entry, load, row_of
from procurement.notices.notice import INVITATION, Notice
from procurement.notices.planning import Planned, plan, polite, relevant, tell, write_again
from procurement.notices.replies import reply_to
from procurement.notices.settling import settle
from procurement.notices.silent import SILENT
from procurement.notices.table import NOTICES
from procurement.notices.telling import Told, tell_all

__all__ = [
    "INVITATION",
    "NOTICES",
    "SILENT",
    "Notice",
    "Planned",
    "Told",
    "for_entry",
    "kind_to_stop",
    "load",
    "plan",
    "polite",
    "relevant",
    "reply_to",
    "row_of",
    "settle",
    "tell",
    "tell_all",
    "way_of",
    "write_again",
]

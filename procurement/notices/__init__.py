"""Every message the system can send: the table says what, to whom, when (table.py); here it becomes rows of the outbox.

Reads rows and writes none: `tasks.announce` queues what `plan` gives.
"""

from procurement.notices.notice import INVITATION, Notice
from procurement.notices.planning import for_entry, load, plan, polite, relevant
from procurement.notices.silent import SILENT
from procurement.notices.table import NOTICES

__all__ = ["INVITATION", "NOTICES", "SILENT", "Notice", "for_entry", "load", "plan", "polite", "relevant"]

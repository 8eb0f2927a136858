"""The due ledger: what must be sent, to whom, and what became of it. The Message row is the truth; queues only wake somebody up.

Actions and notices use `queue` and `cancel`; the tick uses `deliver`; every commit of an entry nudges the tick.
"""

from workflow.outbox.courtesy import next_polite
from workflow.outbox.delivery import Delivered, Filled, Hooks, deliver
from workflow.outbox.drawer import as_sent, key_of, newest, source
from workflow.outbox.fates import arrived, came_back, number_in
from workflow.outbox.figures import LATE, figures, oldest_due_age, tick_age
from workflow.outbox.ledger import LINK, announce, cancel, hurry, pass_over, queue, rewrite, waiting
from workflow.outbox.wakeup import nudge

__all__ = [
    "LATE",
    "LINK",
    "Delivered",
    "Filled",
    "Hooks",
    "announce",
    "arrived",
    "as_sent",
    "came_back",
    "cancel",
    "deliver",
    "figures",
    "hurry",
    "key_of",
    "newest",
    "next_polite",
    "nudge",
    "number_in",
    "oldest_due_age",
    "pass_over",
    "queue",
    "rewrite",
    "source",
    "tick_age",
    "waiting",
]

"""The life of a company's row: entered, corrected, merged into another."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from procurement.suppliers.models.company import Supplier
from procurement.suppliers.rules.relying import alone
from procurement.suppliers.rules.rights import may_edit, may_enter
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of

LONGEST_NUMBER = 30  # characters of a company number, as it is compared


def fault(company: Supplier, on: date) -> Refused | None:
    """The first thing a company says of itself that cannot be on a day, with its field; None where all of it can be."""
    if len(company.uscc) > LONGEST_NUMBER:
        return Refused("bad_number", _("No company number is so long."), field="uscc")
    if company.founded_on is not None and company.founded_on > on:
        words = _("The company would be founded after today. Correct the day, or leave it open.")
        return Refused("bad_day", words, field="founded_on")
    return None


LIST = Move[Supplier](
    verb="list",
    label=_("Enter a company"),
    past=_("entered the company"),
    target=Supplier.Status.LISTED,
    allowed=may_enter,
)
CORRECT = Move[Supplier](
    verb="correct",
    label=_("Correct"),
    past=_("corrected the company"),
    source=one_of(Supplier.Status.LISTED),
    allowed=alone(may_edit),
)
MERGE = Move[Supplier](
    verb="merge",
    label=_("Merge into another"),
    past=_("merged the company"),
    source=one_of(Supplier.Status.LISTED),
    target=Supplier.Status.MERGED,
    allowed=alone(may_edit),
    reason=True,
)
PART = Move[Supplier](
    verb="part",
    label=_("It is another company after all"),
    past=_("parted the company from the row it was merged into"),
    source=one_of(Supplier.Status.MERGED),
    target=Supplier.Status.LISTED,
    allowed=alone(may_edit),
    reason=True,
)
SUPPLIER_MOVES = Moves(Supplier, LIST, CORRECT, MERGE, PART, ends={})

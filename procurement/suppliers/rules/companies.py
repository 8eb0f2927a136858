"""The life of a company's row: entered, corrected, merged into another."""

from django.utils.translation import gettext_lazy as _

from procurement.suppliers.models import Supplier
from procurement.suppliers.rules.rights import may_edit, may_enter
from workflow.moves import Move, Moves, one_of

S = Supplier.Status

LIST = Move[Supplier](
    verb="list", label=_("Enter a company"), past=_("entered the company"), target=S.LISTED, allowed=may_enter
)
CORRECT = Move[Supplier](
    verb="correct",
    label=_("Correct"),
    past=_("corrected the company"),
    source=one_of(S.LISTED),
    allowed=may_edit,
)
MERGE = Move[Supplier](
    verb="merge",
    label=_("Merge into another"),
    past=_("merged the company"),
    source=one_of(S.LISTED),
    target=S.MERGED,
    allowed=may_edit,
    reason=True,
)
SUPPLIER_MOVES = Moves(Supplier, LIST, CORRECT, MERGE, ends={S.MERGED: "its facts stand under the other row"})

"""The life of a twinning: who may record, suspend, end, renew and correct it. Whether it holds on a day is register.py's."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from partners.dates import Precision
from partners.models import Twinning
from partners.roles import Power
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of

S = Twinning.Status


@dataclass(frozen=True)
class OfCity:
    """Something that is one city's business, by id: for asking an Actor without loading the city."""

    city_id: int | None


def may_edit_for(by: Actor, *city_ids: int | None) -> bool:
    """Whoever keeps the register of one of these cities."""
    return any(by.may(Power.EDIT_REGISTER, OfCity(city_id)) for city_id in city_ids)


def may_edit_tie(by: Actor, twinning: Twinning) -> bool:
    """Either side of a tie keeps it; so does who coordinates the network."""
    return may_edit_for(by, twinning.city_a_id, twinning.city_b_id)


def out_of_order(twinning: Twinning) -> Refused | None:
    """Why an agreement cannot be so: it would end before it was signed, by any day that its sources leave open."""
    signed = twinning.signed
    if signed.on is None or signed.precision == Precision.BY_END_OF_MONTH:
        return None
    for name, known in (("expires", twinning.expires), ("on", twinning.ended)):
        if known.last is not None and known.last < signed.on and known.precision != Precision.FROM_DATE:
            words = _("It was signed in %(signed)s and cannot end before, in %(end)s.")
            told = {"signed": signed.written, "end": known.written}
            return Refused("ends_before_signed", words % told, field=name)
    return None


TWIN = Move[Twinning](
    verb="twin",
    label=_("Add an agreement"),
    past=_("recorded the agreement"),
    target=S.RECORDED,
    allowed=may_edit_tie,
)
CORRECT = Move[Twinning](
    verb="correct",
    label=_("Correct"),
    past=_("corrected the agreement"),
    source=one_of(S.RECORDED, S.SUSPENDED, S.ENDED),
    allowed=may_edit_tie,
    reason=True,
)
SUSPEND = Move[Twinning](
    verb="suspend",
    label=_("Suspend"),
    past=_("suspended the agreement"),
    source=one_of(S.RECORDED),
    target=S.SUSPENDED,
    allowed=may_edit_tie,
    reason=True,
)
RESUME = Move[Twinning](
    verb="resume",
    label=_("Take up again"),
    past=_("took the agreement up again"),
    source=one_of(S.SUSPENDED),
    target=S.RECORDED,
    allowed=may_edit_tie,
    reason=True,
)
END = Move[Twinning](
    verb="end",
    label=_("End the agreement"),
    past=_("ended the agreement"),
    source=one_of(S.RECORDED, S.SUSPENDED),
    target=S.ENDED,
    allowed=may_edit_tie,
    reason=True,
)
RENEW = Move[Twinning](
    verb="renew",
    label=_("Renew"),
    past=_("renewed the agreement"),
    source=one_of(S.RECORDED, S.ENDED),
    target=S.RECORDED,
    allowed=may_edit_tie,
    reason=True,
)
TAKE_BACK = Move[Twinning](
    verb="take_back",
    label=_("It has not ended"),
    past=_("took the end of the agreement back"),
    source=one_of(S.ENDED),
    target=S.RECORDED,
    allowed=may_edit_tie,
    reason=True,
)
REMIND = Move[Twinning](
    verb="remind",
    label=_("Remind of its end"),
    past=_("reminded of the end of the agreement"),
    source=one_of(S.RECORDED),
    allowed=lambda by, twinning: False,  # the calendar does
    clock=True,
)

MOVES = Moves(Twinning, TWIN, CORRECT, SUSPEND, RESUME, END, RENEW, TAKE_BACK, REMIND, ends={})

"""The life of a twinning: who may record, suspend, end, renew and correct it. Whether it holds on a day is register.py's."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from partners.dates import Precision
from partners.models.ties import Twinning
from partners.register.standing import holds
from partners.roles import Power
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of


@dataclass(frozen=True)
class OfCity:
    """A thing that is one city's business, by id: for asking an Actor without loading the city."""

    city_id: int | None


def may_edit_for(by: Actor, *city_ids: int | None) -> bool:
    """Who keeps the register of one of these cities."""
    return any(by.may(Power.EDIT_REGISTER, OfCity(city_id)) for city_id in city_ids)


def may_edit_tie(by: Actor, twinning: Twinning) -> bool:
    """Either side of a tie keeps it; so does who coordinates the network."""
    return may_edit_for(by, twinning.city_a_id, twinning.city_b_id)


def sides_kept(by: Actor, twinning: Twinning) -> tuple[bool, bool]:
    """Whether this actor keeps the register of its first city, and of its second."""
    return may_edit_for(by, twinning.city_a_id), may_edit_for(by, twinning.city_b_id)


def may_confirm(by: Actor, twinning: Twinning) -> bool:
    """Who keeps the register of a side that has not confirmed the agreement."""
    first, second = sides_kept(by, twinning)
    return (first and not twinning.confirmed_a) or (second and not twinning.confirmed_b)


def may_ask_to_confirm(by: Actor, twinning: Twinning) -> bool:
    """Who keeps the register of the side that has confirmed, while the other has not."""
    first, second = sides_kept(by, twinning)
    return (first and twinning.confirmed_a and not twinning.confirmed_b) or (
        second and twinning.confirmed_b and not twinning.confirmed_a
    )


def confirm_sides(twinning: Twinning, by: Actor) -> None:
    """Let an agreement count as confirmed by the sides whose register this actor keeps. Two confirmed sides lift any earlier end."""
    first, second = sides_kept(by, twinning)
    twinning.confirmed_a = twinning.confirmed_a or first
    twinning.confirmed_b = twinning.confirmed_b or second
    if twinning.confirmed_a and twinning.confirmed_b:
        twinning.agreed_until = None


def unconfirm_what_grew(twinning: Twinning, before: Twinning, by: Actor, on: date) -> None:
    """Where one side alone lets an agreement hold that did not hold on this day, or hold longer, the other has to confirm that again.

    Until it does, the agreement gives rights as long as both had confirmed, and none where it did not hold. A coordinator of both sides
    confirms for both what they let hold, and nothing by any other correction.
    """
    same = all(getattr(twinning, name) == getattr(before, name) for name in ("status", "signed", "expires"))
    last, was = twinning.expires.last, before.expires.last
    held = before.status == Twinning.Status.RECORDED and holds(before, on)
    if (
        same
        or twinning.status != Twinning.Status.RECORDED
        or (held and (was is None or (last is not None and last <= was)))
    ):
        return
    first, second = sides_kept(by, twinning)
    if first and second:
        confirm_sides(twinning, by)
        return
    if held and twinning.confirmed_a and twinning.confirmed_b:
        twinning.agreed_until = was
    elif not held:
        twinning.agreed_until = None
    twinning.confirmed_a, twinning.confirmed_b = first, second


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
    target=Twinning.Status.RECORDED,
    allowed=may_edit_tie,
)
CORRECT = Move[Twinning](
    verb="correct",
    label=_("Correct"),
    past=_("corrected the agreement"),
    source=one_of(Twinning.Status.RECORDED, Twinning.Status.SUSPENDED, Twinning.Status.ENDED),
    allowed=may_edit_tie,
    reason=True,
)
SUSPEND = Move[Twinning](
    verb="suspend",
    label=_("Suspend"),
    past=_("suspended the agreement"),
    source=one_of(Twinning.Status.RECORDED),
    target=Twinning.Status.SUSPENDED,
    allowed=may_edit_tie,
    reason=True,
)
RESUME = Move[Twinning](
    verb="resume",
    label=_("Take up again"),
    past=_("took the agreement up again"),
    source=one_of(Twinning.Status.SUSPENDED),
    target=Twinning.Status.RECORDED,
    allowed=may_edit_tie,
    reason=True,
)
END = Move[Twinning](
    verb="end",
    label=_("End the agreement"),
    past=_("ended the agreement"),
    source=one_of(Twinning.Status.RECORDED, Twinning.Status.SUSPENDED),
    target=Twinning.Status.ENDED,
    allowed=may_edit_tie,
    reason=True,
)
RENEW = Move[Twinning](
    verb="renew",
    label=_("Renew"),
    past=_("renewed the agreement"),
    source=one_of(Twinning.Status.RECORDED, Twinning.Status.ENDED),
    target=Twinning.Status.RECORDED,
    allowed=may_edit_tie,
    reason=True,
)
TAKE_BACK = Move[Twinning](
    verb="take_back",
    label=_("It has not ended"),
    past=_("took the end of the agreement back"),
    source=one_of(Twinning.Status.ENDED),
    target=Twinning.Status.RECORDED,
    allowed=may_edit_tie,
    reason=True,
)
CONFIRM = Move[Twinning](
    verb="confirm",
    label=_("Confirm the agreement"),
    past=_("confirmed the agreement"),
    source=one_of(Twinning.Status.RECORDED),
    allowed=may_confirm,
)
ASK_TO_CONFIRM = Move[Twinning](
    verb="ask_to_confirm",
    label=_("Ask the other city to confirm"),
    past=_("asked the other city to confirm the agreement"),
    source=one_of(Twinning.Status.RECORDED),
    allowed=may_ask_to_confirm,
)
REMIND = Move[Twinning](
    verb="remind",
    label=_("Remind of its end"),
    past=_("reminded of the end of the agreement"),
    source=one_of(Twinning.Status.RECORDED),
    allowed=lambda by, twinning: False,  # the calendar does
    clock=True,
)

MOVES = Moves(
    Twinning, TWIN, CONFIRM, ASK_TO_CONFIRM, CORRECT, SUSPEND, RESUME, END, RENEW, TAKE_BACK, REMIND, ends={}
)

"""A released lot handed out to places, taken back, and each place told of a recall."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts.actions import people
from accounts.models import Language, User
from partners.models.people import Organisation
from procurement.catalogue.models.facts import Receiver
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.handouts import HandOut
from procurement.shipments.rules import handouts
from workflow.actors import CLOCK, Actor
from workflow.errors import Refused
from workflow.moves import locked


def hand_out(
    lot: Lot,
    quantity: int,
    *,
    handed_on: date,
    author: User,
    by: Actor,
    at: datetime,
    organisation: Organisation | None = None,
    place: str = "",
    receiver: str = "",
    name: str = "",
    email: str = "",
    language: str = Language.EN,
) -> HandOut:
    """Note where pieces of a released lot went. Never more than were released; taken back counts no more.

    `receiver` is the kind of place, by which conditions of duty reliefs are met; left empty, it is the kind of the organisation.
    With a name and an address, whoever takes care of it there is written to as soon as the lot is recalled. Refuses no place or two, an
    organisation of another city, a day to come, a lot that is not released, an address without a name, and one that is none.
    """
    with transaction.atomic():
        row = locked(lot)
        out = HandOut(
            lot=row,
            city_id=row.city_id,
            organisation=organisation,
            place=place.strip() if organisation is None else "",
            receiver=receiver or _receiver_of(organisation),
            name=name.strip(),
            quantity=quantity,
            handed_on=handed_on,
            by=author,
        )
        refused = handouts.HAND_OUT.refusal(by, out, at) or _to_one_place(row, organisation, place)
        refused = (
            refused or _by_now(handed_on, row.city.day_at(at)) or handouts.fits(row, _gone(row), quantity)
        )
        if refused is not None:
            raise refused
        if email.strip():
            out.person = people.reach(email=email, name=name, language=language, by=by, at=at)
            out.email = email.strip().lower()
        handouts.HAND_OUT.start(out, by=by, at=at)
    return out


def call_back(lot: Lot, *, reason: str, at: datetime) -> None:
    """Write to every place of a lot that is recalled, as far as somebody there has an address. Called as it is recalled."""
    for out in lot.hand_outs.standing().filter(person__isnull=False).order_by("pk"):
        with handouts.CALL_BACK.on(out, by=CLOCK, at=at, reason=reason):
            pass


def take_hand_out_back(out: HandOut, *, reason: str, by: Actor, at: datetime) -> HandOut:
    """The pieces are in the store again, or were never there. Refuses without a reason."""
    with handouts.FETCH.on(out, by=by, at=at, reason=reason):
        pass
    return out


def tell_place(out: HandOut, *, by: Actor, at: datetime) -> HandOut:
    """Somebody told the place of the recall, by phone. Refuses a lot that is not recalled, and a place that was told."""
    with handouts.TELL.on(out, by=by, at=at) as row:
        row.told_at = at
        row.told_by_id = by.user_id
    return out


def _receiver_of(organisation: Organisation | None) -> str:
    """The kind of an organisation, where it is a kind of place that may use goods."""
    return organisation.kind if organisation is not None and organisation.kind in Receiver else ""


def _gone(lot: Lot) -> int:
    """How many pieces stand handed out."""
    return int(lot.hand_outs.standing().aggregate(gone=Sum("quantity"))["gone"] or 0)


def _to_one_place(lot: Lot, organisation: Organisation | None, place: str) -> Refused | None:
    if (organisation is None) == (not place.strip()):
        words = _("Choose an organisation of your city, or name a place.")
        return Refused("place_missing", words, field="place")
    if organisation is not None and organisation.city_id != lot.city_id:
        words = _("Choose an organisation of your own city.")
        return Refused("not_of_this_city", words, field="organisation")
    return None


def _by_now(handed_on: date, today: date) -> Refused | None:
    if handed_on <= today:
        return None
    return Refused("in_the_future", _("It is handed out on a day that has come."), field="handed_on")

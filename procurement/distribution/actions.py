"""Actions on distributions and recalls, and the proof of end use for relief claims."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts.actions.people import find_or_add_person
from accounts.models import ActingUser, Language
from partners.contacts.models import Organization
from procurement.catalogue.models.reference_rows import EndUserType
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.customs.duty_relief.rules import PROVE, incomplete_proof_refusal
from procurement.distribution.models import Distribution
from procurement.distribution.queries import claim_distributions, qualifying_pieces
from procurement.distribution.rules import (
    DISTRIBUTE,
    MARK_INFORMED,
    SEND_RECALL_NOTICE,
    UNDO,
    above_released_refusal,
)
from procurement.quality import rules
from procurement.quality.actions import change_piece_counters, locked_lot_move
from procurement.quality.models import Lot
from procurement.shipments.actions import PieceChange
from workflow.actors import SYSTEM, Actor
from workflow.errors import Refused
from workflow.moves import register_action, select_locked
from workflow.uploads.models import File


@register_action(rules.RECALL_LOT)
def recall_lot(lot: Lot, *, reason: str, by: Actor, at: datetime) -> Lot:
    """Recall a lot from every place it went to.

    The lot no longer counts as released, and its pieces count as open in the need again. A need that
    was closed as fulfilled stays closed; its officer may open it again. Ordered and surplus goods of one lot
    number form two lots of the same goods: the other one is recalled too if it is in use, else its city is
    warned. Everyone who has the goods is informed: the city's people, each place with
    an address, and the holders of this company's lot in other cities, who do not learn which city
    recalled it.
    """
    with locked_lot_move(rules.RECALL_LOT, lot, by, at, reason) as row:
        _recall(row, reason=reason, by=by, at=at)
        for twin in Lot.objects.counterpart_of(row).filter(status__in=rules.RECALL_LOT.source).order_by("pk"):
            with rules.RECALL_LOT.apply_to(twin, by=by, at=at, reason=reason) as recalled:
                _recall(recalled, reason=reason, by=by, at=at)
        same = Lot.objects.counterpart_of(row) | Lot.objects.same_number_elsewhere(row)
        for other in same.filter(status__in=rules.WARN_OF_SAME_LOT.source).order_by("pk"):
            with rules.WARN_OF_SAME_LOT.apply_to(other, by=SYSTEM, at=at) as warned:
                warned.warned_at = at
    return lot


def _recall(row: Lot, *, reason: str, by: Actor, at: datetime) -> None:
    moved = PieceChange(released=-row.quantity, accepted=-row.quantity, failed=row.quantity)
    change_piece_counters(row, moved, reason=reason, by=by, at=at)
    send_recall_notices(row, reason=reason, at=at)


@register_action(DISTRIBUTE)
def distribute_lot(
    lot: Lot,
    quantity: int,
    *,
    distributed_on: date,
    author: ActingUser,
    by: Actor,
    at: datetime,
    organization: Organization | None = None,
    place: str = "",
    receiver: str = "",
    name: str = "",
    email: str = "",
    language: str = Language.EN,
) -> Distribution:
    """Record a distribution of pieces of a released lot to a place, at most the pieces left of the lot.

    `receiver` is the kind of place, by which conditions of duty reliefs are met; empty means the kind
    of the organization. With a name and an address, the person at the place is written to as soon as
    the lot is recalled. Refuses no place or two places, an organization of another city, a day in the
    future, a lot that is not released, an address without a name, and an invalid address.
    """
    with transaction.atomic():
        row = select_locked(lot)
        out = Distribution(
            lot=row,
            city_id=row.city_id,
            organization=organization,
            place=place.strip() if organization is None else "",
            receiver=receiver or _end_user_type_of(organization),
            name=name.strip(),
            quantity=quantity,
            distributed_on=distributed_on,
            by=author,
        )
        refused = _refuse_distribution(out, organization, place, by, at)
        if refused is not None:
            raise refused
        if email.strip():
            out.person = find_or_add_person(email=email, name=name, language=language, by=by, at=at)
            out.email = email.strip().lower()
        DISTRIBUTE.create(out, by=by, at=at)
    return out


def send_recall_notices(lot: Lot, *, reason: str, at: datetime) -> None:
    """Write to every place of a recalled lot for which there is a person. Called by the recall."""
    for out in lot.distributions.in_effect().filter(person__isnull=False).order_by("pk"):
        with SEND_RECALL_NOTICE.apply_to(out, by=SYSTEM, at=at, reason=reason):
            pass


@register_action(UNDO)
def undo_distribution(out: Distribution, *, reason: str, by: Actor, at: datetime) -> Distribution:
    """Undo a distribution: its pieces are in the store again, or never left it.

    Refuses a missing reason.
    """
    with UNDO.apply_to(out, by=by, at=at, reason=reason):
        pass
    return out


@register_action(MARK_INFORMED)
def mark_place_informed(out: Distribution, *, by: Actor, at: datetime) -> Distribution:
    """Record that the place was informed of the recall, by phone for instance.

    Refuses a lot that is not recalled, and a place that was informed already.
    """
    with MARK_INFORMED.apply_to(out, by=by, at=at) as row:
        row.informed_at = at
        row.informed_by_id = by.user_id
    return out


def _refuse_distribution(
    out: Distribution, organization: Organization | None, place: str, by: Actor, at: datetime
) -> Refused | None:
    """Return the first reason why a new distribution is refused, or None. Call under the lock of its lot."""
    lot = out.lot
    return (
        DISTRIBUTE.refusal(by, out, at)
        or _refuse_unless_one_place(lot, organization, place)
        or _refuse_future_date(out.distributed_on, lot.city.day_at(at))
        or above_released_refusal(lot, _distributed_pieces(lot), out.quantity)
    )


def _end_user_type_of(organization: Organization | None) -> str:
    """Return the kind of an organization if it is a kind of receiver, else ""."""
    return organization.kind if organization is not None and organization.kind in EndUserType else ""


def _distributed_pieces(lot: Lot) -> int:
    """Return how many pieces of the lot are distributed."""
    return int(lot.distributions.in_effect().aggregate(gone=Sum("quantity"))["gone"] or 0)


def _refuse_unless_one_place(lot: Lot, organization: Organization | None, place: str) -> Refused | None:
    if (organization is None) == (not place.strip()):
        words = _("Choose an organization in your city, or enter a place.")
        return Refused("place_missing", words, field="place")
    if organization is not None and organization.city_id != lot.city_id:
        words = _("Choose an organization in your own city.")
        return Refused("not_of_this_city", words, field="organization")
    return None


def _refuse_future_date(distributed_on: date, today: date) -> Refused | None:
    if distributed_on <= today:
        return None
    return Refused(
        "in_the_future", _("Enter a distribution date that is not in the future."), field="distributed_on"
    )


@register_action(PROVE)
def record_end_use_proof(
    claim: ReliefClaim, *, by: Actor, at: datetime, explanation: str = ""
) -> ReliefClaim:
    """Record that the end use was shown, with the number of pieces at places that meet the condition.

    Refuses a claim without a file or without its number of pieces, and, without an explanation, fewer
    pieces than were relieved.
    """
    with PROVE.apply_to(claim, by=by, at=at) as row:
        shown = qualifying_pieces(row, claim_distributions(row))
        files = File.objects.about(row).filter(status=File.Status.CLEAN).count()
        refused = incomplete_proof_refusal(row, shown, files, explanation)
        if refused is not None:
            raise refused
        row.shown, row.explanation, row.settled_on = shown, explanation.strip(), row.city.day_at(at)
    return claim

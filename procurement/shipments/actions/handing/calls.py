"""Asking one person for the papers they owe: by a message with a link, by a link carried by hand, and no longer."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import links, people
from accounts.actions.links import revoke_of
from accounts.models import Language, Link, User
from partners.roles import Power
from partners.rules.hours import working_day
from procurement.catalogue.models.customs import CustomsRule
from procurement.shipments.actions.handing.followed import follow
from procurement.shipments.actions.handing.reminding import next_reminder
from procurement.shipments.models.customs import CustomsPaper
from procurement.shipments.models.handing import PaperCall
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules import handing
from procurement.suppliers.models.company import Supplier
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import locked
from workflow.outbox import ledger

Owner = CustomsRule.Owner
LABEL = PaperCall._meta.label_lower


def call_for_papers(
    shipment: Shipment,
    role: str,
    *,
    email: str,
    name: str,
    author: User,
    by: Actor,
    at: datetime,
    supplier: Supplier | None = None,
    language: str = Language.EN,
    due_on: date | None = None,
    note: str = "",
) -> PaperCall:
    """Ask somebody for the papers of a shipment that their role owes. A message with a link of their own goes out.

    Somebody whose address is known keeps the name and the language they have; the city sees what it wrote itself. Refuses whoever does
    not ship for the city, a shipment that has ended, papers that are the city's own or that nobody needs, no name or address, somebody
    who was shut out, and somebody who is asked already.
    `supplier` is whose papers a supplier's are; it may be left out where one company sells all the goods. A `due_on` on which they do
    not work becomes the next day on which they do.
    """
    call = PaperCall(
        shipment=shipment,
        city=shipment.city,
        role=role,
        supplier=supplier,
        name=name.strip(),
        email=email.strip().lower(),
        author=author,
        due_on=due_on,
        note=note.strip(),
    )
    refused = handing.ASK.refusal(by, call, at)
    if refused is not None:  # first: whoever may not is told nothing of who is known here
        raise refused
    _hold(call)
    with transaction.atomic():
        call.shipment = locked(shipment)
        _put_to(call, language, by, at)
        handing.ASK.start(call, by=by, at=at)
        follow(call.shipment, at)
        call.refresh_from_db(fields=["status", "chase_at"])
    return call


def _put_to(call: PaperCall, language: str, by: Actor, at: datetime) -> None:
    """Find or enter the person; their working days settle when the papers are due, and when they are reminded."""
    call.person = people.reach(email=call.email, name=call.name, language=language, by=by, at=at)
    _not_twice(call)
    if call.due_on is not None:
        call.due_on = working_day(call.person, call.due_on)
    call.chase_at = next_reminder(call, at)


def _hold(call: PaperCall) -> None:
    if call.role not in Owner or call.role == Owner.CITY:
        raise Refused("no_such_role", _("Choose whose papers you ask for."), field="role")
    _of_one_company(call)
    if not call.papers.exclude(status__in=CustomsPaper.VOID).exists():
        words = _("No paper of this shipment is owed by: %(role)s.")
        raise Refused("no_papers", words % {"role": call.whose}, field="role")


def _of_one_company(call: PaperCall) -> None:
    """A supplier's papers are those of one company: the only one, where none was named."""
    if call.role != Owner.SUPPLIER:
        if call.supplier is not None:
            raise Refused(
                "not_of_a_company",
                _("Leave the company out: only a supplier’s papers are those of one company."),
                field="supplier",
            )
        return
    if call.supplier is None:
        owed = call.shipment.papers.filter(owner=call.role).order_by("supplier")
        companies = list(owed.distinct().values_list("supplier", flat=True))
        if len(companies) > 1:
            words = _("Several companies owe papers of this shipment. Choose whose you ask for.")
            raise Refused("supplier_missing", words, field="supplier")
        call.supplier_id = next(iter(companies), None)


def _not_twice(call: PaperCall) -> None:
    same = call.shipment.calls.filter(role=call.role, supplier=call.supplier_id, person=call.person)
    if same.filter(status=PaperCall.Status.ASKED).exists():
        words = _("%(name)s is asked for these papers already.")
        raise Refused("already_asked", words % {"name": call.name}, field="email")


def withdraw_call(call: PaperCall, *, by: Actor, at: datetime, real_at: datetime) -> PaperCall:
    """Ask no more: messages that are not on their way are taken back, and every link of it ends at once."""
    with handing.WITHDRAW_CALL.on(call, by=by, at=at) as row:
        row.chase_at = None
        ledger.cancel(row)
        revoke_of(LABEL, row.pk, by=by, at=at, real_at=real_at)
    return call


def copy_call_link(call: PaperCall, *, user: User, by: Actor, at: datetime, real_at: datetime) -> str:
    """Make a link that somebody carries to the person by hand (WeChat, say), journaled with who copied it. Returns the address.

    `real_at` is the real moment, by which links expire. Refuses whoever may not ask, and a call that was taken back.
    """
    refused = handing.WITHDRAW_CALL.refusal(by, call, at)  # who may take it back may carry it
    if refused is not None:
        raise refused
    made = links.issue(
        call.person,
        purpose=Link.Purpose.ANSWER,
        thing_label=LABEL,
        thing_id=call.pk,
        city_id=call.city_id,
        copied_by=user,
        by=by,
        at=at,
        real_at=real_at,
    )
    return made.url


def cannot_bring(call: PaperCall, paper: CustomsPaper, *, reason: str, by: Actor, at: datetime) -> PaperCall:
    """Keep that the person cannot get a paper, and why: the city is told. Refuses a paper of somebody else, and no reason."""
    if not by.may(Power.HAND_IN, paper):
        raise Refused("not_theirs", _("This is not one of the papers you were asked for."), field="paper")
    with transaction.atomic():
        shipment = locked(call.shipment)
        with handing.CANNOT.on(call, by=by, at=at, reason=reason, paper=paper.reference) as row:
            row.cannot = {**row.cannot, paper.reference: reason.strip()}
        follow(shipment, at)
    return call

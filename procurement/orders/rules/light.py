"""Can I order? One light over everything an order rests on: red, amber or green, each reason in words, with where it is settled.

Pure: whoever asks hands over what was read (`Case`). To add a line, write a function from a case to its reasons and name it in
`LINES`; what stands first there is seen to first.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from partners.models.cities import City
from partners.roles import Power
from procurement.allocations.models import Allocation
from procurement.catalogue.models.facts import Dealing
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.findings import OF_USE
from procurement.leads.rules.leads import missing, still_offered
from procurement.leads.screening.sentences import sentence
from procurement.leads.screening.values import Found
from procurement.orders.models.order import Order, OrderLine
from procurement.orders.rules import gates
from procurement.orders.rules.gates import above_limit, asks_otherwise
from procurement.requests.models import SupplyRequest
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.judgement import Standing
from workflow.errors import Words

ENDED = (SupplierLead.Status.REJECTED, SupplierLead.Status.WITHDRAWN, SupplierLead.Status.EXPIRED)
SENT = Order.Status.AWAITING_APPROVAL
WAITING = (Order.Status.DRAFT, SENT, Order.Status.OFFERED)
KEPT_OUT = (Standing.Status.SUSPENDED, Standing.Status.BANNED)


class Colour(StrEnum):
    """Red: somebody has to decide against or for it. Amber: something is still to be done. Green: nothing stands in the way."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


ANSWERS = {
    Colour.RED: pgettext_lazy("Can I order?", "No"),
    Colour.AMBER: pgettext_lazy("Can I order?", "Not yet"),
    Colour.GREEN: pgettext_lazy("Can I order?", "Yes"),
}
ORDERED = {
    Colour.RED: _("Ordered, and something stands against it now"),
    Colour.AMBER: _("Ordered, and something is still open"),
    Colour.GREEN: _("Ordered, and nothing stands against it"),
}


@dataclass(frozen=True)
class Reason:
    """One thing that stands in the way: what, where it is settled, what to press there, and who may; `who` for everybody else.

    `read` is where everybody else reads about it, if that is another page than the one where it is settled.
    """

    colour: Colour
    text: Words
    url: str
    act: Words = ""
    power: Power | None = None
    who: Words = ""
    read: str = ""


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the light looks at, all of it read beforehand: the offers, what blocks them, the company's standing, and how far it is."""

    city: City
    at: datetime
    leads: Sequence[SupplierLead]
    blocking: Sequence[Finding] = ()
    overruled: Sequence[Finding] = ()  # with who answered them
    standing: Standing | None = None
    needs: Sequence[SupplyRequest] = ()
    allocation: Allocation | None = None
    order: Order | None = None
    lines: Sequence[OrderLine] = ()
    account: BankAccount | None = None
    uses: Sequence[tuple[SupplyRequest, Found]] = ()  # declared uses that are false, or not known to be true
    covers: frozenset[str] = field(
        default_factory=frozenset
    )  # what a named person decided to order in spite of

    @property
    def binding(self) -> bool:
        """Whether it is ordered already."""
        return self.order is not None and self.order.status in Order.BINDING


@dataclass(frozen=True)
class Light:
    """The answer: a colour, the word beside it, every reason, the hardest first, and which blocks were overruled."""

    colour: Colour
    word: Words
    reasons: list[Reason]
    overruled: Words = ""


def light(case: Case) -> Light:
    """Judge a case. Green where no line has a reason, red where one of them is."""
    reasons = [reason for line in LINES for reason in line(case)]
    colour = Colour.AMBER if reasons else Colour.GREEN
    if any(reason.colour is Colour.RED for reason in reasons):
        colour = Colour.RED
    word = (ORDERED if case.binding else ANSWERS)[colour]
    ordered = sorted(reasons, key=lambda reason: reason.colour is not Colour.RED)
    return Light(colour, word, ordered, overruled(case.overruled))


def overruled(findings: Sequence[Finding]) -> Words:
    """How many blocking findings were overruled, and by whom; nothing where none was."""
    if not findings:
        return ""
    names = dict.fromkeys(str(finding.answered_by) for finding in findings)
    words = ngettext_lazy(
        "%(count)s blocking finding was overruled by %(names)s.",
        "%(count)s blocking findings were overruled by %(names)s.",
        len(findings),
    )
    return words % {"count": len(findings), "names": ", ".join(names)}


# --- the lines ----------------------------------------------------------------------------------------------------
def company(case: Case) -> Iterator[Reason]:
    """Nothing is ordered from a company that the city keeps out."""
    standing = case.standing
    if standing is not None and standing.status in KEPT_OUT:
        told = {"supplier": standing.supplier, "status": standing.get_status_display()}
        words = _("%(supplier)s is at “%(status)s” with your city: %(reason)s")
        yield Reason(
            Colour.RED,
            words % {**told, "reason": standing.reason},
            standing.supplier.get_absolute_url(),
            _("Look at the company"),
            Power.JUDGE_LEAD,
            _("An officer or a verifier judges the company."),
        )


def findings(case: Case) -> Iterator[Reason]:
    """What screening found and nobody has answered, unless a named person decided to order in spite of it and might."""
    firm = gates.firm(case.blocking)
    told = {need.reference for need, _found in case.uses}
    for finding in case.blocking:
        if finding.code in OF_USE and finding.figures.get("need") in told:
            continue  # `uses` says it, and where it is corrected
        if finding.reference in case.covers and finding.reference not in firm:
            continue
        answer = f"{finding.get_absolute_url()}answer/"
        open_one = finding.status == Finding.Status.OPEN and finding.reference not in firm
        yield Reason(
            Colour.RED,
            _("%(finding)s says: %(words)s")
            % {"finding": finding.reference, "words": sentence(finding.code, finding.figures)},
            answer if open_one else finding.get_absolute_url(),
            _("Answer it in writing") if open_one else _("Look at it"),
            Power.JUDGE_LEAD,
            _("An officer or a verifier answers it.")
            if open_one
            else _("It was upheld, or a second person settles it where it stands."),
            finding.get_absolute_url(),
        )


def uses(case: Case) -> Iterator[Reason]:
    """Goods are declared as what they are for. Who will use them is said in the need."""
    for need, found in case.uses:
        yield Reason(
            Colour.RED if found.blocks else Colour.AMBER,
            sentence(found.code, found.figures),
            f"{need.get_absolute_url()}edit/",
            _("Correct the need"),
            Power.POST_REQUEST,
            _("An officer corrects the need, or chooses other goods."),
            need.get_absolute_url(),
        )


def offers(case: Case) -> Iterator[Reason]:
    """Only what is verified is ordered, unless a named person decided otherwise."""
    for lead in case.leads:
        if lead.reference not in case.covers:
            yield from _offer(lead)


def days(case: Case) -> Iterator[Reason]:
    """Nothing more is ordered of an offer whose last day has passed; no one overrides this."""
    if case.binding:
        return
    for lead in case.leads:
        no = still_offered(lead, case.at) if lead.status in SupplierLead.LIVE else None
        if no is not None:
            officer = _("An officer asks whether it still holds.")
            where = lead.get_absolute_url()
            yield Reason(Colour.AMBER, no.message, where, _("Look at the offer"), Power.OFFER_LEAD, officer)


def _offer(lead: SupplierLead) -> Iterator[Reason]:
    where, name = lead.get_absolute_url(), {"lead": lead.reference}
    if lead.status in ENDED:
        words = _("%(lead)s is at “%(status)s”.") % {**name, "status": lead.get_status_display()}
        yield Reason(Colour.RED, words, where, who=_("Another offer is needed."))
    elif lead.status == SupplierLead.Status.DRAFT:
        words = _("%(lead)s is not sent in yet.") % name
        officer = _("Whoever wrote it sends it in.")
        yield Reason(Colour.AMBER, words, where, _("Look at the offer"), Power.OFFER_LEAD, officer)
    elif lead.status == SupplierLead.Status.OFFERED:
        words = _("No check of %(lead)s is open yet.") % name
        officer = _("An officer or a verifier opens the checks.")
        yield Reason(Colour.AMBER, words, where, _("Look at the offer"), Power.ASSIGN_CHECK, officer)
    elif lead.status == SupplierLead.Status.CHECKING:
        yield from _checking(lead)


def _checking(lead: SupplierLead) -> Iterator[Reason]:
    where, name = lead.get_absolute_url(), {"lead": lead.reference}
    left = [
        no for no in missing(lead) if "blocking_findings" not in no.details
    ]  # each stands in its own line
    for no in left:
        words = _("About %(lead)s: %(words)s") % {**name, "words": no.message}
        verifier = _("An officer or a verifier looks after the checks.")
        yield Reason(
            Colour.AMBER, words, f"{where}#checks", _("Look at the checks"), Power.ASSIGN_CHECK, verifier
        )
    if not left and not lead.blocking_findings:
        words = _("%(lead)s waits for somebody to verify it.") % name
        other = _("An officer or a verifier who neither entered it nor overruled a finding verifies it.")
        yield Reason(Colour.AMBER, words, where, _("Look at the offer"), Power.JUDGE_LEAD, other)


def price(case: Case) -> Iterator[Reason]:
    """What is bought is bought at the price that its offer asks."""
    order = case.order
    if order is None or order.kind != Dealing.PURCHASE or case.binding:
        return
    for line in case.lines:
        no = asks_otherwise(line, order.currency)
        if no is not None:
            page = order.get_absolute_url()
            officer = _("An officer writes it anew.")
            yield Reason(Colour.RED, no.message, f"{page}cancel/", _("Cancel"), Power.ORDER, officer, page)


def need(case: Case) -> Iterator[Reason]:
    """Goods are ordered for a need that is open."""
    for asked in case.needs:
        if asked.status == SupplyRequest.Status.OPEN or (
            case.binding and asked.status != SupplyRequest.Status.WITHDRAWN
        ):
            continue
        gone = asked.status in (SupplyRequest.Status.WITHDRAWN, SupplyRequest.Status.FULFILLED)
        words = _("%(need)s is at “%(status)s”.")
        yield Reason(
            Colour.RED if gone else Colour.AMBER,
            words % {"need": asked.reference, "status": asked.get_status_display()},
            asked.get_absolute_url(),
            _("Look at the need"),
            Power.POST_REQUEST,
            _("An officer looks after the need."),
        )


def supply(case: Case) -> Iterator[Reason]:
    """Something must be left to order."""
    if case.allocation is not None or case.order is not None:
        return
    for lead in case.leads:
        if lead.status == SupplierLead.Status.VERIFIED and not lead.free:
            words = _("Nothing of %(lead)s is free any more.") % {"lead": lead.reference}
            yield Reason(Colour.AMBER, words, lead.get_absolute_url(), who=_("All of it is promised."))


def promise(case: Case) -> Iterator[Reason]:
    """What is proposed counts for nothing yet."""
    if case.allocation is not None and case.allocation.status == Allocation.Status.PROPOSED:
        words = _("%(allocation)s is proposed and counts for nothing yet.")
        yield Reason(
            Colour.AMBER,
            words % {"allocation": case.allocation.reference},
            case.allocation.get_absolute_url(),
            _("Look at the allocation"),
            Power.ALLOCATE,
            _("An officer confirms it."),
        )


def authority(case: Case) -> Iterator[Reason]:
    """The reasons that an auditor asks for are in the order before it is decided on."""
    order = case.order
    if order is None or order.kind != Dealing.PURCHASE or order.status != Order.Status.DRAFT:
        return
    for no in gates.incomplete(order):
        page = order.get_absolute_url()
        officer = _("An officer writes it down.")
        yield Reason(Colour.AMBER, no.message, f"{page}edit/", _("Write it down"), Power.ORDER, officer, page)


def limit(case: Case) -> Iterator[Reason]:
    """Above the city's limit a second person decides; and whatever was sent to an approver waits for one."""
    order = case.order
    if order is None or order.status not in WAITING or not (order.status == SENT or above_limit(order)):
        return
    where, city = order.get_absolute_url(), {"city": case.city}
    approver = _("An approver of %(city)s who neither wrote it nor verified an offer in it decides.") % city
    if order.status == Order.Status.DRAFT:
        words = _("It is above your city's limit, so an approver decides.")
        yield Reason(Colour.AMBER, words, where, _("Look at the order"), Power.ORDER, approver)
    else:
        words = _("It waits for an approver.")
        yield Reason(Colour.AMBER, words, where, _("Look at the order"), Power.APPROVE, approver)


def account(case: Case) -> Iterator[Reason]:
    """Nothing is paid into an account that nobody has confirmed."""
    order, chosen = case.order, case.account
    if order is None or order.kind != Dealing.PURCHASE:
        return
    page = order.get_absolute_url()
    if chosen is None and case.binding:
        words = _("No account to pay into is chosen yet, so nothing can be paid.")
        officer = _("An officer chooses it.")
        where = f"{page}use_account/"
        yield Reason(Colour.AMBER, words, where, _("Choose the account"), Power.ORDER, officer, page)
    elif chosen is not None and chosen.status != BankAccount.Status.CONFIRMED:
        words = _("The account %(account)s is at “%(status)s”: payments wait.")
        yield Reason(
            Colour.AMBER,
            words % {"account": chosen.masked, "status": chosen.get_status_display()},
            order.supplier.get_absolute_url(),
            _("Look at the account"),
            Power.EDIT_SUPPLIER,
            _("A second officer calls the company back and confirms it."),
        )


LINES: tuple[Callable[[Case], Iterator[Reason]], ...] = (
    company,
    findings,
    uses,
    offers,
    days,
    price,
    need,
    supply,
    promise,
    authority,
    limit,
    account,
)

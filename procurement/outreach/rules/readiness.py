"""Whether a question may go, be answered, reminded of, paused or put to somebody else, as it and its need stand. Pure."""

from django.utils.translation import gettext_lazy as _

from partners.models.people import Contact
from procurement.outreach.models import Inquiry
from procurement.outreach.rules.between import somebody_consents
from procurement.outreach.rules.days import MOST_CHASES, phone_due
from procurement.outreach.rules.people import leaves_alone, may_ask, reachable, still_asks
from procurement.requests.models import SupplyRequest
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, WRONG_STATUS, Refused
from workflow.moves import not_ready


def request_is_open(inquiry: Inquiry) -> Refused | None:
    """Nobody is asked for a need that takes no offers."""
    need = inquiry.supply_request
    if need.status != SupplyRequest.Status.OPEN:
        return not_ready(_("%(need)s is not open, so nobody can be asked.") % {"need": need.reference})
    if need.stopped:
        return not_ready(_("%(need)s takes no new offers at the moment.") % {"need": need.reference})
    return None


def takes_answers(inquiry: Inquiry) -> Refused | None:
    """An offer is taken while the city looks for the goods: not while it stopped asking, and not once the need is closed."""
    need = inquiry.supply_request
    if need.status != SupplyRequest.Status.OPEN:
        return not_ready(
            _("%(city)s looks for these goods no more, so nothing can be added. Thank you for your help.")
            % {"city": inquiry.city.name}
        )
    if need.stopped:
        return not_ready(
            _(
                "%(city)s takes no new offers for these goods at the moment. You need not do anything: what was offered before "
                "is kept, and offers are welcome here again as soon as the city goes on."
            )
            % {"city": inquiry.city.name}
        )
    return None


def may_be_reminded(inquiry: Inquiry) -> Refused | None:
    """Nobody is reminded of a need that takes no offers, or a fourth time; nor who asked to be left alone, or gets no mail."""
    person = inquiry.waits_for
    if person is not None and (peace := leaves_alone(person)) is not None:
        return peace
    if phone_due(inquiry) or (
        inquiry.status == Inquiry.Status.AWAITING_CONSENT and inquiry.chases >= MOST_CHASES
    ):
        return not_ready(_("Three reminders went out. Please phone."))
    if person is not None and (gone := reachable(person)) is not None:
        return not_ready(gone.message)
    consents = inquiry.status == Inquiry.Status.AWAITING_CONSENT  # to what could then not be sent
    return can_be_sent(inquiry) if consents else request_is_open(inquiry)


def may_be_redated(inquiry: Inquiry) -> Refused | None:
    """A paused question gets another day by itself when it goes on."""
    if inquiry.paused_at is not None:
        return not_ready(_("The question is paused."))
    return leaves_alone(inquiry.contact) or request_is_open(inquiry)


def may_be_paused(inquiry: Inquiry) -> Refused | None:
    """A question is paused once, while its need takes no offers."""
    if inquiry.paused_at is not None:
        return not_ready(_("The question is paused already."))
    need = inquiry.supply_request
    return None if need.stopped else not_ready(_("%(need)s takes offers.") % {"need": need.reference})


def may_go_on(inquiry: Inquiry) -> Refused | None:
    """A paused question goes on when its need takes offers again."""
    if inquiry.paused_at is None:
        return not_ready(_("The question is not paused."))
    return request_is_open(inquiry)


def may_give_way(inquiry: Inquiry) -> Refused | None:
    """The clock says it once."""
    if inquiry.next_from is not None:
        return not_ready(_("Somebody else may be asked already."))
    return None


def may_ask_next(inquiry: Inquiry) -> Refused | None:
    """Nobody is passed over before their time: the clock says when."""
    if inquiry.next_from is None:
        words = _("You may ask somebody else one working day after the answer was due.")
        return not_ready(words)
    return request_is_open(inquiry)


def can_be_sent(inquiry: Inquiry) -> Refused | None:
    """The need takes offers, the person agreed to be asked, and the message says something."""
    if inquiry.contact.status != Contact.Status.ACTIVE:
        return not_ready(
            _("%(contact)s does not take questions.") % {"contact": inquiry.contact}, field="contact"
        )
    peace = leaves_alone(inquiry.contact) or still_asks(inquiry.city_id, inquiry.contact)
    if peace is not None:
        return peace
    if (gone := reachable(inquiry.contact)) is not None:
        return not_ready(gone.message, field="contact")
    if not inquiry.body.strip():
        return not_ready(_("The message is empty."), field="body")
    return request_is_open(inquiry)


def goes_direct(inquiry: Inquiry) -> Refused | None:
    """A second-degree question asks the partner city first."""
    if inquiry.through_city_id is not None:
        words = _("Ask %(city)s first: this contact is theirs to introduce.")
        return not_ready(words % {"city": inquiry.through_city})
    return can_be_sent(inquiry)


def goes_through(inquiry: Inquiry) -> Refused | None:
    """Only a second-degree question needs a partner city's consent."""
    if inquiry.through_city_id is None:
        return not_ready(_("This contact can be asked directly."))
    if not somebody_consents(inquiry):
        words = _(
            "%(city)s has neither an officer nor a contact here who could agree. Ask its office outside Twinlane, "
            "or choose another contact."
        )
        return not_ready(words % {"city": inquiry.through_city}, field="through_city")
    return can_be_sent(inquiry)


def may_be_copied(inquiry: Inquiry, by: Actor) -> Refused | None:
    """A link is carried elsewhere by whoever asks, while an answer is welcome."""
    if not may_ask(by, inquiry):
        return Refused(NOT_ALLOWED, _("Only officers of the city that asks may copy this."))
    person = inquiry.waits_for
    waits = inquiry.status in (Inquiry.Status.SENT, Inquiry.Status.LAPSED, Inquiry.Status.AWAITING_CONSENT)
    if not waits or person is None:
        return Refused(WRONG_STATUS, _("No answer is waited for, so there is nothing to remind of."))
    return leaves_alone(person) or request_is_open(inquiry)

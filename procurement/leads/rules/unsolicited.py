"""Rules for unsolicited offers: to which city a contact may make one, and who accepts, declines or passes it on."""

from collections.abc import Container

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.leads.models.leads import SupplierLead
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, not_ready_refusal, one_of


def unreached_city_refusal(lead: SupplierLead, tied: Container[int], *, reads_need: bool) -> Refused | None:
    """Return a refusal if a contact may not make this offer to this city, else None.

    A contact answers an inquiry to the city that asked. Without an inquiry, they may make an offer for a need that they
    may read (`reads_need`), or to a city that has an agreement in force with their own (`tied` holds the ids of these
    cities). Only if there is no such city may the offer go to their own city, and a coordinator passes it on.
    """
    contact, inquiry = lead.contact, lead.inquiry
    if inquiry is not None:
        if inquiry.city_id == lead.city_id and inquiry.contact_id == lead.contact_id:
            return None
        words = _("This inquiry came from another city, or went to another person. Leave this field blank.")
        return Refused("another_inquiry", words, field="inquiry")
    if lead.city_id in tied or reads_need:
        return None
    if contact is not None and contact.city_id == lead.city_id and not tied:
        return None
    words = _(
        "Your city has no agreement in force with %(city)s. Choose a city that has an agreement with yours."
    )
    if not tied:
        words = _(
            "Your city has no agreement in force with %(city)s. Leave the city blank, and a coordinator will pass "
            "your offer on to a city."
        )
    return Refused("no_agreement", words % {"city": lead.city}, field="city")


def unaccepted_offer_refusal(lead: SupplierLead) -> Refused | None:
    """Return a refusal while an unsolicited offer is neither accepted nor declined, else None."""
    if not lead.awaits_acceptance:
        return None
    return not_ready_refusal(
        _("This offer is unsolicited. Accept it for review first, or decline it with thanks.")
    )


def not_awaiting_acceptance_refusal(lead: SupplierLead) -> Refused | None:
    """Return a refusal unless the city has an unsolicited offer to accept or decline, else None."""
    if not lead.awaits_acceptance:
        return not_ready_refusal(_("This offer is not waiting for acceptance."))
    if lead.is_without_city:
        return not_ready_refusal(_("No city has this offer yet. A coordinator must pass it on first."))
    return None


def already_has_city_refusal(lead: SupplierLead) -> Refused | None:
    """Return a refusal unless the unsolicited offer waits for a coordinator to pass it on, else None."""
    if lead.awaits_acceptance and lead.is_without_city:
        return None
    return not_ready_refusal(_("A city already has this offer."))


def may_accept(by: Actor, lead: SupplierLead) -> bool:
    """Return True for officers of the city, who also post its needs."""
    return by.may(Power.POST_REQUEST, lead)


def may_pass_on(by: Actor, lead: SupplierLead) -> bool:
    """Return True for coordinators of the contact's city and of the whole network, while no city has the offer."""
    return lead.is_without_city and by.may(Power.OVERSEE_CITIES, lead)


ACCEPT = Move[SupplierLead](
    verb="accept",
    label=_("Accept for review"),
    past_tense=_("accepted the unsolicited offer for review"),
    source=one_of(SupplierLead.Status.RECEIVED),
    allowed=may_accept,
    ready=not_awaiting_acceptance_refusal,
)
DECLINE = Move[SupplierLead](
    verb="decline",
    label=_("Decline with thanks"),
    past_tense=_("declined the unsolicited offer with thanks"),
    source=one_of(SupplierLead.Status.RECEIVED),
    target=SupplierLead.Status.REJECTED,
    allowed=may_accept,
    ready=not_awaiting_acceptance_refusal,
)
PASS_ON = Move[SupplierLead](
    verb="pass_on",
    label=_("Pass on to a city"),
    past_tense=_("passed the offer on to a city"),
    source=one_of(SupplierLead.Status.RECEIVED),
    allowed=may_pass_on,
    ready=already_has_city_refusal,
)

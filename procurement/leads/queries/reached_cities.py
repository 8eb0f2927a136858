"""Cities to which a contact may make an unsolicited offer, and the needs for which they may make it."""

from django.utils.translation import gettext_lazy as _

from partners.contacts.models import Contact
from partners.permissions.permissions import ConfirmedPartners, permissions_of
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.unsolicited import unreached_city_refusal
from procurement.requests.models import RequestLine, SupplyRequest, SupplyRequestQuerySet
from workflow.errors import Refused
from workflow.moves import not_ready_refusal


def twin_city_ids(contact: Contact) -> frozenset[int]:
    """Return the ids of the cities that have an agreement in force with the contact's city."""
    return ConfirmedPartners(frozenset({contact.city_id})).get(contact.city_id, frozenset())


def readable_needs(contact: Contact) -> SupplyRequestQuerySet:
    """Return the open needs that take offers and that the contact may read, signed in or by link."""
    by = permissions_of(contact.user, via="link")
    return SupplyRequest.objects.visible_to(by).open().filter(stopped=False)


def contact_offer_refusal(lead: SupplierLead) -> Refused | None:
    """Return a refusal if the contact of the offer may not make it, else None."""
    contact, line = lead.contact, lead.line
    if contact is None:
        return None
    if line is not None and lead.inquiry is None and not _is_readable(contact, line):
        return not_ready_refusal(
            _("This need is not currently open to offers. Leave this field blank."), field="line"
        )
    return unreached_city_refusal(lead, twin_city_ids(contact), reads_need=line is not None)


def _is_readable(contact: Contact, line: RequestLine) -> bool:
    return readable_needs(contact).filter(pk=line.supply_request_id).exists()

"""A favour is asked once: the same goods are not asked of the same person by a second city while the first still waits. Reads only."""

from django.utils.translation import gettext_lazy as _

from partners.models.people import Contact
from procurement.outreach.models import Inquiry
from procurement.requests.models import RequestLine, SupplyRequest
from workflow.errors import Refused


def waits_elsewhere(need: SupplyRequest, contact: Contact) -> bool:
    """Whether another city waits for this person's answer about some of the same goods, at whichever of their offices."""
    goods = RequestLine.objects.filter(supply_request=need).values("product")
    same = RequestLine.objects.filter(product__in=goods).values("supply_request")
    waiting = Inquiry.objects.waiting().filter(contact__user=contact.user_id, paused_at=None)
    return waiting.filter(supply_request__in=same).exclude(city=need.city_id).exists()


def no_repetition(inquiry: Inquiry) -> Refused | None:
    """Nobody is asked for the same goods once more without a word why; which city asked before is not told."""
    if inquiry.chosen_because.strip() or not waits_elsewhere(inquiry.supply_request, inquiry.contact):
        return None
    words = _(
        "Another city waits for the answer of %(contact)s about the same goods. Wait for it, or say why you ask all the same."
    )
    return Refused("asked_elsewhere", words % {"contact": inquiry.contact}, field="chosen_because")

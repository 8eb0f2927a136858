"""Actions on thank-yous: create them on delivery, send them once to each helper, or skip them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser, User
from partners.contacts.models import Contact
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.generated_documents.actions import generate_document
from procurement.generated_documents.document_record import DocumentRecord
from procurement.generated_documents.missing_data import missing_fields
from procurement.orders.actions.close import thank_donor
from procurement.orders.models import Order
from procurement.shipments.models import Shipment
from procurement.thanks import rules
from procurement.thanks.models import ThankYou, ThankYouMessage
from procurement.thanks.queries import Helper, accepts_mail, helpers_of, photo_choices, thank_you_documents
from procurement.thanks.rules import invalid_message_refusal
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action
from workflow.uploads.models import File


@dataclass(frozen=True, kw_only=True)
class ThankYouText:
    """Message to one helper, in that person's language."""

    contact: Contact
    subject: str
    body: str


def prepare_thank_yous(shipment: Shipment, *, by: Actor, at: datetime) -> list[ThankYou]:
    """Create the thank-yous for the orders in a delivered shipment.

    Orders without helpers, and orders that have one already, get none.
    """
    inside = Order.objects.filter(lines__shipment_lines__shipment=shipment, thank_you=None)
    with transaction.atomic():
        return [
            rules.PREPARE.create(ThankYou(city=order.city, order=order, shipment=shipment), by=by, at=at)
            for order in inside.select_related("city").distinct().order_by("pk")
            if helpers_of(order)
        ]


@register_action(rules.CHOOSE_PHOTO)
def choose_photo(
    thank_you: ThankYou, *, photo: File | None, shows_no_person: bool, by: Actor, at: datetime
) -> ThankYou:
    """Choose the photo of the arrival, or none.

    Refuses a photo unless `shows_no_person` confirms that no one can be recognized in it, and a photo of
    other goods.
    """
    with rules.CHOOSE_PHOTO.apply_to(thank_you, by=by, at=at) as row:
        if photo is not None and not shows_no_person:
            words = _("Choose a photo in which no one can be recognized, and confirm this.")
            raise Refused("somebody_seen", words, field="shows_no_person")
        if photo is not None and not photo_choices(row.order, by).filter(pk=photo.pk).exists():
            raise Refused("not_of_these_goods", _("Choose a photo of these goods."), field="photo")
        row.photo, row.shows_no_person = photo, photo is not None
    return thank_you


@register_action(rules.SEND)
def send_thank_you(
    thank_you: ThankYou,
    messages: Sequence[ThankYouText],
    *,
    language_pair: str,
    author: ActingUser,
    by: Actor,
    at: datetime,
) -> ThankYou:
    """Send the thank-you, once: a message to each chosen person.

    Their page shows the photo, the letter and the certificate. For a donation, a missing letter or
    certificate is generated now if its data is complete, and a completed donation is marked as thanked.
    Refuses an empty list of people, a person who did not help or may not be written to, and an empty
    message.
    """
    with rules.SEND.apply_to(thank_you, by=by, at=at) as row:
        helped = {one.contact.pk: one for one in helpers_of(row.order)}
        if not messages:
            raise Refused("nobody_chosen", _("Choose at least one person to thank."), field="to")
        for message in messages:
            helper = helped.get(message.contact.pk)
            if helper is None or not accepts_mail(helper.contact):
                words = _("You cannot write to %(contact)s about this.")
                raise Refused("not_a_helper", words % {"contact": message.contact}, field="to")
            _store_message(row, helper, message, by, at)
        created = _thank_you_documents(row.order, language_pair, author, by, at)
        row.letter, row.certificate = (
            created.get(GeneratedDocument.Kind.THANKS_LETTER),
            created.get(GeneratedDocument.Kind.THANKS_CERTIFICATE),
        )
        row.sent_at = at
        order = row.order
        if order.kind == AcquisitionType.DONATION and order.status == Order.Status.COMPLETED:
            thank_donor(order, by=by, at=at)
    return thank_you


@register_action(rules.SKIP)
def skip_thank_you(thank_you: ThankYou, *, reason: str, by: Actor, at: datetime) -> ThankYou:
    """Skip the thank-you, with a reason. It stays unsent."""
    with rules.SKIP.apply_to(thank_you, by=by, at=at, reason=reason):
        pass
    return thank_you


@register_action(rules.RESUME)
def resume_thank_you(thank_you: ThankYou, *, by: Actor, at: datetime) -> ThankYou:
    """Reopen a thank-you that was skipped."""
    with rules.RESUME.apply_to(thank_you, by=by, at=at):
        pass
    return thank_you


def _store_message(thank_you: ThankYou, helper: Helper, text: ThankYouText, by: Actor, at: datetime) -> None:
    refused = invalid_message_refusal(text.subject, text.body)
    if refused is not None:
        raise refused
    contact = helper.contact
    note = ThankYouMessage(
        thank_you=thank_you,
        city=thank_you.city,
        contact=contact,
        thanked_for=helper.thanked_for,
        language=contact.user.language,
        subject=text.subject.strip()[:200],
        body=text.body.strip(),
    )
    rules.WRITE_MESSAGE.create(note, by=by, at=at, about=thank_you.reference)


def _thank_you_documents(
    order: Order, language_pair: str, author: User, by: Actor, at: datetime
) -> dict[str, GeneratedDocument]:
    """Return the letter and the certificate of a donation; generate missing ones if possible."""
    documents = thank_you_documents(order)
    if order.kind != AcquisitionType.DONATION:
        return documents
    record = DocumentRecord(None, order, at)
    for kind in (GeneratedDocument.Kind.THANKS_LETTER, GeneratedDocument.Kind.THANKS_CERTIFICATE):
        if kind not in documents and not missing_fields(kind, record):
            documents[kind] = generate_document(
                kind, language_pair=language_pair, author=author, by=by, at=at, order=order
            )
    return documents

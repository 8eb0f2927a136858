"""Lookup of a carton by the label in a photo, or by a typed number, with clear refusals."""

from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.receiving.rules.cartons import CartonLabel, parse_label
from procurement.shipments.models import Carton, Shipment
from workflow.errors import LazyText, Refused
from workflow.uploads.file_types import Upload
from workflow.uploads.parsers import read_codes

MAX_CARTON_NUMBER_DIGITS = 9  # limit of digits of a carton's number within its shipment


def carton_from_photo(request: AuthenticatedRequest, thing: Shipment, upload: Upload) -> Carton:
    """Return the carton whose label the photo shows.

    Refuses a photo with no label of a carton or with several, and a carton of another shipment.
    """
    texts = read_codes(upload)
    labels = {label for text in texts if (label := parse_label(text)) is not None}
    cartons = [label for label in labels if not label.is_pallet]
    if len(cartons) != 1:
        raise _refusal("no_label", _no_label_message(len(texts), len(labels), len(cartons)))
    return _carton_of_label(request, thing, cartons[0])


def _no_label_message(texts: int, labels: int, cartons: int) -> LazyText:
    """Return what to do about a photo that shows no carton label, or several."""
    if cartons:
        return _("The photo shows several cartons. Take a photo of a single label.")
    if labels:
        return _("This is a pallet label. Take a photo of a carton label.")
    if texts:
        return _(
            "The code in the photo is not from one of our labels. Look for the label with the carton number."
        )
    return _("No code was found in the photo. Retake the photo closer and straight on, or enter the number.")


def _carton_of_label(request: AuthenticatedRequest, thing: Shipment, label: CartonLabel) -> Carton:
    """Return the carton of a label. The random code proves for which shipment the label was printed."""
    created = (
        GeneratedDocument.objects.filter(code=label.document_code, shipment__isnull=False)
        .select_related("shipment")
        .first()
    )
    of = created.shipment_id if created is not None else None
    carton = (
        Carton.objects.filter(shipment=of, reference=label.carton_or_pallet_reference).first()
        if of is not None
        else None
    )
    if carton is None:
        raise _refusal(
            "no_label",
            _("This label is not recognized. Enter the number printed on the carton."),
        )
    return _require_same_shipment(request, thing, carton)


def carton_from_number(request: AuthenticatedRequest, thing: Shipment, text: str) -> Carton:
    """Return the carton by its number within the shipment (7) or its reference (CT-2020-0007)."""
    number = text.strip().upper()
    if not number:
        words = _("Take a photo of a carton label or enter its number.")
        raise _refusal("no_carton", words, "number")
    rows = Carton.objects.select_related("shipment")
    if number.isascii() and number.isdecimal() and len(number) <= MAX_CARTON_NUMBER_DIGITS:
        carton = rows.filter(shipment=thing, number=int(number)).first()
    else:
        carton = rows.filter(reference=number).first()
    if carton is None:
        words = _("%(shipment)s has no carton “%(number)s”.")
        raise _refusal("no_carton", words % {"shipment": thing, "number": number}, "number")
    return _require_same_shipment(request, thing, carton, "number")


def _require_same_shipment(
    request: AuthenticatedRequest, thing: Shipment, carton: Carton, field: str = "photo"
) -> Carton:
    """Return the carton if it belongs to this shipment, else refuse it.

    The refusal names the other shipment only to a reader who may see that one.
    """
    if carton.shipment_id == thing.pk:
        return carton
    other = Shipment.objects.visible_to(request.by).filter(pk=carton.shipment_id).first()
    params = {"carton": carton.reference, "shipment": thing, "other": other}
    if other is None:
        raise _refusal("another_shipment", _("%(carton)s is not a carton of %(shipment)s.") % params, field)
    words = _(
        "%(carton)s belongs to %(other)s, not to %(shipment)s. Set it aside and count it with that shipment."
    )
    raise _refusal("another_shipment", words % params, field)


def _refusal(code: str, words: LazyText, field: str = "photo") -> Refused:
    return Refused(code, words, field=field)

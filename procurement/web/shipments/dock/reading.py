"""Which carton is meant: by the label in a photo, or by the number that somebody typed. Says why where it is none of the shipment's."""

from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Carton, Shipment
from procurement.shipments.rules.dock.cartons import Label, label_of
from workflow.documents.codes import read_codes
from workflow.documents.receiving import Upload
from workflow.errors import Refused, Words

LONGEST_NUMBER = 9  # digits of a carton's number within its shipment


def in_photo(request: Visit, thing: Shipment, upload: Upload) -> Carton:
    """The carton whose label the photo shows. Refuses a photo without a label of ours, with several, and another shipment's."""
    texts = read_codes(upload)
    labels = {label for text in texts if (label := label_of(text)) is not None}
    cartons = [label for label in labels if not label.is_pallet]
    if len(cartons) != 1:
        raise _no("no_label", _why_none(len(texts), len(labels), len(cartons)))
    return _of_label(request, thing, cartons[0])


def _why_none(texts: int, labels: int, cartons: int) -> Words:
    """What to do about a photo that shows no label of a carton, or several."""
    if cartons:
        return _("There are several cartons in the photo. Take one of a single label.")
    if labels:
        return _("That is the label of a pallet. Take a photo of a carton’s label.")
    if texts:
        return _("The code in the photo is none of our labels. Look for the label with the carton’s number.")
    return _("No code was found in the photo. Take it again, nearer and straight, or type the number.")


def _of_label(request: Visit, thing: Shipment, label: Label) -> Carton:
    """The carton of a label: its code is random, so it proves which shipment it was printed for."""
    made = (
        MadePaper.objects.filter(code=label.code, shipment__isnull=False).select_related("shipment").first()
    )
    of = made.shipment_id if made is not None else None
    carton = Carton.objects.filter(shipment=of, reference=label.box).first() if of is not None else None
    if carton is None:
        raise _no(
            "no_label",
            _("This label is not known here. Type the number that stands on the carton."),
        )
    return _inside(request, thing, carton)


def typed(request: Visit, thing: Shipment, text: str) -> Carton:
    """The carton of a number: its own within the shipment (7), or its reference (CT-2020-0007)."""
    number = text.strip().upper()
    if not number:
        words = _("Take a photo of a carton’s label, or type its number.")
        raise _no("no_carton", words, "number")
    rows = Carton.objects.select_related("shipment")
    if number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER:
        carton = rows.filter(shipment=thing, number=int(number)).first()
    else:
        carton = rows.filter(reference=number).first()
    if carton is None:
        words = _("%(shipment)s has no carton “%(number)s”.")
        raise _no("no_carton", words % {"shipment": thing, "number": number}, "number")
    return _inside(request, thing, carton, "number")


def _inside(request: Visit, thing: Shipment, carton: Carton, field: str = "photo") -> Carton:
    """The carton, if it is of this shipment. Which other one it is of is told to whoever may see that one."""
    if carton.shipment_id == thing.pk:
        return carton
    other = Shipment.objects.visible_to(request.by).filter(pk=carton.shipment_id).first()
    told = {"carton": carton.reference, "shipment": thing, "other": other}
    if other is None:
        raise _no("another_shipment", _("%(carton)s is no carton of %(shipment)s.") % told, field)
    words = _("%(carton)s belongs to %(other)s, not to %(shipment)s. Put it aside and count it there.")
    raise _no("another_shipment", words % told, field)


def _no(code: str, words: Words, field: str = "photo") -> Refused:
    return Refused(code, words, field=field)

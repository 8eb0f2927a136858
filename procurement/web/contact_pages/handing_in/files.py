"""The files that the person of a call may open: what they brought by it, a data sheet to fill in, and for a broker the papers in hand.

Prices stand in some of those: whoever declares the value reads them, and nobody else does. Addresses are signed for the link, behind
six digits, as those in papers.py.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from accounts.web.grants import link_required
from procurement.catalogue.models.customs import CustomsRule
from procurement.shipments.gathering.handing import asked_in, current
from procurement.shipments.models.customs import CustomsPaper
from procurement.shipments.models.handing import PaperCall, PaperVersion
from procurement.shipments.models.made import MadePaper
from procurement.web.contact_pages.acting import ByLink, called
from procurement.web.contact_pages.papers import Paper, clean, reader_of
from procurement.web.shipments.made import handed
from workflow.clock import real_now
from workflow.doors.files import addresses
from workflow.doors.files.handing import hand_out_or_say, lead_on, say_why
from workflow.errors import Refused
from workflow.models.evidence import File, FileQuerySet

BROKER = CustomsRule.Owner.BROKER


class Part(NamedTuple):
    """A file of a version, and where it opens: "" while it is not clean."""

    name: str
    url: str


class Document(NamedTuple):
    """A paper that the city has, as its broker opens it."""

    paper: CustomsPaper
    version: PaperVersion | None
    parts: list[Part]


def brought(call: PaperCall, rows: Iterable[File]) -> list[Paper]:
    """Files of theirs that are in no version yet."""
    return [Paper(file, _address(call, file)) for file in rows]


def parts(call: PaperCall, version: PaperVersion) -> list[Part]:
    """What a version consists of."""
    found = [Part(file.name, _address(call, file)) for file in _rows(version.files)]
    made = MadePaper.objects.filter(pk__in=version.made).order_by("pk") if version.made else ()
    return [*found, *(Part(one.get_kind_display(), address_of(call, one)) for one in made)]


def _rows(ids: list[int]) -> Iterable[File]:
    return File.objects.filter(pk__in=ids).order_by("pk") if ids else ()


def _address(call: PaperCall, file: File) -> str:
    clean_ = file.status == File.Status.CLEAN
    return reverse("handing_file", args=[call.reference, file.key]) if clean_ else ""


def address_of(call: PaperCall, made: MadePaper | None) -> str:
    """Where a paper made from the record opens by this link; "" without one."""
    return reverse("handing_made", args=[call.reference, made.reference]) if made is not None else ""


def for_broker(call: PaperCall) -> list[Document]:
    """The papers in hand, each with its file. A broker's only: they hold the prices that customs asks for."""
    if call.role != BROKER:
        return []
    versions = current(call.shipment)
    rows = [(paper, versions.get(paper.pk)) for paper in call.in_hand]
    return [Document(paper, one, parts(call, one) if one is not None else []) for paper, one in rows]


def _files(call: PaperCall) -> FileQuerySet:
    """What they brought by this call; for a broker, the files of the papers in hand as well."""
    label = CustomsPaper._meta.label_lower
    rows = File.objects.filter(thing_label=label, thing_id__in=call.shipment.papers.values("pk"))
    theirs = rows.filter(by=call.person_id, kind=call.reference)
    if call.role != BROKER:
        return theirs
    held = [pk for version in _held(call) for pk in version.files]
    return theirs | rows.filter(pk__in=held)


def _held(call: PaperCall) -> list[PaperVersion]:
    """The versions that are the file of a paper in hand."""
    held = set(call.in_hand.values_list("pk", flat=True))
    return [version for paper, version in current(call.shipment).items() if paper in held]


def _made(call: PaperCall) -> list[MadePaper]:
    """Data sheets for their own papers; for a broker, what was made and is the file of a paper in hand."""
    sheets = [row.sheet for row in asked_in(call) if row.sheet is not None]
    if call.role == BROKER:
        ids = [pk for version in _held(call) for pk in version.made]
        sheets += MadePaper.objects.filter(pk__in=ids)
    return sheets


def _found(call: PaperCall, reference: str) -> MadePaper:
    found = next((one for one in _made(call) if one.reference == reference), None)
    if found is None:
        raise Http404
    return found


@link_required("procurement.papercall", code=True)
def handing_file(request: ByLink, reference: str, key: str) -> HttpResponse:
    """A file beside a paper, at an address signed for the link."""
    clean(_files(called(request, reference)[0]), key)
    signed = addresses.sign(key, reader_of(request), real_now())
    return lead_on(reverse("handing_file_signed", args=[reference, key, signed]))


@link_required("procurement.papercall", code=True)
def handing_file_signed(request: ByLink, reference: str, key: str, signed: str) -> HttpResponseBase:
    """Its bytes."""
    file = clean(_files(called(request, reference)[0]), key)
    try:
        addresses.judge(signed, key, reader_of(request), real_now())
    except Refused as refused:
        return say_why(request, refused, reverse("handing_file", args=[reference, key]))
    return hand_out_or_say(request, file)


@link_required("procurement.papercall", code=True)
def handing_made(request: ByLink, reference: str, made: str) -> HttpResponse:
    """A paper made from the record, at an address signed for the link."""
    found = _found(called(request, reference)[0], made)
    signed = addresses.sign(str(found), reader_of(request), real_now())
    return lead_on(reverse("handing_made_signed", args=[reference, made, signed]))


@link_required("procurement.papercall", code=True)
def handing_made_signed(request: ByLink, reference: str, made: str, signed: str) -> HttpResponseBase:
    """Its bytes, as they were printed."""
    found = _found(called(request, reference)[0], made)
    try:
        addresses.judge(signed, str(found), reader_of(request), real_now())
    except Refused as refused:
        return say_why(request, refused, reverse("handing_made", args=[reference, made]))
    return handed(get_object_or_404(MadePaper.objects.select_related("print"), pk=found.pk))


urlpatterns = [
    path("h/<slug:reference>/files/<slug:key>/", handing_file, name="handing_file"),
    path(
        "h/<slug:reference>/files/<slug:key>/at/<str:signed>/",
        handing_file_signed,
        name="handing_file_signed",
    ),
    path("h/<slug:reference>/made/<slug:made>/", handing_made, name="handing_made"),
    path(
        "h/<slug:reference>/made/<slug:made>/at/<str:signed>/",
        handing_made_signed,
        name="handing_made_signed",
    ),
]

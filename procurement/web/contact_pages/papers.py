"""The files a contact may open by link: what they brought themselves, and the papers that a city meant for them. Nothing else.

Their addresses lie below the page of the link, since its cookie goes nowhere else. They are signed for the link, which is read again
with every request: once it has ended, so have they. What stands in a file may be about people, so the six digits stand before it.
"""

from typing import Any, NamedTuple

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from accounts.models import User
from accounts.web.grants import link_required
from procurement.outreach.models import Inquiry
from procurement.verification.models.checks import VerificationTask
from procurement.web.contact_pages.acting import ByLink, acting, files_of, person
from procurement.web.contact_pages.favours import put_to
from workflow.clock import real_now
from workflow.doors.files import addresses
from workflow.doors.files.handing import hand_out_or_say, lead_on, say_why
from workflow.errors import Refused
from workflow.models.evidence import FOR_CONTACT, File, FileQuerySet

type Asked = Inquiry | VerificationTask

MOST = 20  # on a contact's own page, the newest


class Paper(NamedTuple):
    """A file on a contact's page, and where it opens: "" while it is not clean."""

    file: File
    address: str


def brought_to(thing: Asked, user: User, name: str) -> list[Paper]:
    """What this person added to the thing, whatever became of it; `name` is that of the address."""
    return _with_addresses(files_of(thing, user), name, thing.reference)


def meant_for_them(thing: Asked, name: str) -> list[Paper]:
    """The papers that a city added to a question or a check for whoever was asked."""
    return _with_addresses(_meant(thing), name, thing.reference)


def on_their_page(user: User, pk: int) -> list[Paper]:
    """For a contact's own page: the newest of what they brought and of what was meant for them, whichever city asked."""
    return _with_addresses(_of_person(user).order_by("-pk")[:MOST], "my_paper", pk)


def _with_addresses(rows: Any, name: str, where: Any) -> list[Paper]:
    return [
        Paper(file, reverse(name, args=[where, file.key]) if file.status == File.Status.CLEAN else "")
        for file in rows
    ]


def _meant(thing: Asked) -> FileQuerySet:
    meant = File.objects.about(thing).filter(kind=FOR_CONTACT, status=File.Status.CLEAN)
    return meant.order_by("pk")


def _of_person(user: User) -> FileQuerySet:
    """What they brought and what was meant for them, of everything put to them: what they added as somebody else is not among it."""
    questions = Q(thing_label=Inquiry._meta.label_lower, thing_id__in=put_to(user).values("pk"))
    given = VerificationTask.objects.filter(contact__user=user, offered_at__isnull=False)
    checks = Q(thing_label=VerificationTask._meta.label_lower, thing_id__in=given.values("pk"))
    return File.objects.filter(questions | checks, Q(by=user) | Q(kind=FOR_CONTACT))


def _of_thing(request: ByLink, kind: type[Asked], reference: str) -> Any:
    """The files that the link opens beside a question or a check. 404 for another thing than the link's."""
    thing = kind.objects.select_related("contact__user").filter(pk=request.link.thing_id).first()
    if thing is None:
        raise Http404
    acting(request, thing, reference)
    user = person(request)
    return File.objects.about(thing).filter(Q(by=user) | Q(kind=FOR_CONTACT))


def _of_page(request: ByLink, pk: int) -> FileQuerySet:
    if request.link.thing_id != pk:
        raise Http404
    return _of_person(person(request))


def _lead(request: ByLink, rows: FileQuerySet, name: str, where: Any, key: str) -> HttpResponse:
    clean(rows, key)
    signed = addresses.sign(key, reader_of(request), real_now())
    return lead_on(reverse(f"{name}_signed", args=[where, key, signed]))


def _hand(
    request: ByLink, rows: FileQuerySet, name: str, where: Any, key: str, signed: str
) -> HttpResponseBase:
    file = clean(rows, key)
    try:
        addresses.judge(signed, key, reader_of(request), real_now())
    except Refused as refused:
        return say_why(request, refused, reverse(name, args=[where, key]))
    return hand_out_or_say(request, file)


def clean(rows: FileQuerySet, key: str) -> File:
    """The clean file of this key among these; else 404."""
    return get_object_or_404(rows.filter(status=File.Status.CLEAN), key=key)


def reader_of(request: ByLink) -> str:
    """For whom addresses of files are signed: the link."""
    return f"link-{request.link.pk}"


@link_required("procurement.inquiry", code=True)
def answer_file(request: ByLink, reference: str, key: str) -> HttpResponse:
    """A file beside a question, at an address signed for the link."""
    return _lead(request, _of_thing(request, Inquiry, reference), "answer_file", reference, key)


@link_required("procurement.inquiry", code=True)
def answer_file_signed(request: ByLink, reference: str, key: str, signed: str) -> HttpResponseBase:
    """Its bytes."""
    return _hand(request, _of_thing(request, Inquiry, reference), "answer_file", reference, key, signed)


@link_required("procurement.verificationtask", code=True)
def report_file(request: ByLink, reference: str, key: str) -> HttpResponse:
    """A file beside a check, at an address signed for the link."""
    return _lead(request, _of_thing(request, VerificationTask, reference), "report_file", reference, key)


@link_required("procurement.verificationtask", code=True)
def report_file_signed(request: ByLink, reference: str, key: str, signed: str) -> HttpResponseBase:
    """Its bytes."""
    rows = _of_thing(request, VerificationTask, reference)
    return _hand(request, rows, "report_file", reference, key, signed)


@link_required("partners.contact", code=True)
def my_paper(request: ByLink, pk: int, key: str) -> HttpResponse:
    """A file from a contact's own page, at an address signed for the link."""
    return _lead(request, _of_page(request, pk), "my_paper", pk, key)


@link_required("partners.contact", code=True)
def my_paper_signed(request: ByLink, pk: int, key: str, signed: str) -> HttpResponseBase:
    """Its bytes."""
    return _hand(request, _of_page(request, pk), "my_paper", pk, key, signed)


urlpatterns = [
    path("a/<slug:reference>/files/<slug:key>/", answer_file, name="answer_file"),
    path(
        "a/<slug:reference>/files/<slug:key>/at/<str:signed>/", answer_file_signed, name="answer_file_signed"
    ),
    path("c/<slug:reference>/files/<slug:key>/", report_file, name="report_file"),
    path(
        "c/<slug:reference>/files/<slug:key>/at/<str:signed>/", report_file_signed, name="report_file_signed"
    ),
    path("me/<int:pk>/files/<slug:key>/", my_paper, name="my_paper"),
    path("me/<int:pk>/files/<slug:key>/at/<str:signed>/", my_paper_signed, name="my_paper_signed"),
]

"""Upload points: each place where the product accepts a file, with a function that sends files there.

The functions send a file as a person or an API client does.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.actions.links import issue_link
from accounts.actors import CONSOLE_ACTOR
from accounts.models import RateLimitCounter
from procurement.catalogue.models.certificates import CertificateType
from procurement.customs.actions import record_hold
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.sanctions.models import Watchlist
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.thanks.models import ThankYou
from tests.procurement.api.program import ROOT, Program
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from tests.worlds.shipments import Journey
from tests.worlds.thank_yous import thank_you_of
from workflow.clock import real_now

type Send = Callable[[SimpleUploadedFile], Any]  # sends a file and returns the response

EVIDENCE, TABLE, EVENTS = "evidence", "table", "events"  # the content accepted: documents, or lists
LABEL = "label"  # or a picture that is only read
SHIPMENT = "SH-2020-0001"  # the shipment of the tracking events


def _staff(story: Story) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(story.officer.user)
    return client


def object_page(story: Story) -> Send:
    """Return a function that uploads a file at the foot of an object's page."""
    client, need = _staff(story), story.line().supply_request
    address = reverse("add_file", kwargs={"label": "supplyrequest", "pk": need.pk})
    return lambda file: client.post(address, {"file": file})


def api(story: Story) -> Send:
    """Return a function that uploads a file through the API."""
    need, asks = story.line().supply_request, Program(story.officer.user)
    data = {"thing": f"supply-requests/{need.reference}"}
    return lambda file: asks.client.post(f"{ROOT}files/", data={**data, "file": file}, headers=asks.headers)


def _question(story: Story) -> tuple[Client, str]:
    who, need = story.officer, story.line().supply_request
    words: dict[str, Any] = {"subject": "Can you help?", "body": "Please.", "author": who.user}
    asked = send_inquiry(draft_inquiry(need, story.contact, **words, by=who.by, at=AT), by=who.by, at=AT)
    made = issue_link(
        story.contact.user, purpose="answer", thing_label=asked._meta.label_lower, thing_id=asked.pk, by=CONSOLE_ACTOR, at=AT,
        real_at=real_now(),
    )  # fmt: skip
    client = Client(headers={"Accept-Language": "en"})
    client.post(made.url.removeprefix("http://localhost:8000"))
    return client, reverse("portal_inquiry_photo", args=[asked.reference])


def contact_page(story: Story) -> Send:
    """Return a function that uploads a photo on a contact's page, whose script sends each photo alone."""
    client, address = _question(story)
    return lambda file: client.post(address, {"file": file}, headers={"Accept": "application/json"})


def contact_page_without_script(story: Story) -> Send:
    """Return a function that uploads a photo on the same page without script."""
    client, address = _question(story)
    return lambda file: client.post(address, {"supplier": "中山康护用品有限公司 DEMO", "file": file})


def city_register(_story: Story) -> Send:
    """Return a function that uploads a list for the city register."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(cities.member("coordinator", None))
    data = {"table": "agreements", "reason": "A list of a ministry."}
    return lambda file: client.post("/register/files/", {**data, "file": file})


def issuer_check(story: Story) -> Send:
    """Return a function that uploads a screenshot with the issuer's answer about a certificate."""
    client, who = _staff(story), story.officer
    kind, _made = CertificateType.objects.get_or_create(code="CN_NMPA_REG")
    paper = record_shown_certificate(
        story.supplier, kind, number="粤械注准20202140123", entered_by=who.user, by=who.by, at=AT
    )
    data = {
        "result": "confirms",
        "address": "https://issuer.example",
        "how": "register",
        "reason": "Seen there.",
    }
    address = reverse("certificate_move", args=[paper.reference, "look_up"])
    return lambda file: client.post(address, {**data, "screenshot": file})


def watchlist(_story: Story) -> Send:
    """Return a function that uploads a sanctions list."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(cities.member("coordinator", None))
    data = {
        "name": "A list", "kind": Watchlist.Kind.values[0], "publisher": "A ministry",
        "source": "https://list.example/a.csv", "published_on": "2020-04-01",
    }  # fmt: skip
    return lambda file: client.post(reverse("upload_watchlist"), {**data, "file": file})


def tracking_file(story: Journey) -> Send:
    """Return a function that uploads a carrier's file of tracking events.

    The first submission only shows the events; the second one imports them.
    """
    assert story.plan(story.ready()).reference == SHIPMENT
    client, address = Client(headers={"Accept-Language": "en"}), reverse("import_tracking")
    client.force_login(story.logistics.user)

    def send(file: SimpleUploadedFile) -> Any:
        looked = client.post(address, {"file": file})
        if looked.status_code != HTTPStatus.OK:
            return looked
        return client.post(address, looked.context["again"].initial)

    return send


def customs_document(story: Journey) -> Send:
    """Return a function that uploads a customs document as staff, on its page."""
    client, paper = _staff(story), story.plan(story.ready()).documents.order_by("pk")[0]
    address = reverse("add_submission", args=[paper.reference])
    return lambda file: client.post(address, {"file": file, "number": "", "remark": ""})


def customs_documents(story: Journey) -> Send:
    """Return a function that uploads the files of several customs documents at once."""
    client, shipment = _staff(story), story.plan(story.ready())
    address = reverse("add_documents", args=[shipment.reference])
    return lambda file: client.post(address, {"uploads": file})


def customs_answer(story: Journey) -> Send:
    """Return a function that uploads a file that goes to customs with an answer."""
    client, clearance = _staff(story), story.clearance(story.plan(story.ready()), "export")
    held = record_hold(clearance, reason="Weighing", by=story.logistics.by, at=AT)
    address = reverse("reply_to_hold", args=[held.pk])
    return lambda file: client.post(address, {"answer": "Type I", "upload": file})


def _dock(story: Journey, name: str, *boxes: str) -> Send:
    shipment, client = story.delivered(story.plan(story.ready())), Client(headers={"Accept-Language": "en"})
    client.force_login(story.logistics.user)
    address = reverse(
        name, args=[shipment.reference, *(shipment.cartons.order_by("pk")[0].reference for _box in boxes)]
    )
    return lambda file: client.post(address, {"file": file}, headers={"Accept": "application/json"})


def damage_photo(story: Journey) -> Send:
    """Return a function that uploads a photo of damage, at the dock."""
    return _dock(story, "damage_photo", "a carton")


def label_photo(story: Journey) -> Send:
    """Return a function that uploads a photo of a label, which is read and not kept."""
    return _dock(story, "scan_carton")


def thank_you_photo(story: Journey) -> Send:
    """Return a function that uploads a photo of the arrival for the thanks.

    The choice is undone, so the object holds no file.
    """
    client, thank_you = _staff(story), thank_you_of(story.delivered())
    address = reverse("thank_you_move", args=[thank_you.reference, "choose"])

    def send(file: SimpleUploadedFile) -> Any:
        answer = client.post(address, {"upload": file, "shows_no_person": "on"})
        ThankYou.objects.update(photo=None, shows_no_person=False)
        return answer

    return send


UPLOAD_POINTS: dict[str, tuple[str, Callable[[Journey], Send]]] = {
    "page": (EVIDENCE, object_page),
    "program": (EVIDENCE, api),
    "phone": (EVIDENCE, contact_page),
    "phone without script": (EVIDENCE, contact_page_without_script),
    "issuer": (EVIDENCE, issuer_check),
    "register": (TABLE, city_register),
    "sanctions": (TABLE, watchlist),
    "tracking": (EVENTS, tracking_file),
    "desk": (EVIDENCE, customs_document),
    "papers": (EVIDENCE, customs_documents),
    "reply": (EVIDENCE, customs_answer),
    "damage": (EVIDENCE, damage_photo),
    "label": (LABEL, label_photo),
    "thanks": (EVIDENCE, thank_you_photo),
}
# The modules that take a file, each with its upload points. A module that is missing here fails a test.
MODULES = {
    "partners/activity/views.py": {"page"},
    "procurement/shared_api/files.py": {"program"},
    "procurement/portal/link_pages.py": {"phone", "phone without script"},
    "partners/register_import/views/files.py": {"register"},
    "procurement/sanctions/views/upload.py": {"sanctions"},
    "procurement/suppliers/views/certificates.py": {"issuer"},
    "procurement/tracking/views/import_events.py": {"tracking"},
    "procurement/documents/views/submissions.py": {"desk"},
    "procurement/documents/views/file_assignment.py": {"papers"},
    "procurement/customs/views.py": {"reply"},
    "procurement/receiving/views/cartons.py": {"damage", "label"},
    "procurement/thanks/views.py": {"thanks"},
}


def without_hourly_limit(send: Send) -> Send:
    """Return the same function without the hourly limit: the count is reset before each file."""

    def sent(file: SimpleUploadedFile) -> Any:
        RateLimitCounter.objects.all().delete()
        return send(file)

    return sent

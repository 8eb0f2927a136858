"""The doors at which a file comes in, each as a person or a program uses it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.actions import links
from accounts.actors import CONSOLE
from accounts.models import Tally
from procurement.catalogue.models.certificates import CertificateKind
from procurement.lists.models.watch_list import WatchList
from procurement.outreach.actions import asking, writing
from procurement.suppliers.actions import certificates
from tests import world
from tests.procurement.api.program import ROOT, Program
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT, Story
from workflow.clock import real_now

type Send = Callable[[SimpleUploadedFile], Any]  # gives the answer

EVIDENCE, TABLE, EVENTS = "evidence", "table", "events"  # what a door takes: pictures and papers, or lists
LABEL = "label"  # or a picture that is only read
SHIPMENT = "SH-2020-0001"  # where something happens


def _staff(story: Story) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(story.officer.user)
    return client


def page(story: Story) -> Send:
    """The foot of a thing's page."""
    client, need = _staff(story), story.line().supply_request
    address = reverse("bring", kwargs={"label": "supplyrequest", "pk": need.pk})
    return lambda file: client.post(address, {"file": file})


def program(story: Story) -> Send:
    """The API."""
    need, asks = story.line().supply_request, Program(story.officer.user)
    told = {"thing": f"supply-requests/{need.reference}"}
    return lambda file: asks.client.post(f"{ROOT}files/", data={**told, "file": file}, headers=asks.headers)


def _question(story: Story) -> tuple[Client, str]:
    who, need = story.officer, story.line().supply_request
    words: dict[str, Any] = {"subject": "Can you help?", "body": "Please.", "author": who.user}
    asked = asking.send(writing.propose(need, story.contact, **words, by=who.by, at=AT), by=who.by, at=AT)
    made = links.issue(
        story.contact.user, purpose="answer", thing_label=asked._meta.label_lower, thing_id=asked.pk, by=CONSOLE, at=AT,
        real_at=real_now(),
    )  # fmt: skip
    client = Client(headers={"Accept-Language": "en"})
    client.post(made.url.removeprefix("http://localhost:8000"))
    return client, reverse("answer_photo", args=[asked.reference])


def phone(story: Story) -> Send:
    """A contact's page, whose script sends each photo alone."""
    client, address = _question(story)
    return lambda file: client.post(address, {"file": file}, headers={"Accept": "application/json"})


def phone_without_script(story: Story) -> Send:
    """The same page where no script runs."""
    client, address = _question(story)
    return lambda file: client.post(address, {"supplier": "中山康护用品有限公司 DEMO", "file": file})


def register(_story: Story) -> Send:
    """A list for the register."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(world.member("coordinator", None))
    told = {"table": "agreements", "reason": "A list of a ministry."}
    return lambda file: client.post("/register/files/", {**told, "file": file})


def issuer(story: Story) -> Send:
    """The picture of the screen, beside what an issuer said of a certificate."""
    client, who = _staff(story), story.officer
    kind, _made = CertificateKind.objects.get_or_create(code="CN_NMPA_REG")
    paper = certificates.claim(
        story.supplier, kind, number="粤械注准20202140123", entered_by=who.user, by=who.by, at=AT
    )
    told = {
        "result": "confirms",
        "address": "https://issuer.example",
        "how": "register",
        "reason": "Seen there.",
    }
    address = reverse("certificate_move", args=[paper.reference, "look_up"])
    return lambda file: client.post(address, {**told, "screenshot": file})


def sanctions(_story: Story) -> Send:
    """A list of sanctions."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(world.member("coordinator", None))
    told = {
        "name": "A list", "kind": WatchList.Kind.values[0], "publisher": "A ministry",
        "source": "https://list.example/a.csv", "published_on": "2020-04-01",
    }  # fmt: skip
    return lambda file: client.post(reverse("upload_list"), {**told, "file": file})


def tracking(story: Voyage) -> Send:
    """A carrier's file of events: looked at first, and taken in once somebody says so."""
    assert story.plan(story.ready()).reference == SHIPMENT
    client, address = Client(headers={"Accept-Language": "en"}), reverse("tracking_file")
    client.force_login(story.logistics.user)

    def send(file: SimpleUploadedFile) -> Any:
        looked = client.post(address, {"file": file})
        if looked.status_code != HTTPStatus.OK:
            return looked
        return client.post(address, looked.context["again"].initial)

    return send


def desk(story: Voyage) -> Send:
    """A customs paper that came by another way, brought at the desk."""
    client, paper = _staff(story), story.plan(story.ready()).papers.order_by("pk")[0]
    address = reverse("bring_paper", args=[paper.reference])
    return lambda file: client.post(address, {"file": file, "number": "", "remark": ""})


def _dock(story: Voyage, name: str, *boxes: str) -> Send:
    shipment, client = story.delivered(story.plan(story.ready())), Client(headers={"Accept-Language": "en"})
    client.force_login(story.logistics.user)
    address = reverse(
        name, args=[shipment.reference, *(shipment.cartons.order_by("pk")[0].reference for _box in boxes)]
    )
    return lambda file: client.post(address, {"file": file}, headers={"Accept": "application/json"})


def damage(story: Voyage) -> Send:
    """A photo of what is damaged, at the dock."""
    return _dock(story, "dock_photo", "a carton")


def label(story: Voyage) -> Send:
    """A photo of a label, read and not kept."""
    return _dock(story, "dock_scan")


DOORS: dict[str, tuple[str, Callable[[Voyage], Send]]] = {
    "page": (EVIDENCE, page),
    "program": (EVIDENCE, program),
    "phone": (EVIDENCE, phone),
    "phone without script": (EVIDENCE, phone_without_script),
    "issuer": (EVIDENCE, issuer),
    "register": (TABLE, register),
    "sanctions": (TABLE, sanctions),
    "tracking": (EVENTS, tracking),
    "desk": (EVIDENCE, desk),
    "damage": (EVIDENCE, damage),
    "label": (LABEL, label),
}
# The modules that take a file, each with its doors: a module that is not here fails a test.
MODULES = {
    "partners/web/record.py": {"page"},
    "procurement/api/records/files.py": {"program"},
    "procurement/web/contact_pages/acting.py": {"phone", "phone without script"},
    "partners/web/files.py": {"register"},
    "procurement/web/lists/upload.py": {"sanctions"},
    "procurement/web/suppliers/certificates.py": {"issuer"},
    "procurement/web/shipments/tracking/files.py": {"tracking"},
    "procurement/web/shipments/handing/versions.py": {"desk"},
    "procurement/web/shipments/dock/cartons.py": {"damage", "label"},
}


def unhurried(send: Send) -> Send:
    """The door as somebody uses it who takes their time: what is counted an hour is counted anew."""

    def sent(file: SimpleUploadedFile) -> Any:
        Tally.objects.all().delete()
        return send(file)

    return sent

"""A city with one of everything that a list or a page can show."""

from typing import Any

from accounts.actors import CONSOLE
from partners.corrections.actions import propose_correction
from partners.disputes.actions import add_claim
from procurement.catalogue.actions import load_catalogue
from procurement.catalogue.models.certificates import CertificateType
from procurement.customs.actions import add_declaration
from procurement.distribution.actions import distribute_lot
from procurement.quality.actions import record_inspection
from procurement.suppliers.actions.certificates import claim_certificate
from procurement.tracking.actions.events import TrackingUpdate, record_event, record_event_batch
from tests import world
from tests.procurement.notify import told_of_a_comment
from tests.procurement.one_of_each import play
from tests.procurement.shipments.play import DOOR, HERE, Voyage, measured
from tests.procurement.story import AT
from workflow.uploads.models import File


def full() -> tuple[Voyage, dict[str, Any]]:
    """Return the story of the rights tests and its objects, with those that it leaves out.

    Added are certificates, tracking events, a declaration, a file, and entries of the register.
    """
    load_catalogue(by=CONSOLE, at=AT)
    story = Voyage()
    things = play(story, "Told in passing").by_name
    officer, logistics = story.officer, story.logistics
    things["distribution"] = distribute_lot(
        story.released(story.plan(story.ready())).lots.get(),
        10,
        place="Ward 3",
        distributed_on=DOOR.date(),
        author=logistics.user,
        by=logistics.by,
        at=DOOR,
    )
    things["certificate"] = claim_certificate(
        story.supplier,
        CertificateType.objects.order_by("pk")[0],
        number="1234",
        entered_by=officer.user,
        by=officer.by,
        at=AT,
    )
    things["account"] = story.account()
    things["event"] = record_event(
        things["shipment"], "picked_up", occurred_at=HERE, by=logistics.by, at=HERE
    )
    heard = TrackingUpdate(shipment=things["shipment"], code="picked_up", occurred_at=AT)
    record_event_batch([heard], by=officer.by, at=HERE)
    things["declaration"] = add_declaration(things["hold"].clearance, number="D-1", by=logistics.by, at=AT)
    things["inspection"] = record_inspection(
        things["lot"],
        sampled=200,
        defects=0,
        verdict="passed",
        readings=measured(things["lot"]),
        inspector=logistics.user,
        by=logistics.by,
        at=DOOR,
    )
    things["agreement"] = world.twinning(story.city, "zhongshan")
    things["correction"] = propose_correction(
        story.city,
        "population",
        "249125",
        source_url="https://register.example/minutes",
        why="Counted",
        author=officer.user,
        by=officer.by,
        at=AT,
    )
    things["dispute"] = add_claim(
        things["agreement"], "kind", "friendship", source="A list", by=CONSOLE, at=AT
    ).dispute
    things["exchange"] = world.exchange("zhongshan", story.city)
    things["file"] = File.objects.create(
        thing_label="procurement.supplierlead",
        thing_id=things["lead"].pk,
        city_id=story.city.pk,
        name="licence.pdf",
        status=File.Status.CLEAN,
        content_type="application/pdf",
        size=1,
        by=officer.user,
        created_at=AT,
    )
    things["notice"] = told_of_a_comment(things["need"], story)
    things["contact"], things["city"] = story.contact, story.city
    return story, things

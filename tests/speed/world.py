"""A city in which there is one of everything that a list or a page can show."""

from typing import Any

from accounts.actors import CONSOLE
from partners.actions.corrections import propose_correction
from partners.actions.disputes import add_claim
from procurement.catalogue.actions import loading
from procurement.catalogue.models.certificates import CertificateKind
from procurement.shipments.actions import customs, inspections
from procurement.shipments.actions.handouts import hand_out
from procurement.shipments.actions.tracking import hearing
from procurement.shipments.actions.tracking.batches import Heard, hear_many
from procurement.suppliers.actions import certificates
from tests import world
from tests.procurement.one_of_each import play
from tests.procurement.shipments.play import DOOR, HERE, Voyage, measured
from tests.procurement.story import AT
from tests.procurement.told import told_of_a_comment
from workflow.models.evidence import File


def full() -> tuple[Voyage, dict[str, Any]]:
    """The story of the rights tests, and what it leaves out: papers of companies, what was heard and declared, files, the register."""
    loading.load(by=CONSOLE, at=AT)
    story = Voyage()
    things = play(story, "Told in passing").by_name
    officer, logistics = story.officer, story.logistics
    things["hand_out"] = hand_out(
        story.released(story.plan(story.ready())).lots.get(),
        10,
        place="Ward 3",
        handed_on=DOOR.date(),
        author=logistics.user,
        by=logistics.by,
        at=DOOR,
    )
    things["certificate"] = certificates.claim(
        story.supplier,
        CertificateKind.objects.order_by("pk")[0],
        number="1234",
        entered_by=officer.user,
        by=officer.by,
        at=AT,
    )
    things["account"] = story.account()
    things["event"] = hearing.hear(
        things["shipment"], "picked_up", occurred_at=HERE, by=logistics.by, at=HERE
    )
    heard = Heard(shipment=things["shipment"], code="picked_up", occurred_at=AT)
    hear_many([heard], by=officer.by, at=HERE)
    things["declaration"] = customs.declare(things["hold"].lane, number="D-1", by=logistics.by, at=AT)
    things["inspection"] = inspections.inspect(
        things["lot"],
        sampled=200,
        defects=0,
        verdict="passed",
        readings=measured(things["lot"]),
        inspector=logistics.user,
        by=logistics.by,
        at=DOOR,
    )
    things["twinning"] = world.twinning(story.city, "zhongshan")
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
        things["twinning"], "kind", "friendship", source="A list", by=CONSOLE, at=AT
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

"""A city in which there is one of everything that a list or a page can show."""

from typing import Any

from accounts.actors import CONSOLE
from partners import actions as partners
from procurement.catalogue import actions as catalogue
from procurement.catalogue.models import CertificateKind
from procurement.shipments import actions as shipping
from procurement.suppliers import actions as suppliers
from tests import world
from tests.procurement.one_of_each import play
from tests.procurement.shipments.play import DOOR, HERE, Voyage, measured
from tests.procurement.story import AT
from tests.procurement.told import told_of_a_comment
from workflow.models import File


def full() -> tuple[Voyage, dict[str, Any]]:
    """The story of the rights tests, and what it leaves out: papers of companies, what was heard and declared, files, the register."""
    catalogue.load(by=CONSOLE, at=AT)
    story = Voyage()
    things = play(story, "Told in passing").by_name
    officer, logistics = story.officer, story.logistics
    things["hand_out"] = shipping.hand_out(
        story.released(story.plan(story.ready())).lots.get(),
        10,
        place="Ward 3",
        handed_on=DOOR.date(),
        author=logistics.user,
        by=logistics.by,
        at=DOOR,
    )
    things["certificate"] = suppliers.claim(
        story.supplier,
        CertificateKind.objects.order_by("pk")[0],
        number="1234",
        entered_by=officer.user,
        by=officer.by,
        at=AT,
    )
    things["account"] = story.account()
    things["event"] = shipping.hear(
        things["shipment"], "picked_up", occurred_at=HERE, by=logistics.by, at=HERE
    )
    heard = shipping.Heard(shipment=things["shipment"], code="picked_up", occurred_at=AT)
    shipping.hear_many([heard], by=officer.by, at=HERE)
    things["declaration"] = shipping.declare(things["hold"].lane, number="D-1", by=logistics.by, at=AT)
    things["inspection"] = shipping.inspect(
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
    things["correction"] = partners.propose_correction(
        story.city,
        "population",
        "249125",
        source_url="https://register.example/minutes",
        why="Counted",
        author=officer.user,
        by=officer.by,
        at=AT,
    )
    things["dispute"] = partners.add_claim(
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

"""Steps through the pages that more than one journey takes."""

from collections.abc import Sequence
from itertools import cycle

from procurement.catalogue.models.products import Product
from procurement.leads.models.leads import SupplierLead
from procurement.orders.models import Order
from procurement.outreach.models.inquiries import Inquiry
from procurement.quality.models import Lot
from procurement.requests.models import SupplyRequest
from procurement.shipments.models import Shipment
from procurement.verification.forms import LATER
from procurement.verification.models import VerificationTask
from procurement.verification.questions import questions_for_task
from tests.browsing import Page
from tests.journeys.people_and_ticks import PartnerContact, Town, chinese_text
from tests.worlds.shipments import reading_fields


def post_a_need(town: Town) -> SupplyRequest:
    """Post a need of ten thousand masks as the officer.

    Answer three pages of questions, and change one answer from the page that checks them.
    """
    page = town.officer.open("/needs/").follow("Post a need")
    masks = str(Product.objects.get(code="MASK_SURG").pk)
    page = page.press(
        "Continue",
        product=masks,
        title="Masks for Burnaby Hospital",
        declared_use="medical",
        facility_kinds=["hospital"],
    )
    page = page.press(
        "Continue", quantity="200 boxes of 50", needed_by="2020-06-20", deliver_to="4949 Canada Way, Burnaby"
    )
    page.press("Continue", standards=["ASTM F2100 Level 2"])
    page = town.officer.open(f"/needs/{SupplyRequest.objects.get().reference}/write/4/")
    page = page.press("Continue", accepts=["purchase", "donation"], visibility="network")
    page.press("Post need")
    return SupplyRequest.objects.get()


def ask(town: Town, need: SupplyRequest) -> Inquiry:
    """Send the proposed letter to the best suited contact."""
    town.officer.open(need).follow("Ask partners").follow("Write to this contact").press("Send request")
    return Inquiry.objects.latest("pk")


def offer(page: Page, **typed: str) -> SupplierLead:
    """Offer goods of a company, as a contact."""
    given = {
        "supplier": "中山康护用品有限公司 DEMO",
        "stock": "200盒，每盒50只",
        "ready_on": "2020年4月20日",
        **typed,
    }
    check = page.press(chinese_text("Check and send"), standard="ASTM F2100 Level 2", **given)
    check.press(chinese_text("Send"))
    return SupplierLead.objects.latest("pk")


def assign_checks(
    town: Town, lead: SupplierLead, *helpers: PartnerContact
) -> list[tuple[VerificationTask, PartnerContact]]:
    """Start the checks of an offer and assign them to the contacts in turn, with one press.

    The contact who made the offer may not make every check.
    """
    page = town.officer.open(lead)
    people = [name for name in page.form("Start the checks").fields if name.rpartition("_")[2].isdigit()]
    chosen = {name: str(helper.contact.pk) for name, helper in zip(people, cycle(helpers))}
    page.press("Start the checks", **chosen)
    return list(zip(lead.checks.order_by("pk"), cycle(helpers)))


def report(
    page: Page, *tasks: VerificationTask, later: Sequence[VerificationTask] = (), **typed: str
) -> Page:
    """Answer every question of the checks on a page and send the reports, as a contact; leave some for later.

    Fields of checks other than the page's own begin with their number.
    """
    facts = {"method": "visit", "place": "中山", "seen_on": "2020-04-16", "confidence": "3", **typed}
    for task in (*tasks, *later):
        prefix = "" if page.at == f"/c/{task.reference}/" else f"{task.reference}-"
        answers = (
            {one.code: "yes" for one in questions_for_task(task)} if task in tasks else {"outcome": LATER}
        )
        facts |= {f"{prefix}{name}": answer for name, answer in answers.items()}
    return page.press(chinese_text("Check and send"), **facts).press(chinese_text("Send the report"))


def answer_blocking_findings(town: Town, lead: SupplierLead) -> None:
    """Answer every open finding in writing with one press, as the verifier."""
    words = "Asked Li Wei by phone: explained written explanation."
    findings = lead.findings.filter(status="open").order_by("pk")
    town.verifier.open(lead).press("Send responses", **{one.reference: words for one in findings})


def allocate(town: Town, need: SupplyRequest, lead: SupplierLead, quantity: str) -> None:
    """Allocate goods of an offer to the need."""
    line = need.lines.get()
    page = town.officer.open(need).follow("Allocate")
    page.press("Allocate goods", **{f"line{line.pk}_lead{lead.pk}": quantity})


def write_the_order(town: Town, lead: SupplierLead) -> Order:
    """Write an order, or a donation, from the allocation."""
    allocation = lead.allocations.get()
    page = town.officer.open(allocation).follow("Create order")
    page.press(page.buttons[0])  # a draft, or a donation of unknown value
    return Order.objects.latest("pk")


def ship(town: Town, order: Order) -> Shipment:
    """Plan a flight and pack cartons of a thousand pieces."""
    page = town.logistics.open(f"/shipments/new/?order={order.reference}")
    page = page.press(
        "Plan a shipment", mode="air", origin="CNCAN", destination="CAVAN", expected_on="2020-05-04"
    )
    shipment = Shipment.objects.latest("pk")
    line = shipment.lines.get()
    page.press("Record packing", **{f"pieces{line.pk}": "1 000", f"lot{line.pk}": "L-1"})
    return shipment


def submit_documents(town: Town, shipment: Shipment, due: str) -> None:
    """Take every document that is required before a step, from its present status to the submission."""
    for document in shipment.documents.filter(blocks=True, due_before=due).order_by("pk"):
        while document.status in ("required", "in_progress", "ready"):
            following = {"required": "draft", "in_progress": "ready", "ready": "file"}[document.status]
            town.logistics.open(document).do(following)
            document.refresh_from_db()


def count(town: Town, shipment: Shipment, **counted: str) -> Lot:
    """Record the goods receipt; return the lot."""
    line = shipment.lines.get()
    typed = {f"{name}{line.pk}": value for name, value in {"lot": "L-1", **counted}.items()}
    dock = town.logistics.open(shipment).follow("Receive goods")
    dock.follow("Without labels: count line by line").press("Record goods receipt", **typed)
    return shipment.lots.get()


def release(town: Town, lot: Lot) -> None:
    """Inspect a sample and release the lot."""
    page = town.logistics.open(lot).do(
        "inspect", sampled="200", defects="0", verdict="passed", measured="压差 45 Pa", **reading_fields(lot)
    )
    page.do("release")

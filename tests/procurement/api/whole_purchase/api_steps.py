"""API clients of all people of an example purchase (`Story`), and the steps of the purchase through the API."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.procurement.api.program import Program
from tests.workflow import files
from tests.worlds import cities
from tests.worlds.shipments import Journey

NEED = {
    "city": "burnaby",
    "title": "Masks for the hospital",
    "needed_by": "2020-05-20",
    "deliver_to": "4949 Canada Way, Burnaby",
    "facility_kinds": ["hospital"],
    "accepts": ["purchase"],
    "visibility": "partner_cities",
    "lines": [
        {
            "product": "MASK_SURG",
            "quantity": 10000,
            "standards": ["ASTM-F2100-L2"],
            "max_unit_price": "0.9000",
        }
    ],
}
COMPANY = {
    "legal_name_local": "中山康护用品有限公司 DEMO",
    "name_en": "Zhongshan Kanghu DEMO",
    "country": "CN",
    "uscc": "91999999MA5DEM0001",
    "role": "maker",
    "place": "zhongshan",
    "founded_on": "2010-03-01",
}
OFFER = {
    "product": "MASK_SURG",
    "standard": "ASTM-F2100-L2",
    "stock_quantity": 20000,
    "capacity_per_day": 1000,
    "ready_on": "2020-04-20",
    "available_until": "2020-04-29",
    "unit_price": "0.5000",
    "currency": "USD",
    "incoterm": "FCA",
    "incoterm_place": "Zhongshan",
    "valid_until": "2020-06-30",
}


class Programs:
    """API clients of all people of an example purchase."""

    def __init__(self, story: Journey) -> None:
        story.city  # noqa: B018  # the city with its limit
        cities.twinning("burnaby", "zhongshan")
        self.officer = Program(story.officer.user)
        self.second = Program(story.second_officer.user)
        self.verifier = Program(story.verifier.user)
        self.approver = Program(story.approver.user)
        self.logistics = Program(story.logistics.user)
        self.contact = Program(story.contact.user)
        self.contact_id = story.contact.pk
        self.colleague = Program(story.checker.user)  # this one checks what the contact offers
        self.colleague_id = story.checker.pk


def post_need_and_offer(cast: Programs) -> tuple[str, str]:
    """Post a need and record the contact's answer. Return the references of the need and the offer."""
    need = cast.officer.post("supply-requests/", NEED)
    cast.officer.post(f"supply-requests/{need['reference']}/post/")
    question = {
        "supply_request": need["reference"],
        "contact": cast.contact_id,
        "subject": "口罩",
        "body": "您好",
    }
    inquiry = cast.officer.post("inquiries/", question)
    cast.officer.post(f"inquiries/{inquiry['reference']}/send/")

    (asked,) = cast.contact.get("inquiries/?status=sent")["results"]
    company = cast.contact.post(
        "suppliers/", {**COMPANY, "inquiry": asked["reference"], "contact": cast.contact_id}
    )
    line = f"{need['reference']}/1"
    cast.contact.post(
        f"inquiries/{asked['reference']}/answer/", {**OFFER, "line": line, "supplier": company["reference"]}
    )
    (lead,) = cast.contact.get("supplier-leads/")["results"]
    assert (lead["status"], lead["line"], lead["supply"]) == ("received", line, 30000)
    return need["reference"], lead["reference"]


def verify_offer(cast: Programs, lead: str) -> None:
    """Answer the findings, make and accept every check, and verify the offer."""
    for finding in cast.officer.get(f"findings/?lead={lead}&status=open")["results"]:
        assert finding["sentence"]
        cast.officer.post(f"findings/{finding['reference']}/answer/", {"answer": "Asked the maker by phone."})
    cast.officer.post(f"supplier-leads/{lead}/check/")
    for check in cast.officer.get(f"verification-tasks/?lead={lead}")["results"]:
        at = f"verification-tasks/{check['reference']}"
        cast.officer.post(f"{at}/offer/", {"contact": cast.colleague_id})
        taken = cast.colleague.post(f"{at}/take/")
        photo = SimpleUploadedFile("licence.jpg", files.photo_with_location(), "image/jpeg")
        kept = cast.colleague.send("files/", thing=at, kind="licence", file=photo)
        assert (kept["status"], kept["about"]) == ("clean", at)
        answers = {question["code"]: {"answer": "yes", "seen": "original"} for question in taken["questions"]}
        report = {
            "answers": answers,
            "method": "visit",
            "seen_on": "2020-04-16",
            "confidence": 3,
            "files": [kept["key"]],
        }
        cast.colleague.post(f"{at}/submit/", report)
        done = cast.officer.post(f"{at}/accept/")
        assert (done["status"], done["reports"][0]["method"]) == ("accepted", "visit")
        assert done["reports"][0]["files"] == [kept["key"]]
    assert cast.verifier.post(f"supplier-leads/{lead}/verify/")["status"] == "verified"


def confirm_phone(cast: Programs, supplier: str) -> None:
    """Record that a contact called a phone number of the company. Accounts are called back on that number."""
    data = {"supplier": supplier, "name": "phone", "value": "+86 760 0000 0000", "stated_by": "Zhongshan"}
    cast.officer.post(
        "supplier-facts/", {**data, "stated_on": "2020-04-15", "how": "phoned", "contact": cast.contact_id}
    )


def order_goods(cast: Programs, need: str, lead: str) -> tuple[str, str]:
    """Allocate and order goods. Return the references of the allocation and the order.

    A second person decides on the order; then it is placed, confirmed and ready.
    """
    promised = {"lead": lead, "line": f"{need}/1", "quantity": 10000}
    allocation = cast.officer.post("allocations/", promised)["reference"]
    cast.officer.post(f"allocations/{allocation}/confirm/")
    supplier = cast.officer.get(f"supplier-leads/{lead}/")["supplier"]
    account = cast.officer.post(
        "bank-accounts/",
        {
            "supplier": supplier,
            "holder": "Kanghu DEMO",
            "number": "6222000000001234",
            "bank": "DEMO",
            "country": "CN",
        },
    )
    assert account["number"] == "•••• 1234"
    confirm_phone(cast, supplier)
    cast.second.post(f"bank-accounts/{account['id']}/confirm/", {"callback_number": "+86 760 0000 0000"})
    order = cast.officer.post(
        "orders/",
        {
            "kind": "purchase",
            "city": "burnaby",
            "allocations": [allocation],
            "few_offers_reason": "Only one maker had stock.",
            "bank_account": account["id"],
        },
    )["reference"]
    cast.officer.post(f"orders/{order}/submit/")
    assert cast.officer.refused(f"orders/{order}/approve/")["code"] == "not_allowed"
    cast.approver.post(f"orders/{order}/approve/")
    for verb in ("place", "confirm", "ready"):
        whole = cast.officer.post(f"orders/{order}/{verb}/")
    assert (whole["total"], whole["lines"][0]["allocation"]) == ("5000.00", allocation)
    return allocation, order


def clear_customs(cast: Programs, shipment: str, side: str, due: str) -> None:
    """File every blocking document of one side, then declare and release the clearance."""
    (clearance,) = cast.logistics.get(f"customs-clearances/?shipment={shipment}&side={side}")["results"]
    for document in cast.logistics.all(f"customs-documents/?clearance={clearance['reference']}&blocks=true"):
        if document["due_before"] == due:
            for verb in {"required": ("draft", "ready", "file"), "ready": ("file",)}.get(
                document["status"], ()
            ):
                cast.logistics.post(f"customs-documents/{document['reference']}/{verb}/")
    line = {"hs_code": "6307900010", "origin": "CN", "value": "5000.00", "currency": "USD"}
    cast.logistics.post(
        "declarations/", {"clearance": clearance["reference"], "number": f"D-{side}", "lines": [line]}
    )
    cast.logistics.post(f"customs-clearances/{clearance['reference']}/release/")


def deliver_shipment(cast: Programs, allocation: str) -> str:
    """Plan, pack, clear on both sides, hold once and deliver a shipment. Return its reference."""
    plan = {
        "loads": [{"allocation": allocation, "quantity": 10000}],
        "mode": "air",
        "origin": "CNCAN",
        "destination": "CAVAN",
    }
    shipment = cast.logistics.post("shipments/", plan)["reference"]
    at = f"shipments/{shipment}"
    boxes = [{"allocation": allocation, "pieces": 1000, "count": 10, "lot_number": "L-1"}]
    cast.logistics.post(f"{at}/pack/", {"cartons": boxes})
    refused = cast.logistics.refused(f"{at}/depart/")
    assert (refused["status"], refused["code"]) == (422, "not_ready")
    clear_customs(cast, shipment, "export", "depart")
    cast.logistics.post(f"{at}/depart/")
    heard = {
        "shipment": shipment,
        "code_system": "iata",
        "code": "RCS",
        "occurred_at": "2020-04-16T10:00:00Z",
        "place": "CAN",
    }
    first = cast.logistics.post("tracking-events/", heard)
    assert cast.logistics.post("tracking-events/", heard)["id"] == first["id"], "heard twice, kept once"
    cast.logistics.post(f"{at}/estimate/", {"step": "delivered", "expected_at": "2020-04-20T17:00:00Z"})
    cast.logistics.post(f"{at}/arrive/")
    (clearance,) = cast.logistics.get(f"customs-clearances/?shipment={shipment}&side=import")["results"]
    hold = cast.logistics.post(
        "customs-holds/", {"clearance": clearance["reference"], "reason": "No invoice", "question": "Value?"}
    )
    assert cast.logistics.get(f"{at}/")["held"] is True
    cast.logistics.post(f"customs-holds/{hold['id']}/end/", {"answer": "USD 5,000"})
    clear_customs(cast, shipment, "import", "deliver")
    cast.logistics.post(f"{at}/deliver/")
    return shipment


def receive_and_release(cast: Programs, shipment: str, allocation: str) -> None:
    """Receive the goods with a damaged carton, inspect and release them, and close the shipment."""
    count = {
        "allocation": allocation,
        "accepted": 9000,
        "rejected": 1000,
        "lot_number": "L-1",
        "reason": "One box was wet.",
    }
    receipt = cast.logistics.post("goods-receipts/", {"shipment": shipment, "counts": [count], "cartons": 10})
    assert receipt["lines"][0]["rejected"] == 1000
    (lot,) = cast.logistics.get(f"lots/?shipment={shipment}")["results"]
    wanted = {"lot": lot["reference"], "sampled": 200, "defects": 0, "verdict": "passed"}
    unread = cast.logistics.refused("inspections/", wanted)
    assert unread["code"] == "unmeasured"
    values = {"bfe": "98.4", "pfe": "98.1", "blood": "120", "pressure": "4.6"}
    readings = [{"key": key, "value": value} for key, value in values.items()]
    cast.logistics.post("inspections/", {**wanted, "readings": readings})
    assert cast.logistics.post(f"lots/{lot['reference']}/release/")["status"] == "released"
    assert cast.logistics.post(f"shipments/{shipment}/close/")["status"] == "closed"

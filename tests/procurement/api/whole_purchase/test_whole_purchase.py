"""Test of a whole purchase through the API, from a need of Burnaby to a released lot.

The manufacturer is in Zhongshan, and the shipment goes by air.
"""

from typing import Any

import pytest

from tests.procurement.api.program import Program
from tests.procurement.api.whole_purchase.api_steps import (
    NEED,
    OFFER,
    Programs,
    confirm_phone,
    deliver_shipment,
    order_goods,
    post_need_and_offer,
    receive_and_release,
    verify_offer,
)
from tests.worlds import cities
from tests.worlds.shipments import Journey

pytestmark = pytest.mark.django_db
SOURCE = "https://nanaimo.example/sister-cities"


@pytest.fixture
def cast(story: Journey) -> Programs:
    return Programs(story)


def test_need_is_met_through_the_api_up_to_the_released_lot(cast: Programs) -> None:
    need, lead = post_need_and_offer(cast)
    verify_offer(cast, lead)
    allocation, order = order_goods(cast, need, lead)
    shipment = deliver_shipment(cast, allocation)
    receive_and_release(cast, shipment, allocation)

    (line,) = cast.officer.get(f"supply-requests/{need}/")["lines"]
    assert (line["released"], line["allocated"]) == (9000, 9000), "what was rejected is open again"
    assert cast.officer.get(f"orders/{order}/")["status"] == "completed"
    told = [entry["verb"] for entry in cast.officer.all(f"entries/?about=shipments/{shipment}&ordering=id")]
    assert told[:2] == ["plan", "pack"]
    assert told[-1] == "close"


def test_inquiry_through_the_api_includes_letter_and_routing_reasons(cast: Programs) -> None:
    need = cast.officer.post("supply-requests/", NEED)["reference"]
    cast.officer.post(f"supply-requests/{need}/post/")
    question = cast.officer.post("inquiries/", {"supply_request": need, "contact": cast.contact_id})
    assert question["body"]
    assert question["body"] != question["body_own"]
    assert question["reasons"]
    assert {"code", "en", "fr", "zh"} <= question["reasons"][0].keys()
    assert question["through_city"] is None, "a twin's contact is asked directly"


def test_bank_account_is_confirmed_by_the_payer_but_not_by_its_author(cast: Programs, story: Journey) -> None:
    account = {
        "supplier": story.supplier.reference,
        "holder": "Kanghu DEMO",
        "number": "6222",
        "bank": "DEMO",
        "country": "CN",
    }
    at = f"bank-accounts/{cast.officer.post('bank-accounts/', account)['id']}/confirm/"
    called = {"callback_number": "+86 760 0000 0000"}
    confirm_phone(cast, account["supplier"])
    assert cast.officer.refused(at, called)["code"] == "not_allowed"
    assert Program(story.observer.user).refused(at, called)["code"] == "not_allowed"
    assert cast.approver.post(at, called)["status"] == "confirmed"


def test_verified_offer_lists_and_allows_an_edit_through_the_api(cast: Programs, story: Journey) -> None:
    lead = story.lead(story.line()).reference
    moves = cast.officer.get(f"supplier-leads/{lead}/")["available_moves"]
    assert [move["verb"] for move in moves].count("edit") == 1
    assert cast.officer.refused(f"supplier-leads/{lead}/edit/", {"stock": 1})["status"] == 422
    changed = cast.officer.post(
        f"supplier-leads/{lead}/edit/", {"stock_quantity": 9000, "reason": "Sold some."}
    )
    assert changed["status"] == "under_review"


def test_payment_is_proposed_and_recorded_by_two_people_through_the_api(
    cast: Programs, time_machine: Any
) -> None:
    need, lead = post_need_and_offer(cast)
    verify_offer(cast, lead)
    _allocation, order = order_goods(cast, need, lead)
    time_machine.shift(4 * 24 * 3600)
    deposit = cast.officer.get(f"payments/?order={order}")["results"][-1]
    assert (deposit["milestone"], deposit["amount"]) == ("deposit", "1500.00")
    cast.officer.post(f"payments/{deposit['id']}/propose/")
    data = {"paid_on": "2020-04-20", "transfer": "TT-1"}
    assert cast.officer.refused(f"payments/{deposit['id']}/pay/", data)["code"] == "not_allowed"
    assert cast.approver.post(f"payments/{deposit['id']}/pay/", data)["status"] == "paid"


def test_donation_is_entered_accepted_and_revalued_through_the_api(cast: Programs) -> None:
    need, lead = post_need_and_offer(cast)
    cast.contact.post(f"supplier-leads/{lead}/withdraw/", {"reason": "A gift instead."})
    lead = cast.officer.post(
        "supplier-leads/",
        {
            **{name: value for name, value in OFFER.items() if name not in ("unit_price", "currency")},
            "city": "burnaby",
            "kind": "donation",
            "line": f"{need}/1",
            "supplier": cast.officer.get(f"supplier-leads/{lead}/")["supplier"],
        },
    )["reference"]
    cast.officer.post(f"supplier-leads/{lead}/offer/")
    verify_offer(cast, lead)
    allocation = cast.officer.post("allocations/", {"lead": lead, "line": f"{need}/1", "quantity": 5000})[
        "reference"
    ]
    cast.officer.post(f"allocations/{allocation}/confirm/")
    gift = cast.officer.post("orders/", {"kind": "donation", "city": "burnaby", "allocations": [allocation]})
    assert (gift["reference"][:2], gift["total"]) == ("DN", "0.00")
    assert cast.officer.refused(
        "orders/", {"kind": "donation", "city": "burnaby", "allocations": [allocation], "shares": []}
    )
    at = f"orders/{gift['reference']}"
    values = [{"allocation": allocation, "unit_value": "0.4"}]
    assert (
        cast.officer.post(f"{at}/edit/", {"unit_values": values, "reason": "For customs."})["total"]
        == "2000.00"
    )
    assert cast.officer.post(f"{at}/accept/")["status"] == "accepted"


def test_comments_files_and_register_entries_are_made_through_the_api(cast: Programs, story: Journey) -> None:
    need = cast.officer.post("supply-requests/", NEED)["reference"]
    data = cast.officer.post("comments/", {"thing": f"supply-requests/{need}", "text": "Ask Foshan too."})
    assert (data["about"], data["language"]) == (f"supply-requests/{need}", "en")
    assert [one["text"] for one in cast.officer.all(f"comments/?about=supply-requests/{need}")] == [
        "Ask Foshan too."
    ]

    keeper = Program(cities.member("coordinator"))
    city = {
        "slug": "nanaimo",
        "name_en": "Nanaimo",
        "country": "CA",
        "level": "city",
        "timezone": "America/Vancouver",
    }
    keeper.post("cities/", city)
    agreement = (
        keeper.post(
            "agreements/",
            {
                "city_a": "nanaimo",
                "city_b": "wuhan",
                "kind": "sister",
                "signed": {"day": "2014-05"},
                "source_url": SOURCE,
            },
        )
        if cities.city("wuhan")
        else {}
    )
    assert (agreement["signed_on"], agreement["signed_precision"]) == ("2014-05-01", "month")
    gift = {
        "from_city": "wuhan",
        "to_city": "nanaimo",
        "when": {"day": "2020-04"},
        "kind": "ppe_donation",
        "quantity": 100,
        "source_url": SOURCE,
    }
    keeper.post("exchanges/", gift)
    assert [one["kind"] for one in keeper.all("exchanges/?city=nanaimo")] == ["ppe_donation"]
    ended = keeper.post(
        f"agreements/{agreement['id']}/end/",
        {"why": "terminated", "on": {"day": "2021"}, "reason": "Council"},
    )
    assert (ended["status"], ended["ended_precision"]) == ("ended", "year")
    office = keeper.post(
        "organizations/", {"city": "wuhan", "kind": "foreign_affairs_office", "name_en": "Wuhan FAO"}
    )
    person = keeper.post(
        "contacts/", {"organization": office["id"], "email": "li@wuhan.example", "name": "Li Na"}
    )
    assert (person["status"], person["name"]) == ("invited", "Li Na")

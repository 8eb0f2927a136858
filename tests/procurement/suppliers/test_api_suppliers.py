"""Tests of companies through the API: similar companies, stated facts, and register lookups.

A company that looks like another needs a reason.
"""

from typing import Any

from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.register_lookups import RegisterLookup
from tests.procurement.api.program import Program
from tests.worlds.shipments import Journey


def test_api_entry_of_a_similar_company_requires_a_reason(story: Journey, officer: Program) -> None:
    like = {"legal_name_local": story.supplier.legal_name_local, "country": "CN"}
    refusal: Any = officer.refused("suppliers/", like)
    assert refusal["code"] == "looks_alike"
    assert story.supplier.reference in refusal["detail"]
    made = officer.post("suppliers/", like | {"another_because": "Its sister in Foshan."})
    assert made["reference"] != story.supplier.reference


def test_supplier_fact_from_a_source_is_recorded_and_settled_through_the_api(
    story: Journey, officer: Program
) -> None:
    says = {
        "supplier": story.supplier.reference,
        "name": "phone",
        "value": "+86 760 0000 0000",
        "stated_by": "their licence",
        "stated_on": "2020-04-16",
        "how": "licence",
    }
    made = officer.post("supplier-facts/", says)
    officer.post(f"supplier-facts/{made['id']}/select/", {"reason": "It answers."})
    assert officer.get(f"suppliers/{story.supplier.reference}/")["phone"] == "+86 760 0000 0000"
    officer.post(f"supplier-facts/{made['id']}/retract/", {"reason": "Another company."})
    assert SupplierFact.objects.get().status == "retracted"
    assert officer.get("supplier-facts/?search=康护")["results"][0]["id"] == made["id"]


def test_register_lookup_is_recorded_and_retracted_through_the_api(story: Journey, officer: Program) -> None:
    answer = {
        "supplier": story.supplier.reference,
        "kind": "insolvency",
        "answer": "insolvent",
        "address": "https://register.example/",
        "answered_on": "2020-04-16",
    }
    made = officer.post("register-lookups/", answer)
    assert officer.get("register-lookups/?answer=insolvent")["results"][0]["reference"] == made["reference"]
    officer.post(f"register-lookups/{made['reference']}/retract/", {"reason": "Another company."})
    assert RegisterLookup.objects.get().status == "retracted"


def test_api_merge_states_whose_value_is_kept_where_two_companies_differ(
    story: Journey, officer: Program
) -> None:
    new = {"legal_name_local": "佛山安洁集团", "country": "CN", "phone": "+86 757 0000 2222"}
    other = officer.post("suppliers/", new)
    officer.post(f"suppliers/{story.supplier.reference}/correct/", {"phone": "+86 760 0000 1111"})
    body = {"into": story.supplier.reference, "reason": "one company"}
    address = f"suppliers/{other['reference']}/merge/"
    refusal: Any = officer.refused(address, body | {"keep": {"colour": "ours"}})
    assert refusal["code"] == "bad_keep"
    officer.post(address, body | {"keep": {"phone": "ours"}})
    assert officer.get(f"suppliers/{story.supplier.reference}/")["phone"] == other["phone"]

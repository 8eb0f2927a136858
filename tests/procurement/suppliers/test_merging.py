"""Tests of merged companies: everything entered, decided or searched under a merged row belongs to the remaining one."""

from datetime import date

from partners.cities.models import City
from procurement.suppliers.actions.duplicate_search import find_duplicates
from procurement.suppliers.actions.facts import record_fact, retract_fact
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.statuses import set_status
from procurement.suppliers.actions.suppliers import (
    SupplierEdit,
    correct_supplier,
    find_by_number,
    suppliers_sharing_facts,
)
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.statuses import SupplierStatus
from procurement.suppliers.models.suppliers import Supplier
from tests.procurement.refusals import assert_refused
from tests.worlds.leads import enter_certificate, findings_by_code, submitted_offer
from tests.worlds.need_to_order import AT


def merge_into(story, row, into, **keep):
    merge_suppliers(row, into=into, keep=keep, reason="one company", by=story.officer.by, at=AT)
    row.refresh_from_db()


def test_entry_on_a_merged_row_belongs_to_the_remaining_company(story):
    """Payments and screening read the row that remains, so facts on the other row would escape both."""
    other = story.company("中山康护集团 DEMO")
    merge_into(story, story.supplier, other)
    assert story.account(confirmed=False).supplier == other
    assert enter_certificate(story, story.supplier).supplier == other


def test_ban_of_a_merged_row_is_lifted_by_a_new_status_of_the_company(story):
    """The strictest status of all merged rows counts.

    Setting a status on either row therefore updates the status of every row.
    """
    other = story.company("中山康护集团 DEMO")
    facts = {"reason": "holes", "starts_on": date(2020, 4, 1), "by": story.officer.by, "at": AT}
    set_status(story.supplier, story.city, "banned", **facts)
    merge_into(story, story.supplier, other)
    assert SupplierStatus.objects.strictest_in_force(other, story.city, AT.date()).status == "banned"
    made = set_status(story.supplier, story.city, "approved", **facts)
    assert (
        made.supplier,
        SupplierStatus.objects.strictest_in_force(other, story.city, AT.date()).status,
    ) == (
        other,
        "approved",
    )
    again = set_status(other, story.city, "on_watch", **facts)
    assert again.pk == made.pk
    assert set(SupplierStatus.objects.values_list("status", flat=True)) == {"on_watch"}


CHAIN = ["A friend", "A chamber", "A salesman"]


def test_merge_takes_over_referrer_and_place(story):
    other = story.company("中山康护集团 DEMO")
    place = City.objects.order_by("pk").first()
    correct_supplier(other, SupplierEdit(referred_by=CHAIN, place=place), by=story.officer.by, at=AT)
    correct_supplier(story.supplier, SupplierEdit(place=None), by=story.officer.by, at=AT)
    lead = submitted_offer(story)
    assert "chain_long" not in findings_by_code(lead)
    merge_into(story, other, story.supplier)
    story.supplier.refresh_from_db()
    assert (story.supplier.referred_by, story.supplier.place) == (CHAIN, place)
    lead.refresh_from_db()
    assert "chain_long" in findings_by_code(lead)


def test_of_two_referral_chains_the_chosen_one_is_kept(story):
    other = story.company("中山康护集团 DEMO")
    for company, chain in ((story.supplier, ["Nobody"]), (other, CHAIN)):
        correct_supplier(company, SupplierEdit(referred_by=chain), by=story.officer.by, at=AT)
    with assert_refused("bad_keep", other):
        merge_into(story, other, story.supplier, colour="ours")
    merge_into(story, other, story.supplier, referred_by="ours")
    story.supplier.refresh_from_db()
    assert story.supplier.referred_by == CHAIN


def test_invalid_value_of_a_merged_row_is_kept_as_a_fact(story):
    other = story.company("中山康护集团 DEMO")
    for company, phone in ((story.supplier, "+86 760 0000 0000"), (other, "wechat: kanghu")):
        correct_supplier(company, SupplierEdit(phone=phone), by=story.officer.by, at=AT)
    merge_into(story, other, story.supplier)
    assert SupplierFact.objects.get(name="phone").value == "wechat: kanghu"


def similar_by_reason(**facts):
    new = Supplier(**{"legal_name_local": "Another Name Altogether", "country": "CN", **facts})
    return {one.supplier.reference: one.reasons for one in find_duplicates(new)}


def test_company_is_found_by_values_of_merged_rows_and_sources(story):
    """The search finds the remaining row once. A company is not another company than its own rows."""
    other, number = story.company("佛山安洁集团 DEMO"), "91330100799655058B"
    correct_supplier(
        other,
        SupplierEdit(phone="+86 757 0000 2222", uscc=number, name_en="Anjie"),
        by=story.officer.by,
        at=AT,
    )
    correct_supplier(story.supplier, SupplierEdit(phone="0760-0000 1111"), by=story.officer.by, at=AT)
    merge_into(story, other, story.supplier)
    mine = story.supplier.reference
    assert similar_by_reason(legal_name_local="佛山安洁集团") == {mine: ["name"]}
    assert similar_by_reason(legal_name_local="佛山安洁集團防護") == {mine: ["near"]}
    assert similar_by_reason(phone="0757 00002222") == {mine: ["phone"]}
    assert find_by_number(number, "佛山安洁集团") == story.supplier
    row = record_fact(
        story.supplier,
        "legal_name_local",
        "安澜醫療",
        stated_by="a register",
        stated_on=AT.date(),
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    assert similar_by_reason(legal_name_local="安澜医疗有限公司") == {mine: ["name"]}
    assert suppliers_sharing_facts(Supplier.objects.get(pk=story.supplier.pk)) == {}
    retract_fact(row, reason="a slip", by=story.officer.by, at=AT)
    assert similar_by_reason(legal_name_local="安澜医疗有限公司") == {}

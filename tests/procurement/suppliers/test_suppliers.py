"""Tests of companies: impossible values, comparison by both names, statuses, and merged rows."""

from datetime import date, timedelta

import pytest

from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.number_formats import assess_number, uscc_fault
from procurement.leads.actions.decisions import reject_lead
from procurement.leads.actions.findings import rescreen_lead
from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions.approve import approve_order, place_order
from procurement.orders.actions.create import choose_account
from procurement.orders.models import Order
from procurement.orders.payments.actions import propose_payment
from procurement.suppliers.actions.bank_accounts import confirm_account, propose_account
from procurement.suppliers.actions.certificates import (
    CertificateEdit,
    amend_certificate,
    record_shown_certificate,
)
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.statuses import declare_interest, set_status
from procurement.suppliers.actions.suppliers import (
    SupplierEdit,
    add_supplier,
    correct_supplier,
    similar_suppliers,
)
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.statuses import InterestDeclaration, SupplierStatus
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.registration_numbers import is_malformed_number
from procurement.suppliers.rules.statuses import invalid_status_refusal
from procurement.verification.actions.checks import check_factors
from tests.procurement.catalogue.catalogue_in_memory import make_kind
from tests.procurement.refusals import assert_refused
from tests.worlds.cities import own_link
from tests.worlds.completed_orders import LATE
from tests.worlds.leads import drafted_offer, submitted_offer
from tests.worlds.need_to_order import AT, Story
from workflow.errors import Refused

TODAY = AT.date()


def merge_into(story: Story, row: Supplier, into: Supplier) -> None:
    merge_suppliers(row, into=into, reason="one company", by=story.officer.by, at=AT)


def set_company_status(story: Story, company: Supplier, status: str, **facts: object) -> SupplierStatus:
    given = {"reason": "holes in the gloves", "starts_on": date(2020, 4, 1), **facts}
    return set_status(company, story.city, status, by=story.officer.by, at=AT, **given)


def claim_report(story: Story, **facts: object) -> Certificate:
    given = {"number": "CNAS L0001", "entered_by": story.officer.user, **facts}
    kind = CertificateType.objects.get(code="CN_TEST_CNAS")
    return record_shown_certificate(story.supplier, kind, by=story.officer.by, at=AT, **given)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"legal_name_local": "Anlan Medical Direct DEMO"}, {"name_en": "Anlan Medical Direct DEMO"}),
        ({"name_en": "ANLAN MEDICAL DIRECT Co., Ltd."}, {"name_en": "Anlan Medical Direct"}),
        ({"name_en": "安澜医疗有限公司"}, {"legal_name_local": "安澜医疗"}),
        ({"legal_name_local": "Ａｎｌａｎ　Ｍｅｄｉｃａｌ"}, {"name_en": "anlan-medical, inc."}),
    ],
)
def test_local_and_english_names_are_both_compared_with_other_companies(story, mine, theirs):
    lead, other = submitted_offer(story), story.company("别的公司 DEMO")
    correct_supplier(story.supplier, SupplierEdit(**mine), by=story.officer.by, at=AT)
    correct_supplier(other, SupplierEdit(**theirs), by=story.officer.by, at=AT)
    lead.refresh_from_db()
    rescreen_lead(lead, at=AT)
    found = lead.findings.get(code="duplicate_company")
    assert (found.figures["others"], found.figures["same"]) == (other.reference, ["name"])
    assert [one.pk for one in similar_suppliers(other)] == [story.supplier.pk]


def test_companies_without_a_distinctive_english_name_are_not_similar(story):
    story.company("别的公司 DEMO")
    correct_supplier(story.supplier, SupplierEdit(name_en="Co., Ltd."), by=story.officer.by, at=AT)
    assert similar_suppliers(story.supplier) == []


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"founded_on": date(2020, 4, 18)}, "founded_on"),
        ({"founded_on": date(9999, 12, 31)}, "founded_on"),
        ({"uscc": "㎏" * 16}, "uscc"),
    ],
)
def test_impossible_company_value_is_refused_at_its_field(story, facts, field):
    for act in (
        lambda: correct_supplier(story.supplier, SupplierEdit(**facts), by=story.officer.by, at=AT),
        lambda: add_supplier(
            legal_name_local="新公司",
            country="CN",
            entered_by=story.officer.user,
            by=story.officer.by,
            at=AT,
            **facts,
        ),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert no.value.details["field"] == field


def test_characters_that_expand_when_normalized_are_stored_and_compared_within_limits(story):
    long = "ﷺ" * 60  # becomes 18 letters each when folded
    correct_supplier(
        story.supplier,
        SupplierEdit(legal_name_local=long, name_en=long, address=long, phone="⑩" * 60),
        by=story.officer.by,
        at=AT,
    )
    kept = Supplier.objects.get(pk=story.supplier.pk)
    assert kept.legal_name_local == long
    assert (len(kept.name_key), len(kept.name_en_key), len(kept.phone_key)) == (200, 200, 60)
    assert claim_report(story, number="ﷺ" * 80).number == "ﷺ" * 80


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"issued_on": date(2020, 4, 2), "valid_until": date(2020, 4, 1)}, "valid_until"),
        ({"issued_on": date(202, 4, 2)}, "issued_on"),
        ({"valid_until": date(9999, 12, 31)}, "valid_until"),
    ],
)
def test_impossible_certificate_dates_are_refused_at_their_field(story, facts, field):
    known = claim_report(story)
    with pytest.raises(Refused) as no:
        claim_report(story, **facts)
    assert (no.value.code, no.value.details["field"]) == ("bad_day", field)
    with assert_refused("bad_day", known):
        amend_certificate(known, CertificateEdit(**facts), by=story.officer.by, at=AT)


def test_certificate_valid_for_one_day_is_accepted(story):
    assert claim_report(story, issued_on=TODAY, valid_until=TODAY).valid_until == TODAY


@pytest.mark.parametrize("number", ["—", " - ", "㎏" * 31])
def test_invalid_bank_account_number_is_refused_at_its_field(story, number):
    with pytest.raises(Refused) as no:
        propose_account(
            story.supplier,
            holder="Kanghu DEMO",
            number=number,
            bank="Bank DEMO",
            country="CN",
            proposed_by=story.officer.user,
            by=story.officer.by,
            at=AT,
        )
    assert no.value.details["field"] == "number"


@pytest.mark.parametrize(
    ("known", "status", "first", "last", "field"),
    [
        (None, "on_watch", 1, -16, "ends_on"),
        (None, "banned", 20, None, None),
        (("banned", 1, None), "approved", 17, None, "starts_on"),
        (("approved", 1, None), "banned", 17, None, "starts_on"),
        (("banned", 1, 15), "approved", 17, None, None),
        (("banned", 20, None), "banned", 18, None, None),
        (("banned", 1, None), "suspended", 16, 30, "ends_on"),
        (("on_watch", 1, 29), "suspended", 16, 28, "ends_on"),
        (("on_watch", 1, 28), "suspended", 16, 28, None),
        (("banned", 1, None), "banned", 16, 30, None),
        (("approved", 1, None), "suspended", 16, 30, None),
        (("banned", 1, None), "suspended", 16, None, None),
    ],
)
def test_stricter_supplier_status_cannot_be_shortened_by_a_milder_one(known, status, first, last, field):
    """Before a status begins or after it ends, another one holds.

    An earlier, stricter status must not disappear in that time.
    """

    def day(number):
        return None if number is None else date(2020, 4, 1) + timedelta(days=number - 1)

    rows = [SupplierStatus(status=known[0], starts_on=day(known[1]), ends_on=day(known[2]))] if known else []
    no = invalid_status_refusal(rows, status, starts_on=day(first), ends_on=day(last), today=TODAY)
    assert (no and no.details["field"]) == field


def test_milder_future_status_during_a_ban_is_refused(story):
    set_company_status(story, story.supplier, "banned")
    with assert_refused("stands_today", story.supplier.statuses.get()):
        set_company_status(story, story.supplier, "approved", starts_on=date(2020, 4, 17))


@pytest.mark.parametrize("status", ["suspended", "banned"])
@pytest.mark.parametrize("kept_out_is", ["the one that stays", "the one that was merged"])
def test_ban_of_either_merged_row_blocks_the_company(story, status, kept_out_is):
    order, other = story.draft(), story.company("中山康护集团 DEMO")
    bad = other if kept_out_is == "the one that stays" else story.supplier
    set_company_status(story, bad, status)
    if bad is other:
        approve_order(order, by=story.officer.by, at=AT)
        merge_into(story, story.supplier, into=other)
        rescreen_changed_offers(AT)
        with assert_refused("kept_out", order):
            place_order(order, by=story.officer.by, at=AT)
        return
    merge_into(story, story.supplier, into=other)
    rescreen_changed_offers(AT)
    with assert_refused("kept_out", order):
        approve_order(order, by=story.officer.by, at=AT)
    set_company_status(story, other, "approved")  # on the other row, else no ban could be lifted
    assert approve_order(order, by=story.officer.by, at=AT).status == "approved"


def test_supplier_status_of_a_merged_row_counts_for_needed_checks(story):
    lead, other = submitted_offer(story), story.company("中山康护集团 DEMO")
    assert check_factors(lead, TODAY).supplier_status == ""
    set_company_status(story, other, "on_watch")
    merge_into(story, story.supplier, into=other)
    lead = SupplierLead.objects.get(pk=lead.pk)
    assert check_factors(lead, TODAY).supplier_status == "on_watch"
    set_company_status(story, lead.supplier, "on_watch", ends_on=date(2020, 4, 2))  # through the merged row
    assert check_factors(SupplierLead.objects.get(pk=lead.pk), TODAY).supplier_status == ""


def test_interest_in_a_merged_row_counts_for_the_company(story):
    other, person = story.company("中山康护集团 DEMO"), story.contact.user
    me = own_link(story.contact)
    declare_interest(other, person, words="a share", by=me, at=AT)
    assert not InterestDeclaration.objects.has_interest_in(person.pk, story.supplier.pk)
    merge_into(story, story.supplier, into=other)
    assert InterestDeclaration.objects.has_interest_in(person.pk, story.supplier.pk)
    assert not InterestDeclaration.objects.has_interest_in(story.checker.user.pk, story.supplier.pk)


def test_new_account_of_the_remaining_company_blocks_payments_of_the_merged_one(story):
    order, other = story.placed(), story.company("中山康护集团 DEMO")
    ours = story.account()
    merge_into(story, story.supplier, into=other)
    order = Order.objects.get(pk=order.pk)
    ours.refresh_from_db()
    choose_account(order, ours, reason="It is theirs now.", by=story.officer.by, at=AT)
    assert order.bank_account == ours
    story.account(other, confirmed=False)
    deposit = order.payments.get(milestone="deposit")
    with assert_refused("not_ready", deposit) as caught:
        propose_payment(deposit, by=story.officer.by, at=LATE)
    assert "A new account" in str(caught.value)


def test_second_of_two_opposite_merges_is_refused(story):
    other = story.company("中山康护集团 DEMO")
    stale = Supplier.objects.get(pk=story.supplier.pk)
    merge_into(story, story.supplier, into=other)
    with pytest.raises(Refused) as no:
        merge_into(story, other, into=stale)
    assert no.value.code == "bad_merge"


@pytest.mark.parametrize(
    "typed", ["中山", "康护用品", "Kanghu", "kanghu protect", "外科口罩", "surgical", "chirurgical"]
)
def test_offer_is_found_by_company_names_and_goods(story, typed):
    correct_supplier(
        story.supplier, SupplierEdit(name_en="Zhongshan Kanghu Protection DEMO"), by=story.officer.by, at=AT
    )
    lead = drafted_offer(story)
    assert list(SupplierLead.objects.search(typed)) == [lead]
    assert list(SupplierLead.objects.search(f"{typed} {lead.reference}")) == [lead]
    assert list(SupplierLead.objects.search("佛山")) == []


def test_ended_offer_is_found_by_the_current_name_of_its_company(story):
    live, ended = submitted_offer(story), submitted_offer(story)
    reject_lead(ended, reason="a trader without goods", by=story.officer.by, at=AT)
    correct_supplier(story.supplier, SupplierEdit(name_en="Harbour Works DEMO"), by=story.officer.by, at=AT)
    rescreen_changed_offers(AT)
    assert set(SupplierLead.objects.search("Harbour")) == {live, ended}
    other = story.company("佛山安洁 DEMO")
    merge_into(story, story.supplier, into=other)
    rescreen_changed_offers(AT)
    assert set(SupplierLead.objects.search("安洁")) == {live, ended}
    correct_supplier(other, SupplierEdit(name_en="Lantern Works DEMO"), by=story.officer.by, at=AT)
    rescreen_changed_offers(AT)
    assert set(SupplierLead.objects.search("Lantern")) == {live, ended}


def test_new_supplier_status_replaces_the_earlier_one_in_the_same_row(story):
    first = set_company_status(story, story.supplier, "on_watch", ends_on=date(2020, 4, 30))
    again = set_company_status(
        story, story.supplier, "banned", starts_on=date(2020, 4, 10), reason="a second fake"
    )
    assert again.pk == first.pk
    assert str(again) == f"{story.supplier}: Banned"
    assert (again.starts_on, again.ends_on, again.reason) == (date(2020, 4, 10), None, "a second fake")
    assert not again.is_in_force_on(date(2020, 4, 9))
    assert again.is_in_force_on(date(2021, 1, 1))


def test_bank_account_cannot_be_confirmed_without_a_call_back_number(story):
    account = story.account(confirmed=False)
    with assert_refused("not_called_back", account):
        confirm_account(
            account,
            callback_number="  ",
            confirmed_by=story.approver.user,
            by=story.approver.by,
            at=AT,
        )


def test_company_with_nothing_to_compare_is_similar_to_none(story):
    story.company("安澜医疗 DEMO")
    nameless = Supplier(legal_name_local="有限公司", entered_by=story.officer.user)
    assert similar_suppliers(nameless) == []


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("91330100799655058B", ""),
        ("A1110000600037341K", ""),  # the registering authority is a letter
        ("9133010079965505", "length"),
        ("91330100799655058X", "check_digit"),
        ("9133010079965505IB", "characters"),
    ],
)
def test_fault_of_a_company_number_is_found(number, fault):
    assert uscc_fault(number) == fault
    assert is_malformed_number("CN", number) == bool(fault)
    licence = make_kind("CN_USCC")
    assert assess_number(licence, number).is_acceptable == (not fault)


def test_certificate_is_found_by_reference_and_company(story):
    mine = claim_report(story)
    assert list(Certificate.objects.search(mine.reference)) == [mine]
    assert list(Certificate.objects.search("康护")) == [mine]
    assert not Certificate.objects.search("CE-1999-9999").exists()


def test_interest_of_a_contact_is_visible_to_cities_and_that_contact_only(story):
    person = story.contact.user
    interest = declare_interest(story.supplier, person, words="a share", by=own_link(story.contact), at=AT)
    assert interest in InterestDeclaration.objects.visible_to(story.stranger.by), (
        "anyone who asks must know whom not to ask"
    )
    assert interest in InterestDeclaration.objects.visible_to(own_link(story.contact))
    assert not InterestDeclaration.objects.visible_to(own_link(story.checker)).exists()

"""Tests of the input of screening, read from the company's rows, certificates, accounts and files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partners.permissions.permissions import permissions_by_link
from partners.powers import Power
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.leads.actions.leads import LeadEdit, change_lead, submit_answer
from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.suppliers.actions.bank_accounts import propose_account, retire_account
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.verification.actions.checks import open_checks
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.leads import enter_certificate, findings_by_code, submitted_offer
from tests.worlds.need_to_order import AT
from workflow.comments_and_files.actions import attach_file

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.mark.parametrize(
    ("fact", "mine", "theirs", "same"),
    [
        ("phone", "+86 760 5550 0101", "0086-760-5550-0101", "phone"),
        ("phone", "+86 760 5550 0101", "86 (760) 5550-0101", "phone"),
        ("address", "中山市火炬开发区演示路 1 号", "中山市火炬开发区演示路1号", "address"),
        ("address", "中山市", "中山市", None),
        ("uscc", "91330100799655058b", "91 3301 0079 9655 058B", "number"),
        ("legal_name_local", "安澜医疗有限公司", "安澜医疗有限责任公司（DEMO）", "name"),
    ],
)
def test_companies_sharing_contact_facts_are_flagged(story, fact, mine, theirs, same):
    lead = submitted_offer(story)
    other = story.company("别的公司 DEMO")
    correct_supplier(story.supplier, SupplierEdit(**{fact: mine}), by=story.officer.by, at=AT)
    correct_supplier(other, SupplierEdit(**{fact: theirs}), by=story.officer.by, at=AT)
    lead.refresh_from_db()
    found = findings_by_code(lead).get("duplicate_company")
    assert (found is None) == (same is None)
    if found:
        assert (found.figures["others"], found.figures["same"]) == (other.reference, [same])


def test_bank_account_holder_and_shared_accounts_are_flagged(story):
    lead = submitted_offer(story)
    ours = story.account()
    assert "account_holder" in findings_by_code(lead), "the holder's name is not the company's"
    other = story.company("别的公司 DEMO")
    story.account(other)
    found = findings_by_code(lead)["account_elsewhere"]
    assert (found.severity, found.figures["others"], found.subject) == (
        "block",
        other.reference,
        str(ours.pk),
    )
    waiting = propose_account(
        story.supplier,
        holder=story.supplier.legal_name_local,
        number="HK 88 0001",
        bank="Bank DEMO",
        country="HK",
        proposed_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    now = {(one.code, one.subject) for one in findings_by_code(lead).values()}
    assert {("account_changed", str(waiting.pk)), ("account_country", str(waiting.pk))} <= now
    retire_account(waiting, reason="a fraud", by=story.officer.by, at=AT)
    assert "account_changed" not in findings_by_code(lead)


def test_file_shown_for_two_companies_is_flagged(story):
    lead, other = submitted_offer(story), story.company("别的公司 DEMO")
    mine, theirs = enter_certificate(story), enter_certificate(story, other, number="CNAS L0009")
    for thing in (mine, theirs):
        upload = SimpleUploadedFile("report.png", PNG, "image/png")
        attach_file(thing, upload, by=story.officer.by, at=AT, kind="certificate", power=Power.EDIT_SUPPLIER)
    figures = findings_by_code(lead)["file_elsewhere"].figures
    assert (figures["others"], len(figures["files"])) == (other.reference, 1)


def attach_picture(thing, by, power, picture=PNG):
    upload = SimpleUploadedFile("licence.png", picture, "image/png")
    return attach_file_and_flag_companies(thing, upload, by=by, at=AT, kind="photo", power=power)


def answer_with_offer(story, company, contact=None):
    """Send an inquiry, and return a company's offer in answer to it, with the inquiry."""
    someone = contact or cities.contact("zhongshan", f"Contact for {company.pk}")
    line = story.line()
    inquiry = draft_inquiry(
        line.supply_request,
        someone,
        subject="Masks",
        body="Can you help?",
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    send_inquiry(inquiry, by=story.officer.by, at=AT)
    me = permissions_by_link(someone.user, someone, ("procurement.inquiry", inquiry.pk))
    lead = submit_answer(
        inquiry,
        author=someone.user,
        supplier=company,
        line=line,
        product=line.product,
        stock_quantity=5_000,
        by=me,
        at=AT,
    )
    return lead, inquiry, me


def other_places_of_file(lead):
    found = lead.findings.exclude(status="resolved").filter(code="file_elsewhere").first()
    return found.figures["others"] if found else None


def test_photo_in_the_answers_of_two_contacts_is_flagged_on_both_offers(story):
    other = story.company("别的公司 DEMO")
    (mine, asked, me), (theirs, asked_too, they) = (
        answer_with_offer(story, story.supplier),
        answer_with_offer(story, other),
    )
    attach_picture(asked, me, Power.ANSWER_INQUIRY)
    rescreen_changed_offers(AT)
    assert (other_places_of_file(mine), other_places_of_file(theirs)) == (None, None)
    attach_picture(asked_too, they, Power.ANSWER_INQUIRY)
    rescreen_changed_offers(AT)
    assert (other_places_of_file(mine), other_places_of_file(theirs)) == (
        other.reference,
        story.supplier.reference,
    )


def test_photo_uploaded_before_the_answer_is_compared_when_the_answer_comes(story):
    other = story.company("别的公司 DEMO")
    mine, asked, me = answer_with_offer(story, story.supplier)
    attach_picture(asked, me, Power.ANSWER_INQUIRY)
    theirs, asked_too, they = answer_with_offer(story, story.company("第三家公司 DEMO"))
    attach_picture(asked_too, they, Power.ANSWER_INQUIRY)
    late = submit_answer(
        asked_too,
        author=asked_too.contact.user,
        supplier=other,
        line=theirs.line,
        product=theirs.product,
        stock_quantity=100,
        by=they,
        at=AT,
    )
    assert other_places_of_file(late) == story.supplier.reference
    rescreen_changed_offers(AT)
    assert other_places_of_file(
        mine
    ) == f"{theirs.supplier.reference}, {other.reference}" or other_places_of_file(mine) == (
        f"{other.reference}, {theirs.supplier.reference}"
    )


def test_two_answers_to_one_inquiry_may_share_a_photo(story):
    mine, asked, me = answer_with_offer(story, story.supplier)
    attach_picture(asked, me, Power.ANSWER_INQUIRY)
    attach_picture(asked, me, Power.ANSWER_INQUIRY)
    second = submit_answer(
        asked,
        author=asked.contact.user,
        supplier=story.company("别的公司 DEMO"),
        line=mine.line,
        product=mine.product,
        stock_quantity=100,
        by=me,
        at=AT,
    )
    rescreen_changed_offers(AT)
    assert (other_places_of_file(mine), other_places_of_file(second)) == (None, None)


def test_photo_of_a_check_is_compared_with_those_of_other_companies(story):
    other = story.company("别的公司 DEMO")
    mine, theirs = submitted_offer(story), submitted_offer(story, supplier=other)
    tasks = [open_checks(lead, by=story.officer.by, at=AT)[0] for lead in (mine, theirs)]
    for task in tasks:
        attach_picture(task, story.officer.by, Power.COMMENT)
    rescreen_changed_offers(AT)
    assert (other_places_of_file(mine), other_places_of_file(theirs)) == (
        other.reference,
        story.supplier.reference,
    )
    merge_suppliers(other, into=story.supplier, reason="one company", by=story.officer.by, at=AT)
    rescreen_changed_offers(AT)
    assert (other_places_of_file(mine), other_places_of_file(theirs)) == (None, None)


def test_file_of_a_need_is_not_attributed_to_a_company(story):
    lead = submitted_offer(story)
    attach_picture(lead.line.supply_request, story.officer.by, Power.COMMENT)
    attach_picture(lead, story.officer.by, Power.COMMENT)
    rescreen_changed_offers(AT)
    assert other_places_of_file(lead) is None


def test_offer_of_a_merged_company_is_screened_with_the_merged_facts(story):
    lead = submitted_offer(story)
    other = story.company("中山康护集团 DEMO")
    enter_certificate(story, other)
    merge_suppliers(story.supplier, into=other, reason="one company", by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert "certificate_missing" not in findings_by_code(lead)


@pytest.mark.parametrize("fact", ["stock_quantity", "capacity_per_day", "min_order_quantity"])
def test_excessive_offer_quantity_is_refused(story, fact):
    lead = submitted_offer(story)
    with assert_refused("bad_quantity", lead):
        change_lead(lead, LeadEdit(**{fact: 10**9 + 1}), by=story.officer.by, at=AT)

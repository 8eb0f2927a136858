"""Tests of facts that another city's offer or open order depends on: they change only after that city accepts."""

from datetime import date

import pytest
from django.test import Client

from accounts.actors import CONSOLE_ACTOR
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.models.leads import SupplierLead
from procurement.notifications.builder import build_notifications_for_entry
from procurement.orders.models import Order
from procurement.orders.payments.rules.blocks import payment_blocks
from procurement.suppliers.actions.bank_accounts import propose_account, retire_account
from procurement.suppliers.actions.certificates import (
    CertificateEdit,
    amend_certificate,
    mark_certificate_invalid,
    record_shown_certificate,
)
from procurement.suppliers.actions.changes import propose_change
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.register_lookups import record_lookup
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.changes import SupplierChange
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.dependent_cities import change_alone_refusal
from procurement.tasks import run_tick
from tests.procurement.api.program import Program
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache
from workflow.journal.models import Entry

WHY = "The licence of 2020 names the company so."


@pytest.fixture
def practice(story):
    """Set up an instance whose pages ask for no second factor."""
    story.practise()
    yield
    clear_instance_cache()


@pytest.fixture
def company_with_offer(story) -> Supplier:
    """Return the company of a verified offer of Burnaby."""
    story.lead(story.line())
    return story.supplier


def claim_certificate_of(story, company) -> Certificate:
    kind = CertificateType.objects.get(code="ISO_13485")
    return record_shown_certificate(
        company, kind, number="QM-778812", entered_by=story.officer.user, by=story.officer.by, at=AT
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("legal_name_local", "中山新名有限公司"), ("uscc", "91442000MA4UJQ8X3P"), ("phone", "+86 760 1")],
)
def test_city_alone_cannot_correct_supplier_that_other_city_depends_on(
    story, company_with_offer, field, value
):
    with assert_refused("relied_on", company_with_offer):
        correct_supplier(
            company_with_offer, SupplierEdit(**{field: value}), by=story.stranger.by, at=AT, reason=WHY
        )
    correct_supplier(company_with_offer, SupplierEdit(**{field: value}), by=story.officer.by, at=AT)
    assert getattr(Supplier.objects.get(pk=company_with_offer.pk), field) == value


def test_console_can_change_facts_for_all_cities_without_proposal(story, company_with_offer):
    assert change_alone_refusal(CONSOLE_ACTOR, company_with_offer) is None
    assert change_alone_refusal(story.stranger.by, company_with_offer).code == "relied_on"


def test_supplier_that_no_other_city_depends_on_is_corrected_without_proposal(story):
    correct_supplier(story.supplier, SupplierEdit(name_en="Kanghu Medical"), by=story.stranger.by, at=AT)
    assert story.supplier.name_en == "Kanghu Medical"


def propose_correction(story, company, **values):
    address, body = f"suppliers/{company.reference}", {"verb": "correct", "values": values, "reason": WHY}
    return Program(story.stranger.user).post("supplier-changes/", {"thing": address, **body})


def test_action_decided_by_other_cities_is_listed_as_closed_with_deciding_cities(story, company_with_offer):
    markham = Program(story.stranger.user)
    moves = markham.get(f"suppliers/{company_with_offer.reference}/")["available_moves"]
    assert {(one["verb"], one["open"], one["code"]) for one in moves} == {
        ("correct", False, "relied_on"), ("merge", False, "relied_on")
    }  # fmt: skip
    assert all("Burnaby" in one["reason"] for one in moves)
    no = markham.refused(
        f"suppliers/{company_with_offer.reference}/correct/", {"name_en": "Kang", "reason": WHY}
    )
    assert no["code"] == "relied_on"


def test_other_city_sees_author_values_and_reason_of_proposal_and_accepts_exactly_those(
    story, company_with_offer
):
    made = propose_correction(story, company_with_offer, name_en="Kang", phone="+86 760 1")
    assert (made["proposed_for"], made["asked"], made["why"]) == ("markham", ["burnaby"], WHY)
    assert {"field": "phone", "old": "", "new": "+86 760 1"} in made["changes"]
    assert Supplier.objects.get(pk=company_with_offer.pk).name_en != "Kang"
    plan = build_notifications_for_entry(
        Entry.objects.filter(thing_label="procurement.supplierchange").latest("pk"), AT
    )
    assert {one.recipient for one in plan.notices} == {story.officer.user}
    for words in (str(story.stranger.user), "Markham", "Kang", WHY):
        assert words in plan.messages[0].body
    address = f"supplier-changes/{made['reference']}/"
    assert Program(story.stranger.user).refused(f"{address}accept/")["status"] == 403
    assert Program(story.officer.user).post(f"{address}accept/")["status"] == "accepted"
    company = Supplier.objects.get(pk=company_with_offer.pk)
    assert (company.name_en, company.phone) == ("Kang", "+86 760 1")


def test_author_of_declined_proposal_is_told_the_reason(story, company_with_offer):
    address = (
        f"supplier-changes/{propose_correction(story, company_with_offer, name_en='Kang')['reference']}/"
    )
    burnaby = Program(story.officer.user)
    assert burnaby.refused(f"{address}decline/", {})["status"] == 422
    burnaby.post(f"{address}decline/", {"reason": "The licence says otherwise."})
    plan = build_notifications_for_entry(Entry.objects.filter(verb="decline").latest("pk"), AT)
    assert {one.recipient for one in plan.notices} == {story.stranger.user}
    assert "The licence says otherwise." in plan.messages[0].body
    assert Supplier.objects.get(pk=company_with_offer.pk).name_en != "Kang"


def test_proposal_is_refused_when_fact_has_changed_since(story, company_with_offer):
    address = (
        f"supplier-changes/{propose_correction(story, company_with_offer, name_en='Kang')['reference']}/"
    )
    correct_supplier(company_with_offer, SupplierEdit(name_en="Kanghu"), by=story.officer.by, at=AT)
    assert Program(story.officer.user).refused(f"{address}accept/")["code"] == "not_ready"
    assert Supplier.objects.get(pk=company_with_offer.pk).name_en == "Kanghu"


def test_change_that_is_invalid_or_already_in_effect_is_not_proposed(story, company_with_offer):
    markham, address = Program(story.stranger.user), f"suppliers/{company_with_offer.reference}"
    for values in ({"uscc": "9" * 31}, {"country": company_with_offer.country}, {"nothing": "x"}):
        body = {"thing": address, "verb": "correct", "values": values, "reason": WHY}
        assert markham.refused("supplier-changes/", body)["status"] == 422
    assert not SupplierChange.objects.exists()


def test_two_cities_that_depend_on_supplier_change_it_by_proposal_and_acceptance(story, company_with_offer):
    markham = type(story)("markham")
    markham.supplier = company_with_offer
    markham.contact, markham.checker = story.contact, story.checker
    markham.lead(markham.line())
    for one in (story, markham):
        with assert_refused("relied_on", company_with_offer):
            correct_supplier(
                company_with_offer, SupplierEdit(name_en="Kang"), by=one.officer.by, at=AT, reason=WHY
            )
    address = (
        f"supplier-changes/{propose_correction(story, company_with_offer, name_en='Kang')['reference']}/"
    )
    assert Program(story.officer.user).post(f"{address}accept/")["status"] == "accepted"
    assert Supplier.objects.get(pk=company_with_offer.pk).name_en == "Kang"


def test_supplier_page_form_makes_proposal_for_facts_other_cities_depend_on(
    practice, story, company_with_offer
):
    client = Client()
    client.force_login(story.stranger.user)
    page = client.get(company_with_offer.get_absolute_url()).content.decode()
    assert "Propose: Merge into another supplier" in page
    paper = claim_certificate_of(story, company_with_offer)
    address = f"{paper.get_absolute_url()}mark_altered/"
    form = client.get(address).content.decode()
    assert "Propose: Mark as altered" in form
    assert "Other cities rely on this information for an offer or an order and will decide: Burnaby." in form
    assert 'role="alert"' not in form, "it may be sent"
    assert client.post(address, {"reason": WHY, "how": "document"}).status_code == 303
    change = SupplierChange.objects.get(verb="mark_altered")
    assert Certificate.objects.get(pk=paper.pk).status != "altered"
    client.force_login(story.officer.user)
    page = client.get(change.get_absolute_url()).content.decode()
    for words in (str(story.stranger.user), "Markham", WHY, "Altered"):
        assert words in page
    assert client.post(f"{change.get_absolute_url()}accept/").status_code == 303
    assert Certificate.objects.get(pk=paper.pk).status == "altered"


def test_city_alone_cannot_amend_or_judge_certificate_other_city_depends_on(story, company_with_offer):
    paper = claim_certificate_of(story, company_with_offer)
    stranger = story.stranger
    with assert_refused("relied_on", paper):
        amend_certificate(paper, CertificateEdit(number="QM-1"), by=stranger.by, at=AT, reason=WHY)
    with assert_refused("relied_on", paper):
        mark_certificate_invalid(
            paper, "altered", reason=WHY, looked_up_by=stranger.user, by=stranger.by, at=AT
        )


def test_lookup_entered_later_by_other_city_counts_once_own_city_accepts_it(story, company_with_offer):
    lead = SupplierLead.objects.get(supplier=company_with_offer)
    stranger = story.stranger
    look = record_lookup(
        company_with_offer, "company_register", answer="struck_off", since=AT.date(), answered_on=AT.date(),
        address="https://gsxt.example", entered_by=stranger.user, by=stranger.by, at=AT,
    )  # fmt: skip
    run_tick(AT)
    lead.refresh_from_db()
    assert (look.excluded_city_ids, lead.status) == ([story.city.pk], "verified")
    assert not lead.findings.filter(code="struck_off").exists()
    change = SupplierChange.objects.get(verb="count")
    Program(story.officer.user).post(f"supplier-changes/{change.reference}/accept/")
    run_tick(AT)
    lead.refresh_from_db()
    assert (RegisterLookup.objects.get().excluded_city_ids, lead.status) == ([], "under_review")


def test_city_alone_cannot_merge_supplier_other_city_depends_on(story, company_with_offer):
    other = story.company("中山另一家有限公司")
    for one, into in ((company_with_offer, other), (other, company_with_offer)):
        with assert_refused("relied_on", one, into):
            merge_suppliers(one, into=into, reason=WHY, by=story.stranger.by, at=AT)


def another_account(company, who, number="6222020000009999"):
    return propose_account(
        company, holder="A stranger", number=number, bank="Bank of China", country="CN", proposed_by=who.user, by=who.by,
        at=AT,
    )  # fmt: skip


def test_bank_account_entered_by_other_city_blocks_no_payment_and_is_notified(story):
    order = story.placed(story.promise())
    order = Order.objects.get(pk=order.pk)
    before = [str(one.refusal) for one in payment_blocks(order)]
    another_account(story.supplier, story.stranger)
    assert [str(one.refusal) for one in payment_blocks(Order.objects.get(pk=order.pk))] == before
    plan = build_notifications_for_entry(
        Entry.objects.filter(thing_label="procurement.bankaccount", verb="propose").latest("pk"), AT
    )
    assert story.officer.user in {one.recipient for one in plan.notices}
    assert "Markham" in plan.messages[0].body
    another_account(story.supplier, story.officer, "6222020000008888")
    assert [str(one.refusal) for one in payment_blocks(Order.objects.get(pk=order.pk))] != before


def test_city_alone_cannot_retire_bank_account_other_city_pays_into(story):
    account = story.account()
    story.placed(story.promise(), bank_account=account)
    with assert_refused("relied_on", account):
        retire_account(account, reason=WHY, by=story.stranger.by, at=AT)
    retire_account(account, reason=WHY, by=story.officer.by, at=AT)
    assert account.status == "retired"


def test_city_that_starts_to_depend_on_supplier_must_accept_pending_proposal_too(story, company_with_offer):
    address = (
        f"supplier-changes/{propose_correction(story, company_with_offer, name_en='Kang')['reference']}/"
    )
    montreal = Story("montreal")
    montreal.supplier = company_with_offer
    montreal.lead(montreal.line(product="GLOVE_EXAM_NITRILE"))
    data = Program(story.officer.user).post(f"{address}accept/")
    assert (data["status"], data["asked"]) == ("proposed", ["burnaby", "montreal"])
    assert Supplier.objects.get(pk=company_with_offer.pk).name_en != "Kang"
    entry = Entry.objects.filter(thing_label="procurement.supplierchange", verb="agree").latest("pk")
    (mail,) = [
        one
        for one in build_notifications_for_entry(entry, AT).messages
        if one.recipient == montreal.officer.user
    ]
    assert WHY in mail.body
    assert Program(montreal.officer.user).post(f"{address}accept/")["status"] == "accepted"
    assert Supplier.objects.get(pk=company_with_offer.pk).name_en == "Kang"


def test_proposal_is_applied_though_proposing_city_depends_on_supplier_by_then(story, company_with_offer):
    address = (
        f"supplier-changes/{propose_correction(story, company_with_offer, name_en='Kang')['reference']}/"
    )
    markham = Story("markham")
    markham.supplier = company_with_offer
    markham.lead(markham.line(product="GLOVE_EXAM_NITRILE"))
    assert Program(story.officer.user).post(f"{address}accept/")["status"] == "accepted"
    assert Supplier.objects.get(pk=company_with_offer.pk).name_en == "Kang"


def mail_about(thing, verb: str) -> str:
    """Return the mail about the latest entry with this verb, to the officer whose offer depends on it."""
    plan = build_notifications_for_entry(Entry.objects.about(thing).filter(verb=verb).latest("pk"), AT)
    return " ".join(plan.messages[0].body.split())


def test_merge_notification_shows_company_name_and_readable_status(story, company_with_offer):
    markham = type(story)("markham")
    markham.supplier = company_with_offer
    markham.contact, markham.checker = story.contact, story.checker
    markham.lead(markham.line())
    other = story.company("中山另一家有限公司")
    change = propose_change(
        company_with_offer, "merge", {"into": other}, reason=WHY, author=markham.officer.user, by=markham.officer.by, at=AT
    )  # fmt: skip
    Program(story.officer.user).post(f"supplier-changes/{change.reference}/accept/")
    told = mail_about(company_with_offer, "merge")
    assert f"merged into: – → {other}" in told
    assert "status: Listed → Merged" in told


def test_certificate_amendment_notification_shows_products_before_and_after(story, company_with_offer):
    paper, mask = claim_certificate_of(story, company_with_offer), Product.objects.get(code="MASK_SURG")
    standards = [Standard.objects.get(code="ASTM-F2100-L2")]
    edit = CertificateEdit(products=[mask], standards=standards, valid_until=date(2021, 4, 30))
    amend_certificate(paper, edit, reason=WHY, by=CONSOLE_ACTOR, at=AT)
    told = mail_about(paper, "amend")
    for words in (
        f"products: – → {mask.name}",
        "standards: – → ASTM-F2100-L2",
        "valid until: – → 30 April 2021",
    ):
        assert words in told
    amend_certificate(paper, CertificateEdit(products=[]), reason=WHY, by=CONSOLE_ACTOR, at=AT)
    told = mail_about(paper, "amend")
    assert f"products: {mask.name} → –" in told
    assert "standards" not in told


def test_certificate_history_shows_products_changed_by_amendment(practice, story, company_with_offer):
    paper, mask = claim_certificate_of(story, company_with_offer), Product.objects.get(code="MASK_SURG")
    amend_certificate(paper, CertificateEdit(products=[mask]), by=story.officer.by, at=AT, reason=WHY)
    client = Client()
    client.force_login(story.officer.user)
    page = " ".join(client.get(paper.get_absolute_url()).content.decode().split())
    assert f"<dd>{mask.name}</dd>" in page  # before, it named none

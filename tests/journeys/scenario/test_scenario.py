"""The practice scenario of April 2020, run once; its end is 16 April 2020, 09:00 in Vancouver."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from stdnum.cn import uscc

from accounts.models import Language, User
from partners.exchanges.models import Exchange
from procurement.allocations.actions import allocation_counter_mismatches
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.management import demo_access
from procurement.management.commands import demo_up
from procurement.management.commands.demo_up import PRACTICE_OPENS_AT, Command
from procurement.management.scenario import timeline
from procurement.management.scenario.state import vancouver_time
from procurement.orders.models import Order
from procurement.orders.payments.models import Payment
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.quality.models import Lot
from procurement.requests.models import SupplyRequest
from procurement.requests.rules import APPROVE_NEED
from procurement.shipments.models import Shipment
from procurement.suppliers.models.suppliers import Supplier
from procurement.tasks import advance_practice_clock
from procurement.verification.models import VerificationTask
from tests.worlds.cities import powers_for
from workflow import clock
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.journal.hash_chain import seal_entries, verify_chain
from workflow.journal.models import Entry
from workflow.outbox.models import Message
from workflow.uploads.models import File

# The findings that screening must raise, by the offer's part in the scenario.
EXPECTED = {
    "trader": {"chain_long", "prepayment_high"},
    "dear": {"price_four_times", "prepayment_high"},
    "shadow": {"price_under_floor", "duplicate_company", "company_young", "prepayment_high"},
    "paper": {"certificate_worthless", "list_match"},
    "plain": {"standard_below"},
}
# Honest offers, whose facts are true. Each finding on one is listed with the reason why it is right.
HONEST = {
    "maker": {
        (
            "certificate_other_standard",
            "warn",
        ): "true: the registration names YY 0469, the offer ASTM; the packs were looked at",
        ("price_few", "note"): "true: three quotes are too few, and were compared by hand",
    },
    "giver": {
        ("certificate_missing", "warn"): "true: none was shown; the goods were seen instead",
        ("came_short", "warn"): "true: six hundred were missing and a thousand damaged at the door",
    },
    "trader": {
        ("chain_long", "warn"): "true: three hands; the contact names who they have it from",
        ("maker_unconfirmed", "warn"): "true: no one has asked the maker yet",
        ("certificate_report_open", "note"): "true: the report was shown with the laboratory's number alone",
        ("price_few", "note"): "true: no one else offered respirators",
        ("prepayment_high", "warn"): "true as offered: they came down to thirty percent when asked",
    },
}

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("scenario")]


def test_practice_scenario_ends_at_nine_on_16_april_2020_in_vancouver(ended_at):
    assert timedelta() <= ended_at - vancouver_time("2020-04-16 09:00") < timedelta(minutes=5)


def test_scenario_journal_entries_are_in_order_and_within_scenario_time(stage):
    moments = list(Entry.objects.order_by("pk").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[0] >= PRACTICE_OPENS_AT
    assert moments[-1] < vancouver_time("2020-04-16 09:00")


def test_eight_scenario_offers_have_expected_findings(stage):
    assert SupplierLead.objects.count() == 8
    for key, codes in EXPECTED.items():
        found = set(stage.leads[key].findings.values_list("code", flat=True))
        assert codes <= found, key


def test_honest_scenario_offer_has_no_blocking_finding(stage):
    blocking = Finding.objects.filter(severity=Finding.Severity.BLOCK)
    assert not blocking.filter(lead__in=[stage.leads[key] for key in HONEST]).exists()
    assert set(blocking.values_list("code", flat=True)) == {
        "certificate_required",
        "certificate_worthless",
        "list_match",
        "standard_below",
    }


def test_honest_scenario_offer_has_exactly_the_expected_findings_and_severities(stage):
    """There must be no false alarm: a finding that the list lacks or has with another severity."""
    false = {
        (key, one.code, one.severity, one.subject)
        for key, expected in HONEST.items()
        for one in stage.leads[key].findings.all()
        if (one.code, one.severity) not in expected
    }
    assert len(false) == 0, false
    said = {key: set(stage.leads[key].findings.values_list("code", "severity")) for key in HONEST}
    assert said == {key: set(expected) for key, expected in HONEST.items()}, "nothing on the list went silent"


def test_scenario_findings_are_answered_in_writing(stage):
    judged = Finding.objects.filter(status__in=("explained", "upheld"))
    assert judged.count() >= 5
    assert not judged.filter(answer="").exists()


def test_scenario_has_a_consent_of_zhongshan_for_a_period(stage):
    inquiry = stage.inquiries["burnaby/whitcombe"]
    consent = IntroductionConsent.objects.get()
    assert (consent.inquiry, consent.status, str(consent.ends_on)) == (inquiry, "active", "2020-06-30")
    assert consent.introducer.city.slug == "zhongshan-cn"


def test_scenario_need_of_lethbridge_waits_for_its_approver(stage):
    need = SupplyRequest.objects.get(status=SupplyRequest.Status.AWAITING_APPROVAL)
    assert (need.city.slug, need.author) == ("lethbridge-ca", stage.staff["lethbridge_officer"])
    approver = powers_for(stage.staff["lethbridge_approver"])
    assert APPROVE_NEED.refusal(approver, need, clock.now()) is None


def test_scenario_contacts_are_asked_with_routing_reasons(stage):
    assert Inquiry.objects.count() == 8
    assert all(inquiry.reasons for inquiry in Inquiry.objects.all())
    assert Inquiry.objects.filter(status=Inquiry.Status.DECLINED).count() == 1


def test_scenario_checks_are_reminded_forwarded_and_returned(stage):
    tasks = VerificationTask.objects
    assert tasks.filter(status="forwarded").count() == 1
    assert tasks.filter(previous__status="forwarded", status="accepted").count() == 1
    assert tasks.filter(status="returned").count() == 1
    assert tasks.filter(reminder_count=2, status="requested").count() == 1
    reminders = Entry.objects.filter(verb="remind")
    assert reminders.count() >= 8
    assert Message.objects.filter(entry__in=reminders, state=Message.State.SENT).exists()


def test_scenario_purchase_is_approved_and_paid_by_people_who_did_not_verify_it(stage):
    order = Order.objects.get(pk=stage.orders["purchase"].pk)
    assert order.total_in_city_currency is not None
    assert order.city.approval_limit is not None
    assert order.total_in_city_currency > order.city.approval_limit
    assert order.approved_by_id not in (order.author_id, stage.staff["verifier"].pk)
    deposit = order.payments.get(milestone=Payment.Milestone.DEPOSIT)
    assert deposit.status == Payment.Status.PAID
    assert deposit.paid_by_id != deposit.proposed_by_id
    assert order.bank_account is not None
    assert order.bank_account.confirmed_by_id != order.bank_account.proposed_by_id
    assert order.bank_account.phone is not None
    assert order.bank_account.phone.contact == stage.contacts["chen"]


def test_scenario_purchase_has_its_purchase_order_and_a_complete_confirmation(stage):
    order = Order.objects.get(pk=stage.orders["purchase"].pk)
    made = GeneratedDocument.objects.get(order=order, kind=GeneratedDocument.Kind.PURCHASE_ORDER)
    assert made.language_pair == "zh-en"
    assert made.author == stage.staff["officer"]
    stated = str(made.file.words)
    assert order.city.registration_number
    for one in (
        order.supplier.uscc,
        order.city.registration_number,
        *order.city.purchase_conditions.splitlines(),
    ):
        assert one in stated, one
    assert (order.confirmation_method, order.supplier_reference) == ("link", "DEMO-2020-0417")
    assert order.confirmed_by_name


def test_scenario_second_payment_is_due_on_departure_and_awaits_second_person(stage):
    (papers,) = Payment.objects.due()
    assert (papers.milestone, papers.status) == (Payment.Milestone.AGAINST_DOCUMENTS, Payment.Status.PROPOSED)
    left = papers.city.day_at(Shipment.objects.get(pk=stage.shipments["purchase"].pk).departed_at)
    assert papers.due_on in (left, left + timedelta(days=1))


def test_scenario_donation_is_accepted_and_thanked(stage):
    assert Order.objects.get(pk=stage.orders["gift"].pk).status == Order.Status.THANKED


def test_scenario_purchase_is_held_at_import_for_missing_document(stage):
    shipment = Shipment.objects.get(pk=stage.shipments["purchase"].pk)
    assert shipment.status == Shipment.Status.ARRIVED
    assert shipment.held
    assert shipment.documents_missing == 1
    assert shipment.clearances.get(side="import").holds_open == 1


def test_scenario_donation_arrives_damaged_and_usable_goods_are_released(stage):
    shipment = Shipment.objects.get(pk=stage.shipments["gift"].pk)
    assert shipment.status == Shipment.Status.CLOSED
    line = shipment.lines.get()
    assert (line.quantity, line.accepted, line.rejected, line.missing) == (20_000, 18_400, 1_000, 600)
    lot = shipment.lots.get()
    assert (lot.status, lot.quantity) == (Lot.Status.RELEASED, 18_400)


def test_scenario_donation_is_added_to_exchanges_in_register(stage):
    gained = Exchange.objects.get(shipment_reference=stage.shipments["gift"].reference)
    assert (gained.from_city, gained.to_city) == (stage.cities["guiyang"], stage.cities["burnaby"])
    assert gained.quantity == 18_400


def test_scenario_counters_equal_sums_of_rows(stage):
    assert allocation_counter_mismatches() == []
    line = stage.needs["burnaby"].lines.get(position=1)
    assert (line.allocated, line.shipped, line.arrived, line.released) == (148_400, 118_400, 18_400, 18_400)


def test_scenario_journal_is_sealed_and_unbroken(stage):
    assert not Entry.objects.filter(announced_at=None).exclude(verb__in=("issue",)).exists()
    while seal_entries():
        pass
    assert verify_chain().problem == ""


def test_scenario_has_no_failed_or_bounced_message(stage):
    assert not Message.objects.filter(state__in=("failed", "bounced")).exists()


def test_scenario_companies_and_people_are_marked_as_demo(stage):
    assert Supplier.objects.count() == 8
    for company in Supplier.objects.all():
        assert "DEMO" in company.legal_name_local
        assert company.uscc[2:8] == "999999"
        assert uscc.is_valid(company.uscc)
        assert company.email.endswith(".example")
    for user in User.objects.all():
        assert user.name.removesuffix("）").endswith((" DEMO", "（DEMO"))  # the last is a company with a link
        assert user.email.endswith(".example")
    assert set(User.objects.values_list("language", flat=True)) == set(Language)


def test_scenario_contains_evidence_files_and_comments(stage):
    assert File.objects.filter(status=File.Status.CLEAN).count() == 3
    assert Entry.objects.filter(verb="comment").count() >= 6


def test_scenario_reminders_are_sent_next_morning(stage):
    """One check gets its last reminder; a placed order, a payment that is due and a need to approve get their first.

    Other inquiries of the end of the week wait for Monday, and so does a returned report.
    """
    before = set(Entry.objects.filter(verb="remind").values_list("pk", flat=True))
    advance_practice_clock(
        vancouver_time("2020-04-17 09:00")
    )  # through China's working hours, as the page's button does
    every = Entry.objects.filter(verb="remind").exclude(pk__in=before)
    orders = every.filter(thing_label="procurement.order")
    assert [one.reference for one in orders] == ["PO-2020-0002"]
    payment = Payment.objects.get(pk=every.get(thing_label="procurement.payment").thing_id)
    assert (payment.milestone, payment.status) == (
        Payment.Milestone.AGAINST_DOCUMENTS,
        Payment.Status.PROPOSED,
    )
    reminded = every.filter(thing_label="procurement.verificationtask")
    needs = every.filter(thing_label="procurement.supplyrequest")
    assert [SupplyRequest.objects.get(pk=one.thing_id).status for one in needs] == ["awaiting_approval"]
    assert every.count() == 4
    assert sorted(entry.facts["reminder"] for entry in reminded) == [3]
    returned = VerificationTask.objects.get(status="returned")
    assert returned.reminder_count == 2
    # It was due at five in Zhongshan, the end of the day; two days later it is five there again.
    assert returned.next_reminder_at == vancouver_time("2020-04-22 02:00")


def test_scenario_exchange_links_to_shipment_only_for_city_that_may_see_it(stage):
    leads = 'href="/shipments/SH-2020-0001/"'
    for city, may in (("burnaby-ca", True), ("markham-ca", False)):
        client = Client()
        client.force_login(
            User.objects.filter(memberships__city__slug=city, memberships__role="officer").first()
        )
        page = client.get("/network/untapped/?here=CA&there=CN&on=2020-04-16").content.decode()
        assert "SH-2020-0001" in page
        assert (leads in page) is may


def test_scenario_is_played_only_once(stage):
    with pytest.raises(Refused):
        timeline.play_scenario(lambda line: None)
    before = Entry.objects.count()
    call_command("play_scenario")
    assert Entry.objects.count() == before


def test_demo_data_files_are_loaded_again_only_when_changed(stage, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    output = StringIO()
    prepare = Command(stdout=output)
    prepare.fill_practice_site()
    assert "Loading the city register" in output.getvalue()
    output.truncate(0)
    prepare.fill_practice_site()
    assert output.getvalue() == ""
    monkeypatch.setattr(demo_up, "LOADER_FOLDERS", ("partners/data",))
    prepare.fill_practice_site()
    assert "Loading the city register" in output.getvalue()


def test_demo_credentials_of_each_role_are_kept_on_second_run(stage, tmp_path):
    target = tmp_path / "demo.json"
    call_command("demo_links", output=target)
    first = demo_access.read_credentials(target)
    call_command("demo_links", output=target)
    assert demo_access.read_credentials(target) == first
    assert target.stat().st_mode & 0o777 == 0o600
    roles = {(one["role"], one["city"]) for one in first}
    everybody = ("administrator", "officer", "approver", "verifier", "logistics", "broker", "observer")
    assert {(role, "Burnaby") for role in everybody} <= roles
    assert ("coordinator", None) in roles
    assert ("contact", "Zhongshan") in roles


def test_revoked_demo_credentials_are_issued_again(stage, tmp_path):
    target = tmp_path / "demo.json"
    call_command("demo_links", output=target)
    first = demo_access.read_credentials(target)
    User.objects.get(email="officer@burnaby.example").links.update(revoked_at=real_now())
    call_command("demo_links", output=target)
    changed = [one["email"] for one in demo_access.read_credentials(target) if one not in first]
    assert changed == ["officer@burnaby.example"]

"""Tests that the table of messages is complete: each status change sends a message or is listed as muted, in three languages."""

import ast
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation

from accounts.actions.links import issue_link
from accounts.actors import CONSOLE_ACTOR
from accounts.models import ActionLink, User
from partners.corrections.actions import propose_correction
from partners.memberships.actions import invite_member
from partners.memberships.models import Delegation, Membership
from partners.register_import.models import Import
from procurement.allocations.plans.models import AllocationPlan
from procurement.catalogue.models.certificates import CertificateType
from procurement.customs.actions import record_hold
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.distribution.models import Distribution
from procurement.documents.actions.requests import request_documents
from procurement.documents.models.requests import DocumentSubmission
from procurement.leads.actions.leads import draft_lead
from procurement.leads.models.findings import Finding
from procurement.notifications import table_lookup
from procurement.notifications.mail_text import render_mail, template_values
from procurement.notifications.muted import muted_verbs
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.payments.models import Payment
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.receiving.models import Discrepancy
from procurement.sanctions.models import Watchlist
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.changes import SupplierChange
from procurement.thanks.models import ThankYouMessage
from procurement.verification.models import VerificationTask
from procurement.webhooks.models import WebhookEndpoint
from tests.procurement.orders.permission_table import requested_audit_file
from tests.worlds import check_reuse, cities
from tests.worlds.need_to_order import AT
from workflow.clock import real_now
from workflow.journal.models import Entry
from workflow.moves import Moves
from workflow.outbox import queue

LANGUAGES = ("en", "fr-ca", "zh-hans")


def moves() -> list[tuple[str, str]]:
    return [(label, move.verb) for label, life in Moves.registry.items() for move in life]


def recorded() -> set[str]:
    """Return the verbs that actions record without a move.

    These are the literal strings in calls of `journal.record` and `_stamp`.
    """
    verbs = set()
    for room in ("workflow", "accounts", "partners", "procurement"):
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                    ("journal.record", "_stamp")
                ):
                    verbs |= {
                        arg.value
                        for arg in node.args
                        if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                    }
    return verbs


@pytest.mark.parametrize(("label", "verb"), moves())
def test_every_action_is_either_announced_or_muted(label, verb):
    told = (label, verb) in table_lookup.NOTICES
    listed = any(verb in verbs for thing, verbs in muted_verbs() if thing in (label, "*"))
    assert told != listed, (
        f"{label} {verb} stands {'twice' if told else 'nowhere'} in procurement/notifications/builder"
    )


def test_every_journal_event_without_action_is_notified_or_excluded():
    known = {verb for _label, verb in table_lookup.NOTICES} | {
        verb for _thing, verbs in muted_verbs() for verb in verbs
    }
    columns = {"bounced_at", "stopped_at"}
    assert recorded() - known - columns == set()


def test_notification_table_names_only_existing_records_events_and_statuses():
    labels = {label for label, _verb in table_lookup.NOTICES} | {thing for thing, _verbs in muted_verbs()}
    for label in labels - {"*"}:
        apps.get_model(label)
    known = Counter(moves())
    for label, verb in table_lookup.NOTICES:
        if label in Moves.registry:
            assert known[label, verb], f"{label} has no move {verb}"
            one = Moves.registry[label][verb]
            for notice in table_lookup.NOTICES[label, verb]:
                assert not notice.valid_statuses or one.target is None or one.target in notice.valid_statuses
                assert notice.valid_statuses <= set(Moves.registry[label].statuses.values)


def test_no_event_is_listed_twice_as_excluded_from_notification():
    listed = Counter((thing, verb) for thing, verbs in muted_verbs() for verb in verbs)
    assert [pair for pair, times in listed.items() if times > 1] == []


def _version(story) -> DocumentSubmission:
    """Return a version of a document that came in by link, without its file."""
    planned = story.plan()
    request = request_documents(
        planned, "broker", name="Anne", email="anne@broker.example", author=story.officer.user, by=story.officer.by,
        at=AT,
    )  # fmt: skip
    return DocumentSubmission(
        pk=1,
        document=request.documents.first(),
        city=story.city,
        request=request,
        number=1,
        author=request.person,
        created_at=AT,
    )


REPORTED_PERIOD = {"since": (AT - timedelta(days=1)).isoformat(), "until": AT.isoformat()}


@pytest.fixture
def things(story, inquiry) -> dict[str, object]:
    """Return one object of each kind that a message is about."""
    shipment = story.lot().shipment
    by, clearance = story.logistics.by, shipment.clearances.first()
    introducer = cities.contact("wuhan", "Ding Lan")
    consent = IntroductionConsent.objects.create(
        reference="IC-2020-0001",
        status="active",
        inquiry=inquiry,
        city=story.city,
        through_city=introducer.city,
        contact=story.contact,
        introducer=introducer,
        given_by=introducer.user,
        ends_on=AT.date(),
        created_at=AT,
    )
    Inquiry.objects.filter(pk=inquiry.pk).update(consent=consent, sent_at=AT)
    real = real_now()
    version, order = _version(story), story.draft()
    lead = draft_lead(story.city, author=story.officer.user, by=story.officer.by, at=AT, supplier=story.supplier,
                       product=story.line().product, contact=story.contact)  # fmt: skip
    return {
        "procurement.supplyrequest": inquiry.supply_request,
        "procurement.inquiry": inquiry,
        "procurement.introductionconsent": consent,
        "procurement.supplierlead": lead,
        "procurement.supplier": story.supplier,
        "procurement.bankaccount": BankAccount(pk=1, supplier=story.supplier, bank="Bank", number="6222000011112222"),
        "procurement.certificate": Certificate(
            pk=1, reference="CE-2020-0001", supplier=story.supplier, number="QM-1", kind=CertificateType.objects.first()
        ),
        "procurement.finding": Finding.objects.first() or Finding(lead=lead, city=story.city),
        "procurement.verificationtask": VerificationTask.objects.first(),
        "procurement.checkreuse": check_reuse.requested_reuse(story),
        "procurement.allocation": order.lines.get().allocation,
        "procurement.order": order,
        "procurement.orderacknowledgement": OrderAcknowledgement(
            pk=1, reference="OA-2020-0001", order=order, city=story.city, person=story.contact.user, name="Kanghu",
            language="en", author=story.officer.user, status="proposed", created_at=AT, delivery_on=AT.date(),
        ),
        "procurement.payment": Payment(
            pk=1, order=order, city=story.city, milestone="deposit", amount=100, currency="CAD", status="planned",
            due_on=AT.date(), created_at=AT,
        ),
        "procurement.shipment": shipment,
        "procurement.customshold": record_hold(
            story.clearance(story.plan(), "import"), reason="A paper is missing", question="Which one?", by=by, at=AT
        ),
        "procurement.customsdocument": clearance.documents.first(),
        "procurement.customsclearance": clearance,
        "procurement.documentrequest": version.request,
        "procurement.documentsubmission": version,
        "procurement.goodsreceipt": shipment.goods_receipts.first(),
        "procurement.discrepancy": Discrepancy.objects.create(
            reference="DC-2020-0001", status="open", created_at=AT, shipment=shipment, line=shipment.lines.first(),
            receipt=shipment.goods_receipts.first(), city=story.city, contact=story.contact, kind="missing", pieces=10,
            reason="A carton is not there.",
        ),
        "procurement.lot": shipment.lots.first(),
        "procurement.distribution": Distribution(
            pk=1, lot=shipment.lots.first(), city=story.city, place="Ward 3", quantity=10, distributed_on=AT.date(),
            person=story.contact.user, name="Lee", email="lee@ward.example", status="distributed", created_at=AT,
        ),
        "procurement.reliefclaim": ReliefClaim(
            pk=1, reference="RC-2020-0001", status="proof_due", city=story.city, shipment=shipment, claimed_on=AT.date(),
            prove_by=AT.date(), created_at=AT,
        ),
        "procurement.thankyoumessage": ThankYouMessage.objects.create(
            thank_you=shipment.thank_yous.first(), city=story.city, contact=story.contact, thanked_for="offered", language="en",
            subject="Thank you", body="Goods are here.", status="sent", created_at=AT,
        ),
        "procurement.supplierchange": SupplierChange(
            pk=1, reference="CC-2020-0001", supplier=story.supplier, thing_label="procurement.supplier",
            thing_id=story.supplier.pk, verb="correct", author=story.officer.user, proposed_for=story.city,
            changes=[{"field": "website", "old": "", "new": "kanghu.example"}], asked=[story.city.pk],
            status="proposed", created_at=AT,
        ),
        "procurement.auditfile": requested_audit_file(story),
        "procurement.allocationplan": AllocationPlan.objects.create(
            reference="AP-2020-0001", city=story.city, city_ids=[story.city.pk], author=story.officer.user, rule_date=AT.date(),
            status="ready", created_at=AT,
        ),
        "procurement.webhookendpoint": WebhookEndpoint(
            pk=1, city=story.city, description="Stock system", url="https://stock.city.example/", owner=story.officer.user,
            status="disabled", created_at=AT,
        ),
        "procurement.watchlist": Watchlist(
            pk=1, reference="WL-2020-0001", name="A list", uploaded_by=story.officer.user, status="uploaded", created_at=AT
        ),
        "partners.import": Import(pk=1, by=story.officer.user, table="cities", status="uploaded", created_at=AT),
        "partners.membership": Membership.objects.get(user=story.officer.user),
        "partners.delegation": Delegation(
            pk=1, city=story.city, delegator=story.approver.user, deputy=story.officer.user, starts_on=AT.date(),
            ends_on=AT.date(), given_at=AT,
        ),
        "partners.contact": story.contact,
        "partners.correction": propose_correction(
            story.city, "population", "249125", source_url="https://register.example/minutes", why="Counted",
            author=story.officer.user, by=story.officer.by, at=AT,
        ),
        "partners.twinningagreement": cities.twinning(story.city, "wuhan", expires="2021-06"),
        "partners.invitation": invite_member(
            email="new@cast.example", name="New", role="officer", city=story.city,
            by=story.person("administrator").by, at=AT, real_at=real,
        ),
        "accounts.actionlink": issue_link(
            story.contact.user, purpose=ActionLink.Purpose.ANSWER, thing_label="procurement.inquiry", thing_id=inquiry.pk,
            by=CONSOLE_ACTOR, at=AT, real_at=real,
        ).link,
        "accounts.user": story.contact.user,
        "*": lead,
    }  # fmt: skip


def test_every_message_can_be_written_in_three_languages(things):
    for (label, verb), rows in table_lookup.NOTICES.items():
        thing = things[label]
        facts = {"to": "Li Wei", "question": "Which sizes?", "answer": "All.", **REPORTED_PERIOD}
        entry = Entry(verb=verb, by_label="Somebody", reason="because", at=AT, facts=facts)
        for notice in rows:
            for language in LANGUAGES:
                with translation.override(language):
                    said = render_mail(
                        notice.template, template_values(notice, thing, entry, User(name="Reader"))
                    )
                assert said.subject, (label, verb)
                assert "%(" not in said.subject + said.body
                assert "\n\n\n" not in said.body
                assert (queue.LINK_PLACEHOLDER in said.body) == bool(notice.link_params(thing)), (
                    label,
                    verb,
                    notice.template,
                )
            assert all(isinstance(person, User) for person in notice.audience(thing))

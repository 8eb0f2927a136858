"""Leak markers: every text has one, and mails, generated files and counts contain none that their reader may not see."""

import json
import re
import zipfile
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.apps import apps
from django.db import models
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from procurement.audit_files.actions import rebuild_audit_file
from procurement.audit_files.builder import build_waiting_audit_files
from procurement.audit_files.models import AuditFile
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.requests.actions.requests import stop_request
from procurement.tasks import plan_messages
from tests.rights.http_requests import Differences, World, rolled_back
from tests.rights.leaks.test_invisible_records import difference
from tests.rights.pages_table import HOMES
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT
from workflow.http.middleware import server_error
from workflow.outbox.models import Message
from workflow.uploads.generated_archives import archive_path

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]
# Columns without a mark, by reason: codes and figures with a form of their own, keys, and texts that the program writes.
UNMARKED = {
    "says who": "entry.by_label",
    "searched as it is announced, below": "message.subject message.body",
    "the program's own words and keys": "notification.thing_label "
    "entry.reference entry.verb entry.via entry.thing_label comment.thing_label file.thing_label "
    "message.thing_label message.template message.result message.link message.address file.content_type "
    "file.uploaded_sha256 file.kept_sha256 file.key file.stored file.kind verificationtask.why "
    "finding.code finding.subject finding.source finding.figures supplier.name_key "
    "lot.inspectors inspection.covers reliefclaim.places reliefclaim.unmet reliefclaim.hs_code "
    "customsclearance.notified_with documentsubmission.files documentsubmission.generated "
    "generateddocument.code generateddocument.sha256 generateddocument.file_sha256 "
    "generateddocument.thing generateddocument.figures "
    "decisionmemo.code decisionmemo.sha256 decisionmemo.head auditfile.stored auditfile.sha256 "
    "watchlist.sha256 allocationplan.digest allocationplan.city_ids allocation.compared_goods "
    "watchlistentry.digest watchlistentry.keys "
    "supplier.name_en_key supplierlead.named supplier.phone_key supplier.address_key "
    "supplier.changed_facts supplierlead.changed_facts "
    "certificate.number_key registerlookup.source_key supplierfact.value_key supplierchange.values "
    "supplierchange.verb supplierchange.thing_label "
    "supplierchange.changes supplierchange.asked supplierchange.agreed certificate.excluded_city_ids "
    "supplierfact.excluded_city_ids registerlookup.excluded_city_ids "
    "supplier.excluded_city_ids issuercheck.excluded_city_ids "
    "checkreport.file_ids inquiry.reasons verificationtask.reasons shipment.contradictions "
    "shipment.alerts order.override_covers "
    "shipment.via shipment.public_code trackingevent.classifier trackingevent.about "
    "customsdocument.code customsdocument.rule customsdocument.name_en customsdocument.name_fr "
    "customsdocument.name_zh customsdocument.satisfied_by "
    "customsdocument.source_url milestone.place milestone.timezone inspection.level "
    "trackingevent.code file.status contact.status "
    "webhookendpoint.secret webhookendpoint.previous_secret webhookendpoint.event_kinds "
    "webhookdelivery.event_type webhookdelivery.thing_label "
    "invitation.status invitation.token_hash membership.status import.columns contact.answer_times",
    "written in another state of its thing": "order.deposit_reason order.override_reason "
    "order.hold_reason lot.condition lot.override_reason "
    "allocation.override_reason inquiry.remark inquiry.introduction_text inquiry.question payment.transfer goodsreceiptline.reason "
    "bankaccount.callback_number carton.lot_number "
    "payment.due_reason reliefclaim.explanation documentrequest.unavailable orderacknowledgement.city_reply "
    "supplyrequest.proposal watchlistmatch.proposal watchlistmatch.review_note inquiry.phone_respondent customsdocument.number "
    "trackingevent.external_id entry.facts",
    "a form of its own": "shipment.air_waybill shipment.containers shipment.seals shipment.consignee "
    "declaration.lines supplier.uscc "
    "bankaccount.number bankaccount.cities supplierlead.incoterm_place "
    "supplierlead.rate_source supplierlead.landed "
    "supplier.website supplier.email supplier.phone supplier.legal_name_local "
    "certificate.models_covered supplier.referred_by "
    "supplyrequest.facility_kinds supplyrequest.accepts inquiry.line_numbers contact.languages contact.families contact.checks "
    "invitation.email "
    "documentrequest.email orderacknowledgement.email orderacknowledgement.name distribution.email contact.stopped_for",
    "of a person, who agreed that anyone who may ask them sees it": "contact.title "
    "contact.title_en contact.title_fr contact.title_zh contact.phone contact.wechat contact.holiday_country",
    "the register, public": "organization.name_en organization.name_fr organization.name_local organization.address "
    "organization.phone "
    "twinningagreement.source_url twinningagreement.source_type twinningagreement.scope "
    "twinningagreement.note "
    "twinningagreement.conflict correction.value "
    "correction.previous_value correction.source_url correction.answer dispute.settled_for "
    "dispute.because supplierchange.answer "
    "exchange.items exchange.unit exchange.source_url "
    "exchange.note exchange.shipment_reference city.name_en city.name_fr city.name_zh city.name_local "
    "city.coord_source "
    "city.timezone city.slug",
}


def free_texts() -> list[tuple[type[models.Model], str]]:
    """Return every text column of the models that belong to a city."""
    found = []
    for model in apps.get_models():
        if not hasattr(model._default_manager.all(), "visible_to") or "catalogue" in model.__module__:
            continue
        for field in model._meta.concrete_fields:
            kind = field.get_internal_type()
            words = kind in ("CharField", "TextField", "JSONField", "ArrayField", "EmailField", "SlugField")
            short = (field.max_length or 999) < 30 and kind == "CharField"
            if words and not field.choices and not short:
                found.append((model, field.name))
    return found


def test_every_free_text_of_a_city_contains_leak_marker(world):
    known = {name for names in UNMARKED.values() for name in names.split()}
    missing = []
    for model, name in free_texts():
        label = f"{model._meta.model_name}.{name}"
        texts = model._base_manager.values_list(name, flat=True)
        if label not in known and not any(re.search(r"QZ\d{3}BQ", str(text)) for text in texts):
            missing.append(label)
    assert missing == []


def test_notification_mails_contain_no_data_hidden_from_recipient(world):
    """Announce everything that happened, and search each message for data its reader may not read."""
    wrong, names = Differences(), {user.pk: name for name, user in world.users.items()}
    with rolled_back():
        while plan_messages(AT):
            pass
        messages = list(Message.objects.select_related("recipient"))
        assert len(messages) > 10
        for message in messages:
            who = names.get(message.recipient_id, "")
            for found, (thing, city) in world.marks.found_in(f"{message.subject}\n{message.body}"):
                if not may_hear(world, who, message, thing, city):
                    wrong.add(found, thing, city, who or str(message.recipient), message.template)
    assert wrong == []


def may_hear(world: World, who: str, message: Message, thing: str, city: str) -> bool:
    """Return True if a message may mention an object to its reader.

    People of a city read about their own objects; a contact reads about what they were asked and its outcome.
    """
    if world.may_read(who or column_without_reader(message), thing, city):
        return True
    if thing == "second inquiry" and message.recipient.memberships.filter(city__name_en="Zhongshan").exists():
        return True  # the partner city decides if its contact may be asked
    if thing == "introduced inquiry" and message.recipient.contacts.filter(city__name_en="Wuhan").exists():
        return True  # the same decision, by link
    mine = {"burnaby": world.own, "markham": world.shared}[city].city.pk
    if message.city_id != mine or (who and "contact" not in who):
        return False
    return thing in KINDS_MAILED_TO_CONTACTS or (
        not who and message.recipient.memberships.filter(city=mine).exists()
    )


def column_without_reader(message: Message) -> str:
    """Return the column of the tables that applies to a reader whom the tables do not name.

    An officer of another city counts as the officer of a city without an agreement.
    """
    officer = message.recipient.memberships.filter(role="officer", status="active", city__isnull=False)
    return "foreign officer" if officer.exists() else ""


KINDS_MAILED_TO_CONTACTS = frozenset(
    "need inquiry check supplier lead order shipment invitation document_request submission thank_you_message discrepancy".split()
    + ["sent order", "acknowledgement", "arrived shipment", "requested document", "open check"]
)


@pytest.fixture
def stopped_clock(world):
    """Stop the time: pages show the minute, and the test compares two showings."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.mark.usefixtures("stopped_clock")
def test_actions_of_one_city_change_no_figure_on_pages_of_other_cities(world):
    """Counts, lists, coverage and badges of others do not change when Burnaby posts, asks and gets offers."""
    readers = ("foreign officer", "shared officer", "foreign coordinator", "own idle broker")
    before = {(who, name): stable_page(world, who, name) for who in readers for name in HOMES}
    with rolled_back():
        city = world.own
        need = city.need("need", **city.texts("need", "importer_of_record"))
        city.offer("lead", need.lines.get())
        words = {"subject": "a", "body": "b"}
        send_inquiry(draft_inquiry(need, city.contact, **words, **city.as_officer), **city.by_officer)
        stop_request(need, reason="enough", **city.by_officer)
        wrong = [
            (*key, *difference(text, now))
            for key, text in before.items()
            if (now := stable_page(world, *key)) != text
        ]
    assert wrong == [], list(wrong)


def test_decision_memo_contains_no_data_of_other_city(world):
    """An officer of the city may read each word of the memo, in each language, on some page."""
    wrong = Differences()
    for said in world.things["memo"].files.values_list("words", flat=True):
        text = json.dumps(said, ensure_ascii=False)
        assert list(world.marks.found_in(text)), "the order's own words are in it"
        for found, (thing, city) in world.marks.found_in(text):
            if not world.may_read("own officer", thing, city):
                wrong.add(found, thing, city)
    assert wrong == [], list(wrong)


@pytest.mark.parametrize("name", ["generated document", "gift letter", "purchase order"])
def test_generated_document_contains_no_data_of_other_city(world, name):
    """An officer of the city may read each word of the document, in each language, on some page."""
    text = json.dumps(world.things[name].file.words, ensure_ascii=False)
    told = list(world.marks.found_in(text))
    assert told, "the company's own words are in it"
    assert [found for found, (thing, city) in told if not world.may_read("own officer", thing, city)] == []


def test_audit_file_contains_no_data_hidden_from_requester(world):
    """Search every file of the bundle, PDF text and names included: its requester may read all of that."""
    wrong = Differences()
    with rolled_back():
        bundle = AuditFile.objects.get(pk=world.things["audit_file"].pk)
        rebuild_audit_file(bundle, by=powers_for(bundle.by), at=AT)
        build_waiting_audit_files(AT)
        bundle.refresh_from_db()
        assert bundle.files > 5
        with zipfile.ZipFile(archive_path(bundle.stored)) as archive:
            texts = {name: text_of_file(name, archive.read(name)) for name in archive.namelist()}
    assert any(list(world.marks.found_in(text)) for text in texts.values())
    for name, text in texts.items():
        for found, (thing, city) in world.marks.found_in(f"{name} {text}"):
            if not world.may_read("own observer", thing, city):
                wrong.add(name, found, thing, city)
    assert wrong == [], list(wrong)


def text_of_file(name: str, data: bytes) -> str:
    """Return the text of a file."""
    if not name.endswith(".pdf"):
        return data.decode("utf-8", "ignore")
    pages = pypdfium2.PdfDocument(data)
    return " ".join(pages[number].get_textpage().get_text_range() for number in range(len(pages)))


def stable_page(world: World, who: str, name: str) -> str:
    """Return a page without the parts that differ at each request."""
    answer: Any = world.visitors[who].page("get", reverse(name))
    return re.sub(r'value="[\w-]{16,}"|datetime="[^"]+"', "", answer.content.decode())


def test_server_error_page_contains_no_data_of_failed_request(world):
    for path in ("/leads/", "/api/v1/supplier-leads/"):
        try:
            raise ValueError(world.marks.word("lead", "burnaby"))
        except ValueError:
            answer = server_error(RequestFactory().get(path))
        assert answer.status_code == 500
        assert not list(world.marks.found_in(answer.content.decode()))


def test_malformed_request_is_answered_without_any_data(world):
    for who in ("foreign officer", "own observer"):
        visitor = world.visitors[who]
        for path in ("needs/?q=%00", "needs/?page=x", "leads/?status=nothing"):
            assert visitor.page("get", f"/{path}").status_code in (200, 400, 404)
        for path in ("orders/?cursor=x", "orders/?ordering=x", "orders/?nothing=1", "orders/?page_size=0"):
            assert visitor.api("get", path).status_code == 422
        for data in ("{", "[]", "null"):
            answer = visitor.program.client.post(
                "/api/v1/supply-requests/",
                data,
                content_type="application/json",
                headers=visitor.program.headers,
            )
            assert visitor.searched(answer, "supply-requests/").status_code in (400, 422)

"""Tests of document requests: people get a message with their own link, which ends when nothing is requested any more."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.actions.people import add_person, deactivate
from accounts.actors import CONSOLE_ACTOR
from accounts.models import ActionLink, User
from procurement.customs.actions import add_declaration, record_customs_release
from procurement.documents.actions.requests import (
    cancel_request,
    copy_request_link,
    report_document_unavailable,
    request_documents,
)
from procurement.documents.queries import document_request_actor
from procurement.documents.rules.requests import documents_still_needed
from procurement.logistics.actions.journey import cancel_shipment
from procurement.notifications.builder import build_messages
from procurement.notifications.mail_text import render_mail, template_values
from procurement.notifications.table_lookup import table_rows_for_entry
from procurement.tracking.actions.events import record_event
from tests.procurement.refusals import assert_refused
from tests.worlds.document_requests import RequestingOffice
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DEPARTED_AT
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.journal.models import Entry
from workflow.outbox.models import Message


def messages_by_address(thing, verb):
    """Return the messages about the newest entry with this verb, by address."""
    entry = Entry.objects.about(thing).filter(verb=verb).order_by("-pk")[0]
    return {one.address: one for one in build_messages(entry, AT)}


def test_submitter_is_asked_for_the_documents_of_their_role_in_their_language(
    story: RequestingOffice,
) -> None:
    request = story.request(story.plan(), note="请附上封条号码。")
    assert (request.reference[:3], request.status, request.city) == ("HI-", "open", story.city)
    assert set(request.documents.values_list("owner", flat=True)) == {"supplier"}
    assert request.documents.filter(code="INV").count() == 1
    mail = messages_by_address(request, "request")["wu.min@kanghu.example"]
    assert mail.language == "zh-hans"
    assert "商业发票" in mail.body
    assert "请附上封条号码。" in mail.body
    assert mail.link == {"purpose": "answer"}


def test_known_submitter_keeps_their_name_beside_the_one_the_city_entered(story: RequestingOffice) -> None:
    known = add_person(
        email="known@elsewhere.example", name="Another Name", by=CONSOLE_ACTOR, at=AT, language="fr-ca"
    )
    request = story.request(story.plan(), email=" Known@Elsewhere.example ", name="Whoever", language="en")
    known.refresh_from_db()
    assert (request.person, known.name, known.language) == (known, "Another Name", "fr-ca")
    assert (request.name, request.email, document_request_actor(request).label) == (
        "Whoever",
        "known@elsewhere.example",
        "Whoever",
    )


def test_invalid_document_request_is_refused(story: RequestingOffice) -> None:
    shipment = story.plan()
    first = story.request(shipment)
    for code, facts in {
        "no_such_role": {"role": "city"},
        "no_papers": {"role": "contact"},
        "name_missing": {"name": " "},
        "bad_address": {"email": "nobody"},
        "already_asked": {},
    }.items():
        given = {"role": "supplier", "name": first.name, "email": first.email, **facts}
        with assert_refused(code, first):
            request_documents(
                shipment, given.pop("role"), **given, author=story.officer.user, by=story.officer.by, at=AT
            )
    for who in (story.observer, story.stranger, story.broker):
        with assert_refused("not_allowed", first):
            request_documents(
                shipment, "forwarder", name="X", email="x@y.example", author=who.user, by=who.by, at=AT
            )
    assert not User.objects.filter(email="x@y.example").exists()


def test_deactivated_person_or_cancelled_shipment_gets_no_document_request(story: RequestingOffice) -> None:
    shipment = story.plan()
    gone = add_person(email="gone@kanghu.example", name="Gone", by=CONSOLE_ACTOR, at=AT)
    deactivate(gone, by=CONSOLE_ACTOR, at=AT, real_at=real_now(), reason="a test")
    with assert_refused("shut_out"):
        story.request.__wrapped__(story, shipment, email="gone@kanghu.example")
    cancel_shipment(shipment, reason="a test", by=story.officer.by, at=AT)
    with assert_refused("not_ready"):
        story.request.__wrapped__(story, shipment)


def test_cancelled_document_request_ends_its_links_at_once(story: RequestingOffice) -> None:
    request, real = story.request(story.plan()), real_now()
    url = copy_request_link(request, user=story.officer.user, by=story.officer.by, at=AT, real_at=real)
    link = ActionLink.objects.get(thing_label="procurement.documentrequest", thing_id=request.pk)
    assert "/l/" in url
    assert link.copied_by == story.officer.user
    with assert_refused("not_allowed", request):
        copy_request_link(request, user=story.observer.user, by=story.observer.by, at=AT, real_at=real)
    cancel_request(request, by=story.officer.by, at=AT, real_at=real)
    link.refresh_from_db()
    assert (request.status, link.is_usable(real)) == ("cancelled", False)
    assert Entry.objects.about(link).filter(verb="revoke").count() == 1
    assert list(messages_by_address(request, "cancel")) == ["wu.min@kanghu.example"]
    with assert_refused("wrong_status", request):
        copy_request_link(request, user=story.officer.user, by=story.officer.by, at=AT, real_at=real)
    assert not Message.objects.filter(thing_id=request.pk, state="planned").exists()
    assert story.request(request.shipment).status == "open"  # requested again


def test_unavailable_optional_document_is_waived_but_a_required_one_is_not(story: RequestingOffice) -> None:
    request = story.request(story.plan())
    firm, loose = story.document(request.shipment, "DECL5"), story.document(request.shipment, "PSI")
    for document in (firm, loose):
        report_document_unavailable(
            request, document, reason="没有这份文件", by=document_request_actor(request), at=AT
        )
    assert request.unavailable == {firm.reference: "没有这份文件", loose.reference: "没有这份文件"}
    still_expected = documents_still_needed(request, request.documents)
    assert firm in still_expected
    assert loose not in still_expected
    assert list(messages_by_address(request, "report_unavailable")) == [story.officer.user.email]
    with assert_refused("not_theirs", request):
        report_document_unavailable(
            request,
            story.document(request.shipment, "AWB"),
            reason="?",
            by=document_request_actor(request),
            at=AT,
        )
    with assert_refused("reason_missing", request):
        report_document_unavailable(request, firm, reason=" ", by=document_request_actor(request), at=AT)
    story.submitted_version(request, "DECL5")
    request.refresh_from_db()
    assert request.unavailable == {loose.reference: "没有这份文件"}  # they had the other one after all


def test_link_actor_has_permissions_only_on_their_own_request(story: RequestingOffice) -> None:
    shipment = story.plan()
    supplier, broker = (
        document_request_actor(story.request(shipment)),
        document_request_actor(story.request(shipment, "broker")),
    )
    mine, other = story.document(shipment, "INV"), story.document(shipment, "AWB")
    assert (supplier.may("submit_documents", mine), supplier.may("submit_documents", other)) == (True, False)
    assert (
        supplier.may("submit_documents", story.document(shipment, "INV", "import")) is False
    )  # the broker's
    export, import_ = story.clearance(shipment, "export"), story.clearance(shipment, "import")
    assert [broker.may("clear", one) for one in (export, import_, shipment, mine)] == [
        False,
        True,
        True,
        False,
    ]
    assert [supplier.may("clear", one) for one in (export, shipment)] == [False, False]
    assert not any(
        one.may(power, shipment) for one in (supplier, broker) for power in ("see", "ship", "comment")
    )
    assert supplier.cities_with("ship") == frozenset()
    elsewhere = story.plan(story.ready(story.promise(2_000)))
    assert supplier.may("submit_documents", story.document(elsewhere, "INV")) is False
    assert broker.may("clear", elsewhere) is False


def test_broker_by_link_declares_and_reports_events_but_does_not_clear_export(
    story: RequestingOffice,
) -> None:
    shipment = story.plan()
    by = document_request_actor(story.request(shipment, "broker"))
    clearance = story.clearance(shipment, "import")
    add_declaration(clearance, number="A-1", by=by, at=AT)
    story.departed(shipment)
    record_customs_release(clearance, by=by, at=DEPARTED_AT)
    assert clearance.status == "cleared"
    told = record_event(
        shipment, "other", occurred_at=AT, place="Vancouver", remark="at the gate", by=by, at=AT
    )
    assert told.by_id == by.user_id
    assert (
        Entry.objects.about(clearance).filter(verb="release", by_label="Anne Roy DEMO", via="link").exists()
    )
    with pytest.raises(Refused) as caught:
        record_customs_release(story.clearance(shipment, "export"), by=by, at=AT)
    assert caught.value.code == "not_allowed"


def test_document_request_email_states_the_due_date(story: RequestingOffice) -> None:
    request = story.request(story.plan(), due_on=AT.date() + timedelta(days=3))
    entry = Entry.objects.about(request).get(verb="request")
    row = table_rows_for_entry(entry)[0]
    assert (
        "2020"
        in render_mail("documents_requested", template_values(row, request, entry, request.person)).body
    )


@pytest.mark.parametrize(("asked_for", "kept"), [(3, 4), (4, 4), (1, 1)])
def test_due_date_on_a_day_off_moves_to_the_next_working_day(
    story: RequestingOffice, asked_for, kept
) -> None:
    """The example purchase begins on a Thursday, so three days later is a Sunday."""
    request = story.request(story.plan(), due_on=AT.date() + timedelta(days=asked_for))
    assert request.due_on == AT.date() + timedelta(days=kept)
    there = request.due_at.astimezone(ZoneInfo(request.person.time_zone))
    assert (there.date(), there.hour) == (request.due_on, 17)

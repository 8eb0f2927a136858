"""Tests of checking a certificate with its issuer: the record, the effect on offers, its readers and its age."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.suppliers.actions.certificates import (
    confirm_certificate,
    mark_certificate_invalid,
    record_issuer_answer,
)
from procurement.suppliers.models.issuer_checks import IssuerCheck
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import open_checks
from procurement.verification.actions.reports import submit_report
from procurement.verification.questions import questions_for_task
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.leads import enter_certificate, findings_by_code, submitted_offer
from tests.worlds.need_to_order import AT
from workflow.journal.models import Entry

REGISTER = "https://www.nmpa.gov.cn/datasearch/"


def officer_at(story):
    return {"looked_up_by": story.officer.user, "by": story.officer.by, "at": AT}


def confirm_with_issuer(story, **facts):
    one = enter_certificate(story)
    return confirm_certificate(
        one,
        **{"address": REGISTER, "reason": "Number, holder and day are the same.", **facts},
        **officer_at(story),
    )


def test_issuer_confirmation_records_where_how_when_and_by_whom(story):
    one = confirm_with_issuer(
        story, how="phone", address=" +86 10 5550 0100 ", seen_on=date(2020, 4, 15), file=7
    )
    look = one.issuer_checks.get()
    assert (one.status, look.result, look.how, look.address) == (
        "confirmed",
        "confirms",
        "phone",
        "+86 10 5550 0100",
    )
    assert (look.seen_on, look.by, look.file_id, look.city) == (
        date(2020, 4, 15),
        story.officer.user,
        7,
        None,
    )
    assert look.words == "Number, holder and day are the same."
    assert str(look).endswith("2020-04-15")
    assert Entry.objects.about(one).filter(verb="confirm", reason=look.words).exists()


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"address": " "}, "address_missing", "address"),
        ({"how": "document"}, "bad_look", "how"),
        ({"seen_on": date(2020, 4, 18)}, "day_to_come", "seen_on"),
    ],
)
def test_invalid_issuer_check_is_refused_at_its_field(story, facts, code, field):
    one = enter_certificate(story)
    given = {"address": REGISTER, "reason": "read", **facts}
    with assert_refused(code, one) as said:
        confirm_certificate(one, **given, **officer_at(story))
    assert said.value.details["field"] == field
    assert not IssuerCheck.objects.exists()


@pytest.mark.parametrize(
    ("status", "result"),
    [("unconfirmable", "unknown"), ("altered", "differs"), ("wrong_scope", "other_goods")],
)
def test_certificate_is_judged_by_the_document_or_by_the_issuers_answer(story, status, result):
    seen = mark_certificate_invalid(enter_certificate(story), status, reason="the stamp", **officer_at(story))
    asked = mark_certificate_invalid(
        enter_certificate(story, number="CNAS L0002"),
        status,
        reason="by email",
        how="mail",
        address="info@house.example",
        **officer_at(story),
    )
    looks = [one.issuer_checks.get() for one in (seen, asked)]
    assert [(one.result, one.how) for one in looks] == [(result, "document"), (result, "mail")]
    called = enter_certificate(story, number="CNAS L0003")
    with assert_refused("address_missing", called):
        mark_certificate_invalid(called, status, reason="by phone", how="phone", **officer_at(story))


@pytest.mark.parametrize("result", ["unknown", "differs", "other_goods"])
def test_issuers_denial_blocks_offers_until_the_issuer_confirms(story, result):
    lead = submitted_offer(story)
    one = confirm_with_issuer(story)
    assert "issuer_denies" not in findings_by_code(lead)
    record_issuer_answer(one, result=result, address=REGISTER, **officer_at(story))
    found = findings_by_code(lead)["issuer_denies"]
    assert (found.severity, found.subject) == ("block", one.reference)
    with translation.override("en"):
        assert "2020-04-16" in finding_sentence(found.code, found.figures)
    record_issuer_answer(one, result="no_answer", address=REGISTER, **officer_at(story))
    assert "issuer_denies" in findings_by_code(lead), "no answer takes nothing back"
    record_issuer_answer(one, result="confirms", address=REGISTER, **officer_at(story))
    assert "issuer_denies" not in findings_by_code(lead)


def test_issuers_denial_is_not_reported_again_for_a_judged_certificate(story):
    lead = submitted_offer(story)
    mark_certificate_invalid(
        enter_certificate(story),
        "altered",
        reason="by email",
        how="mail",
        address="a@house.example",
        **officer_at(story),
    )
    assert {"certificate_doubted", "issuer_denies"} & set(findings_by_code(lead)) == {"certificate_doubted"}


@pytest.mark.parametrize(("days", "old"), [(90, False), (91, True)])
def test_issuer_confirmation_older_than_90_days_is_warned_about(story, days, old):
    lead = submitted_offer(story)
    confirm_with_issuer(story, seen_on=AT.date() - timedelta(days=days))
    found = findings_by_code(lead).get("issuer_asked_long_ago")
    assert (found is not None) == old
    if found:
        assert (found.severity, found.figures["days"]) == ("warn", 90)


def test_look_at_the_document_alone_does_not_count_as_the_issuers_answer(story):
    lead = submitted_offer(story)
    record_issuer_answer(
        enter_certificate(story), result="differs", how="document", address="", **officer_at(story)
    )
    assert "issuer_denies" not in findings_by_code(lead)


def test_database_rejects_a_self_confirming_or_placeless_issuer_check(story):
    facts = {
        "certificate": enter_certificate(story),
        "seen_on": AT.date(),
        "by": story.officer.user,
        "at": AT,
    }
    for wrong in ({"how": "document", "result": "confirms"}, {"how": "mail", "result": "differs"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            IssuerCheck.objects.create(**facts, **wrong)


def report_on_certificate(story, asked="yes", confirms="yes", method="register"):
    """Submit a contact's report on the certificate of an offer."""
    one = enter_certificate(story)
    lead = submitted_offer(story)
    tasks = open_checks(lead, by=story.officer.by, at=AT)
    task = next(task for task in tasks if task.certificate_id == one.pk)
    request_check(task, story.checker, by=story.officer.by, at=AT)
    answers = {question.code: {"answer": "yes"} for question in questions_for_task(task)}
    answers["asked_issuer"] = {"answer": asked, "seen": "www.cnas.org.cn"}
    answers["issuer_confirms"] = {"answer": confirms, "seen": "查到同名"}
    submit_report(
        task,
        answers=answers,
        method=method,
        seen_on=AT.date(),
        confidence=3,
        author=story.checker.user,
        by=own_link(story.checker),
        at=AT,
    )
    return one, lead


@pytest.mark.parametrize(
    ("asked", "confirms", "result"),
    [
        ("yes", "yes", "confirms"),
        ("yes", "no", "differs"),
        ("yes", "could_not_check", "no_answer"),
        ("no", "no", None),
        ("could_not_check", "yes", None),
    ],
)
def test_issuers_answer_in_a_contacts_report_is_recorded_with_the_certificate(story, asked, confirms, result):
    one, _lead = report_on_certificate(story, asked, confirms)
    assert [look.result for look in one.issuer_checks.all()] == ([result] if result else [])


def test_issuers_answer_reported_by_a_contact_belongs_to_the_city_of_the_check(story):
    one, lead = report_on_certificate(story, confirms="no", method="phone")
    look = one.issuer_checks.get()
    assert (look.how, look.address, look.words, look.by) == (
        "phone",
        "www.cnas.org.cn",
        "查到同名",
        story.checker.user,
    )
    assert look.city == story.city
    read = {name: person.by for name, person in (("own", story.verifier), ("foreign", story.stranger))}
    assert IssuerCheck.objects.visible_to(read["own"]).count() == 1
    assert IssuerCheck.objects.visible_to(read["foreign"]).count() == 0
    assert IssuerCheck.objects.visible_to(own_link(story.checker)).count() == 1
    assert IssuerCheck.objects.visible_to(own_link(story.contact)).count() == 0
    rescreen_changed_offers(AT)
    assert lead.findings.get(code="issuer_denies").severity == "block"
    assert IssuerCheck.objects.for_city(story.city.pk).count() == 1
    assert IssuerCheck.objects.for_city(cities.city("markham").pk).count() == 0
    one.refresh_from_db()
    assert one.status != "confirmed", "the city judges"

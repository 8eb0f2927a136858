"""Tests of correcting a certificate that was checked: which decisions must be made again, and which remain."""

from datetime import date, timedelta

import pytest

from procurement.suppliers.actions.certificates import (
    CertificateEdit,
    amend_certificate,
    announce_certificate_end,
    confirm_certificate,
    mark_certificate_invalid,
    record_issuer_answer,
)
from procurement.suppliers.models.certificates import Certificate
from tests.worlds.leads import enter_certificate, findings_by_code, submitted_offer
from tests.worlds.need_to_order import AT
from workflow.actors import SYSTEM

REGISTER = "https://register.example/"


def officer_at(story):
    return {"looked_up_by": story.officer.user, "by": story.officer.by, "at": AT}


@pytest.mark.parametrize("status", ["altered", "unconfirmable", "wrong_scope"])
def test_judged_certificate_stays_judged_after_an_amendment_until_the_issuer_confirms_it(story, status):
    lead, one = submitted_offer(story), enter_certificate(story)
    mark_certificate_invalid(one, status, reason="the stamp", **officer_at(story))
    amend_certificate(one, CertificateEdit(number="CNAS L0002", holder="康护"), by=story.officer.by, at=AT)
    assert (one.status, one.number) == (status, "CNAS L0002")
    assert findings_by_code(lead)["certificate_doubted"].severity == "block"
    confirm_certificate(one, address=REGISTER, reason="The issuer had it wrong.", **officer_at(story))
    assert one.status == "confirmed"
    assert "certificate_doubted" not in findings_by_code(lead)


def test_saving_a_certificate_unchanged_keeps_its_status(story):
    lead, one = submitted_offer(story), enter_certificate(story, issued_on=date(2020, 3, 1))
    confirm_certificate(one, address=REGISTER, reason="the same", **officer_at(story))
    story.check(lead)
    same = {"number": one.number, "issued_on": one.issued_on, "standards": [], "products": []}
    amend_certificate(one, CertificateEdit(remark="Seen on paper.", **same), by=story.officer.by, at=AT)
    one.supplier.refresh_from_db()
    assert (one.status, one.remark, one.supplier.changed_facts) == ("confirmed", "Seen on paper.", ["needed"])
    amend_certificate(one, CertificateEdit(holder="康护", **same), by=story.officer.by, at=AT)
    one.supplier.refresh_from_db()
    assert one.status == "well_formed"
    assert set(one.supplier.changed_facts) == {"needed", "certificates", f"certificate:{one.pk}"}


@pytest.mark.parametrize("result", ["unknown", "confirms"])
def test_issuers_answer_about_another_number_does_not_count_after_an_amendment(story, result):
    lead, one = submitted_offer(story), enter_certificate(story)
    look = {
        "result": result,
        "address": REGISTER,
        "seen_on": AT.date() - timedelta(days=91),
        **officer_at(story),
    }
    record_issuer_answer(one, **look)
    said = {"issuer_denies", "issuer_asked_long_ago"}
    assert said & set(findings_by_code(lead))
    amend_certificate(one, CertificateEdit(number="CNAS L0002"), by=story.officer.by, at=AT)
    assert not said & set(findings_by_code(lead))
    amend_certificate(one, CertificateEdit(number="cnas l 0001"), by=story.officer.by, at=AT)
    assert said & set(findings_by_code(lead)), "it is the same number again"


@pytest.mark.parametrize(
    ("corrected", "announced"),
    [
        (AT.date() + timedelta(days=21), 30),
        (AT.date() + timedelta(days=5), 7),
        (AT.date() - timedelta(days=1), None),
        (None, None),
    ],
)
def test_announced_end_of_a_certificate_is_the_one_that_was_corrected_meanwhile(story, corrected, announced):
    known = enter_certificate(story, valid_until=AT.date() + timedelta(days=20))
    edit = CertificateEdit(valid_until=corrected)
    amend_certificate(Certificate.objects.get(pk=known.pk), edit, by=story.officer.by, at=AT)
    announce_certificate_end(known, by=SYSTEM, at=AT)
    stored = Certificate.objects.get(pk=known.pk)
    assert (stored.valid_until, stored.end_announced) == (corrected, announced)

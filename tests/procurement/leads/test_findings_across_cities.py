"""Tests that findings shown to one city reveal nothing of another.

They never name another city or its offers, and never quote its notes about a company.
"""

import json
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.leads.actions.findings import rescreen_lead
from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.suppliers.actions.certificates import record_issuer_answer
from procurement.suppliers.actions.statuses import set_status
from tests.worlds.leads import enter_certificate, submitted_offer
from tests.worlds.need_to_order import AT, Story

PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc"
    b"\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)
SECRET = "written by Markham alone"


def attach_photo(lead, by):
    return attach_file_and_flag_companies(
        lead, SimpleUploadedFile("p.png", PICTURE, "image/png"), by=by, at=AT, kind="photo"
    )


def test_findings_name_no_other_city_and_none_of_its_private_companies(story):
    other = Story("markham")
    rival = story.company("别的口罩有限公司 DEMO")
    theirs = submitted_offer(
        other,
        line=other.line(),
        supplier=rival,
        referred_by=["their agent of Markham", "b", "c"],
        unit_price=Decimal("9.10"),
        currency="CAD",
        remark=SECRET,
    )
    certificate = enter_certificate(story, number="CNAS L7777 WT-20-0117")
    enter_certificate(story, rival, number="CNAS L7777 WT-20-0117")
    record_issuer_answer(
        certificate,
        result="differs",
        how="phone",
        address="https://issuer.example",
        words=SECRET,
        seen_on=AT.date(),
        city=other.city,
        looked_up_by=other.officer.user,
        by=other.officer.by,
        at=AT,
    )
    set_status(
        story.supplier,
        other.city,
        "banned",
        reason=SECRET,
        starts_on=AT.date(),
        by=other.officer.by,
        at=AT,
    )
    mine = submitted_offer(story, line=story.line(), unit_price=Decimal("0.50"), currency="CAD")
    attach_photo(theirs, other.officer.by)
    attach_photo(mine, story.officer.by)
    rescreen_changed_offers(AT)
    rescreen_lead(mine, at=AT)
    found = list(mine.findings.exclude(status="resolved"))
    assert {"certificate_elsewhere", "file_elsewhere"} <= {one.code for one in found}
    private = (
        "Markham",
        theirs.reference,
        theirs.line.supply_request.reference,
        SECRET,
        "their agent",
        "9.10",
    )
    for one in found:
        told = [json.dumps(one.figures, ensure_ascii=False), one.source, one.subject]
        for language in ("en", "fr-ca", "zh-hans"):
            with translation.override(language):
                told.append(finding_sentence(one.code, one.figures))
        for word in private:
            assert word not in " ".join(told), (one.code, word)

"""Tests of reminders of findings that block an offer and have no answer."""

from datetime import timedelta

from procurement.leads.actions.decisions import reject_lead
from procurement.leads.actions.findings import (
    answer_finding,
    rescreen_lead,
    send_finding_reminders,
    uphold_finding,
)
from procurement.leads.models.findings import Finding
from procurement.notifications.audiences import answerers_to_remind
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.worlds.leads import verified_offer
from tests.worlds.need_to_order import AT

DAY = timedelta(days=1)


def blocking_finding(story) -> Finding:
    """Return the one finding of an offer that blocks, raised on Thursday 16 April."""
    lead = verified_offer(story)
    correct_supplier(story.supplier, SupplierEdit(uscc="91330100799655058X"), by=story.officer.by, at=AT)
    rescreen_lead(lead, at=AT)
    return lead.findings.get(code="uscc_malformed")


def test_blocking_finding_is_reminded_on_the_first_second_and_fourth_working_day(story):
    blocking_finding(story)
    sent = [send_finding_reminders(AT + days * DAY) for days in range(12)]
    assert sent[:7] == [0, 1, 0, 0, 1, 0, 1]
    assert sum(sent) == 3


def test_answered_finding_and_one_of_a_rejected_offer_are_not_reminded(story):
    finding = blocking_finding(story)
    by = {"answered_by": story.officer.user, "by": story.officer.by, "at": AT}
    uphold_finding(finding, answer="It is wrong.", **by)
    assert send_finding_reminders(AT + 30 * DAY) == 0
    Finding.objects.update(status="open")
    reject_lead(finding.lead, reason="No.", by=story.officer.by, at=AT)
    assert send_finding_reminders(AT + 30 * DAY) == 0


def test_only_the_first_of_several_blocking_findings_of_an_offer_is_reminded(story):
    finding = blocking_finding(story)
    Finding.objects.create(
        reference="FI-2020-9999", city=finding.city, lead=finding.lead, code="other", severity="block",
        status="open", created_at=AT,
    )  # fmt: skip
    assert send_finding_reminders(AT + 30 * DAY) == 1
    assert Finding.objects.get(reference="FI-2020-9999").reminders == 0
    Finding.objects.filter(pk=finding.pk).update(severity="warn")
    assert send_finding_reminders(AT + 31 * DAY) == 1


def test_reminders_of_a_finding_start_again_when_it_is_raised_again(story):
    finding = blocking_finding(story)
    assert send_finding_reminders(AT + 30 * DAY) == 1
    by = {"answered_by": story.officer.user, "by": story.officer.by, "at": AT + 30 * DAY}
    answer_finding(finding, answer="A typing error.", **by)
    correct_supplier(
        story.supplier, SupplierEdit(uscc="91330100799655058Y"), by=story.officer.by, at=AT + 40 * DAY
    )
    rescreen_lead(finding.lead, at=AT + 40 * DAY)
    again = Finding.objects.get(code="uscc_malformed", status="open")
    assert again.reminders == 0
    assert send_finding_reminders(AT + 40 * DAY) == 0
    assert send_finding_reminders(AT + 45 * DAY) == 1


def test_last_reminder_of_a_finding_also_goes_to_the_verifiers(story):
    finding = blocking_finding(story)
    assert story.verifier.user not in answerers_to_remind(finding)
    finding.reminders = 3
    assert story.verifier.user in answerers_to_remind(finding)

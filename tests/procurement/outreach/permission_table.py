"""Status changes of an inquiry that each role may make, in every status."""

from datetime import timedelta
from typing import Any

from procurement.outreach.actions.consents import end_consent, expire_consent, withdraw_consent
from procurement.outreach.actions.inquiries import forward_inquiry, give_consent, refuse_consent
from procurement.outreach.actions.replies import record_answer
from procurement.outreach.letter_templates.actions import save_letter_template, withdraw_letter_template
from tests.procurement.outreach import test_inquiries
from tests.procurement.outreach.test_inquiries import inquiry_awaiting_consent, powers_by_own_link
from tests.procurement.permission_tables import Row, both_officers
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.actors import SYSTEM


def inquiry_refused_by_partner(story: Story) -> Any:
    inquiry = inquiry_awaiting_consent(story)
    there = cities.powers("officer", cities.city("zhongshan"))
    return refuse_consent(inquiry, by=there, at=AT)


def answered_inquiry(story: Story) -> Any:
    inquiry = test_inquiries.sent_inquiry(story)
    return record_answer(inquiry, by=powers_by_own_link(inquiry), at=AT)


def forwarded_inquiry(story: Story) -> Any:
    inquiry = test_inquiries.sent_inquiry(story)
    forward_inquiry(inquiry, to=story.checker, by=powers_by_own_link(inquiry), at=AT)
    return inquiry


def template_in_use(story: Story) -> Any:
    body = "We need {need}"
    return save_letter_template(
        story.city, language="fr-ca", subject="Aide", body=body, by=story.officer.by, at=AT
    )


def replaced_template(story: Story) -> Any:
    old = template_in_use(story)
    facts = {"language": "fr-ca", "subject": "Aide", "body": "Il nous faut {need}"}
    save_letter_template(story.city, **facts, replaces=old, by=story.officer.by, at=AT)
    old.refresh_from_db()
    return old


def withdrawn_template(story: Story) -> Any:
    return withdraw_letter_template(template_in_use(story), by=story.officer.by, at=AT)


def consent_for_a_period(story: Story) -> Any:
    asked = inquiry_awaiting_consent(story)
    there = cities.powers("officer", cities.city("zhongshan"))
    give_consent(asked, until=AT.date() + timedelta(days=60), by=there, at=AT)
    return asked.period_consent


def withdrawn_consent(story: Story) -> Any:
    there = cities.powers("officer", cities.city("zhongshan"))
    return withdraw_consent(consent_for_a_period(story), by=there, at=AT)


def expired_consent(story: Story) -> Any:
    return expire_consent(consent_for_a_period(story), by=SYSTEM, at=AT + timedelta(days=61))


def ended_consent(story: Story) -> Any:
    return end_consent(consent_for_a_period(story), reason="The giver left.", by=SYSTEM, at=AT)


ANSWERS = "answer query decline forward"
BY_PHONE = "answer decline record_phone_reply forward"
QUESTIONS: list[Row] = [
    ("draft", test_inquiries.draft_inquiry_to, both_officers("revise send cancel")),
    ("draft", test_inquiries.inquiry_through_partner, both_officers("revise ask_partner cancel")),
    ("awaiting_consent", inquiry_awaiting_consent, both_officers("remind cancel")),
    ("consent_declined", inquiry_refused_by_partner, {}),
    (
        "sent",
        test_inquiries.sent_inquiry,
        both_officers(f"{BY_PHONE} remind redate expire cancel", contact=ANSWERS),
    ),
    (
        "sent",
        test_inquiries.unanswered_inquiry,
        both_officers(f"{BY_PHONE} remind redate ask_next expire cancel", contact=ANSWERS),
    ),
    ("answered", answered_inquiry, both_officers("answer", contact="answer query")),
    ("declined", test_inquiries.declined_inquiry, both_officers("translate")),
    ("forwarded", forwarded_inquiry, {}),
    ("no_reply", test_inquiries.expired_inquiry, both_officers(BY_PHONE, contact=ANSWERS)),
    ("cancelled", test_inquiries.cancelled_inquiry, {}),
]
CONSENTS: list[
    Row
] = [  # of Zhongshan, whose contact acts by link: no one of the requesting city withdraws it
    ("active", consent_for_a_period, {}),
    ("withdrawn", withdrawn_consent, {}),
    ("expired", expired_consent, {}),
    ("ended", ended_consent, {}),
]
LETTER_TEMPLATES: list[Row] = [
    ("active", template_in_use, both_officers("replace withdraw")),
    ("replaced", replaced_template, {}),
    ("withdrawn", withdrawn_template, {}),
]

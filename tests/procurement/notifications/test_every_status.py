"""Tests of each notification when it is read later, in every status that its object can have by then.

The notification is dropped, or its sentences are complete.
"""

import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from accounts.models import User
from procurement.customs.actions import record_hold
from procurement.notifications import table_lookup
from procurement.notifications.mail_text import (
    DOUBLE_FULL_STOP,
    WrittenMail,
    notification_sentence,
    render_mail,
    template_values,
)
from procurement.notifications.notices import NotificationRule
from procurement.requests.models import SupplyRequest
from tests.procurement.notifications import test_message_table
from tests.worlds.need_to_order import AT
from workflow.journal.models import Entry
from workflow.moves import Moves

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "fr-ca", "zh-hans")
COLON = (":", "：")
PLACEHOLDER = re.compile(r"%\(|\bNone\b|\{\{ (?!link)")
things = test_message_table.things
CLOSING = {"en": "Twinlane writes to you", "fr-ca": "Twinlane vous écrit", "zh-hans": "因您参与此事"}


def text_faults(said: WrittenMail, language: str) -> list[str]:
    """Return the faulty texts: an unfilled placeholder, two full stops, or a colon with nothing after it."""
    found = [
        text
        for text in (said.subject, said.body)
        if PLACEHOLDER.search(text) or DOUBLE_FULL_STOP.search(text)
    ]
    if said.subject.rstrip().endswith((*COLON, ".", "。")):
        found.append(said.subject)
    paragraphs = [part.strip() for part in said.body.split("\n\n") if part.strip()]
    for part, following in zip(paragraphs, [*paragraphs[1:], ""], strict=True):
        if part.endswith(COLON) and (not following or following.startswith(CLOSING[language])):
            found.append(part)
    return found


def status_values(label: str) -> list[str]:
    return list(Moves.registry[label].statuses.values) if label in Moves.registry else [""]


def rows_in_true_states(things) -> Iterator[tuple[NotificationRule, object, Entry]]:
    """Yield each row of the message table with its object and an entry, for each state in which the row is true.

    Each is yielded twice: with an entry that has a reason, and with one that has none.
    """
    for (label, verb), rows in table_lookup.NOTICES.items():
        thing = things[label]
        before = getattr(thing, "status", "")
        for status in status_values(label):
            if status:
                thing.status = status
            for row in rows:
                entry = Entry(
                    verb=verb, by_label="Rita", reason="It is late.", at=AT, thing_label=label, thing_id=thing.pk or 1,
                    facts={"to": "Li Wei", "documents": [], "question": "Which sizes?", "answer": "All.",
                           **test_message_table.REPORTED_PERIOD},
                )  # fmt: skip
                if row.template != "digest" and row.is_still_valid(thing, entry):
                    yield row, thing, entry
        if before:
            thing.status = before


def test_every_notification_is_dropped_or_complete_in_every_status_and_language(things):
    seen = 0
    for row, thing, entry in rows_in_true_states(things):
        for language in LANGUAGES:
            with translation.override(language):
                facts = template_values(row, thing, entry, User(name="Reader", language=language))
                said = render_mail(row.template, facts)
            where = (entry.thing_label, entry.verb, row.template, getattr(thing, "status", ""))
            assert text_faults(said, language) == [], where
            seen += 1
    assert seen > 3 * len(table_lookup.NOTICES)


OWN_LETTERS = {
    "inquiry",
    "inquiry_again",
    "inquiry_due_time_changed",
    "inquiry_reminder",
    "thank_you_message",
}  # a person typed the whole text
TYPED = "Zeile eins, getippt"
WORDS_TYPED = ("answer", "note", "question", "reason", "remark", "words")
FRAMED = re.compile("([^\\n]+ wrote:\\s+|“)$")


def needs_of(thing) -> list[SupplyRequest]:
    """Return the need that a mail about the object may name: the object itself, or the need it belongs to."""
    return [one for one in (thing, getattr(thing, "supply_request", None)) if isinstance(one, SupplyRequest)]


def test_typed_text_is_quoted_in_every_email(things):
    seen = 0
    for row, thing, entry in rows_in_true_states(things):
        entry.reason, entry.via = TYPED, "session"
        for field in thing._meta.concrete_fields:
            if field.name in WORDS_TYPED:
                setattr(thing, field.name, TYPED)
        for need in needs_of(thing):
            need.title = need.notes = TYPED
        said = render_mail(
            row.template, template_values(row, thing, entry, User(name="Reader", language="en"))
        )
        if row.template in OWN_LETTERS:
            continue
        assert TYPED not in said.subject, (entry.thing_label, entry.verb, said.subject)
        for found in re.finditer(TYPED, said.body):
            seen += 1
            assert FRAMED.search(said.body[: found.start()]), (entry.thing_label, entry.verb, said.body)
    assert seen > 20


def test_notification_is_not_true_in_statuses_it_does_not_name(things):
    for (label, verb), rows in table_lookup.NOTICES.items():
        thing = things[label]
        before = getattr(thing, "status", "")
        for row in rows:
            for status in set(status_values(label)) - row.valid_statuses if row.valid_statuses else ():
                thing.status = status
                assert not row.is_still_valid(thing, Entry(verb=verb, at=AT)), (label, verb, status)
        if before:
            thing.status = before


@pytest.mark.parametrize(
    "reason", ["A stamp is missing.", "Which maker?", "缺少印章。", "No stamp", "Wait..."]
)
def test_notification_sentences_do_not_end_in_two_full_stops(story, reason):
    held = record_hold(
        story.clearance(story.plan(), "import"),
        reason=reason,
        question="Which?",
        by=story.logistics.by,
        at=AT,
    )
    (row,) = table_lookup.NOTICES["procurement.customshold", "hold"]
    for language in LANGUAGES:
        with translation.override(language):
            said = notification_sentence(row, held, Entry(verb="hold", at=AT))
        assert not re.search(r"(?<!\.)[.。?？][.。](?!\.)", said), said


@pytest.mark.parametrize(
    ("side", "language", "named"),
    [
        ("export", "en", "export customs hold"),
        ("import", "en", "import customs hold"),
        ("import", "fr-ca", "retenue douanière à l’importation"),
        ("export", "zh-hans", "出口环节海关暂扣"),
    ],
)
@pytest.mark.parametrize("length", [30, 200])
def test_customs_hold_notification_names_shipment_and_export_or_import_and_quotes_reason(
    story, side, language, named, length
):
    shipment = story.plan()
    typed = "x" * length
    held = record_hold(
        story.clearance(shipment, side), reason=typed, question="", by=story.logistics.by, at=AT
    )
    for verb in ("hold", "end"):
        (row,) = table_lookup.NOTICES["procurement.customshold", verb]
        with translation.override(language):
            facts = template_values(row, held, Entry(verb=verb, by_label="Rita", at=AT), story.logistics.user)
            said = render_mail(row.template, facts)
        assert said.subject.startswith(f"{shipment.reference} · {named} · ")
        assert typed not in said.subject
        assert re.search(f"[“«]\\s?{typed}\\s?[”»]", said.body)

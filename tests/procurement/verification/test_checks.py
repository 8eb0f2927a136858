"""Checks: which are needed, who makes and judges them, and what becomes of a no, a question, a colleague and a changed fact."""

from datetime import timedelta

import pytest

from accounts.actors import CONSOLE
from partners import actions as partners
from partners.models import Contact
from partners.rules import powers_by_link
from procurement.leads import actions as leads
from procurement.verification import actions
from procurement.verification.models import Check, Report, VerificationTask
from procurement.verification.questions import ANSWERS, QUESTIONS, of
from procurement.verification.rules import MOVES, WHY, Case, answer_faults, needed_checks, phone_due
from tests import world
from tests.procurement.leads.play import offered
from tests.procurement.refusals import open_verbs, refused
from tests.procurement.story import AT


def by_link(task):
    return powers_by_link(task.contact.user, task.contact, ("procurement.verificationtask", task.pk))


def proposed(story):
    lead = offered(story)
    return actions.open_checks(lead, by=story.officer.by, at=AT)[0]


def asked(story):
    return actions.offer(proposed(story), story.contact, by=story.officer.by, at=AT)


def taken(story):
    task = asked(story)
    return actions.take(task, by=by_link(task), at=AT)


def send(task, **facts):
    given = {
        "answers": {
            question.code: {"answer": "yes", "seen": "the licence"} for question in of(task.check_kind)
        },
        "method": "visit",
        "seen_on": AT.date(),
        "confidence": 3,
        "author": task.contact.user,
        "by": by_link(task),
        "at": AT,
        **facts,
    }
    return actions.submit(task, **given)


def submitted(story):
    task = asked(story)
    send(task)
    return task


def accepted(story):
    return actions.accept(submitted(story), judge=story.verifier.user, by=story.verifier.by, at=AT)


def returned(story):
    return actions.send_back(submitted(story), question="Which lot?", by=story.verifier.by, at=AT)


def declined(story):
    task = asked(story)
    return actions.decline(task, remark="too far", by=by_link(task), at=AT)


def cancelled(story):
    return actions.cancel(asked(story), reason="not needed", by=story.officer.by, at=AT)


JUDGING = "accept return cancel"
# status: how to get there; what officers and verifiers of the city may do then, and the contact by link.
TABLE = [
    ("proposed", proposed, "offer cancel", None),
    ("offered", asked, "remind cancel", "take submit decline hand_over"),
    ("taken", taken, "remind cancel", "submit decline hand_over"),
    ("submitted", submitted, JUDGING, ""),
    ("accepted", accepted, "", ""),
    ("returned", returned, "remind cancel", "submit decline"),
    ("declined", declined, "cancel open_again", ""),
    ("cancelled", cancelled, "", ""),
]


@pytest.mark.parametrize(("status", "reach", "city", "contact"), TABLE, ids=[row[0] for row in TABLE])
def test_what_each_person_may_do_with_a_check(story, status, reach, city, contact):
    task = reach(story)
    assert task.status == status
    assert open_verbs(MOVES, task, story.officer.by) == city
    assert open_verbs(MOVES, task, story.verifier.by) == city
    for role in ("approver", "logistics", "observer"):
        assert open_verbs(MOVES, task, story.person(role).by) == "", role
    assert open_verbs(MOVES, task, story.stranger.by) == ""
    if contact is not None:
        assert open_verbs(MOVES, task, by_link(task)) == contact


HONEST = {"quantity": 9_999, "role": "maker", "origin": "KR", "medical": True}


@pytest.mark.parametrize(
    ("facts", "more"),
    [
        ({}, []),
        ({"certificates": (7,)}, [Check.CERTIFICATE]),
        ({"certificates": (7, 9)}, [Check.CERTIFICATE, Check.CERTIFICATE]),
        ({"quantity": 10_000}, [Check.VISIT]),
        ({"role": "trader"}, [Check.VISIT]),
        ({"role": "trader", "quantity": 10_000}, [Check.VISIT]),
        ({"origin": "CN"}, [Check.EXPORT]),
        ({"origin": "CN", "medical": False}, []),
        ({"price_stands_out": True}, [Check.PRICE]),
        ({"price_stands_out": True, "kind": "donation"}, []),
        ({"price_stands_out": True, "too_cheap": True}, [Check.SAMPLE, Check.PRICE]),
        ({"too_cheap": True, "kind": "donation"}, [Check.SAMPLE]),
        ({"family": "respirator"}, []),
        ({"family": "respirator", "quantity": 10_000}, [Check.VISIT, Check.SAMPLE]),
        ({"much_money": True}, [Check.BANK]),
        ({"much_money": True, "kind": "donation"}, []),
        ({"standing": "approved", "quantity": 99_999}, []),
        ({"standing": "approved", "quantity": 100_000}, [Check.VISIT]),
        ({"standing": "approved", "role": "trader"}, [Check.VISIT]),
        ({"standing": "watched"}, [Check.VISIT]),
        ({"standing": "suspended"}, [Check.VISIT]),
    ],
)
def test_which_checks_an_offer_needs(facts, more):
    needed = needed_checks(Case(**{**HONEST, **facts}))
    assert [one.check for one in needed] == [Check.BUSINESS_LICENCE, *more]
    assert {one.why for one in needed} <= set(WHY)


def test_every_check_has_questions_with_codes_of_their_own():
    assert set(QUESTIONS) == set(Check.values)
    for questions in QUESTIONS.values():
        assert len({question.code for question in questions}) == len(questions) > 0


def test_could_not_check_is_a_good_answer_and_no_answer_is_none():
    codes = [question.code for question in of(Check.BANK)]
    assert answer_faults(Check.BANK, {code: {"answer": "could_not_check"} for code in codes}) == {}
    assert set(answer_faults(Check.BANK, {codes[0]: {"answer": "perhaps"}})) == set(codes)
    assert set(answer_faults(Check.BANK, {**{code: {"answer": "no"} for code in codes}, "other": {}})) == {
        "other"
    }
    assert set(ANSWERS) == {"yes", "no", "could_not_check"}


def test_opening_the_checks_counts_them(story):
    lead = offered(story)
    tasks = actions.open_checks(lead, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert (lead.status, lead.checks_open, lead.checks_accepted) == ("checking", len(tasks), 0)
    with refused("check_open", lead):
        actions.propose(lead, tasks[0].check_kind, by=story.officer.by, at=AT)


def test_a_further_check_that_is_not_needed_does_not_hold_the_offer_up(story):
    lead = offered(story)
    tasks = actions.open_checks(lead, by=story.officer.by, at=AT)
    actions.propose(lead, Check.SAMPLE, needed=False, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert lead.checks_open == len(tasks)


def test_a_check_is_given_to_somebody_who_takes_questions(story):
    task = proposed(story)
    silent = world.invited_contact("zhongshan", "Sun Bo")
    with refused("not_asked", task):
        actions.offer(task, silent, by=story.officer.by, at=AT)


def test_nobody_is_sent_out_for_an_offer_that_has_ended(story):
    task = proposed(story)
    leads.reject(task.lead, reason="fake", by=story.officer.by, at=AT)
    task = VerificationTask.objects.get(pk=task.pk)
    with refused("not_ready", task):
        actions.offer(task, story.contact, by=story.officer.by, at=AT)


def test_a_report_with_an_unanswered_question_is_refused_and_names_it(story):
    task = asked(story)
    with refused("answers_missing", task) as no:
        send(task, answers={})
    assert set(no.value.details["fields"]) == {f"answers.{question.code}" for question in of(task.check_kind)}
    assert not Report.objects.exists()


def test_an_accepted_report_counts_and_ends_the_contacts_question(story):
    task = accepted(story)
    lead = task.lead
    lead.refresh_from_db()
    assert lead.checks_accepted == 1
    assert Contact.objects.get(pk=story.contact.pk).open_questions == 0


def test_nobody_judges_their_own_report(story):
    task = asked(story)
    both = story.person("officer")
    send(task, author=both.user)
    Report.objects.filter(task=task).update(by=both.user)
    with refused("not_allowed", task):
        actions.accept(task, judge=both.user, by=both.by, at=AT)


def test_a_returned_report_is_asked_about_again_and_sent_again(story):
    task = returned(story)
    assert (task.question, task.due_at, task.chases) == ("Which lot?", AT + timedelta(days=2), 0)
    assert Contact.objects.get(pk=story.contact.pk).open_questions == 1
    send(task)
    assert task.reports.count() == 2
    with refused("reason_missing", task):
        actions.send_back(task, question="", by=story.verifier.by, at=AT)


def test_a_declined_check_still_counts_and_can_be_given_to_somebody_else(story):
    task = declined(story)
    lead = task.lead
    lead.refresh_from_db()
    before = lead.checks_open
    actions.open_again(task, by=story.officer.by, at=AT)
    assert task.contact is None
    actions.offer(task, world.contact("zhongshan", "Zhao Lan"), by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert lead.checks_open == before


def test_a_cancelled_needed_check_still_counts_until_one_of_its_kind_is_accepted(story):
    task = cancelled(story)
    lead = task.lead
    lead.refresh_from_db()
    before = lead.checks_open
    again = actions.propose(lead, task.check_kind, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert lead.checks_open == before
    story.report(again)
    lead.refresh_from_db()
    assert (lead.checks_open, lead.checks_accepted) == (before - 1, 1)


def test_a_colleague_gets_their_own_check_linked_to_the_first(story):
    task, colleague = asked(story), world.contact("zhongshan", "Zhao Lan")
    onward = actions.hand_over(task, to=colleague, by=by_link(task), at=AT)
    assert (onward.status, onward.contact_id, onward.previous_id, onward.due_at) == (
        "offered",
        colleague.pk,
        task.pk,
        task.due_at,
    )
    lead = task.lead
    lead.refresh_from_db()
    assert lead.checks_open == lead.checks.exclude(status="handed_over").count()
    with refused("another_city", onward):
        actions.hand_over(onward, to=world.contact("wuhan"), by=by_link(onward), at=AT)


def test_reminders_are_three_at_most_and_then_somebody_phones(story):
    task = asked(story)
    sent = 0
    while task.chase_at is not None:
        sent += actions.chase(task.chase_at)
        task.refresh_from_db()
    assert sent == 3
    assert phone_due(task)
    with refused("not_ready", task):
        actions.remind(task, by=story.officer.by, at=AT)


def test_an_answer_stops_the_reminders(story):
    task = submitted(story)
    assert task.chase_at is None
    assert actions.chase(AT + timedelta(days=30)) == 0


def test_the_checks_of_an_ended_offer_are_called_off(story):
    task = asked(story)
    leads.reject(task.lead, reason="fake", by=story.officer.by, at=AT)
    open_ones = task.lead.checks.count()
    assert actions.settle(AT) == open_ones
    task.refresh_from_db()
    assert task.status == "cancelled"
    assert Contact.objects.get(pk=story.contact.pk).open_questions == 0


def test_who_sees_a_check_and_its_report(story):
    task = submitted(story)
    for by in (story.officer.by, story.observer.by, by_link(task)):
        assert task in VerificationTask.objects.visible_to(by)
        assert Report.objects.visible_to(by).count() == 1
    coordinator = world.powers("coordinator")
    assert task in VerificationTask.objects.visible_to(coordinator)
    assert not Report.objects.visible_to(coordinator).exists(), (
        "coordinators follow progress, they read no reports"
    )
    assert task not in VerificationTask.objects.visible_to(story.stranger.by)


def test_a_report_is_called_by_its_check_and_its_day(story):
    task = asked(story)
    send(task)
    assert str(task.reports.get()) == f"{task} {AT:%Y-%m-%d}"


def test_a_check_through_an_agreement_that_ended_is_asked_for_elsewhere(story):
    tie = world.twinning("burnaby", "zhongshan")
    task = asked(story)
    before = task.lead.checks.count()
    assert actions.settle(AT) == 0
    partners.end_twinning(tie, why="terminated", by=CONSOLE, at=AT, reason="council vote")
    assert actions.settle(AT) == 1
    task.refresh_from_db()
    assert task.status == "cancelled"
    anew = task.lead.checks.get(check_kind=task.check_kind, status="proposed")
    assert (anew.contact, anew.why, task.lead.checks.count()) == (None, task.why, before + 1)
    assert actions.settle(AT) == 0


def test_a_report_is_found_by_its_checks_reference_and_by_its_words(story):
    task = submitted(story)
    mine = task.reports.get()
    assert list(Report.objects.search(task.reference)) == [mine]
    assert list(Report.objects.search(mine.summary)) == [mine]
    assert not Report.objects.search("VT-1999").exists()

"""Tests of questions by contacts: asked by link, answered to one or to everyone, without naming who asked."""

from datetime import timedelta

import pytest

from procurement.dashboard.contact_items import CONTACT_TODO_KINDS
from procurement.dashboard.todo_items import read_items
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.questions import answer_question, ask_question, send_answers
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.answers import answers_for
from procurement.requests.actions.requests import publish_question_and_answer, stop_request
from procurement.tasks import run_tick
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.portal.by_link import open_link_page
from tests.worlds import cities
from tests.worlds.cities import powers_by_link_to
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.errors import Refused
from workflow.journal.models import Entry
from workflow.outbox.models import Message, Notification

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MORNING = AT + 10 * HOUR  # Friday in China
SIZES = "Which sizes?"
ANSWER = "Large and extra large."


@pytest.fixture
def story(db):
    clear_instance_cache()
    create_instance("practice", AT)
    story = Story()
    cities.twinning("burnaby", "zhongshan")
    for contact in (story.contact, story.checker):
        contact.user.language = "en"
        contact.user.save()
    story.need = story.line(7_300).supply_request
    story.first, story.second = (sent_inquiry(story, one) for one in (story.contact, story.checker))
    yield story
    clear_instance_cache()


def sent_inquiry(story: Story, contact) -> Inquiry:
    words = {"subject": "Masks?", "body": "We need masks.", "author": story.officer.user}
    return send_inquiry(
        draft_inquiry(story.need, contact, **words, by=story.officer.by, at=AT), by=story.officer.by, at=AT
    )


def ask_as_contact(inquiry: Inquiry, question: str = SIZES, at=AT + HOUR) -> Inquiry:
    return ask_question(inquiry, question=question, by=powers_by_link_to(inquiry.contact, inquiry), at=at)


def mails_about(inquiry: Inquiry) -> list[str]:
    found = Message.objects.about(inquiry).filter(template="question_answered").order_by("pk")
    return [f"{mail.state} {mail.recipient.name}" for mail in found]


# --- asking -----------------------------------------------------------------------------------------------------
def test_only_the_asked_contact_can_ask_back_and_one_question_at_a_time(story):
    with pytest.raises(Refused) as refused:
        ask_question(story.first, question=SIZES, by=story.officer.by, at=AT)
    assert refused.value.code == "not_allowed"
    with pytest.raises(Refused) as refused:
        ask_as_contact(story.first, "  ")
    assert refused.value.details["field"] == "question"
    ask_as_contact(story.first)
    with pytest.raises(Refused, match="has not answered your last question"):
        ask_as_contact(story.first, "And which colour?")
    assert Inquiry.objects.get(pk=story.first.pk).question == SIZES


def test_question_about_a_paused_need_is_refused(story):
    stop_request(story.need, reason="full", by=story.officer.by, at=AT)
    story.first.refresh_from_db()
    with pytest.raises(Refused, match="not taking new offers"):
        ask_as_contact(story.first)


def test_open_question_is_a_task_on_today_with_three_reminders(story):
    (kind,) = [one for one in CONTACT_TODO_KINDS if one.code == "questions"]

    def waiting_rows(by, at):
        return read_items({kind: kind.first_pks(by, at.date())}, by, at)

    assert not waiting_rows(story.officer.by, AT)
    ask_as_contact(story.first)
    (row,) = waiting_rows(story.officer.by, AT + HOUR)
    assert SIZES in str(row.sentence)
    assert row.due == AT + 25 * HOUR
    assert not waiting_rows(story.stranger.by, AT + HOUR)
    for days in range(7):
        send_answers(AT + 25 * HOUR - timedelta(minutes=1) + timedelta(days=days))
        assert Entry.objects.filter(verb="chase").count() == min(days, 3)
    answer_question(story.first, answer=ANSWER, by=story.officer.by, at=AT + 200 * HOUR)
    assert not waiting_rows(story.officer.by, AT + 200 * HOUR)


def test_question_asked_by_link_is_mailed_to_the_officer(story):
    page = open_link_page(story.first).follow("Ask a question")
    assert page.press("Send question", question=" ").status == 422
    after = page.press("Send question", question=SIZES)
    assert SIZES in after
    assert "Ask a question" not in after
    run_tick(AT + HOUR)
    notice = Notification.objects.get(entry__verb="query")
    assert notice.recipient == story.officer.user


# --- answering --------------------------------------------------------------------------------------------------
def test_answer_for_everyone_reaches_each_contact_once_without_naming_the_asker(story):
    ask_as_contact(story.first)
    answer_question(
        story.first, answer=ANSWER, question="Which sizes do you need?", by=story.officer.by, at=AT + 2 * HOUR
    )
    for at in (AT + 2 * HOUR, AT + 3 * HOUR, MORNING, MORNING + HOUR, MORNING + 2 * HOUR):
        run_tick(at)
    for inquiry in (story.first, story.second):
        assert mails_about(inquiry) == [f"sent {inquiry.contact.user.name}"]
        page = open_link_page(Inquiry.objects.get(pk=inquiry.pk))
        mail = Message.objects.about(inquiry).get(template="question_answered")
        for text in (page.text, mail.body):
            assert "Which sizes do you need?" in text
            assert ANSWER in text
    assert story.contact.user.name not in open_link_page(Inquiry.objects.get(pk=story.second.pk))
    assert Inquiry.objects.get(pk=story.first.pk).question == ""


def test_answer_for_one_contact_is_hidden_from_the_others(story):
    ask_as_contact(story.first)
    answer_question(story.first, answer=ANSWER, to_all=False, by=story.officer.by, at=MORNING)
    for at in (MORNING, MORNING + HOUR):
        run_tick(at)
    assert mails_about(story.first) == [f"sent {story.contact.user.name}"]
    assert mails_about(story.second) == []
    assert [one.answer for one in answers_for(story.first)] == [ANSWER]
    assert answers_for(story.second) == []
    assert Program(story.officer.user).get(f"supply-requests/{story.need.reference}/")["answers"] == []


def test_answer_without_an_open_question_and_a_blank_answer_are_refused(story):
    with pytest.raises(Refused, match="no open question"):
        answer_question(story.first, answer=ANSWER, by=story.officer.by, at=AT)
    ask_as_contact(story.first)
    for text in ("", " \n"):
        with pytest.raises(Refused) as refused:
            answer_question(story.first, answer=text, by=story.officer.by, at=AT + HOUR)
        assert refused.value.details["field"] == "answer"
    assert not Entry.objects.filter(verb__in=("explain", "clarify")).exists()


def test_answer_published_by_an_officer_is_shown_to_contacts_asked_later(story):
    publish_question_and_answer(story.need, question=SIZES, answer=ANSWER, by=story.officer.by, at=AT + HOUR)
    later = cities.contact("zhongshan", "Wang Fang", language="en")
    words = {"subject": "s", "body": "b", "author": story.officer.user}
    inquiry = draft_inquiry(
        story.need, later, **words, chosen_because="knows", by=story.officer.by, at=AT + 2 * HOUR
    )
    send_inquiry(inquiry, by=story.officer.by, at=AT + 2 * HOUR)
    send_answers(AT + 3 * HOUR)
    assert Inquiry.objects.get(pk=inquiry.pk).informed_at is None, "it was published before the inquiry"
    assert Inquiry.objects.get(pk=story.second.pk).informed_at == AT + 3 * HOUR
    assert ANSWER in open_link_page(inquiry)


def test_officer_pages_show_question_and_answer(story):
    ask_as_contact(story.first)
    officer = Browser(story.officer.user)
    page = officer.open(Inquiry.objects.get(pk=story.first.pk))
    assert SIZES in page
    form = page.follow("Answer question")
    assert form.value("question") == SIZES
    after = form.press("Answer question", answer=ANSWER)
    assert ANSWER in after
    assert ANSWER in officer.open(story.need)


def test_api_asks_answers_and_lists_questions_and_refuses_an_observer(story):
    ask_as_contact(story.first)
    officer = Program(story.officer.user)
    at = f"inquiries/{story.first.reference}/"
    assert officer.get(at)["question"] == SIZES
    assert officer.refused(f"{at}explain/", {"answer": " "})["status"] == 422
    assert officer.post(f"{at}explain/", {"answer": ANSWER})["question"] == ""
    need = f"supply-requests/{story.need.reference}/"
    officer.post(f"{need}clarify/", {"question": "By air?", "answer": "Yes."})
    answers = officer.get(need)["answers"]
    assert [(one["question"], one["answer"]) for one in answers] == [(SIZES, ANSWER), ("By air?", "Yes.")]
    assert (
        Program(story.observer.user).refused(f"{need}clarify/", {"question": "a", "answer": "b"})["status"]
        == 403
    )

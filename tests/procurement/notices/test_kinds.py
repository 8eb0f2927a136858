"""Each notice to people who sign in is of one kind, and mail follows what its reader chose for that kind."""

from datetime import timedelta

import pytest
from django.utils import translation

from accounts.actions import choices, people
from accounts.actions.people import shut_out, stop_mail
from accounts.actors import CONSOLE, Oneself
from procurement.notices import planning, table
from procurement.notices.digest import kind_to_stop, way_of
from procurement.notices.entries import row_of
from procurement.notices.kinds import KINDS, Kind, kind_of
from procurement.notices.notice import STAFF
from procurement.outreach.actions import answering, asking
from tests.procurement.story import AT
from tests.world import own_link
from workflow import actions
from workflow.journal.entries import history_of
from workflow.models.bell import InAppNotice
from workflow.models.post import Message


def staff_rows():
    return [
        (label, verb, row) for (label, verb), rows in table.NOTICES.items() for row in rows if row.template == STAFF
    ]  # fmt: skip


class TestKinds:
    def test_every_notice_to_staff_is_of_a_kind_that_is_chosen_for(self):
        found = {(label, verb): kind_of(label, verb, row) for label, verb, row in staff_rows()}
        assert {pair for pair, kind in found.items() if kind == Kind.ACCOUNT} == set()
        assert set(found.values()) | {Kind.ACCOUNT} == set(Kind), "each kind is used"

    @pytest.mark.parametrize(
        ("label", "verb", "kind"),
        [
            ("procurement.lot", "recall", Kind.RECALLS),
            ("procurement.lot", "refuse", Kind.GOODS),
            ("*", "comment", Kind.COMMENTS),
            ("*", "undelivered", Kind.UNDELIVERED),
            ("procurement.order", "submit", Kind.ORDERS),
            ("partners.correction", "propose", Kind.REGISTER),
            ("procurement.finding", "find", Kind.OFFERS),
            ("procurement.verificationtask", "submit", Kind.CHECKS),
            ("procurement.inquiry", "answer", Kind.QUESTIONS),
        ],
    )
    def test_of_which_kind(self, label, verb, kind):
        rows = [row for row in table.NOTICES[label, verb] if row.template == STAFF]
        assert [kind_of(label, verb, row) for row in rows] == [kind]

    def test_a_reminder_that_moved_nobody_asks_for_a_call_and_one_to_a_partner_city_for_its_word(self):
        rows = [row for row in table.NOTICES["procurement.inquiry", "remind"] if row.template == STAFF]
        kinds = [kind_of("procurement.inquiry", "remind", row) for row in rows]
        assert kinds == [Kind.CALLS, Kind.QUESTIONS]

    def test_what_contacts_get_is_no_kind_to_choose_for(self):
        rows = [(pair, row) for pair, rows in table.NOTICES.items() for row in rows if row.template != STAFF]
        assert {kind_of(*pair, row) for pair, row in rows} == {Kind.ACCOUNT}

    @pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
    def test_each_has_its_words(self, language):
        with translation.override(language):
            said = [str(words) for kind in KINDS for words in (kind.label, kind.about)]
        assert len(set(said)) == 2 * len(KINDS)


class TestWays:
    @pytest.fixture
    def commented(self, story, inquiry):
        actions.comment(inquiry, "A question", by=story.second_officer.by, at=AT, language="en")
        return history_of(inquiry).get(verb="comment")

    def choose(self, user, **ways):
        choices.choose(user, ways, by=Oneself(user), at=AT)

    def test_at_once_it_is_a_mail_and_stands_under_the_bell(self, story, commented):
        told = planning.tell(commented, AT)
        (message,), (notice,), letters = told
        assert letters == []
        assert message.recipient == notice.recipient == story.officer.user
        assert (notice.kind, notice.entry, notice.digest_at) == ("comments", commented, None)

    def test_the_daily_mail_is_due_as_the_next_working_day_begins(self, story, commented):
        people.edit(story.officer.user, time_zone="America/Vancouver", by=CONSOLE, at=AT)
        self.choose(story.officer.user, comments="digest")
        told = planning.tell(commented, AT)
        assert told.messages == []
        assert told.notices[0].digest_at == AT + timedelta(hours=23), "Friday, eight in the morning"

    def test_without_mail_it_stands_under_the_bell(self, story, commented):
        self.choose(story.officer.user, comments="off")
        told = planning.tell(commented, AT)
        assert told.messages == []
        assert [notice.digest_at for notice in told.notices] == [None]

    def test_who_stopped_all_mail_finds_it_under_the_bell(self, story, commented):
        stop_mail(story.officer.user, by=CONSOLE, at=AT)
        told = planning.tell(commented, AT)
        assert (len(told.messages), len(told.notices)) == (0, 1)

    def test_who_was_shut_out_is_told_nothing(self, story, inquiry):
        left = story.officer.user
        shut_out(left, reason="left", by=CONSOLE, at=AT, real_at=AT)
        actions.comment(inquiry, "A question", by=story.second_officer.by, at=AT, language="en")
        told = planning.tell(history_of(inquiry).get(verb="comment"), AT)
        assert left not in {one.recipient for one in (*told.messages, *told.notices)}

    def test_a_contact_gets_their_mail_and_nothing_under_a_bell(self, story, inquiry):
        asking.send(inquiry, by=story.officer.by, at=AT)
        told = planning.tell(history_of(inquiry).get(verb="send"), AT)
        assert (len(told.messages), told.notices) == (1, [])

    def test_a_notice_finds_its_row_again(self, story, inquiry):
        asking.send(inquiry, by=story.officer.by, at=AT)
        answering.answer(inquiry, by=own_link(story.contact), at=AT)
        (notice,) = planning.tell(history_of(inquiry).get(verb="answer"), AT).notices
        assert str(row_of(notice).subject) == "An answer came in"
        notice.entry.verb = "of an older release"
        assert row_of(notice) is None

    def test_a_mail_that_is_no_notice_goes_whatever_was_chosen(self, story, inquiry):
        asking.send(inquiry, by=story.officer.by, at=AT)
        (message,) = planning.plan(history_of(inquiry).get(verb="send"), AT)
        assert way_of(message) == "at_once"
        assert kind_to_stop(message) == ""

    def test_the_stop_address_is_about_the_kind_where_that_may_be_off(self, story, inquiry, commented):
        (message,), (notice,), _letters = planning.tell(commented, AT)
        notice.save()
        assert kind_to_stop(message) == "comments"
        InAppNotice.objects.update(kind="recalls")
        assert kind_to_stop(message) == "", "then it is about all mail"
        assert isinstance(message, Message)

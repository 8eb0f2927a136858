"""Helpers for the tests of the daily digest: mail preferences, comments, and mails received."""

from datetime import UTC, datetime, timedelta

from accounts.actions.notification_preferences import set_preferences
from accounts.actors import SelfActor
from workflow.comments_and_files.actions import add_comment
from workflow.journal.entries import history_of

NOON = datetime(2020, 4, 16, 19, 0, tzinfo=UTC)  # a Thursday in Vancouver
MORNING = datetime(2020, 4, 17, 15, 0, tzinfo=UTC)  # eight o'clock there, on Friday
MONDAY = MORNING + timedelta(days=3)


def choose_delivery(user, at, **ways):
    set_preferences(user, ways, by=SelfActor(user), at=at)


def comment_as_colleague(story, need, words, at):
    add_comment(need, words, by=story.second_officer.by, at=at, language="en")
    return history_of(need).filter(verb="comment").first()


def mail_to(sink, user):
    return [mail for mail in sink.got if str(mail["To"]) == user.email]

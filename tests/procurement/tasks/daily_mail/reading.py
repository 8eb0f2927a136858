"""An officer in Vancouver who reads mail: when it is there, how it is chosen, what came of it."""

from datetime import UTC, datetime, timedelta

from accounts.actions import choices
from accounts.actors import Oneself
from workflow import actions
from workflow.journal.entries import history_of

NOON = datetime(2020, 4, 16, 19, 0, tzinfo=UTC)  # a Thursday in Vancouver
MORNING = datetime(2020, 4, 17, 15, 0, tzinfo=UTC)  # eight o'clock there, on Friday
MONDAY = MORNING + timedelta(days=3)


def choose(user, at, **ways):
    choices.choose(user, ways, by=Oneself(user), at=at)


def say(story, need, words, at):
    actions.comment(need, words, by=story.second_officer.by, at=at, language="en")
    return history_of(need).filter(verb="comment").first()


def to(sink, user):
    return [mail for mail in sink.got if str(mail["To"]) == user.email]

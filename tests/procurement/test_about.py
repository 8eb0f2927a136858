"""The file a person takes home holds what they were asked and what was written to them, and nothing of anybody else."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from procurement.exchange.about import about
from tests import world
from tests.procurement.outreach.test_questions import proposed, sent

pytestmark = pytest.mark.django_db


def test_it_holds_ones_own_questions_and_nobody_elses(story):
    mine = sent(story)
    sent(story, contact=world.contact("zhongshan", "Zhao Min"), body="For somebody else")
    proposed(story, contact=world.contact("zhongshan", "Wang Fang"))
    told = about(mine.contact.user)
    assert [one["reference"] for one in told["questions"]] == [mine.reference]
    assert told["questions"][0]["body"] == mine.body
    written = json.dumps(told, cls=DjangoJSONEncoder)
    assert "For somebody else" not in written
    assert set(told) == {
        "questions", "checks", "reports", "offers", "messages", "links", "comments", "files", "journal",
    }  # fmt: skip


def test_a_question_that_never_went_out_is_nothing_about_them_yet(story):
    assert about(proposed(story).contact.user)["questions"] == []

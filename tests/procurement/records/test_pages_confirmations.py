"""Tests of the confirmation after an action: its result, the next step, and Undo."""

import pytest

from tests.browsing import Browser
from tests.worlds.need_to_order import Story
from workflow.moves import Move, Moves

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.observer
        story.need = story.line(10_000).supply_request
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def messages(page):
    return " ".join(" ".join(page.main.xpath(".//*[@id='messages']")[0].itertext()).split())


def test_action_without_a_new_status_is_confirmed_once(story, officer):
    page = officer.open(story.need).do("stop", reason="The offers cover it.")
    assert f"Done: Pause new offers ({story.need.reference})." in messages(page)
    assert messages(officer.open(story.need)) == ""


def test_undo_reverts_the_action_and_is_offered_in_both_directions(story, officer):
    page = officer.open(story.need).do("stop", reason="The offers cover it.")
    page = page.press("Undo")
    story.need.refresh_from_db()
    assert (page.at, story.need.stopped) == (story.need.get_absolute_url(), False)
    assert "Done: Resume new offers" in messages(page)
    page = page.follow("Undo").press("Pause new offers", reason="They do.")
    story.need.refresh_from_db()
    assert (page.at, story.need.stopped) == (story.need.get_absolute_url(), True)
    assert "Done: Pause new offers" in messages(page)


def test_confirmation_names_the_new_status(story, officer):
    page = officer.open(story.need).do("withdraw", reason="The hospital has them.")
    assert f"{story.need.reference}: the status is now “Withdrawn”." in messages(page)
    assert "Undo" not in page.buttons


def test_undo_that_needs_a_reason_links_to_its_form(story, officer):
    correction = story.company("Northern Masks Ltd")
    other = story.company("Northern Masks Limited")
    page = officer.open(correction).do("merge", into=other.reference, reason="One company, two spellings.")
    asking = page.follow("Undo")
    assert asking.at.endswith("unmerge/")


def test_next_step_is_named_only_if_the_reader_can_take_it(story, officer):
    order = story.draft(story.promise(5_000))
    page = officer.open(order).do("submit")
    assert "Next:" not in messages(page)  # the approver's step
    page = Browser(story.approver.user).open(order).do("approve")
    assert f"{order.reference}: the status is now “Approved”." in messages(page)
    page = officer.open(order).do("place")
    assert "Next: Record supplier confirmation." in messages(page)


def test_each_undo_starts_where_its_action_ends():
    undone = [(moves, move) for moves in Moves.registry.values() for move in moves if move.undo_verb]
    assert len(undone) > 20
    for moves, move in undone:
        assert (move.target or min(move.source)) in moves.by_verb[move.undo_verb].source, move.verb


def test_undo_starting_from_another_status_is_refused_at_definition(story):
    need = type(story.need)
    known = Moves.registry[need._meta.label_lower]
    wrong = Move[need](
        verb="wrong", label="W", past_tense="w", source=frozenset({"open"}), target="withdrawn",
        allowed=lambda by, thing: True, undo_verb="stop",
    )  # fmt: skip
    with pytest.raises(ValueError, match="“stop” does not start where “wrong” ends"):
        Moves(need, known["stop"], known["resume"], wrong, ends={})
    Moves.registry[need._meta.label_lower] = known

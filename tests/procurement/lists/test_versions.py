"""A newer version of a list, and one that is withdrawn: whose matches follow, are judged anew, come and go."""

from datetime import date

import pytest

from procurement.lists.actions import lists
from procurement.lists.actions.lists import come_in_force, propose_withdrawal
from procurement.lists.anew import rescreen_suppliers
from procurement.lists.formats import Listing
from procurement.lists.models.match import ListMatch, ScreenedName
from procurement.suppliers.actions import companies
from procurement.suppliers.models.company import Supplier
from tests.procurement.lists import play
from tests.procurement.lists.play import in_force
from tests.procurement.lists.test_matches import findings, settled, standing
from tests.procurement.refusals import refused
from tests.procurement.story import AT, Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return Story()


def test_only_whose_matches_came_or_went_are_judged_anew(story):
    other = story.company("甲乙丙丁")
    story.lead(story.line())
    rescreen_suppliers(AT)
    Supplier.objects.update(changed_at=None)
    in_force(play.LISTED)
    assert list(Supplier.objects.filter(changed_at__isnull=False)) == [story.supplier]
    assert other.screened_names.get().turn == 1


def test_what_was_judged_follows_to_the_same_entry_of_a_newer_version(story):
    match = play.cleared(story)
    older = match.listed.watch_list
    newer = in_force("Somebody", play.LISTED, replaces=older, published_on=date(2020, 4, 2))
    match.refresh_from_db()
    older.refresh_from_db()
    assert (match.status, match.listed.watch_list, older.status) == ("cleared", newer, "replaced")
    assert ListMatch.objects.count() == 1
    assert older.listed.count() == 1  # older versions stay readable


def test_an_entry_that_says_something_else_is_judged_anew(story):
    match = play.cleared(story)
    told = Listing(2, play.LISTED, aliases=("KH Medical",))
    in_force(told, replaces=match.listed.watch_list)
    match.refresh_from_db()
    assert (match.status, match.proposal, ListMatch.objects.count()) == ("possible", "", 1)


@pytest.mark.parametrize("reach", [play.matched, play.proposed, play.cleared])
def test_a_newer_version_lifts_no_block_of_a_company_that_was_renamed_since(story, reach):
    """An alias more is another entry, and the name that was compared is borne no longer: nobody cleared it all the same."""
    match = reach(story)
    companies.correct(story.supplier, legal_name_local="甲乙丙丁", by=story.officer.by, at=AT)
    rescreen_suppliers(AT)
    told = Listing(3, "Anybody", aliases=("Somebody", play.LISTED))
    newer = in_force("Kanghu Medical", told, replaces=match.listed.watch_list)
    match.refresh_from_db()
    assert (match.status, match.proposal) == ("possible", "")
    assert (match.listed.watch_list, match.listed.row, match.listed_as) == (newer, 3, play.LISTED)


def test_a_name_that_stands_twice_on_a_list_is_one_entry(story):
    """Two of the same would be one match, which the newer version could not take over twice."""
    twice = [
        Listing(2, play.LISTED, remark="program A"),
        Listing(3, play.LISTED, remark="program B"),
    ]
    match = play.matched(story, *twice)
    watch_list = match.listed.watch_list
    assert (watch_list.names, watch_list.listed.get().remark) == (1, "program A program B")
    newer = in_force(*twice, replaces=watch_list, published_on=date(2020, 4, 2))
    match.refresh_from_db()
    assert (match.status, match.listed.watch_list) == ("possible", newer)


def test_an_entry_that_left_the_list_blocks_no_longer(story):
    lead = story.lead(story.line())
    match = play.matched(story)
    settled()
    in_force("Somebody else", replaces=match.listed.watch_list)
    settled()
    assert findings(lead) == {"list_match": "gone"}


def test_a_company_that_is_listed_again_is_raised_again(story):
    match = play.matched(story)
    ListMatch.objects.update(status="gone")
    ScreenedName.objects.update(turn=0)
    assert rescreen_suppliers(AT) == 1
    match.refresh_from_db()
    assert match.status == "possible"


def test_a_name_entered_while_a_list_was_compared_is_caught_up(story):
    watch_list = play.uploaded(play.LISTED)
    rescreen_suppliers(AT)
    come_in_force(watch_list, [], [], at=AT)  # as if nothing of it had been there to see
    assert story.supplier.pk
    assert not ListMatch.objects.exists()
    rescreen_suppliers(AT)
    assert ListMatch.objects.get().supplier == story.supplier


def test_withdrawing_takes_two_and_its_matches_go(story):
    lead = story.lead(story.line())
    match = play.matched(story)
    settled()
    watch_list, one, two = match.listed.watch_list, play.keeper(), play.keeper()
    propose_withdrawal(watch_list, reason="wrong file", withdrawn_by=one.user, by=one.by, at=AT)
    settled()
    assert standing(lead) == ["list_match"]
    with refused("not_allowed", watch_list):
        lists.withdraw(watch_list, reason="indeed", by=one.by, at=AT)
    lists.keep(watch_list, reason="it was right", by=one.by, at=AT)
    assert (watch_list.status, watch_list.withdrawn_by) == ("in_force", None)
    propose_withdrawal(watch_list, reason="wrong file", withdrawn_by=one.user, by=one.by, at=AT)
    lists.withdraw(watch_list, reason="indeed", by=two.by, at=AT)
    settled()
    match.refresh_from_db()
    assert (match.status, standing(lead)) == ("gone", [])

"""Tests of a newer version of a watchlist, and of a withdrawn one: matches are kept, reopened, added or ended."""

from datetime import date

import pytest

from procurement.sanctions.actions.periodic import rescreen_suppliers
from procurement.sanctions.actions.watchlists import (
    activate_watchlist,
    propose_withdrawal,
    reject_withdrawal,
    withdraw_watchlist,
)
from procurement.sanctions.models import ScreenedName, WatchlistMatch
from procurement.sanctions.parsers import ListedEntity
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.suppliers.models.suppliers import Supplier
from tests.procurement.refusals import assert_refused
from tests.procurement.sanctions.test_matches import findings, list_codes_in_effect, run_periodic_steps
from tests.worlds import watchlists
from tests.worlds.need_to_order import AT, Story
from tests.worlds.watchlists import activate_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return Story()


def test_only_companies_with_changed_matches_are_rescreened(story):
    other = story.company("甲乙丙丁")
    story.lead(story.line())
    rescreen_suppliers(AT)
    Supplier.objects.update(changed_at=None)
    activate_list(watchlists.LISTED_NAME)
    assert list(Supplier.objects.filter(changed_at__isnull=False)) == [story.supplier]
    assert other.screened_names.get().turn == 1


def test_judgement_follows_the_same_entry_to_a_newer_version(story):
    match = watchlists.clear_match(story)
    older = match.entry.watchlist
    newer = activate_list("Somebody", watchlists.LISTED_NAME, replaces=older, published_on=date(2020, 4, 2))
    match.refresh_from_db()
    older.refresh_from_db()
    assert (match.status, match.entry.watchlist, older.status) == ("dismissed", newer, "superseded")
    assert WatchlistMatch.objects.count() == 1
    assert older.entries.count() == 1  # older versions remain readable


def test_changed_watchlist_entry_is_judged_again(story):
    match = watchlists.clear_match(story)
    told = ListedEntity(2, watchlists.LISTED_NAME, aliases=("KH Medical",))
    activate_list(told, replaces=match.entry.watchlist)
    match.refresh_from_db()
    assert (match.status, match.proposal, WatchlistMatch.objects.count()) == ("possible", "", 1)


@pytest.mark.parametrize(
    "reach", [watchlists.matched_watchlist_entry, watchlists.propose_to_clear, watchlists.clear_match]
)
def test_newer_version_keeps_the_block_of_a_company_renamed_since(story, reach):
    """The entry has one more alias, and the company changed its name. Neither clears the match."""
    match = reach(story)
    correct_supplier(story.supplier, SupplierEdit(legal_name_local="甲乙丙丁"), by=story.officer.by, at=AT)
    rescreen_suppliers(AT)
    told = ListedEntity(3, "Anybody", aliases=("Somebody", watchlists.LISTED_NAME))
    newer = activate_list("Kanghu Medical", told, replaces=match.entry.watchlist)
    match.refresh_from_db()
    assert (match.status, match.proposal) == ("possible", "")
    assert (match.entry.watchlist, match.entry.row, match.listed_as) == (newer, 3, watchlists.LISTED_NAME)


def test_name_listed_twice_is_one_entry(story):
    """Two equal entries would be one match, which a newer version could not take over twice."""
    twice = [
        ListedEntity(2, watchlists.LISTED_NAME, remark="program A"),
        ListedEntity(3, watchlists.LISTED_NAME, remark="program B"),
    ]
    match = watchlists.matched_watchlist_entry(story, *twice)
    watchlist = match.entry.watchlist
    assert (watchlist.names, watchlist.entries.get().remark) == (1, "program A program B")
    newer = activate_list(*twice, replaces=watchlist, published_on=date(2020, 4, 2))
    match.refresh_from_db()
    assert (match.status, match.entry.watchlist) == ("possible", newer)


def test_entry_removed_from_the_list_no_longer_blocks(story):
    lead = story.lead(story.line())
    match = watchlists.matched_watchlist_entry(story)
    run_periodic_steps()
    activate_list("Choose someone else", replaces=match.entry.watchlist)
    run_periodic_steps()
    assert findings(lead) == {"list_match": "resolved"}


def test_company_listed_again_is_matched_again(story):
    match = watchlists.matched_watchlist_entry(story)
    WatchlistMatch.objects.update(status="delisted")
    ScreenedName.objects.update(turn=0)
    assert rescreen_suppliers(AT) == 1
    match.refresh_from_db()
    assert match.status == "possible"


def test_name_entered_during_screening_is_screened_afterwards(story):
    watchlist = watchlists.upload_list(watchlists.LISTED_NAME)
    rescreen_suppliers(AT)
    activate_watchlist(watchlist, [], [], at=AT)  # as if the first processing saw none of the rows
    assert story.supplier.pk
    assert not WatchlistMatch.objects.exists()
    rescreen_suppliers(AT)
    assert WatchlistMatch.objects.get().supplier == story.supplier


def test_withdrawing_a_watchlist_takes_two_people_and_ends_its_matches(story):
    lead = story.lead(story.line())
    match = watchlists.matched_watchlist_entry(story)
    run_periodic_steps()
    watchlist, one, two = (
        match.entry.watchlist,
        watchlists.register_coordinator(),
        watchlists.register_coordinator(),
    )
    propose_withdrawal(watchlist, reason="wrong file", withdrawn_by=one.user, by=one.by, at=AT)
    run_periodic_steps()
    assert list_codes_in_effect(lead) == ["list_match"]
    with assert_refused("not_allowed", watchlist):
        withdraw_watchlist(watchlist, reason="indeed", by=one.by, at=AT)
    reject_withdrawal(watchlist, reason="it was right", by=one.by, at=AT)
    assert (watchlist.status, watchlist.withdrawn_by) == ("active", None)
    propose_withdrawal(watchlist, reason="wrong file", withdrawn_by=one.user, by=one.by, at=AT)
    withdraw_watchlist(watchlist, reason="indeed", by=two.by, at=AT)
    run_periodic_steps()
    match.refresh_from_db()
    assert (match.status, list_codes_in_effect(lead)) == ("delisted", [])

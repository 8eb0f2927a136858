"""Moves that each role may make with watchlists and matches, in every status."""

from procurement.sanctions.actions.watchlists import fail_watchlist, propose_withdrawal, withdraw_watchlist
from procurement.sanctions.models import Watchlist, WatchlistMatch
from tests.procurement.permission_tables import Row
from tests.worlds import watchlists
from tests.worlds.need_to_order import AT, Story
from tests.worlds.watchlists import activate_list

JUDGES = ("second_officer", "verifier", "stranger")  # not the officer, who entered the company


def superseded_list(story: Story) -> Watchlist:
    older = activate_list("Somebody")
    activate_list("Choose someone else", replaces=older)
    older.refresh_from_db()
    return older


def list_under_withdrawal(story: Story) -> Watchlist:
    who = watchlists.register_coordinator()
    return propose_withdrawal(
        activate_list("Somebody"), reason="wrong file", withdrawn_by=who.user, by=who.by, at=AT
    )


def withdrawn_list(story: Story) -> Watchlist:
    return withdraw_watchlist(
        list_under_withdrawal(story), reason="indeed", by=watchlists.register_coordinator().by, at=AT
    )


def failed_list(story: Story) -> Watchlist:
    return fail_watchlist(watchlists.upload_list("Somebody"), at=AT)


def dismissed_match(story: Story) -> WatchlistMatch:
    return watchlists.clear_match(story)


def match_of_superseded_list(story: Story) -> WatchlistMatch:
    match = watchlists.matched_watchlist_entry(story)
    older = match.entry.watchlist
    activate_list("Choose someone else", replaces=older)
    match.refresh_from_db()
    return match


LISTS: list[Row] = [
    ("uploaded", lambda story: watchlists.upload_list("Somebody"), {}),
    ("active", lambda story: activate_list("Somebody"), {}),
    ("superseded", superseded_list, {}),
    ("withdrawal_proposed", list_under_withdrawal, {}),
    ("withdrawn", withdrawn_list, {}),
    ("failed", failed_list, {}),
]
MATCHES: list[Row] = [
    (
        "possible",
        watchlists.matched_watchlist_entry,
        dict.fromkeys(JUDGES, "propose_dismissal confirm") | {"officer": "confirm"},
    ),
    (
        "dismissal_proposed",
        watchlists.propose_to_clear,
        dict.fromkeys(("second_officer", "stranger"), "dismiss reject_dismissal confirm")
        | dict.fromkeys(("officer", "verifier"), "reject_dismissal confirm"),
    ),
    ("dismissed", dismissed_match, dict.fromkeys((*JUDGES, "officer"), "reopen")),
    ("confirmed", watchlists.confirm_listed_company, dict.fromkeys((*JUDGES, "officer"), "reopen")),
    ("delisted", match_of_superseded_list, {}),
]

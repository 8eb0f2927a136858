"""Moves that each role may make with watchlists and matches, in every status."""

from procurement.sanctions.actions.watchlists import fail_watchlist, propose_withdrawal, withdraw_watchlist
from procurement.sanctions.models import Watchlist, WatchlistMatch
from tests.procurement.permission_tables import Row
from tests.worlds import watchlists
from tests.worlds.need_to_order import AT, Story
from tests.worlds.watchlists import in_force

JUDGES = ("second_officer", "verifier", "stranger")  # not the officer, who entered the company


def replaced(story: Story) -> Watchlist:
    older = in_force("Somebody")
    in_force("Choose someone else", replaces=older)
    older.refresh_from_db()
    return older


def withdrawing(story: Story) -> Watchlist:
    who = watchlists.keeper()
    return propose_withdrawal(
        in_force("Somebody"), reason="wrong file", withdrawn_by=who.user, by=who.by, at=AT
    )


def withdrawn(story: Story) -> Watchlist:
    return withdraw_watchlist(withdrawing(story), reason="indeed", by=watchlists.keeper().by, at=AT)


def failed(story: Story) -> Watchlist:
    return fail_watchlist(watchlists.uploaded("Somebody"), at=AT)


def cleared(story: Story) -> WatchlistMatch:
    return watchlists.cleared(story)


def gone(story: Story) -> WatchlistMatch:
    match = watchlists.matched(story)
    older = match.entry.watchlist
    in_force("Choose someone else", replaces=older)
    match.refresh_from_db()
    return match


LISTS: list[Row] = [
    ("uploaded", lambda story: watchlists.uploaded("Somebody"), {}),
    ("active", lambda story: in_force("Somebody"), {}),
    ("superseded", replaced, {}),
    ("withdrawal_proposed", withdrawing, {}),
    ("withdrawn", withdrawn, {}),
    ("failed", failed, {}),
]
MATCHES: list[Row] = [
    (
        "possible",
        watchlists.matched,
        dict.fromkeys(JUDGES, "propose_dismissal confirm") | {"officer": "confirm"},
    ),
    (
        "dismissal_proposed",
        watchlists.proposed,
        dict.fromkeys(("second_officer", "stranger"), "dismiss reject_dismissal confirm")
        | dict.fromkeys(("officer", "verifier"), "reject_dismissal confirm"),
    ),
    ("dismissed", cleared, dict.fromkeys((*JUDGES, "officer"), "reopen")),
    ("confirmed", watchlists.confirmed, dict.fromkeys((*JUDGES, "officer"), "reopen")),
    ("delisted", gone, {}),
]

"""Who may do what with lists and matches, in every status."""

from procurement.lists import actions
from procurement.lists.models import ListMatch, WatchList
from tests.procurement.lists import play
from tests.procurement.story import AT, Story
from tests.procurement.tables import Row

JUDGES = ("second_officer", "verifier", "stranger")  # the officer entered the company and its offers


def replaced(story: Story) -> WatchList:
    older = play.in_force("Somebody")
    play.in_force("Somebody else", replaces=older)
    older.refresh_from_db()
    return older


def withdrawing(story: Story) -> WatchList:
    who = play.keeper()
    return actions.propose_withdrawal(
        play.in_force("Somebody"), reason="wrong file", withdrawn_by=who.user, by=who.by, at=AT
    )


def withdrawn(story: Story) -> WatchList:
    return actions.withdraw(withdrawing(story), reason="indeed", by=play.keeper().by, at=AT)


def failed(story: Story) -> WatchList:
    return actions.fail(play.uploaded("Somebody"), at=AT)


def cleared(story: Story) -> ListMatch:
    return play.cleared(story)


def gone(story: Story) -> ListMatch:
    match = play.matched(story)
    older = match.listed.watch_list
    play.in_force("Somebody else", replaces=older)
    match.refresh_from_db()
    return match


LISTS: list[Row] = [
    ("uploaded", lambda story: play.uploaded("Somebody"), {}),
    ("in_force", lambda story: play.in_force("Somebody"), {}),
    ("replaced", replaced, {}),
    ("withdrawing", withdrawing, {}),
    ("withdrawn", withdrawn, {}),
    ("failed", failed, {}),
]
MATCHES: list[Row] = [
    ("possible", play.matched, dict.fromkeys(JUDGES, "propose_clearing confirm") | {"officer": "confirm"}),
    (
        "clearing",
        play.proposed,
        dict.fromkeys(("second_officer", "stranger"), "clear turn_down confirm")
        | dict.fromkeys(("officer", "verifier"), "turn_down confirm"),
    ),
    ("cleared", cleared, dict.fromkeys((*JUDGES, "officer"), "reopen")),
    ("confirmed", play.confirmed, dict.fromkeys((*JUDGES, "officer"), "reopen")),
    ("gone", gone, {}),
]

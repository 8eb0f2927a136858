"""Who may do what with lists and matches, in every status."""

from procurement.lists.actions import lists
from procurement.lists.actions.lists import propose_withdrawal
from procurement.lists.models.match import ListMatch
from procurement.lists.models.watch_list import WatchList
from tests.procurement.lists import play
from tests.procurement.lists.play import in_force
from tests.procurement.story import AT, Story
from tests.procurement.tables import Row

JUDGES = ("second_officer", "verifier", "stranger")  # the officer entered the company and its offers


def replaced(story: Story) -> WatchList:
    older = in_force("Somebody")
    in_force("Somebody else", replaces=older)
    older.refresh_from_db()
    return older


def withdrawing(story: Story) -> WatchList:
    who = play.keeper()
    return propose_withdrawal(
        in_force("Somebody"), reason="wrong file", withdrawn_by=who.user, by=who.by, at=AT
    )


def withdrawn(story: Story) -> WatchList:
    return lists.withdraw(withdrawing(story), reason="indeed", by=play.keeper().by, at=AT)


def failed(story: Story) -> WatchList:
    return lists.fail(play.uploaded("Somebody"), at=AT)


def cleared(story: Story) -> ListMatch:
    return play.cleared(story)


def gone(story: Story) -> ListMatch:
    match = play.matched(story)
    older = match.listed.watch_list
    in_force("Somebody else", replaces=older)
    match.refresh_from_db()
    return match


LISTS: list[Row] = [
    ("uploaded", lambda story: play.uploaded("Somebody"), {}),
    ("in_force", lambda story: in_force("Somebody"), {}),
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

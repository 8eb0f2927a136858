"""Who may make which move, through which door: every verb of every thing, by hand. A verb that stands here nowhere fails.

Whoever sees the thing and may not is told so (403), the others get 404. A verb no door offers is 404 for everybody, at both.
"""

from typing import NamedTuple

from tests.rights.table import (
    ALL_JUDGES,
    ALL_OFFICERS,
    ASKED,
    BROKER,
    DOCK,
    INVITING,
    JUDGES,
    KEEPERS,
    NOBODY,
    OFFICERS,
    WATCHING,
    people,
)

AUTHOR = people("own officer")  # of the orders and the offers
APPROVER = people("own approver")
PAYERS = OFFICERS | APPROVER
PAYERS_ANYWHERE = people("own approver", "shared approver", "foreign approver")
CLEARING = DOCK | BROKER
ANSWERING = OFFICERS | ASKED
SELF_OR_INVITING = INVITING | ASKED
KEEPERS_HERE = WATCHING | people("own administrator")  # of Burnaby's agreements


class Verb(NamedTuple):
    """Who may, and through which doors."""

    may: frozenset[str]
    page: bool = True
    api: bool = True


def on_page(may: frozenset[str]) -> Verb:
    """Only pages offer it (the API by another name)."""
    return Verb(may, api=False)


def on_api(may: frozenset[str]) -> Verb:
    """Only the API offers it by this name."""
    return Verb(may, page=False)


INSIDE = Verb(
    NOBODY, page=False, api=False
)  # made by another action, by the clock, or by the page that begins the thing

MOVES: dict[str, dict[str, Verb]] = {
    "need": {
        "draft": INSIDE,
        "edit": on_api(OFFICERS),
        "lines": on_api(OFFICERS),
        "post": on_api(OFFICERS),
        "reconfirm": Verb(OFFICERS),
        "share": Verb(OFFICERS),
        "stop": Verb(OFFICERS),
        "resume": Verb(OFFICERS),
        "fulfil": Verb(OFFICERS),
        "reopen": Verb(OFFICERS),
        "withdraw": Verb(OFFICERS),
    },
    "inquiry": {
        "propose": INSIDE,
        "revise": Verb(OFFICERS),
        "send": Verb(OFFICERS),
        "ask_partner": Verb(OFFICERS),
        "consent": Verb(NOBODY),  # this one goes through no partner city
        "refuse": Verb(NOBODY),
        "answer": on_api(ANSWERING),
        "decline": Verb(ANSWERING),
        "note_call": Verb(OFFICERS),
        "hand_over": on_api(ANSWERING),
        "remind": Verb(OFFICERS),
        "redate": Verb(OFFICERS),
        "pause": INSIDE,
        "go_on": INSIDE,
        "give_way": INSIDE,
        "ask_next": Verb(OFFICERS),
        "lapse": Verb(OFFICERS),
        "cancel": Verb(OFFICERS),
    },
    "supplier": {
        "list": INSIDE,
        "correct": Verb(ALL_OFFICERS),
        "merge": Verb(ALL_OFFICERS),
        "part": Verb(ALL_OFFICERS),
        "judge": on_api(ALL_JUDGES),
    },
    "companyfact": {
        "say": INSIDE,
        "settle": Verb(ALL_OFFICERS),
        "unsettle": INSIDE,
        "take_back": Verb(ALL_JUDGES),
    },
    "lookup": {"record": INSIDE, "take_back": Verb(ALL_JUDGES)},
    "certificate": {
        "claim": INSIDE,
        "amend": Verb(ALL_OFFICERS),
        "claim_anew": INSIDE,
        "pass_format": INSIDE,
        "suspect": INSIDE,
        "confirm": Verb(ALL_JUDGES),
        "mark_unconfirmable": Verb(ALL_JUDGES),
        "mark_altered": Verb(ALL_JUDGES),
        "mark_wrong_scope": Verb(ALL_JUDGES),
        "look_up": Verb(ALL_JUDGES),
    },
    "account": {
        "propose": INSIDE,
        "confirm": Verb((ALL_OFFICERS | PAYERS_ANYWHERE) - AUTHOR),  # never whoever entered it
        "call_again": Verb((ALL_OFFICERS | PAYERS_ANYWHERE) - AUTHOR),
        "retire": Verb(ALL_OFFICERS),
    },
    "list": {
        "upload": INSIDE,
        "come_in_force": INSIDE,
        "fail": INSIDE,
        "try_again": Verb(KEEPERS),
        "replace": INSIDE,
        "drop": Verb(KEEPERS),
        "propose_withdrawal": Verb(KEEPERS),
        "keep": Verb(KEEPERS),
        "withdraw": Verb(KEEPERS),
    },
    "match": {
        "raise": INSIDE,
        "propose_clearing": Verb(ALL_JUDGES - AUTHOR),  # never whoever entered the company or an offer of it
        "clear": Verb(ALL_JUDGES - AUTHOR),
        "turn_down": Verb(ALL_JUDGES),
        "confirm": Verb(ALL_JUDGES),
        "reopen": Verb(ALL_JUDGES),
        "raise_again": INSIDE,
        "follow": INSIDE,
        "lapse": INSIDE,
    },
    "finding": {
        "find": INSIDE,
        "answer": Verb(JUDGES),
        "uphold": Verb(JUDGES),
        "raise_again": INSIDE,
        "restate": INSIDE,
        "clear": INSIDE,
    },
    "lead": {
        "draft": INSIDE,
        "edit": Verb(ANSWERING),
        "offer": Verb(ANSWERING),
        "check": Verb(JUDGES),
        "verify": Verb(JUDGES - AUTHOR),  # never whoever entered it
        "change": on_page(ANSWERING),
        "remark": on_page(ANSWERING),
        "cut": on_api(ANSWERING),
        "reopen": Verb(JUDGES),
        "reject": Verb(JUDGES),
        "withdraw": Verb(ANSWERING),
        "expire": INSIDE,
        "share": Verb(JUDGES),
    },
    "rate": {"enter": INSIDE, "withdraw": Verb(OFFICERS)},
    "check": {
        "propose": INSIDE,
        "offer": on_api(JUDGES),
        "take": on_api(ASKED),
        "submit": on_api(ASKED),
        "accept": Verb(JUDGES),
        "return": Verb(JUDGES),
        "decline": on_api(ASKED),
        "hand_over": on_api(ASKED),
        "remind": Verb(JUDGES),
        "redate": Verb(JUDGES),
        "cancel": Verb(JUDGES),
        "outdate": INSIDE,
        "take_over": INSIDE,
        "open_again": Verb(JUDGES),
    },
    "allocation": {
        "propose": INSIDE,
        "confirm": Verb(OFFICERS),
        "drop": Verb(OFFICERS),
        "order": INSIDE,
        "lower": Verb(OFFICERS),
        "release": Verb(OFFICERS),
        "return_part": INSIDE,
        "return_all": INSIDE,
        "promise_again": INSIDE,
        "fulfil": INSIDE,
    },
    "order": {
        "draft": INSIDE,
        "offer": INSIDE,
        "edit": Verb(OFFICERS),
        "share": Verb(OFFICERS),
        "use_account": Verb(OFFICERS),
        "submit": Verb(OFFICERS),
        "return": Verb(AUTHOR | APPROVER),
        "override": Verb(APPROVER),
        "approve": Verb(APPROVER),
        "place": Verb(OFFICERS),
        "confirm": Verb(OFFICERS),
        "accept": Verb(PAYERS),
        "decline": Verb(OFFICERS),
        "shorten": on_api(OFFICERS),
        "ready": Verb(OFFICERS),
        "complete": Verb(DOCK),
        "thank": Verb(NOBODY),  # nobody thanks for what was bought
        "cancel": Verb(OFFICERS),
        "lose": Verb(DOCK),
    },
    "payment": {
        "plan": INSIDE,
        "reckon": INSIDE,
        "fall_due": INSIDE,
        "set_due": Verb(PAYERS),
        "urge": Verb(PAYERS),
        "propose": Verb(PAYERS),
        "take_back": Verb(PAYERS),
        "pay": Verb(PAYERS),
        "cancel": INSIDE,
    },
    "bundle": {
        "ask": INSIDE,  # at ask_for_bundle: pages_table.py, and by POST on the collection
        "finish": INSIDE,
        "fail": INSIDE,
        "drop": Verb(people("own observer")),
        "ask_again": Verb(people("own observer")),
    },
    "shipment": {
        "plan": INSIDE,
        "edit": Verb(DOCK),
        "assign_broker": Verb(DOCK),
        "schedule": Verb(DOCK),
        "review_papers": Verb(CLEARING),
        "pack": on_api(DOCK),  # on pages: pack_shipment
        "depart": Verb(DOCK),
        "arrive": Verb(DOCK),
        "deliver": Verb(DOCK),
        "estimate": Verb(CLEARING),
        "hear": Verb(CLEARING),
        "close": Verb(DOCK),
        "cancel": Verb(DOCK),
        "lose": Verb(DOCK),
    },
    "lane": {
        "open": INSIDE,
        "file": Verb(CLEARING),
        "declare": Verb(CLEARING),
        "release": Verb(CLEARING),
        "hold": on_api(CLEARING),  # on pages: hold_lane
    },
    "hold": {"hold": INSIDE, "answer": Verb(CLEARING), "end": Verb(CLEARING)},
    "paper": {
        "ask": INSIDE,
        "draft": Verb(CLEARING),
        "ready": Verb(CLEARING),
        "file": Verb(CLEARING),
        "accept": Verb(CLEARING),
        "query": Verb(CLEARING),
        "refuse": Verb(CLEARING),
        "new_version": Verb(CLEARING),
    },
    "receipt": {"record": INSIDE, "take_back": Verb(DOCK)},
    "lot": {
        "quarantine": INSIDE,
        "add": INSIDE,
        "inspect": Verb(DOCK),
        "override": Verb(APPROVER),  # only an approver lets something through that was not inspected
        "release": Verb(DOCK),
        "condition": Verb(DOCK),
        "refuse": Verb(DOCK),
        "recall": Verb(DOCK),
    },
    "twinning": {
        "twin": INSIDE,
        "correct": Verb(KEEPERS_HERE),
        "suspend": Verb(KEEPERS_HERE),
        "resume": Verb(KEEPERS_HERE),
        "end": Verb(KEEPERS_HERE),
        "renew": Verb(KEEPERS_HERE),
        "take_back": Verb(KEEPERS_HERE),
        "remind": INSIDE,
    },
    "contact": {
        "invite": INSIDE,
        "confirm": Verb(ASKED),  # nobody agrees for somebody else
        "correct": Verb(SELF_OR_INVITING),
        "go_away": Verb(SELF_OR_INVITING),
        "name_deputy": Verb(SELF_OR_INVITING),
        "drop_deputy": Verb(SELF_OR_INVITING),
        "new_address": Verb(INVITING),
        "stop": Verb(SELF_OR_INVITING),
        "resume": Verb(ASKED),
    },
    "correction": {
        "propose": INSIDE,
        "accept": Verb(KEEPERS_HERE),
        "decline": Verb(KEEPERS_HERE),
        "reopen": Verb(KEEPERS_HERE),
        "withdraw": Verb(AUTHOR),
    },
    "dispute": {
        "dispute": INSIDE,
        "claim": INSIDE,
        "settle": Verb(KEEPERS_HERE),
        "reopen": Verb(KEEPERS_HERE),
    },
    # Only the API corrects these; the pages of the register bring them in as files.
    "city": {"correct": on_api(KEEPERS_HERE)},
    "exchange": {"correct": on_api(KEEPERS_HERE)},
    "organisation": {"correct": on_api(INVITING)},
}

# The same verbs, on things that were shared or stand elsewhere in their life, where that changes who may.
AGAIN: dict[tuple[str, str], frozenset[str]] = {
    ("shared need", "stop"): OFFICERS,
    ("shared need", "share"): OFFICERS,
    ("shared need", "reconfirm"): OFFICERS,
    ("network need", "withdraw"): OFFICERS,
    ("public need", "withdraw"): OFFICERS,
    ("public need", "share"): OFFICERS,
    ("shared lead", "verify"): JUDGES - AUTHOR,
    ("shared lead", "reject"): JUDGES,
    ("shared lead", "share"): JUDGES,
    ("shared lead", "withdraw"): ANSWERING,
    ("second inquiry", "consent"): people("partner officer"),
    ("second inquiry", "refuse"): people("partner officer"),
    ("second inquiry", "cancel"): OFFICERS,
    ("unsent inquiry", "send"): OFFICERS,
    ("draft order", "approve"): AUTHOR,  # below the limit its author does it alone
    ("waiting order", "approve"): APPROVER,
    ("waiting order", "return"): AUTHOR | APPROVER,
    ("gift", "accept"): PAYERS,
    ("gift", "thank"): OFFICERS,
    ("gift", "use_account"): NOBODY,  # nothing is paid for it
    ("gift", "share"): NOBODY,
    ("arrived shipment", "close"): DOCK,
}
# Lives whose moves have no verb in an address: each with the place where its rights are looked at.
NO_VERBS = {
    "workflow.file": "taken in and cleaned by the machine; bringing one: pages_table.py, begins_table.py",
    "partners.membership": "ended at end_role: pages_table.py",
    "partners.invitation": "at change_invitation: pages_table.py; accepted by its own link: links_table.py",
    "partners.import": "on the pages of whoever brought the file: pages_table.py",
    "procurement.memo": "made at make_memo: pages_table.py, and by POST on the collection",
    "procurement.standing": "given with a company's `judge`",
    "procurement.reuse": "asked at ask_another_city, answered at reuse_move: pages_table.py",
    "procurement.interest": "declared with a check's `decline` and at declare_interest, ended at interest_move: pages_table.py",
}
# Which part of the address names a kind of thing: on pages, and in the API.
LABELS = {
    "need": "procurement.supplyrequest",
    "inquiry": "procurement.inquiry",
    "supplier": "procurement.supplier",
    "lookup": "procurement.lookup",
    "companyfact": "procurement.companyfact",
    "certificate": "procurement.certificate",
    "account": "procurement.bankaccount",
    "list": "procurement.watchlist",
    "match": "procurement.listmatch",
    "finding": "procurement.finding",
    "lead": "procurement.supplierlead",
    "rate": "procurement.enteredrate",
    "bundle": "procurement.bundle",
    "check": "procurement.verificationtask",
    "allocation": "procurement.allocation",
    "order": "procurement.order",
    "payment": "procurement.payment",
    "shipment": "procurement.shipment",
    "lane": "procurement.customslane",
    "hold": "procurement.customshold",
    "paper": "procurement.customspaper",
    "receipt": "procurement.receipt",
    "lot": "procurement.lot",
    "twinning": "partners.twinning",
    "contact": "partners.contact",
    "correction": "partners.correction",
    "dispute": "partners.dispute",
}

"""Who may make which move of a shipment and of what belongs to it: lanes, holds, papers, receipts, lots."""

from tests.rights.moves.verbs_table import APPROVER, CLEARING, DOCK, INSIDE, Verb, on_api

MOVES: dict[str, dict[str, Verb]] = {
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
        "reroute": Verb(DOCK),
        "split": Verb(DOCK),
        "merge": Verb(DOCK),
        "call_wrong": Verb(CLEARING),
        "call_right": Verb(CLEARING),
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
        "whole": INSIDE,
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
    "call": {
        "ask": INSIDE,
        "cannot": INSIDE,  # by the link of the call
        "finish": INSIDE,
        "ask_again": INSIDE,
        "tell": INSIDE,
        "withdraw": Verb(DOCK),
    },
    "paper_version": {
        "receive": INSIDE,
        "take": Verb(DOCK),
        "give_back": Verb(DOCK),
        "replace": INSIDE,
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
        "warn": INSIDE,
    },
    "hand_out": {"hand_out": INSIDE, "tell": Verb(DOCK), "take_back": Verb(DOCK)},
}
# On things that stand elsewhere in their life.
AGAIN: dict[tuple[str, str], frozenset[str]] = {
    ("arrived shipment", "close"): DOCK,
}
# Which part of the address names a kind of thing.
LABELS = {
    "shipment": "procurement.shipment",
    "lane": "procurement.customslane",
    "hold": "procurement.customshold",
    "paper": "procurement.customspaper",
    "call": "procurement.papercall",
    "paper_version": "procurement.paperversion",
    "receipt": "procurement.receipt",
    "lot": "procurement.lot",
    "hand_out": "procurement.handout",
}

"""Rights to the moves of shipments and related objects: clearances, holds, documents, receipts, lots."""

from tests.rights.moves.verbs_table import APPROVER, CLEARING, MACHINE, Verb, inside, on_api, on_page
from tests.rights.table import ASKED, DOCK, NOBODY, OFFICERS, people

MOVES: dict[str, dict[str, Verb]] = {
    "shipment": {
        "plan": inside(DOCK),
        "edit": Verb(DOCK),
        "assign_broker": Verb(DOCK),
        "schedule": Verb(DOCK),
        "review_documents": Verb(CLEARING),
        "pack": on_api(DOCK),  # on pages: pack_shipment
        "depart": Verb(DOCK),
        "arrive": Verb(DOCK),
        "deliver": Verb(DOCK),
        "hand_back": Verb(NOBODY),  # only for a return
        "send_back": Verb(DOCK),
        "destroy": Verb(DOCK),
        "share": Verb(DOCK),
        "unshare": Verb(DOCK),
        "estimate": Verb(CLEARING),
        "record_event": Verb(CLEARING),
        "reroute": Verb(DOCK),
        "split": Verb(DOCK),
        "merge": Verb(DOCK),
        "flag_event": Verb(CLEARING),
        "unflag_event": Verb(CLEARING),
        "see_carton": on_api(DOCK),  # on pages: dock_carton
        "forget_carton": on_api(DOCK),
        "close": Verb(DOCK),
        "cancel": Verb(DOCK),
        "lose": Verb(DOCK),
    },
    "clearance": {
        "open": inside(CLEARING),
        "redirect": inside(CLEARING),
        "file": Verb(CLEARING),
        "declare": Verb(CLEARING),
        "release": Verb(CLEARING),
        "hold": on_api(CLEARING),  # on pages: add_hold
        "whole": MACHINE,
    },
    "hold": {"hold": inside(CLEARING), "answer": Verb(CLEARING), "end": Verb(CLEARING)},
    "document": {
        "ask": inside(CLEARING),
        "draft": Verb(CLEARING),
        "ready": Verb(CLEARING),
        "file": Verb(CLEARING),
        "accept": Verb(CLEARING),
        "query": Verb(CLEARING),
        "refuse": Verb(CLEARING),
        "new_version": Verb(CLEARING),
        "no_longer": inside(CLEARING),
        "ask_again": inside(CLEARING),
        "restate": inside(CLEARING),
    },
    "discrepancy": {
        "open": inside(DOCK),
        "answer": Verb(DOCK | ASKED),  # the contact sees it by link only
        "settle": Verb(OFFICERS),
        "drop": Verb(OFFICERS),
        "take_back": inside(DOCK),
    },
    "document_request": {
        "ask": inside(DOCK),
        "remind": Verb(DOCK),
        "cannot": inside(NOBODY),  # by the link of the request
        "finish": MACHINE,
        "ask_again": MACHINE,
        "tell": MACHINE,
        "withdraw": Verb(DOCK),
    },
    "submission": {
        "receive": inside(NOBODY),
        "take": Verb(DOCK),
        "give_back": Verb(DOCK),
        "replace": inside(NOBODY),
    },
    "receipt": {"record": inside(DOCK), "take_back": Verb(DOCK)},
    "lot": {
        "quarantine": inside(DOCK),
        "add": inside(DOCK),
        "inspect": Verb(DOCK),
        "override": Verb(APPROVER),  # only an approver may override a missing inspection
        "release": Verb(DOCK),
        "condition": Verb(DOCK),
        "refuse": Verb(DOCK),
        "recall": Verb(DOCK),
        "warn": MACHINE,
    },
    "destruction": {
        "note": inside(DOCK),
        "confirm": Verb(people("own officer", "own colleague")),  # logistics recorded it
        "drop": Verb(DOCK),
    },
    "distribution": {
        "hand_out": inside(DOCK),
        "call_back": MACHINE,
        "tell": Verb(DOCK),
        "take_back": Verb(DOCK),
    },
    "relief_claim": {
        "claim": inside(CLEARING),
        "claim_freely": inside(CLEARING),
        "correct": Verb(DOCK),
        "remind": MACHINE,
        "prove": Verb(DOCK),
        "not_proven": Verb(DOCK),
        "repay": Verb(DOCK),
        "reopen": Verb(DOCK),
    },
    "thank_you": {
        "make_ready": inside(DOCK),
        "choose": on_page(OFFICERS),
        "send": on_page(OFFICERS),  # an officer reads each message before it goes
        "leave": Verb(OFFICERS),
        "take_up": Verb(OFFICERS),
    },
}
# The same verbs on objects in another status.
AGAIN: dict[tuple[str, str], frozenset[str]] = {
    ("arrived shipment", "close"): DOCK,
    ("back shipment", "hand_back"): DOCK,
    ("back shipment", "deliver"): NOBODY,
    ("back shipment", "split"): NOBODY,
    ("back shipment", "merge"): NOBODY,
}
# The model of each kind of object in the tables.
LABELS = {
    "shipment": "procurement.shipment",
    "clearance": "procurement.customsclearance",
    "hold": "procurement.customshold",
    "document": "procurement.customsdocument",
    "document_request": "procurement.documentrequest",
    "submission": "procurement.documentsubmission",
    "receipt": "procurement.goodsreceipt",
    "lot": "procurement.lot",
    "distribution": "procurement.distribution",
    "discrepancy": "procurement.discrepancy",
    "relief_claim": "procurement.reliefclaim",
    "thank_you": "procurement.thankyou",
    "destruction": "procurement.destruction",
}

"""Rights to the moves of shipments and related objects: clearances, holds, documents, receipts, lots."""

from tests.rights.moves.verbs_table import (
    APPROVER,
    CLEARING,
    MACHINE,
    Verb,
    on_api,
    on_page,
    through_other_action,
)
from tests.rights.reading_rights_table import ASKED, DOCK, NOBODY, OFFICERS, people

MOVES: dict[str, dict[str, Verb]] = {
    "shipment": {
        "plan": through_other_action(DOCK),
        "edit": Verb(DOCK),
        "assign_broker": Verb(DOCK),
        "schedule": Verb(DOCK),
        "review_documents": Verb(CLEARING),
        "pack": on_api(DOCK),  # on pages: pack_shipment
        "depart": Verb(DOCK),
        "arrive": Verb(DOCK),
        "deliver": Verb(DOCK),
        "record_return": Verb(NOBODY),  # only for a return
        "plan_return": Verb(DOCK),
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
        "record_carton": on_api(DOCK),  # on pages: count_carton
        "undo_carton": on_api(DOCK),
        "close": Verb(DOCK),
        "cancel": Verb(DOCK),
        "write_off": Verb(DOCK),
    },
    "clearance": {
        "open": through_other_action(CLEARING),
        "redirect": through_other_action(CLEARING),
        "file": Verb(CLEARING),
        "declare": Verb(CLEARING),
        "release": Verb(CLEARING),
        "hold": on_api(CLEARING),  # on pages: add_hold
        "notify_complete": MACHINE,
    },
    "hold": {"hold": through_other_action(CLEARING), "answer": Verb(CLEARING), "end": Verb(CLEARING)},
    "document": {
        "require": through_other_action(CLEARING),
        "draft": Verb(CLEARING),
        "ready": Verb(CLEARING),
        "file": Verb(CLEARING),
        "accept": Verb(CLEARING),
        "query": Verb(CLEARING),
        "refuse": Verb(CLEARING),
        "new_version": Verb(CLEARING),
        "mark_not_required": through_other_action(CLEARING),
        "require_again": through_other_action(CLEARING),
        "number": on_api(CLEARING),
        "restate": through_other_action(CLEARING),
    },
    "discrepancy": {
        "open": through_other_action(DOCK),
        "answer": Verb(DOCK | ASKED),  # the contact sees it by link only
        "settle": Verb(OFFICERS),
        "discard": Verb(OFFICERS),
        "reverse": through_other_action(DOCK),
        "remind": MACHINE,
    },
    "document_request": {
        "request": through_other_action(DOCK),
        "remind": Verb(DOCK),
        "report_unavailable": through_other_action(NOBODY),  # by the link of the request
        "finish": MACHINE,
        "reopen": MACHINE,
        "notify_complete": MACHINE,
        "cancel": Verb(DOCK),
    },
    "submission": {
        "submit": through_other_action(NOBODY),
        "accept": Verb(DOCK),
        "return": Verb(DOCK),
        "replace": through_other_action(NOBODY),
    },
    "receipt": {"record": through_other_action(DOCK), "reverse": Verb(DOCK)},
    "lot": {
        "quarantine": through_other_action(DOCK),
        "add": through_other_action(DOCK),
        "inspect": Verb(DOCK),
        "override": Verb(APPROVER),  # only an approver may override a missing inspection
        "release": Verb(DOCK),
        "condition": Verb(DOCK),
        "refuse": Verb(DOCK),
        "recall": Verb(DOCK),
        "warn": MACHINE,
    },
    "destruction": {
        "note": through_other_action(DOCK),
        "confirm": Verb(people("own officer", "own colleague")),  # logistics recorded it
        "discard": Verb(DOCK),
    },
    "distribution": {
        "distribute": through_other_action(DOCK),
        "send_recall_notice": MACHINE,
        "mark_informed": Verb(DOCK),
        "undo": Verb(DOCK),
    },
    "relief_claim": {
        "claim": through_other_action(CLEARING),
        "claim_freely": through_other_action(CLEARING),
        "correct": Verb(DOCK),
        "remind": MACHINE,
        "prove": Verb(DOCK),
        "mark_unproven": Verb(DOCK),
        "repay": Verb(DOCK),
        "reopen": Verb(DOCK),
    },
    "thank_you": {
        "make_ready": through_other_action(DOCK),
        "choose": on_page(OFFICERS),
        "send": on_page(OFFICERS),  # an officer reads each message before it goes
        "skip": Verb(OFFICERS),
        "resume": Verb(OFFICERS),
    },
}
# The same verbs on objects in another status.
AGAIN: dict[tuple[str, str], frozenset[str]] = {
    ("arrived shipment", "close"): DOCK,
    ("back shipment", "record_return"): DOCK,
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

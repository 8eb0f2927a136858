"""Every change to a shipment and what belongs to it. One module per noun; callers use the names below."""

from procurement.shipments.actions.arrivals import receive, take_back
from procurement.shipments.actions.customs import (
    DeclaredLine,
    accept_paper,
    answer_hold,
    begin_paper,
    declare,
    end_hold,
    file_lane,
    file_paper,
    hold,
    new_version,
    query_paper,
    ready_paper,
    refuse_paper,
    release_lane,
)
from procurement.shipments.actions.findings import watch
from procurement.shipments.actions.handouts import hand_out, take_hand_out_back, tell_place
from procurement.shipments.actions.inspections import inspect
from procurement.shipments.actions.journey import arrive, cancel, close, deliver, depart, lose, settle
from procurement.shipments.actions.lots import (
    condition_lot,
    override_lot,
    recall_lot,
    refuse_lot,
    release_lot,
)
from procurement.shipments.actions.planning import Boxes, Load, assign_broker, edit, pack, plan, review_papers
from procurement.shipments.actions.tracking import estimate, hear, schedule

__all__ = [
    "Boxes",
    "DeclaredLine",
    "Load",
    "accept_paper",
    "answer_hold",
    "arrive",
    "assign_broker",
    "begin_paper",
    "cancel",
    "close",
    "condition_lot",
    "declare",
    "deliver",
    "depart",
    "edit",
    "end_hold",
    "estimate",
    "file_lane",
    "file_paper",
    "hand_out",
    "hear",
    "hold",
    "inspect",
    "lose",
    "new_version",
    "override_lot",
    "pack",
    "plan",
    "query_paper",
    "ready_paper",
    "recall_lot",
    "receive",
    "refuse_lot",
    "refuse_paper",
    "release_lane",
    "release_lot",
    "review_papers",
    "schedule",
    "settle",
    "take_back",
    "take_hand_out_back",
    "tell_place",
    "watch",
]

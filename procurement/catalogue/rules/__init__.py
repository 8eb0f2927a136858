"""What the reference rows say about a case. Plain functions of rows already loaded; each answer carries the row it rests on.

Only a firm row that is surely in force on the day blocks; every other one warns.
"""

from procurement.catalogue.formats import DeviceNumber, Judgement, Outcome, device_number, judge_number
from procurement.catalogue.models import market_of
from procurement.catalogue.rules.backing import Backing, Ground, ground_of
from procurement.catalogue.rules.bodies import (
    MODULE_OF,
    PPE_KINDS,
    UNSURE,
    BodyOutcome,
    BodyVerdict,
    Scope,
    body_verdict,
    ce_number,
    modules_complete,
    notified_body_verdict,
    number_said,
    refused_by_name,
)
from procurement.catalogue.rules.checklists import USUAL_AQL, checklist, usual_aql
from procurement.catalogue.rules.covering import covers
from procurement.catalogue.rules.keeping import may_keep, unfit
from procurement.catalogue.rules.papers import (
    Consignment,
    Doubt,
    Goods,
    Requirement,
    ended_for,
    goods_of,
    papers_for,
)
from procurement.catalogue.rules.prices import (
    CRISIS_BEGAN,
    backing_of_price,
    floors,
    known_prices,
    list_prices,
    market_prices,
)
from procurement.catalogue.rules.receivers import is_medical, strictest
from procurement.catalogue.rules.reliefs import reliefs_for, unmet
from procurement.catalogue.rules.standards import (
    RANK,
    Meeting,
    Verdict,
    ending,
    has_ended,
    meets,
    meets_any,
    successor_of,
)
from procurement.catalogue.rules.worth import (
    Worth,
    asked_for_use,
    is_worthless,
    needed_kinds,
    needs_higher_class,
    stand_ins,
    worth_of,
)
from procurement.catalogue.sampling import SamplePlan, sample_plan

__all__ = [
    "CRISIS_BEGAN",
    "MODULE_OF",
    "PPE_KINDS",
    "RANK",
    "UNSURE",
    "USUAL_AQL",
    "Backing",
    "BodyOutcome",
    "BodyVerdict",
    "Consignment",
    "DeviceNumber",
    "Doubt",
    "Goods",
    "Ground",
    "Judgement",
    "Meeting",
    "Outcome",
    "Requirement",
    "SamplePlan",
    "Scope",
    "Verdict",
    "Worth",
    "asked_for_use",
    "backing_of_price",
    "body_verdict",
    "ce_number",
    "checklist",
    "covers",
    "device_number",
    "ended_for",
    "ending",
    "floors",
    "goods_of",
    "ground_of",
    "has_ended",
    "is_medical",
    "is_worthless",
    "judge_number",
    "known_prices",
    "list_prices",
    "market_of",
    "market_prices",
    "may_keep",
    "meets",
    "meets_any",
    "modules_complete",
    "needed_kinds",
    "needs_higher_class",
    "notified_body_verdict",
    "number_said",
    "papers_for",
    "refused_by_name",
    "reliefs_for",
    "sample_plan",
    "stand_ins",
    "strictest",
    "successor_of",
    "unfit",
    "unmet",
    "usual_aql",
    "worth_of",
]

"""Every change to an offer and its findings. One module per noun; callers use the names below."""

from procurement.leads.actions.counters import limit_changed, promise, rechecked, recount, set_checks
from procurement.leads.actions.deciding import (
    begin_checks,
    expire,
    expire_old,
    reject,
    reopen,
    withdraw,
)
from procurement.leads.actions.findings import answer_finding, count_blocking, find, look_again, uphold
from procurement.leads.actions.offers import (
    answer,
    change,
    company_changed,
    draft,
    name_anew,
    offer,
    share,
)
from procurement.leads.actions.rates import enter_rate, withdraw_rate
from procurement.leads.actions.verifying import judge_by_the_day, verify

__all__ = [
    "answer",
    "answer_finding",
    "begin_checks",
    "change",
    "company_changed",
    "count_blocking",
    "draft",
    "enter_rate",
    "expire",
    "expire_old",
    "find",
    "judge_by_the_day",
    "limit_changed",
    "look_again",
    "name_anew",
    "offer",
    "promise",
    "rechecked",
    "recount",
    "reject",
    "reopen",
    "set_checks",
    "share",
    "uphold",
    "verify",
    "withdraw",
    "withdraw_rate",
]

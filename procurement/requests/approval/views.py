"""Facts for the decision on a need or on its proposed change: five lines that fit on a phone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from partners.cities.models import City
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.actions.proposals import stored_line
from procurement.requests.approval.forms import ApprovalForm
from procurement.requests.approval.queries import decision_text
from procurement.requests.approval.rules import (
    PricedLine,
    authors_of,
    authors_of_change,
    estimated_value,
    needs_approval,
)
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.rules import (
    APPROVE_CHANGE,
    APPROVE_NEED,
    POST_NEED,
    PROPOSE_CHANGE,
    REQUEST_MOVES,
    RETURN_CHANGE,
    RETURN_NEED,
    SUBMIT_NEED,
    WITHDRAW_CHANGE,
)
from workflow import clock
from workflow.errors import NOT_ALLOWED, Refused
from workflow.formatting import format_day, format_money, format_quantity
from workflow.journal.entries import history_of
from workflow.moves import Move

DECISION_VERBS = (
    APPROVE_NEED.verb,
    RETURN_NEED.verb,
    APPROVE_CHANGE.verb,
    RETURN_CHANGE.verb,
    WITHDRAW_CHANGE.verb,
)  # moves that only the card of the decision shows


# Moves that the card "Change this need" leaves out: decisions have a card of their own, the check page posts a draft or
# sends it for approval, and a change of lines proposes itself.
HIDDEN_VERBS = " ".join((*DECISION_VERBS, POST_NEED.verb, SUBMIT_NEED.verb, PROPOSE_CHANGE.verb))


class LineToDecide(NamedTuple):
    """Line of a need as an approver reads it. `before` is "" for a line that is new or stays as it is."""

    after: str
    before: str = ""


class Decision(NamedTuple):
    """Card about what waits for approval, or was sent back.

    `lines`, `value_text`, `delivery_text`, `openness_text` and `author_text` are its five lines. `why` is the author's
    reason, or "". `decides` says who decides, and is "" for a reader who does. `sent_back_reason` is that of the approver,
    and "" while the decision is open. `approve` is the open move that approves, with its form, or None; `refusal` says
    why it is closed to an approver.
    """

    is_change: bool
    is_waiting: bool
    lines: list[LineToDecide]
    value_text: str
    delivery_text: str
    openness_text: str
    author_text: str
    why: str
    decides: str
    is_needless: bool  # True if the city would post it without approval by now
    may_take_back: (
        bool  # True if the reader may return the need, or withdraw the change, and then do without approval
    )
    sent_back_reason: str
    approve: Move[SupplyRequest] | None
    form: ApprovalForm | None
    refusal: Refused | None
    left_out: str  # verbs that the card does not show as buttons


class _StoredLine(NamedTuple):
    """Line of a proposed change: what an estimate of its value needs."""

    quantity: int
    max_unit_price: Decimal | None
    currency: str


def decision_of(need: SupplyRequest, lines: Sequence[RequestLine], by: Permissions) -> Decision | None:
    """Return what waits for approval on a need, or was sent back, for people of its city; else None.

    No query for a need about which nothing is to be decided. The lines are read with their products.
    """
    is_change = need.proposal is not None
    if need.city_id not in by.visible_cities or not (
        is_change or need.waiting_since is not None or need.sent_back_at is not None
    ):
        return None
    move = APPROVE_CHANGE if is_change else APPROVE_NEED
    waiting = need.waiting_since is not None
    refusal = move.refusal(by, need, clock.now()) if waiting else None
    is_open = waiting and refusal is None
    wanted: Sequence[PricedLine] = lines
    if need.proposal is not None:
        stored = need.proposal["lines"]
        wanted = [_stored_terms(one) for one in stored]
        shown = list(_changed_lines(need, lines, stored))
    else:
        shown = list(_lines_of_need(need, lines))
    return Decision(
        is_change=is_change,
        is_waiting=waiting,
        lines=shown,
        value_text=_value_text(need.city, wanted),
        delivery_text=_delivery_text(need),
        openness_text=_openness_text(need),
        author_text=_author_text(need),
        why=need.proposal["reason"] if need.proposal is not None else "",
        decides=_decides(need, is_change=is_change) if waiting and not is_open else "",
        is_needless=waiting and not needs_approval(need.city, wanted),
        may_take_back=by.may(Power.POST_REQUEST, need),
        sent_back_reason="" if waiting else _reason_of_return(need),
        approve=move if is_open else None,
        form=ApprovalForm(None, need) if is_open else None,
        refusal=refusal if _concerns_approver(refusal) else None,
        left_out=_left_out_verbs(is_change=is_change, waiting=waiting),
    )


def _decides(need: SupplyRequest, *, is_change: bool) -> str:
    return decision_text(need, authors_of_change(need) if is_change else authors_of(need))


def _left_out_verbs(*, is_change: bool, waiting: bool) -> str:
    """Return the verbs of all moves except those that the card shows as plain buttons."""
    decisions = {RETURN_CHANGE, WITHDRAW_CHANGE} if is_change else {RETURN_NEED}
    buttons = decisions if waiting else decisions & {WITHDRAW_CHANGE}
    return " ".join(one.verb for one in REQUEST_MOVES if one not in buttons)


def _concerns_approver(refusal: Refused | None) -> bool:
    """Return True for a refusal that an approver reads, and False for people who never decide."""
    return refusal is not None and (refusal.code != NOT_ALLOWED or bool(refusal.details.get("show")))


def _lines_of_need(need: SupplyRequest, lines: Sequence[RequestLine]) -> Iterable[LineToDecide]:
    """Yield the lines with what they ask for besides goods, quantity and price. Two queries at most."""
    stored = [stored_line(line, known=True) for line in lines]
    names = _names_in(stored)
    for line, one in zip(lines, stored, strict=True):
        details = _details(one, names)
        if not one["standards"]:
            del details["standards"]
        if one["priority"] == RequestLine.Priority.NORMAL:
            del details["priority"]
        yield LineToDecide(_with_details(_line_text(line.product, line, need.city), details))


def _changed_lines(
    need: SupplyRequest, lines: Sequence[RequestLine], stored: Sequence[Mapping[str, Any]]
) -> Iterable[LineToDecide]:
    """Yield the lines of the proposed change, each with its present text if that differs, then those to remove.

    Dates, priorities, standards and alternatives are in the text of a new line, and of a line of which they change.
    Three queries.
    """
    present = {line.position: line for line in lines}
    products = Product.objects.in_bulk({one["product"] for one in stored}, field_name="code")
    present_details = {line.position: stored_line(line, known=True) for line in lines}
    names = _names_in([*stored, *present_details.values()])
    for one in stored:
        goods = _line_text(products[one["product"]], _stored_terms(one), need.city)
        line = present.pop(one["line"], None)
        if line is None:
            whole = _with_details(goods, _details(one, names))
            yield LineToDecide(_("New line: %(line)s") % {"line": whole})
            continue
        details = _details(one, names), _details(present_details[line.position], names)
        changed = [name for name in details[0] if details[0][name] != details[1][name]]
        after, before = (
            _with_details(text, {name: each[name] for name in changed})
            for text, each in zip((goods, _line_text(line.product, line, need.city)), details, strict=True)
        )
        yield LineToDecide(after, "" if before == after else before)
    for line in present.values():
        yield LineToDecide(_("no longer asked for"), _line_text(line.product, line, need.city))


def _names_in(stored: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names of the standards and alternatives that stored lines name by code. Two queries at most."""
    lines = list(stored)
    pairs = [(product, standard) for line in lines for product, standard in line["alternatives"]]
    codes = {code for line in lines for code in line["standards"]} | {one for _product, one in pairs if one}
    standards = Standard.objects.in_bulk(codes, field_name="code") if codes else {}
    products = Product.objects.in_bulk({one for one, _standard in pairs}, field_name="code") if pairs else {}
    return {code: standard.label for code, standard in standards.items()} | {
        code: product.name for code, product in products.items()
    }


def _details(stored: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """Return what a stored line asks for besides goods, quantity and price, as texts by the name of the fact."""
    goods = [_(", ").join(names[code] for code in one if code) for one in stored["alternatives"]]
    day, priority = stored["needed_by"], RequestLine.Priority(stored["priority"])
    return {
        "standards": _(", ").join(names[code] for code in stored["standards"]) or _("any standard"),
        "needed_by": _("needed by %(day)s") % {"day": format_day(date.fromisoformat(day))} if day else "",
        "priority": _("priority: %(priority)s") % {"priority": str(priority.label).lower()},
        "alternatives": _("also accepted: %(goods)s") % {"goods": _("; ").join(goods)} if goods else "",
    }


def _with_details(text: str, details: Mapping[str, str]) -> str:
    return " · ".join([text, *(one for one in details.values() if one)])


def _stored_terms(stored: Mapping[str, Any]) -> _StoredLine:
    price = stored["max_unit_price"]
    return _StoredLine(stored["quantity"], Decimal(price) if price is not None else None, stored["currency"])


def _line_text(product: Product, line: PricedLine, city: City) -> str:
    goods = _("%(goods)s: %(quantity)s %(unit)s") % {
        "goods": product.name,
        "quantity": format_quantity(line.quantity),
        "unit": product.unit_for_count(line.quantity),
    }
    if line.max_unit_price is None:
        return _("%(goods)s, no maximum price") % {"goods": goods}
    price = format_money(line.max_unit_price, line.currency or city.currency)
    return _("%(goods)s, at most %(price)s each") % {"goods": goods, "price": price}


def _value_text(city: City, lines: Iterable[PricedLine]) -> str:
    value = estimated_value(city, lines)
    amount = format_money(value, city.currency) if value is not None else _("unknown")
    if city.need_approval_limit is None:
        return amount
    limit = format_money(city.need_approval_limit, city.currency)
    return _("%(amount)s (approval above %(limit)s)") % {"amount": amount, "limit": limit}


def _delivery_text(need: SupplyRequest) -> str:
    day = format_day(need.needed_by) if need.needed_by else _("no date")
    return f"{day} · {need.deliver_to}"


def _openness_text(need: SupplyRequest) -> str:
    ways = _(", ").join(need.accepted_acquisition_labels)
    return f"{ways} · {need.get_visibility_display()}"


def _author_text(need: SupplyRequest) -> str:
    person: User = need.proposed_by or need.author
    since: datetime | None = need.waiting_since
    if since is None:
        return str(person)
    return f"{person} · {format_day(need.city.day_at(since))}"


def _reason_of_return(need: SupplyRequest) -> str:
    """Return the reason with which the need or its change was last sent back. One query."""
    returned = history_of(need).filter(verb__in=(RETURN_NEED.verb, RETURN_CHANGE.verb)).first()
    return returned.reason if returned is not None else ""

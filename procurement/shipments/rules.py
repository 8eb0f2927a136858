"""Permissions on a shipment, the order of its milestones, and checks of transport numbers and codes.

Also the code and the address of its public tracking page. The moves are in logistics/rules/shipments.py.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from stdnum import iso6346

from partners.powers import Power
from partners.validators import is_country_code, normalize_code
from procurement.orders.models import Order
from procurement.orders.rules.holds import order_on_hold_refusal
from procurement.shipments.models import Milestone, Shipment, Step
from workflow.actors import Actor
from workflow.errors import LazyText, Refused
from workflow.formatting import format_moment_with_offset
from workflow.moves import first_refusal, not_ready_refusal, one_of


def unready_orders_refusal(shipment: Shipment) -> Refused | None:
    """Return a refusal if an order of the shipment is not ready.

    Goods are packed once their orders are ready, and depart only while those orders have not ended.
    """
    waiting = Order.objects.filter(lines__shipment_lines__shipment=shipment).exclude(
        status=Order.Status.READY_TO_SHIP
    )
    found = dict(waiting.order_by("reference").values_list("reference", "status"))
    if not found:
        return None
    ended = [reference for reference, status in found.items() if status in Order.Status.void]
    words = (
        _("The goods of %(orders)s will no longer be shipped. Cancel the shipment.")
        if ended
        else _("The goods of %(orders)s are not ready yet.")
    )
    return not_ready_refusal(words % {"orders": ", ".join(ended or found)}, orders=list(found))


def held_orders_refusal(shipment: Shipment) -> Refused | None:
    """Return a refusal while an order of the shipment is on hold, else None."""
    held = Order.objects.on_hold().filter(lines__shipment_lines__shipment=shipment).distinct()
    return first_refusal(order_on_hold_refusal(order) for order in held.order_by("pk"))


UNDER_WAY_STATUSES = one_of(*Shipment.UNDER_WAY_STATUSES)
NOT_CANCELLED_STATUSES = one_of(
    *(status for status in Shipment.Status if status != Shipment.Status.CANCELLED)
)


def may_ship(by: Actor, shipment: Shipment) -> bool:
    """Return True if the actor may ship for the receiving city: logistics and officers."""
    return by.may(Power.SHIP, shipment)


def may_receive(by: Actor, shipment: Shipment) -> bool:
    """Return True if the actor may receive for the city."""
    return by.may(Power.RECEIVE, shipment)


def may_take_delivery(by: Actor, shipment: Shipment) -> bool:
    """Return True if the actor may receive for the city. A return is handed back, never received."""
    return may_receive(by, shipment) and not shipment.is_return


def may_split_or_merge(by: Actor, shipment: Shipment) -> bool:
    """Return True if the actor may ship for the city. A return is neither split nor merged."""
    return may_ship(by, shipment) and not shipment.is_return


def may_record_return(by: Actor, shipment: Shipment) -> bool:
    """Return True if the actor may ship for the city and the shipment is a return."""
    return may_ship(by, shipment) and shipment.is_return


def may_report_tracking(by: Actor, shipment: Shipment) -> bool:
    """Return True if the actor may report where the goods are: logistics, officers and the broker."""
    return may_ship(by, shipment) or by.may(Power.CLEAR_CUSTOMS, shipment)


CLOCK_TOLERANCE = timedelta(minutes=10)  # a sender's clock may be slightly fast
LATE_ENTRY_TOLERANCE = timedelta(days=1)  # packing may be recorded late, when the goods have already left

# Customs may clear an import before arrival and an export before pickup, so they are not in this order.
STEP_ORDER = (Step.READY, Step.PICKED_UP, Step.DEPARTED, Step.ARRIVED, Step.DELIVERED, Step.INSPECTED)


def steps_out_of_order(milestones: Iterable[Milestone]) -> dict[str, Step]:
    """Return each step that is recorded as earlier than a step it follows, with that step."""
    actual = {one.step: one.actual_at for one in milestones if one.actual_at is not None}
    known = [step for step in STEP_ORDER if step in actual]
    return {step: before for before, step in pairwise(known) if actual[step] < actual[before]}


def future_time_refusal(field: str, name: LazyText, given: datetime, at: datetime) -> Refused | None:
    """Return a refusal for a moment in the future. `name` is the name of the field on the page."""
    if given <= at + CLOCK_TOLERANCE:
        return None
    words = _("“%(name)s” cannot be in the future (%(given)s). The time now is %(now)s.")
    return Refused(
        "not_yet",
        words
        % {"name": name, "given": format_moment_with_offset(given), "now": format_moment_with_offset(at)},
        field=field,
    )


def out_of_order_refusal(
    field: str, name: LazyText, given: datetime, before: LazyText, earlier: datetime | None
) -> Refused | None:
    """Return a refusal for a moment before the step that it follows, if that step has a time."""
    if earlier is None or given >= earlier:
        return None
    words = _("“%(name)s” (%(given)s) cannot be earlier than “%(before)s” (%(earlier)s).")
    figures = {
        "name": name,
        "given": format_moment_with_offset(given),
        "before": before,
        "earlier": format_moment_with_offset(earlier),
    }
    return Refused("out_of_order", words % figures, field=field)


def invalid_plan_refusal(planned: Mapping[str, datetime | None]) -> Refused | None:
    """Return a refusal if a planned step is unknown or is planned before the step it follows."""
    if planned.keys() - set(Step.values):
        return Refused("no_such_step", _("This milestone does not exist."), field="planned")
    known = [(step, moment) for step in STEP_ORDER if (moment := planned.get(step)) is not None]
    answers = (
        out_of_order_refusal("planned", step.label, moment, before.label, earlier)
        for (before, earlier), (step, moment) in pairwise(known)
    )
    return first_refusal(answers)


def field_label(model: type[Model], field: str) -> LazyText:
    """Return the name of a field as users see it."""
    return next(one.verbose_name for one in model._meta.concrete_fields if one.name == field)


LOCODE_PATTERN = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")
_CONTAINER_NUMBER = re.compile(r"[A-Z]{3}[UJZR][0-9]{7}")
_SEPARATORS = re.compile(r"[\s-]")  # separators that people type between groups of characters


def parse_air_waybill(text: str) -> str:
    """Return the eleven digits of an air waybill; empty text stays empty.

    Three digits identify the airline, seven are the serial number, and the last is the remainder of the
    serial number by 7. Spaces and hyphens are ignored.
    """
    digits = _SEPARATORS.sub("", text)
    if not digits:
        return ""
    if not re.fullmatch(r"[0-9]{11}", digits):
        raise Refused(
            "waybill_malformed",
            _("Enter an air waybill number of eleven digits: three for the airline and eight more."),
            field="air_waybill",
        )
    wanted = int(digits[3:10]) % 7
    if int(digits[10]) != wanted:
        words = _(
            "Check the air waybill number: with these digits it should end in %(wanted)s, not %(found)s."
        )
        raise Refused(
            "waybill_check_digit", words % {"wanted": wanted, "found": digits[10]}, field="air_waybill"
        )
    return digits


def parse_container_number(text: str) -> str:
    """Return a container number, checked against ISO 6346.

    The number is painted on the container: three letters of the owner, then U, J, Z or R, six digits
    and a check digit. Spaces and hyphens are ignored. Letters and digits must be ASCII, because the
    table of check digits has no others.
    """
    typed = _SEPARATORS.sub("", text)
    number = typed.upper() if typed.isascii() else typed  # a dotless i becomes I in capitals, but is none
    if not _CONTAINER_NUMBER.fullmatch(number):
        words = _(
            "%(number)s is not a container number. Enter four letters (the last one U, J, Z or R) and "
            "seven digits."
        )
        raise Refused("container_malformed", words % {"number": number}, field="containers")
    wanted = iso6346.calc_check_digit(number[:-1])
    if number[-1] != wanted:
        words = _("Check container number %(number)s: with these characters it should end in %(wanted)s.")
        raise Refused(
            "container_check_digit", words % {"number": number, "wanted": wanted}, field="containers"
        )
    return number


def parse_locode(text: str, field: str) -> str:
    """Return a UN/LOCODE in capitals, such as CNSHA; empty text stays empty.

    Two letters name the country and three characters the place.
    """
    typed = re.sub(r"\s", "", text)
    code = normalize_code(typed)
    if code and (not LOCODE_PATTERN.fullmatch(code) or not is_country_code(code[:2])):
        words = _(
            "%(code)s is not a UN/LOCODE. Enter two letters for the country and three characters "
            "for the place, such as CNSHA."
        )
        raise Refused("locode_malformed", words % {"code": code}, field=field)
    return code


def validated_transport(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the transport details with checked air waybill and container numbers. Refuses mistyped ones."""
    clean = dict(facts)
    if "air_waybill" in clean:
        clean["air_waybill"] = parse_air_waybill(clean["air_waybill"])
    if "containers" in clean:
        clean["containers"] = [parse_container_number(number) for number in clean["containers"]]
    return clean


TRACKING_CODE_CHARACTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # no character that looks like another one
TRACKING_CODE_LENGTH = 12  # characters: 59 bits, and attempts are counted


def new_tracking_code() -> str:
    """Return a code that cannot be guessed but can be typed, for a shipment's public tracking page."""
    return "".join(secrets.choice(TRACKING_CODE_CHARACTERS) for _sign in range(TRACKING_CODE_LENGTH))


def public_tracking_url(code: str) -> str:
    """Return the full address of the public tracking page for a shipment code, for printing."""
    return settings.BASE_URL + reverse("public_tracking", args=[code])

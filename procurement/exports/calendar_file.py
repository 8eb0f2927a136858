"""Due dates and arrivals that one person may see, as an iCalendar file (RFC 5545).

Reads only, without HTTP. Calendars are stored on other people's computers, so no person or company is named:
only references, cities and what is due. The same facts give the same bytes: the stamp of an event is the
time of the latest journal entry about its item, and its sequence is the number of these entries.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from accounts.models import CalendarFeed
from partners.permissions.permissions import Permissions
from procurement.leads.models.leads import SupplierLead
from procurement.orders.payments.models import Payment
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.shipments.models import Milestone, Shipment, Step
from procurement.suppliers.models.certificates import Certificate
from procurement.verification.models import VerificationTask
from workflow.days import day_at, utc_day
from workflow.errors import LazyText
from workflow.journal.models import Entry

PAST_WINDOW, FUTURE_WINDOW = (
    timedelta(days=60),
    timedelta(days=400),
)  # older and later events are only on the pages
MAX_EVENTS_PER_KIND = 500  # events of each kind
REFRESH_INTERVAL = timedelta(hours=1)


@dataclass(frozen=True)
class CalendarItem:
    """One event of a calendar: a whole day or a moment.

    `key` identifies the event in the file. `source_object` is the item whose journal entries give its stamp. `is_certain`: False for a
    day that is only expected.
    """

    key: str
    event_time: date | datetime
    summary: str
    source_object: Any
    is_certain: bool = True


def write_calendar(feed: CalendarFeed, by: Permissions, at: datetime) -> bytes:
    """Return the calendar of a feed's owner as bytes, in their language and time zone."""
    user = feed.user
    zone = ZoneInfo(user.time_zone)
    with translation.override(user.language):
        calendar = _empty_calendar(user.language)
        if user.time_zone != "UTC":
            years = (date(at.year - 1, 1, 1), date(at.year + 3, 1, 1))
            calendar.add_component(
                Timezone.from_tzid(user.time_zone, first_date=years[0], last_date=years[1])
            )
        found = sorted(calendar_items(by, at), key=lambda day: day.key)
        changed = journal_revisions(day.source_object for day in found)
        for day in found:
            calendar.add_component(
                _build_event(day, zone, changed[_object_key(day.source_object)], user.language)
            )
        calendar.add_component(_expiry_event(feed, zone))
    written: bytes = calendar.to_ical()
    return written


def _empty_calendar(language: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//Twinlane//Calendar 1//{language[:2].upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    name = _("Twinlane: due dates and arrivals")
    for label in ("name", "x-wr-calname"):
        calendar.add(label, name)
    calendar.add("refresh-interval", REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add("url", settings.BASE_URL)
    return calendar


def _build_event(day: CalendarItem, zone: ZoneInfo, revised: tuple[int, datetime], language: str) -> Event:
    number, changed = revised
    event = Event()
    event.add("uid", f"{day.key}@{_host()}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", max(0, number - 1))
    _set_time(event, day.event_time, zone)
    event.add("summary", day.summary, parameters={"LANGUAGE": language})
    event.add("url", settings.BASE_URL + day.source_object.get_absolute_url())
    event.add("status", "CONFIRMED" if day.is_certain else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    return event


def _set_time(event: Event, when: date | datetime, zone: ZoneInfo) -> None:
    """Set the time of an event: a moment in the reader's time zone, or a whole day."""
    if isinstance(when, datetime):
        event.add("dtstart", when.astimezone(zone))
        return
    event.add("dtstart", when)
    event.add("dtend", when + timedelta(days=1))


def _expiry_event(feed: CalendarFeed, zone: ZoneInfo) -> Event:
    """Return an event for the day the calendar's address expires.

    Without it, the reader would not notice that updates have stopped.
    """
    event = Event()
    event.add("uid", f"calendar-{feed.pk}@{_host()}")
    event.add("dtstamp", feed.created_at)
    _set_time(event, day_at(feed.expires_at, zone), zone)
    event.add("summary", _("This calendar’s link expires today: generate a new one"))
    event.add("url", settings.BASE_URL + reverse("calendar"))
    event.add("transp", "TRANSPARENT")
    return event


def _host() -> str:
    return urlsplit(settings.BASE_URL).hostname or ""


# --- the events ---
def calendar_items(by: Permissions, at: datetime) -> Iterator[CalendarItem]:
    """Yield everything due or expected around a moment that this person may see."""
    window = (at - PAST_WINDOW, at + FUTURE_WINDOW)
    dates = (utc_day(window[0]), utc_day(window[1]))  # so wide that the time zone does not matter
    yield from _check_items(by, window)
    yield from _reply_items(by, window)
    yield from _need_items(by, dates)
    yield from _arrival_items(by, window)
    yield from _expected_shipment_items(by, dates)
    yield from _offer_items(by, dates)
    yield from _certificate_items(by, dates)
    yield from _payment_items(by, dates)


def _check_items(by: Permissions, window: tuple[datetime, datetime]) -> Iterator[CalendarItem]:
    rows = VerificationTask.objects.visible_to(by).waiting().filter(due_at__range=window)
    for task in rows.select_related("city").order_by("due_at", "pk")[:MAX_EVENTS_PER_KIND]:
        words = _("Check due: %(check)s · %(thing)s · %(city)s")
        params = {"check": task.get_check_kind_display(), "thing": task.reference, "city": task.city.name}
        yield CalendarItem(f"check-{task.reference}", _require_known(task.due_at), words % params, task)


def _reply_items(by: Permissions, window: tuple[datetime, datetime]) -> Iterator[CalendarItem]:
    rows = Inquiry.objects.visible_to(by).awaiting_reply().filter(due_at__range=window, paused_at=None)
    for inquiry in rows.select_related("city").order_by("due_at", "pk")[:MAX_EVENTS_PER_KIND]:
        words = _("Reply due: %(thing)s · %(city)s")
        params = {"thing": inquiry.reference, "city": inquiry.city.name}
        yield CalendarItem(
            f"question-{inquiry.reference}", _require_known(inquiry.due_at), words % params, inquiry
        )


def _need_items(by: Permissions, dates: tuple[date, date]) -> Iterator[CalendarItem]:
    """Yield the dates of open needs in the cities the person works for or oversees.

    The dates of other cities' needs are left out, although the person may see them.
    """
    mine = Q() if by.oversees_all_cities else Q(city__in=by.visible_cities | by.overseen_city_ids)
    open_ones = SupplyRequest.objects.visible_to(by).open().filter(mine)
    for name, words in (
        ("needed_by", _("Needed: %(thing)s · %(city)s")),
        ("reconfirm_by", _("To be reconfirmed: %(thing)s · %(city)s")),
    ):
        rows = open_ones.filter(**{f"{name}__range": dates}).select_related("city")
        for need in rows.order_by(name, "pk")[:MAX_EVENTS_PER_KIND]:
            params = {"thing": need.reference, "city": need.city.name}
            yield CalendarItem(
                f"need-{need.reference}-{name.partition('_')[0]}", getattr(need, name), words % params, need
            )
    lines = RequestLine.objects.filter(supply_request__in=open_ones, needed_by__range=dates)
    for line in lines.select_related("supply_request__city").order_by("needed_by", "pk")[
        :MAX_EVENTS_PER_KIND
    ]:
        need = line.supply_request
        if line.needed_by != need.needed_by:
            params = {"thing": str(line), "city": need.city.name}
            key = f"need-{need.reference}-line-{line.position}"
            yield CalendarItem(
                key, _require_known(line.needed_by), _("Needed: %(thing)s · %(city)s") % params, need
            )


def _arrival_items(by: Permissions, window: tuple[datetime, datetime]) -> Iterator[CalendarItem]:
    """Yield the arrival and delivery of each shipment: actual, else estimated, else planned."""
    within = Q(actual_at__range=window)
    within |= Q(actual_at=None, estimated_at__range=window)
    within |= Q(actual_at=None, estimated_at=None, planned_at__range=window)
    rows = Milestone.objects.visible_to(by).filter(within, step__in=(Step.ARRIVED, Step.DELIVERED))
    rows = rows.exclude(shipment__status__in=Shipment.Status.void)
    for milestone in rows.select_related("shipment__city").order_by("-pk")[:MAX_EVENTS_PER_KIND]:
        shipment = milestone.shipment
        when = milestone.actual_at or milestone.estimated_at or milestone.planned_at
        words = " · ".join((_arrival_text(milestone), shipment.reference, shipment.city.name))
        key = f"shipment-{shipment.reference}-{milestone.step}"
        yield CalendarItem(
            key, _require_known(when), words, shipment, is_certain=milestone.actual_at is not None
        )


def _arrival_text(milestone: Milestone) -> str:
    step = milestone.get_step_display()
    if milestone.actual_at is not None:
        return step
    words: LazyText = (
        _("%(step)s (estimated)") if milestone.estimated_at is not None else _("%(step)s (planned)")
    )
    return str(words) % {"step": step}


def _expected_shipment_items(by: Permissions, dates: tuple[date, date]) -> Iterator[CalendarItem]:
    """Yield the shipments for which only a date is known."""
    timed = Milestone.objects.filter(step__in=(Step.ARRIVED, Step.DELIVERED)).exclude(
        actual_at=None, estimated_at=None, planned_at=None
    )
    rows = Shipment.objects.visible_to(by).filter(
        expected_on__range=dates, status__in=Shipment.UNDER_WAY_STATUSES
    )
    rows = rows.exclude(pk__in=timed.values("shipment"))
    for shipment in rows.select_related("city").order_by("expected_on", "pk")[:MAX_EVENTS_PER_KIND]:
        params = {"thing": shipment.reference, "city": shipment.city.name}
        words = _("Expected: %(thing)s · %(city)s") % params
        yield CalendarItem(
            f"shipment-{shipment.reference}-expected",
            _require_known(shipment.expected_on),
            words,
            shipment,
            is_certain=False,
        )


def _offer_items(by: Permissions, dates: tuple[date, date]) -> Iterator[CalendarItem]:
    """Yield the last days of the offers that may still be used."""
    rows = SupplierLead.objects.visible_to(by).live().filter(valid_until__range=dates)
    for lead in rows.select_related("city").order_by("valid_until", "pk")[:MAX_EVENTS_PER_KIND]:
        words = _("Offer expires: %(thing)s · %(city)s") % {"thing": lead.reference, "city": lead.city.name}
        yield CalendarItem(f"offer-{lead.reference}", _require_known(lead.valid_until), words, lead)


def _certificate_items(by: Permissions, dates: tuple[date, date]) -> Iterator[CalendarItem]:
    """Yield the last days of certificates of companies whose offers to the person's cities may still be used."""
    offers = SupplierLead.objects.live().filter(city__in=by.visible_cities).order_by()
    holders = Q(supplier__in=offers.values("supplier")) | Q(supplier__in=offers.values("maker"))
    rows = Certificate.objects.visible_to(by).filter(holders, valid_until__range=dates)
    for certificate in rows.exclude(status__in=Certificate.Status.void).order_by("valid_until", "pk")[
        :MAX_EVENTS_PER_KIND
    ]:
        words = _("Certificate expires: %(thing)s") % {"thing": certificate.reference}
        key = f"certificate-{certificate.reference}"
        yield CalendarItem(key, _require_known(certificate.valid_until), words, certificate)


def _payment_items(by: Permissions, dates: tuple[date, date]) -> Iterator[CalendarItem]:
    rows = Payment.objects.visible_to(by).unpaid().filter(due_on__range=dates)
    for payment in rows.select_related("order", "city").order_by("due_on", "pk")[:MAX_EVENTS_PER_KIND]:
        params = {"thing": payment.order.reference, "city": payment.city.name}
        words = _("Payment due: %(thing)s · %(city)s") % params
        yield CalendarItem(f"payment-{payment.pk}", _require_known(payment.due_on), words, payment)


def _require_known[T](value: T | None) -> T:
    assert value is not None, "the query asks for those that have one"
    return value


def journal_revisions(things: Iterable[Any]) -> dict[tuple[str, int], tuple[int, datetime]]:
    """Return for each item the number of its journal entries and the time of the latest. One query."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for thing in things:
        ids[thing._meta.label_lower].add(thing.pk)
    about = [Q(thing_label=label, thing_id__in=pks) for label, pks in ids.items()]
    if not about:
        return {}
    rows = Entry.objects.filter(reduce(or_, about)).values("thing_label", "thing_id").order_by()
    values = rows.annotate(number=Count("pk"), last=Max("at"))
    return {(row["thing_label"], row["thing_id"]): (row["number"], row["last"]) for row in values}


def _object_key(thing: Any) -> tuple[str, int]:
    return thing._meta.label_lower, thing.pk

"""Query for the offers whose screening may have another result only because a day has passed."""

from datetime import date, datetime, timedelta

from django.db.models import F, Q

from partners.cities.models import CityDay
from procurement.catalogue.models.certificates import CertificateTypeStatus
from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.models.reference_rows import ReferenceRow
from procurement.leads.models.leads import SupplierLeadQuerySet
from procurement.suppliers.rules.certificates import CONFIRMATION_FRESH_FOR
from procurement.suppliers.rules.register_lookups import KINDS_GOING_OUT_OF_DATE, freshness_period
from workflow.days import latest_day

DAY = timedelta(days=1)
# Look back 31 days only, to keep the query small. After a longer pause offers are still screened
# before they are verified and before their order is decided.
LOOK_BACK_PERIOD = timedelta(days=31)
SELLER_RELATIONS = (
    "supplier",
    "supplier__merged_into",
)  # the offering company, or the one it was merged into
MANUFACTURER_RELATIONS = ("maker", "maker__merged_into")
MAX_OFFERS = 200  # offers per run


def date_affected_offer_ids(offers: SupplierLeadQuerySet, at: datetime) -> list[int]:
    """Return the keys of live offers to screen again because of the date, at most 200.

    Since the last screening, one of these has happened: a certificate or the standard ended; an issuer
    check or a register lookup grew old; a rule on certificates or on the declared use of the goods began or
    ended. A day counts as past by the calendar of the offer's city.
    """
    last = latest_day(at) - DAY
    if not offers.live().filter(screened_on__lte=last).exists():  # all were screened today: the usual case
        return []
    first = last - LOOK_BACK_PERIOD
    which = [_rules_changed(first, last), _declarations_changed(first, last)]
    which.append(_ended("standard__valid_to", first, last))
    for holder in SELLER_RELATIONS:
        which.append(_ended(f"{holder}__certificates__valid_until", first, last))
        which.append(
            _ended(f"{holder}__certificates__issuer_checks__seen_on", first, last, CONFIRMATION_FRESH_FOR)
        )
    which += [
        _with_outdated_lookup(holder, first, last) for holder in (*SELLER_RELATIONS, *MANUFACTURER_RELATIONS)
    ]
    live = offers.live().annotate(today=CityDay(at))
    found = {
        key
        for one in which
        for key in live.filter(one).order_by("pk").values_list("pk", flat=True)[:MAX_OFFERS]
    }
    return sorted(found)[:MAX_OFFERS]


def _ended(day: str, first: date, last: date, age: timedelta = timedelta()) -> Q:
    """Filter offers for which a date, plus an age, has passed in their city since the last screening.

    `first` and `last` limit the days that are read.
    """
    end = F(day) + age if age else F(day)
    return Q(**{f"{day}__range": (first - age, last - age)}, today__gt=end, screened_on__lte=end)


def _with_outdated_lookup(holder: str, first: date, last: date) -> Q:
    """Filter offers whose company has a register lookup that grew old."""
    found = Q(pk=None)
    for age in sorted({freshness_period(kind) for kind in KINDS_GOING_OUT_OF_DATE}):
        kinds = [kind for kind in sorted(KINDS_GOING_OUT_OF_DATE) if freshness_period(kind) == age]
        old = _ended(f"{holder}__register_lookups__answered_on", first, last, age)
        found |= old & Q(**{f"{holder}__register_lookups__kind__in": kinds})
    return found


def _rules_changed(first: date, last: date) -> Q:
    """Filter offers of goods with a certificate rule that began or ended since the last screening."""
    changed = Q(pk=None)
    for row in CertificateTypeStatus.objects.filter(_began_or_ended(first, last)).order_by("pk"):
        goods = Q(product__code__in=row.products) if row.products else Q()
        goods &= Q(product__family=row.family) if row.family else Q()
        changed |= goods & _screened_before(row, first, last)
    return changed


def _declarations_changed(first: date, last: date) -> Q:
    """Filter offers of goods with a rule on declared use that began or ended since the last screening."""
    changed = Q(pk=None)
    rules = CustomsRule.objects.filter(_began_or_ended(first, last), category=CustomsRule.Category.CONFLICT)
    for row in rules.exclude(consignees=[]).order_by("pk"):
        named = Q(product__code__in=row.products) | Q(product__family__in=row.families)
        goods = named if row.products or row.families else Q()
        changed |= goods & _screened_before(row, first, last)
    return changed


def _began_or_ended(first: date, last: date) -> Q:
    """Filter rows that began on the day after one of these days, or ended on one of these days."""
    return Q(valid_from__range=(first + DAY, last + DAY)) | Q(valid_to__range=(first, last))


def _screened_before(row: ReferenceRow, first: date, last: date) -> Q:
    """Filter offers last screened before a rule began or while it held, if that day is past there."""
    days = [row.valid_from - DAY if row.valid_from else None, row.valid_to]
    passed = Q(pk=None)
    for day in days:
        if day is not None and first <= day <= last:
            passed |= Q(today__gt=day, screened_on__lte=day)
    return passed

"""Reading which offers time alone may have changed since they were last judged: nobody did anything, and a day passed."""

from datetime import date, datetime, timedelta

from django.db.models import F, Q

from partners.models.cities import CityDay
from procurement.catalogue.models.certificates import CertificateStanding
from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.models.facts import Fact
from procurement.leads.models.offer import SupplierLeadQuerySet
from procurement.suppliers.rules.issuer_checks import FRESH_FOR
from procurement.suppliers.rules.lookups import GROWS_OLD, fresh_for
from workflow.days import latest_day

DAY = timedelta(days=1)
# Days back that are looked at: it keeps the question small. What a tick that slept longer has missed is judged before it is verified,
# and before its order is decided on.
BACK = timedelta(days=31)
HOLDERS = (
    "supplier",
    "supplier__merged_into",
)  # the company that offers, or the row that holds its papers now
MAKERS = ("maker", "maker__merged_into")
MOST = 200  # offers in one go


def passed(offers: SupplierLeadQuerySet, at: datetime) -> list[int]:
    """Those of some offers, by key, that are live and that since they were last judged had a paper or their standard end, or a look at
    its issuer or at a register grow old, or for whose goods a rule on the worth of papers or on the declared use began or ended. At
    most 200.

    A day has passed once it has in the offer's city, which is how an offer is judged.
    """
    last = latest_day(at) - DAY
    first = last - BACK
    which = [_rules_changed(first, last), _declarations_changed(first, last)]
    which.append(_ended("standard__valid_to", first, last))
    for holder in HOLDERS:
        which.append(_ended(f"{holder}__certificates__valid_until", first, last))
        which.append(_ended(f"{holder}__certificates__issuer_checks__seen_on", first, last, FRESH_FOR))
    which += [_looked_up_long_ago(holder, first, last) for holder in (*HOLDERS, *MAKERS)]
    live = offers.live().annotate(today=CityDay(at))
    found = {
        key for one in which for key in live.filter(one).order_by("pk").values_list("pk", flat=True)[:MOST]
    }
    return sorted(found)[:MOST]


def _ended(day: str, first: date, last: date, age: timedelta = timedelta()) -> Q:
    """Offers judged last before something ended, or grew so old, which it has by now in their city. `first` and `last` bound the days
    that are read.
    """
    end = F(day) + age if age else F(day)
    return Q(**{f"{day}__range": (first - age, last - age)}, today__gt=end, judged_on__lte=end)


def _looked_up_long_ago(holder: str, first: date, last: date) -> Q:
    """Offers of companies about which an answer of a register grew old."""
    found = Q(pk=None)
    for age in sorted({fresh_for(kind) for kind in GROWS_OLD}):
        kinds = [kind for kind in sorted(GROWS_OLD) if fresh_for(kind) == age]
        old = _ended(f"{holder}__look_ups__answered_on", first, last, age)
        found |= old & Q(**{f"{holder}__look_ups__kind__in": kinds})
    return found


def _rules_changed(first: date, last: date) -> Q:
    """Offers of the goods that a rule on papers speaks of, judged last before it began or while it still held."""
    changed = Q(pk=None)
    for row in CertificateStanding.objects.filter(_turned(first, last)).order_by("pk"):
        goods = Q(product__code__in=row.products) if row.products else Q()
        goods &= Q(product__family=row.family) if row.family else Q()
        changed |= goods & _judged_before(row, first, last)
    return changed


def _declarations_changed(first: date, last: date) -> Q:
    """Offers of the goods for whose receivers a rule on the declared use began or ended since they were judged."""
    changed = Q(pk=None)
    rules = CustomsRule.objects.filter(_turned(first, last), sort=CustomsRule.Sort.CONFLICT)
    for row in rules.exclude(consignees=[]).order_by("pk"):
        named = Q(product__code__in=row.products) | Q(product__family__in=row.families)
        goods = named if row.products or row.families else Q()
        changed |= goods & _judged_before(row, first, last)
    return changed


def _turned(first: date, last: date) -> Q:
    """Rows that began on a day after one of these, or ended on one of them."""
    return Q(valid_from__range=(first + DAY, last + DAY)) | Q(valid_to__range=(first, last))


def _judged_before(row: Fact, first: date, last: date) -> Q:
    """Offers judged last before a row began, or while it still held, where that day has passed in their city."""
    days = [row.valid_from - DAY if row.valid_from else None, row.valid_to]
    passed = Q(pk=None)
    for day in days:
        if day is not None and first <= day <= last:
            passed |= Q(today__gt=day, judged_on__lte=day)
    return passed

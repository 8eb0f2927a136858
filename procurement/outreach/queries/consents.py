"""Inquiries that were sent with a consent for a period. Reads only."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.letters import asked_products
from workflow.formatting import format_day
from workflow.journal.models import Entry

MAX_USES = 50  # lines in one report


def reported_inquiries(consent: IntroductionConsent, entry: Entry) -> QuerySet[Inquiry]:
    """Return the inquiries that a report is about, without those taken back since.

    `entry` is the report, with the time of the last inquiry of the one before as `since`, and of its own as `until`.
    """
    since, until = (datetime.fromisoformat(entry.facts[name]) for name in ("since", "until"))
    return Inquiry.objects.filter(consent=consent, sent_at__gt=since, sent_at__lte=until)


def reported_uses(consent: IntroductionConsent, entry: Entry) -> list[str]:
    """Return a line for each inquiry that a report is about: its number, day and goods, in the active language.

    After 50 lines, one more says that there are others.
    """
    rows = list(reported_inquiries(consent, entry).order_by("pk")[: MAX_USES + 1])
    lines = [_line(inquiry, consent) for inquiry in rows[:MAX_USES]]
    return lines if len(rows) <= MAX_USES else [*lines, _("– and others")]


def _line(inquiry: Inquiry, consent: IntroductionConsent) -> str:
    assert inquiry.sent_at is not None  # filtered by it
    goods = _(", ").join(str(product.name) for product in asked_products(inquiry))
    day = format_day(consent.through_city.day_at(inquiry.sent_at))
    return f"– {inquiry.reference} · {day} · {goods}"

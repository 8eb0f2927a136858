"""Actions on consents for a period: give one, rely on it, withdraw and end it, and inform those concerned.

Locks are taken from the end of the story to its beginning (ADR 40): inquiry, contact, person, consent. A
withdrawal locks the consent alone, so it cannot deadlock with an inquiry that is being sent with it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from partners.contacts.working_hours import last_working_day
from partners.powers import Power
from partners.routing.recommendations import former_partners_by_city
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules import consents
from procurement.outreach.rules.consents import consent_in_force, invalid_last_day_refusal
from workflow.actors import SYSTEM, Actor, acting_user_id
from workflow.due_rows import process_due
from workflow.errors import Refused
from workflow.moves import register_action, select_locked

GIVER_LEFT = gettext_noop("The person who gave the consent can no longer withdraw it.")
AGREEMENT_ENDED = gettext_noop("An agreement between the cities has ended or is suspended.")


def grant_consent(
    inquiry: Inquiry, *, until: date, reports_each_use: bool, by: Actor, at: datetime
) -> IntroductionConsent:
    """Record the consent to later inquiries of the same city to the same contact, given with this inquiry.

    `until` is the last day, in the consenting city; if it is not a working day, the last working day before it
    counts. Refuses a day that has passed or is more than a year away, a period without a working day, a second
    consent while one is in force, and a giver or an agreement with which the consent would end at once. Call
    under the lock of the contact, so that two consents of the same moment wait for each other.
    """
    city = inquiry.through_city
    assert city is not None  # `may_consent`
    today = city.day_at(at)
    refused = invalid_last_day_refusal(until, today)
    if refused is not None:
        raise refused
    ends_on = last_working_day(city, until)
    if ends_on < today:
        words = _("There is no working day up to that date. Choose a later date.")
        raise Refused("no_working_day", words, field="until")
    _close_lapsed_consent(inquiry, by, at)
    by_contact = by.may(Power.ANSWER_INQUIRY, inquiry.introduction_right)
    consent = IntroductionConsent(
        inquiry=inquiry,
        city=inquiry.city,
        through_city=city,
        contact=inquiry.contact,
        introducer=inquiry.introducer if by_contact else None,
        given_by_id=acting_user_id(by),
        ends_on=ends_on,
        reports_each_use=reports_each_use,
    )
    consents.GRANT_CONSENT.create(consent, by=by, at=at)
    if consent_in_force(inquiry, at) is None:
        words = _(
            "Agree to this inquiry only. A consent to later inquiries is possible only if the "
            "agreements are in force and the person who consents accepts requests and can "
            "withdraw the consent."
        )
        raise Refused("consent_not_possible", words, field="until")
    return consent


def _close_lapsed_consent(inquiry: Inquiry, by: Actor, at: datetime) -> None:
    """Close a consent for the same contact that has lapsed; raise the refusal of a second one in force."""
    former = IntroductionConsent.objects.covering(inquiry).select_related(
        "city", "through_city", "contact__user"
    )
    for known in former:
        if consent_in_force(inquiry, at) is not None:
            raise consents.second_consent_refusal(known, by, at)
        _end_lapsed(known, at)


def consent_period_facts(inquiry: Inquiry, until: date | None) -> Mapping[str, str]:
    """Return what the journal entry of an inquiry says about the consent for a period given with it."""
    if until is None or inquiry.through_city is None:
        return {}
    return {"consent_until": last_working_day(inquiry.through_city, until).isoformat()}


def require_consent(consent: IntroductionConsent, inquiry: Inquiry, at: datetime) -> None:
    """Refuse to send the inquiry if this consent was withdrawn or ended meanwhile. Locks the consent.

    A withdrawal that comes later waits for the end of the transaction.
    """
    select_locked(consent)
    if consent_in_force(inquiry, at) != consent:
        words = _("The consent of %(city)s is no longer in force. Ask %(city)s again.")
        raise Refused("consent_lost", words % {"city": consent.through_city})


def consent_facts(consent: IntroductionConsent | None) -> Mapping[str, Any]:
    """Return what the journal entry of an inquiry says about the consent with which it is sent."""
    if consent is None:
        return {}
    return {"consent": f"{consent.reference} · {consent.giver_name} · {consent.given_on.isoformat()}"}


@register_action(consents.WITHDRAW_CONSENT)
def withdraw_consent(consent: IntroductionConsent, *, by: Actor, at: datetime) -> IntroductionConsent:
    """Withdraw a consent. Later inquiries wait for a new consent; so do those that have not reached the contact."""
    with consents.WITHDRAW_CONSENT.apply_to(consent, by=by, at=at):
        pass
    return consent


def end_consent(consent: IntroductionConsent, *, reason: str, by: Actor, at: datetime) -> IntroductionConsent:
    """End a consent before its last day, because an agreement has ended or its giver has left."""
    with consents.END_CONSENT.apply_to(consent, by=by, at=at, reason=reason):
        pass
    return consent


def expire_consent(consent: IntroductionConsent, *, by: Actor, at: datetime) -> IntroductionConsent:
    """Record that the last day of a consent has passed. Inquiries sent with it by then stay as they are."""
    with consents.EXPIRE_CONSENT.apply_to(consent, by=by, at=at):
        pass
    return consent


def announce_consent_end(consent: IntroductionConsent, *, by: Actor, at: datetime) -> IntroductionConsent:
    """Remind the requesting city that the consent ends soon."""
    with consents.ANNOUNCE_CONSENT_END.apply_to(consent, by=by, at=at) as row:
        row.end_announced_at = at
    return consent


def report_uses(consent: IntroductionConsent, *, by: Actor, at: datetime) -> IntroductionConsent:
    """Inform the person who consented of the inquiries sent with the consent since the last report.

    The next report begins after the last of these inquiries, not at `at`: another one may be about to be saved.
    """
    since = consent.reported_at or consent.created_at
    used = Inquiry.objects.filter(consent=consent, sent_at__gt=since, sent_at__lte=at)
    last = used.aggregate(last=Max("sent_at"))["last"] or at
    period = {"since": since.isoformat(), "until": last.isoformat()}
    with consents.REPORT_USES.apply_to(consent, by=by, at=at, **period) as row:
        row.reported_at = last
    return consent


def update_consents(at: datetime) -> int:
    """Close consents that have lapsed, remind of those that end soon, and report their uses. Return how many.

    Run by the periodic job. Whether a consent is in force never depends on it: sending an inquiry checks the
    day, the person and the agreements itself.
    """
    rows = IntroductionConsent.objects
    over = Q(pk=None)
    for city, partners in former_partners_by_city(at).items():
        over |= Q(city=city, through_city__in=partners) | Q(through_city=city, contact__city__in=partners)
    done = process_due(
        rows.past_last_day(at).order_by("pk"), lambda consent: expire_consent(consent, by=SYSTEM, at=at)
    )
    done += _end_all(rows.without_giver(), GIVER_LEFT, at)
    done += _end_all(rows.active().filter(over), AGREEMENT_ENDED, at)
    done += process_due(
        rows.end_announcement_due(at).order_by("pk"),
        lambda consent: announce_consent_end(consent, by=SYSTEM, at=at),
    )
    return done + process_due(
        rows.report_due(at).order_by("pk"), lambda consent: report_uses(consent, by=SYSTEM, at=at)
    )


def _end_all(due: QuerySet[IntroductionConsent], reason: str, at: datetime) -> int:
    return process_due(
        due.order_by("pk"), lambda consent: end_consent(consent, reason=reason, by=SYSTEM, at=at)
    )


def _end_lapsed(consent: IntroductionConsent, at: datetime) -> None:
    """Close a consent that is no longer in force, as the periodic job would."""
    this = IntroductionConsent.objects.filter(pk=consent.pk)
    if this.past_last_day(at).exists():
        expire_consent(consent, by=SYSTEM, at=at)
    else:
        reason = GIVER_LEFT if this.without_giver().exists() else AGREEMENT_ENDED
        end_consent(consent, reason=reason, by=SYSTEM, at=at)

"""Moves of a consent for a period, and whether an inquiry is covered by one."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from partners.routing.recommendations import former_partners_by_city
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.people import may_consent
from workflow.actors import Actor
from workflow.errors import LazyText, Refused
from workflow.formatting import format_day
from workflow.moves import Move, Moves, not_ready_refusal, one_of, system_only

GRANT_CONSENT = Move[IntroductionConsent](
    verb="grant",
    label=_("Consent until a set date"),
    past_tense=_("consented to inquiries to their contact until a set date"),
    target=IntroductionConsent.Status.ACTIVE,
    allowed=may_consent,
)

WITHDRAW_CONSENT = Move[IntroductionConsent](
    verb="withdraw",
    label=_("Withdraw consent"),
    past_tense=_("withdrew the consent"),
    source=one_of(IntroductionConsent.Status.ACTIVE),
    target=IntroductionConsent.Status.WITHDRAWN,
    allowed=may_consent,
)

END_CONSENT = Move[IntroductionConsent](
    verb="end",
    label=_("End consent"),
    past_tense=_("ended the consent"),
    source=one_of(IntroductionConsent.Status.ACTIVE),
    target=IntroductionConsent.Status.ENDED,
    allowed=system_only,
    allowed_for_system=True,
)

EXPIRE_CONSENT = Move[IntroductionConsent](
    verb="expire",
    label=_("Close consent after its last day"),
    past_tense=_("closed the consent after its last day"),
    source=one_of(IntroductionConsent.Status.ACTIVE),
    target=IntroductionConsent.Status.EXPIRED,
    allowed=system_only,
    allowed_for_system=True,
)

ANNOUNCE_CONSENT_END = Move[IntroductionConsent](
    verb="announce_end",
    label=_("Remind requesting city of last day"),
    past_tense=_("reminded the requesting city that the consent expires soon"),
    source=one_of(IntroductionConsent.Status.ACTIVE),
    allowed=system_only,
    allowed_for_system=True,
)

REPORT_USES = Move[IntroductionConsent](
    verb="report_uses",
    label=_("Inform consenting person of inquiries"),
    past_tense=_("informed the consenting person of the inquiries sent with the consent"),
    source=IntroductionConsent.Status.settled,
    allowed=system_only,
    allowed_for_system=True,
)

CONSENT_MOVES = Moves(
    IntroductionConsent,
    GRANT_CONSENT,
    WITHDRAW_CONSENT,
    EXPIRE_CONSENT,
    END_CONSENT,
    ANNOUNCE_CONSENT_END,
    REPORT_USES,
    ends={
        IntroductionConsent.Status.WITHDRAWN: "kept for the record; the partner city is asked again",
        IntroductionConsent.Status.EXPIRED: "kept for the record; the partner city is asked again",
        IntroductionConsent.Status.ENDED: "kept for the record; the partner city is asked again",
    },
)


def latest_last_day(today: date) -> date:
    """Return the latest last day of a consent given today: the same day of the next year."""
    leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year + 1, day=28 if leap_day else today.day)


def invalid_last_day_refusal(until: date, today: date) -> Refused | None:
    """Return a refusal for a last day that has passed or is more than a year away, else None.

    `today` is the day in the consenting city.
    """
    latest = latest_last_day(today)
    if until < today:
        return Refused("day_past", _("Choose today or a later day."), field="until")
    if until > latest:
        words = _("Choose a day no later than %(latest)s: a consent lasts at most one year.")
        return Refused("day_too_late", words % {"latest": format_day(latest)}, field="until")
    return None


def second_consent_refusal(consent: IntroductionConsent, by: Actor, at: datetime) -> Refused:
    """Return the refusal of a consent for a period while this one is in force for the same contact."""
    if WITHDRAW_CONSENT.refusal(by, consent, at) is None:
        words = _(
            "A consent given on %(day)s is in force for %(contact)s until %(until)s. Agree to "
            "this inquiry only, or withdraw that consent first."
        )
    else:
        words = _(
            "A consent given on %(day)s is in force for %(contact)s until %(until)s. Agree to "
            "this inquiry only."
        )
    values = {
        "day": format_day(consent.given_on),
        "contact": consent.contact,
        "until": format_day(consent.ends_on),
    }
    return Refused("consent_in_force", words % values, field="until")


def consent_in_force(inquiry: Inquiry, at: datetime) -> IntroductionConsent | None:
    """Return the consent for a period that covers this inquiry at a time, or None."""
    if inquiry.through_city_id is None:
        return None
    return consent_between(inquiry.city_id, inquiry.through_city_id, inquiry.contact_id, at)


def consent_between(
    city_id: int, through_city_id: int, contact_id: int, at: datetime
) -> IntroductionConsent | None:
    """Return the consent in force at a time to inquiries of one city to a contact through another, or None.

    None if an agreement between the cities has ended or is suspended.
    """
    rows = IntroductionConsent.objects.unlapsed(at).select_related(
        "city", "through_city", "contact__user", "introducer__user", "given_by"
    )
    found = rows.filter(city=city_id, through_city=through_city_id, contact=contact_id).first()
    return found if found is not None and not relies_on_ended_agreement(found, at) else None


def consents_of_city(city_id: int, at: datetime) -> dict[tuple[int, int], IntroductionConsent]:
    """Return the consents in force at a time that a city may use, by the ids of the partner city and the contact."""
    rows = IntroductionConsent.objects.unlapsed(at).filter(city=city_id).select_related("contact")
    found = {(one.through_city_id, one.contact_id): one for one in rows}
    former = former_partners_by_city(at) if found else {}
    return {key: one for key, one in found.items() if not _relies_on_former_partner(one, former)}


def relies_on_ended_agreement(consent: IntroductionConsent, at: datetime) -> bool:
    """Return True if an agreement that the consent relies on has ended or is suspended."""
    return _relies_on_former_partner(consent, former_partners_by_city(at))


def _relies_on_former_partner(consent: IntroductionConsent, former: Mapping[int, Collection[int]]) -> bool:
    return any(there in former.get(here, ()) for here, there in consent.agreement_city_pairs)


def partner_not_asked_refusal(inquiry: Inquiry, at: datetime) -> Refused | None:
    """Return a refusal to send an inquiry whose partner city must be asked first, else None."""
    if inquiry.through_city_id is None or consent_in_force(inquiry, at) is not None:
        return None
    words = _("Ask %(city)s first. Only that city can introduce this contact.")
    return not_ready_refusal(words % {"city": inquiry.through_city})


def partner_consented_refusal(inquiry: Inquiry, at: datetime) -> Refused | None:
    """Return a refusal to ask a partner city while its earlier consent covers the inquiry, else None."""
    consent = consent_in_force(inquiry, at)
    return None if consent is None else not_ready_refusal(consent_sentence_for_sender(consent))


def consent_sentence_for_sender(consent: IntroductionConsent) -> LazyText:
    """Return for the requesting city that it can send an inquiry with this consent."""
    words = _(
        "%(giver)s agreed on %(day)s that you can ask this contact until %(until)s. You can send the inquiry "
        "without asking again."
    )
    return words % {
        "giver": consent.giver_name,
        "day": format_day(consent.given_on),
        "until": format_day(consent.ends_on),
    }

"""Table of a city's twinning agreements, for the city's page and its CSV export."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from partners.agreements.models import TwinningAgreement
from partners.agreements.status import ENDED_STATUSES, AgreementStatus, agreement_status_on, ended_status
from partners.cities.models import City
from partners.csv_export import Column
from partners.disputes.models import Dispute
from partners.routing.recommendations import active_pairs_since_2015
from workflow.http import status_badges

STATUS_BADGES = {  # names of the marks in workflow/http/status_badges.py
    AgreementStatus.IN_FORCE: "in_force",
    AgreementStatus.EXPIRED: "tie_expired",
    AgreementStatus.TERMINATED: "tie_terminated",
    AgreementStatus.SUSPENDED: "tie_suspended",
    AgreementStatus.UNKNOWN: "tie_unknown",
}


@dataclass(frozen=True)
class AgreementRow:
    """Agreement (`agreement`) with a partner city, as shown on the page of the other city."""

    agreement: TwinningAgreement
    partner_city: City
    status_badge: str  # value of STATUS_BADGES
    has_recent_exchange: bool  # the two cities had an exchange since 2015

    @property
    def may_have_ended(self) -> bool:
        """True unless the agreement is known to be in force. Only then does the page show the date of its end."""
        return self.status_badge != STATUS_BADGES[AgreementStatus.IN_FORCE]

    @property
    def has_ended(self) -> bool:
        """True if the agreement may no longer be used for inquiries."""
        return self.status_badge in {STATUS_BADGES[status] for status in ENDED_STATUSES}


def agreement_rows(city: City, on: date) -> list[AgreementRow]:
    """Return the agreements of a city, those in force first, then by name of the partner. Two queries."""
    agreements = list(
        TwinningAgreement.objects.of_city(city).select_related("city_a", "city_b").order_by("pk")
    )
    active = active_pairs_since_2015({city.pk}, on)
    order = list(STATUS_BADGES.values())
    rows = [
        AgreementRow(
            agreement,
            partner := agreement.partner_of(city),
            status_badge(agreement, on),
            frozenset((city.pk, partner.pk)) in active,
        )
        for agreement in agreements
    ]
    return sorted(
        rows, key=lambda row: (order.index(row.status_badge), row.partner_city.name_en, row.agreement.pk)
    )


def status_badge(agreement: TwinningAgreement, on: date) -> str:
    """Return the badge of an agreement's status on a date.

    An ended or suspended agreement is shown as such, even if only the month or year of its end is known.
    """
    return STATUS_BADGES[ended_status(agreement, on) or agreement_status_on(agreement, on)]


def agreements_with_unrecorded_dispute(
    agreements: Iterable[AgreementRow], disputes: Iterable[Dispute]
) -> list[AgreementRow]:
    """Return the agreements whose sources disagree according to their text `conflict`, without a recorded dispute."""
    known = {dispute.agreement_id for dispute in disputes}
    return [row for row in agreements if row.agreement.conflict and row.agreement.pk not in known]


AGREEMENT_CSV_COLUMNS: tuple[Column, ...] = (
    (_("Agreement with"), lambda row: row.partner_city.name),
    (_("Country or region"), lambda row: row.partner_city.country),
    (_("Type"), lambda row: row.agreement.get_kind_display()),
    (_("Signed"), lambda row: row.agreement.signed.iso_text_with_precision),
    (_("Valid until"), lambda row: row.agreement.expires.iso_text_with_precision),
    (_("Status"), lambda row: status_badges.MARK_BADGES[row.status_badge][1]),
    (_("Ended"), lambda row: row.agreement.ended.iso_text_with_precision),
    (_("Reason"), lambda row: row.agreement.get_ended_why_display()),
    (_("Exchanges since 2015"), lambda row: _("Yes") if row.has_recent_exchange else _("None recorded")),
    (_("Source"), lambda row: row.agreement.source_url),
    (_("Points on which sources disagree"), lambda row: row.agreement.conflict),
    (_("Note"), lambda row: row.agreement.note),
)

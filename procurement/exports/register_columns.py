"""Columns of the spreadsheets of the city register: agreements, donations, and the figures of the article of 2020.

They name no person.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.agreements.models import TwinningAgreement
from partners.agreements.status import AgreementStatus
from partners.exchanges.untapped_potential import UntappedPotentialReason
from procurement.exports.list_columns import Column
from workflow.errors import LazyText

AGREEMENT_STATUS_LABELS: dict[AgreementStatus, LazyText] = {
    AgreementStatus.IN_FORCE: _("In force"),
    AgreementStatus.EXPIRED: pgettext_lazy("an agreement", "Expired"),
    AgreementStatus.TERMINATED: _("Terminated"),
    AgreementStatus.SUSPENDED: _("Suspended"),
    AgreementStatus.UNKNOWN: _("Not known"),
}
YES_NO: dict[bool | None, LazyText] = {True: _("Yes"), False: _("No"), None: ""}

UNTAPPED_REASON_LABELS: dict[UntappedPotentialReason, LazyText] = {
    UntappedPotentialReason.GIVES_TO_OTHERS: _("has donated equipment to other cities, but not to this one"),
    UntappedPotentialReason.NEVER_ASKED: _("has never been asked"),
}

# The columns of an agreement with its side here first: `outreach.queries.untapped_potential.AgreementRow`.
UNTAPPED_POTENTIAL_COLUMNS: tuple[Column, ...] = (
    (_("City"), lambda row: row.first_city.name),
    (_("Country or region"), lambda row: row.first_city.country),
    (_("Agreement with"), lambda row: row.partner_city.name),
    (_("Country or region of the partner city"), lambda row: row.partner_city.country),
    (_("Type"), lambda row: row.agreement.get_kind_display()),
    (_("Signed"), lambda row: row.agreement.signed.iso_text_with_precision),
    (_("Status"), lambda row: AGREEMENT_STATUS_LABELS[row.status]),
    (pgettext_lazy("an agreement", "Active"), lambda row: YES_NO[row.is_active]),
    (_("Donated abroad"), lambda row: YES_NO[row.has_donated_abroad]),
    (_("Donated to this city"), lambda row: YES_NO[row.has_donated_to_city]),
    (pgettext_lazy("a city", "Asked"), lambda row: YES_NO[row.was_partner_asked]),
    (
        _("Worth asking"),
        lambda row: "; ".join(str(UNTAPPED_REASON_LABELS[reason]) for reason in sorted(row.untapped_reasons)),
    ),
    (_("Source"), lambda row: row.agreement.source_url),
)
# One of the article's questions with its answers: `procurement.network.views.untapped_potential.CountComparison`.
ARTICLE_FIGURE_COLUMNS: tuple[Column, ...] = (
    (pgettext_lazy("of the article", "Question"), lambda line: line.question),
    (_("All rows"), lambda line: line.all_agreements_count),
    (_("Cities only"), lambda line: line.city_agreements_count),
    (_("In the article"), lambda line: line.article_count),
    (
        _("Reason for the difference"),
        lambda line: _("No difference.") if line.equals_article_count else line.difference_reason,
    ),
)
DONATION_COLUMNS: tuple[Column, ...] = (
    (pgettext_lazy("a gift", "Donor"), lambda gift: gift.from_city.name),
    (pgettext_lazy("a gift", "Recipient"), lambda gift: gift.to_city.name),
    (_("Country or region"), lambda gift: gift.to_city.country),
    (_("Date"), lambda gift: gift.when.iso_text),
    (_("Date precision"), lambda gift: gift.get_precision_display()),
    (_("Items"), lambda gift: gift.items),
    (_("Quantity"), lambda gift: gift.quantity),
    (_("Unit"), lambda gift: gift.unit),
    (_("Source"), lambda gift: gift.source_url),
    (_("Note"), lambda gift: gift.note),
)
# The same for the whole network on a day: `network.register_rows.AgreementOnDate`.
AGREEMENT_COLUMNS: tuple[Column, ...] = (
    (_("City"), lambda agreement: agreement.home_city.name),
    (_("Country or region"), lambda agreement: agreement.home_city.country),
    (_("Agreement with"), lambda agreement: agreement.partner_city.name),
    (_("Country or region of the partner city"), lambda agreement: agreement.partner_city.country),
    (_("Type"), lambda agreement: TwinningAgreement.Kind(agreement.record.kind).label),
    (_("Signed"), lambda agreement: agreement.record.signed.iso_text_with_precision),
    (_("Valid until"), lambda agreement: agreement.record.expires.iso_text_with_precision),
    (_("Ended"), lambda agreement: agreement.record.ended.iso_text_with_precision),
    (_("Status"), lambda agreement: AGREEMENT_STATUS_LABELS[agreement.status]),
    (pgettext_lazy("an agreement", "Active"), lambda agreement: YES_NO[agreement.active]),
    (
        _("Last contact"),
        lambda agreement: agreement.last_contact.contact_date.iso_text if agreement.last_contact else "",
    ),
    (
        _("Response time (hours)"),
        lambda agreement: round(agreement.reply_time.total_seconds() / 3600) if agreement.reply_time else "",
    ),
)

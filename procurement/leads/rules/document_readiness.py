"""Rules for readiness: the documents that customs clearance needs, and those an offer has.

Applied before anything is ordered.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.rules.customs_documents import DoubtReason, Requirement
from procurement.suppliers.models.certificates import Certificate

Status = Certificate.Status
# Issued to an importer in person: another company's licence or registration does not count.
IMPORTER_CATEGORIES = frozenset({CertificateType.Category.LICENCE, CertificateType.Category.REGISTRATION})
IMPORTER_SIDE_OWNERS = frozenset({CustomsRule.ResponsibleParty.CITY, CustomsRule.ResponsibleParty.BROKER})
UNCONFIRMED_STATUSES = frozenset({Status.CLAIMED, Status.WELL_FORMED})  # neither confirmed nor doubted yet


class DocumentState(StrEnum):
    """State of a required document for an offer, worst first."""

    IMPOSSIBLE = "cannot"  # a contradiction, or a document these goods cannot have
    REFUSED = "refused"  # shown, but refused or expired
    END_USER_UNSTATED = "unstated"  # depends on who will use the goods, which is not stated
    MISSING = "missing"
    SHOWN_UNCONFIRMED = "shown"  # shown, but not confirmed by its issuer
    CONFIRMED = "have"


@dataclass(frozen=True)
class DocumentReadiness:
    """A required document, its state for the offer, and the certificate it rests on."""

    requirement: Requirement
    state: DocumentState
    certificate: Certificate | None = None

    @property
    def is_blocking(self) -> bool:
        """True if the document is mandatory and the offer shows nothing that could serve."""
        return self.requirement.is_blocking and self.state not in {
            DocumentState.CONFIRMED,
            DocumentState.SHOWN_UNCONFIRMED,
        }


def assess_document(
    asked: Requirement,
    certificates: Iterable[Certificate],
    worthless: Collection[str],
    on: date,
    importers: Collection[int] | None = None,
) -> DocumentReadiness:
    """Return the state of one required document for an offer.

    `worthless`: codes of certificate types that prove nothing for these goods in that market. `importers`:
    keys of the certificates of the importer of record. Where the importer must have a document, only its
    own licences count; None means that all certificates count.
    """
    kinds = set(asked.rule.satisfied_by)
    if asked.is_conflict:
        return DocumentReadiness(
            asked,
            DocumentState.END_USER_UNSTATED
            if asked.doubt_reason is DoubtReason.UNKNOWN_RECEIVER
            else DocumentState.IMPOSSIBLE,
        )
    owed = importers is not None and asked.rule.side == "import" and asked.rule.owner in IMPORTER_SIDE_OWNERS
    shown = [
        one
        for one in certificates
        if one.kind.code in kinds - set(worthless)
        and not (owed and one.kind.category in IMPORTER_CATEGORIES and one.pk not in (importers or ()))
    ]
    valid = [one for one in shown if one.valid_until is None or one.valid_until >= on]
    for has, statuses in (
        (DocumentState.CONFIRMED, {Status.CONFIRMED}),
        (DocumentState.SHOWN_UNCONFIRMED, UNCONFIRMED_STATUSES),
    ):
        found = next((one for one in valid if one.status in statuses), None)
        if found is not None:
            return DocumentReadiness(asked, has, found)
    if shown:
        return DocumentReadiness(asked, DocumentState.REFUSED, shown[0])
    return DocumentReadiness(
        asked, DocumentState.IMPOSSIBLE if kinds and kinds <= set(worthless) else DocumentState.MISSING
    )


def most_urgent_first(found: Iterable[DocumentReadiness]) -> list[DocumentReadiness]:
    """Return the documents sorted: those that stop an order first, then mandatory ones, then by state."""
    order = list(DocumentState)
    return sorted(
        found, key=lambda one: (not one.is_blocking, not one.requirement.is_blocking, order.index(one.state))
    )

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
OWED_BY_IMPORTER = frozenset({CustomsRule.Owner.CITY, CustomsRule.Owner.BROKER})
UNCONFIRMED = frozenset({Status.CLAIMED, Status.WELL_FORMED})  # neither confirmed nor doubted yet


class DocumentState(StrEnum):
    """State of a required document for an offer, worst first."""

    CANNOT = "cannot"  # a contradiction, or a document these goods cannot have
    REFUSED = "refused"  # shown, but refused or expired
    UNSTATED = "unstated"  # depends on who will use the goods, which is not stated
    MISSING = "missing"
    SHOWN = "shown"  # shown, but not confirmed by its issuer
    HAVE = "have"


@dataclass(frozen=True)
class DocumentReadiness:
    """A required document, its state for the offer, and the certificate it rests on."""

    asked: Requirement
    state: DocumentState
    certificate: Certificate | None = None

    @property
    def stops(self) -> bool:
        """True if the document is mandatory and the offer shows nothing that could serve."""
        return self.asked.blocks and self.state not in {DocumentState.HAVE, DocumentState.SHOWN}


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
            asked, DocumentState.UNSTATED if asked.doubt is DoubtReason.RECEIVER else DocumentState.CANNOT
        )
    owed = importers is not None and asked.rule.side == "import" and asked.rule.owner in OWED_BY_IMPORTER
    shown = [
        one
        for one in certificates
        if one.kind.code in kinds - set(worthless)
        and not (owed and one.kind.category in IMPORTER_CATEGORIES and one.pk not in (importers or ()))
    ]
    valid = [one for one in shown if one.valid_until is None or one.valid_until >= on]
    for has, statuses in ((DocumentState.HAVE, {Status.CONFIRMED}), (DocumentState.SHOWN, UNCONFIRMED)):
        found = next((one for one in valid if one.status in statuses), None)
        if found is not None:
            return DocumentReadiness(asked, has, found)
    if shown:
        return DocumentReadiness(asked, DocumentState.REFUSED, shown[0])
    return DocumentReadiness(
        asked, DocumentState.CANNOT if kinds and kinds <= set(worthless) else DocumentState.MISSING
    )


def most_urgent_first(found: Iterable[DocumentReadiness]) -> list[DocumentReadiness]:
    """Return the documents sorted: those that stop an order first, then mandatory ones, then by state."""
    order = list(DocumentState)
    return sorted(found, key=lambda one: (not one.stops, not one.asked.blocks, order.index(one.state)))

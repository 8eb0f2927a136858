"""What of the papers a lane will need an offer already has, what is only shown, and what cannot be met: before anything is ordered."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from procurement.catalogue.models.certificates import CertificateKind
from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.rules.papers import Doubt, Requirement
from procurement.suppliers.models.certificate import Certificate

Status = Certificate.Status
# What is given to whoever imports: another company's licence or registration is none.
IMPORTERS_OWN = frozenset({CertificateKind.Sort.LICENCE, CertificateKind.Sort.REGISTRATION})
OWED_BY_IMPORTER = frozenset({CustomsRule.Owner.CITY, CustomsRule.Owner.BROKER})
OPEN = frozenset({Status.CLAIMED, Status.FORMAT_OK})  # nobody has judged it yet


class Has(StrEnum):
    """How an offer stands to a paper, the worst first."""

    CANNOT = "cannot"  # a contradiction, or a paper these goods cannot have
    REFUSED = "refused"  # shown, and found wanting or past its date
    UNSTATED = "unstated"  # it turns on who will use the goods, and nobody has said
    MISSING = "missing"
    SHOWN = "shown"  # shown, not confirmed by its issuer
    HAVE = "have"


@dataclass(frozen=True)
class Ready:
    """A paper of the lane, how the offer stands to it, and the certificate that says so."""

    asked: Requirement
    has: Has
    certificate: Certificate | None = None

    @property
    def stops(self) -> bool:
        """Whether an order would run into it: it blocks, and nothing the offer shows is it."""
        return self.asked.blocks and self.has not in {Has.HAVE, Has.SHOWN}


def ready(
    asked: Requirement,
    certificates: Iterable[Certificate],
    worthless: Collection[str],
    on: date,
    importers: Collection[int] | None = None,
) -> Ready:
    """How an offer stands to one paper. `worthless`: the kinds of certificates that prove nothing for these goods there; `importers`:
    which of the certificates, by key, are those of the importer of record, whose own licences count where the importer owes one; None
    where all are.
    """
    kinds = set(asked.rule.satisfied_by)
    if asked.conflict:
        return Ready(asked, Has.UNSTATED if asked.doubt is Doubt.RECEIVER else Has.CANNOT)
    owed = importers is not None and asked.rule.side == "import" and asked.rule.owner in OWED_BY_IMPORTER
    shown = [
        one
        for one in certificates
        if one.kind.code in kinds - set(worthless)
        and not (owed and one.kind.sort in IMPORTERS_OWN and one.pk not in (importers or ()))
    ]
    valid = [one for one in shown if one.valid_until is None or one.valid_until >= on]
    for has, statuses in ((Has.HAVE, {Status.CONFIRMED}), (Has.SHOWN, OPEN)):
        found = next((one for one in valid if one.status in statuses), None)
        if found is not None:
            return Ready(asked, has, found)
    if shown:
        return Ready(asked, Has.REFUSED, shown[0])
    return Ready(asked, Has.CANNOT if kinds and kinds <= set(worthless) else Has.MISSING)


def in_order(found: Iterable[Ready]) -> list[Ready]:
    """What stops first, then as a lane asks for it."""
    order = list(Has)
    return sorted(found, key=lambda one: (not one.stops, not one.asked.blocks, order.index(one.has)))

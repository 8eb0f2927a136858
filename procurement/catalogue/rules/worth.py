"""What a kind of paper is worth for some goods, in a market, on a day. Plain functions of rows already loaded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from procurement.catalogue.models.certificates import CertificateKind, CertificateStanding
from procurement.catalogue.models.facts import Holds, Use
from procurement.catalogue.models.products import Product, ProductMarket
from procurement.catalogue.rules.backing import Backing
from procurement.catalogue.words import text_of
from workflow.errors import Words

# Asked for medical devices alone: what is bought and declared for another use needs none of them. From the kinds' own "applies to".
DEVICE_PAPERS = frozenset({"CN_NMPA_REG", "EU_MD_DOC", "US_510K", "CA_MDL", "CA_IO"})

CLASSES = {"I": 1, "II": 2, "III": 3}  # of devices in China, the lowest first


@dataclass(frozen=True)
class Worth:
    """What a kind of paper is worth for some goods in a market."""

    kind: CertificateKind
    standing: CertificateStanding.Standing
    reason: Words
    backing: Backing


def worth_of(
    kind: CertificateKind,
    product: Product,
    *,
    market: str,
    on: date,
    standings: Iterable[CertificateStanding],
) -> Worth | None:
    """What a kind of paper is worth for a product in a market on a day; None where nobody has said. The worst one wins."""
    worths = [
        Worth(kind, CertificateStanding.Standing(row.standing), text_of(row, "reason"), Backing.of(row, on))
        for row in standings
        if row.kind_id == kind.pk and applies(row, product, market, on)
    ]
    order = list(CertificateStanding.Standing)
    return max(worths, key=lambda worth: (order.index(worth.standing), worth.backing.firm), default=None)


def is_worthless(
    kind: CertificateKind,
    product: Product,
    *,
    market: str,
    on: date,
    standings: Iterable[CertificateStanding],
) -> Worth | None:
    """Why a kind of paper proves nothing for a product in a market on a day; None where it is not known to be worthless."""
    worth = worth_of(kind, product, market=market, on=on, standings=standings)
    return worth if worth and worth.standing is CertificateStanding.Standing.WORTHLESS else None


def needed_kinds(
    product: Product, *, market: str, on: date, standings: Iterable[CertificateStanding]
) -> list[Worth]:
    """The kinds of papers a product needs in a market on a day. `standings` come with their kinds."""
    needed = CertificateStanding.Standing.REQUIRED
    return [
        Worth(row.kind, needed, text_of(row, "reason"), Backing.of(row, on))
        for row in standings
        if row.standing == needed and applies(row, product, market, on)
    ]


def needs_higher_class(said: str, row: ProductMarket | None) -> Backing | None:
    """What says that goods are of a higher class of device than their paper is for, `said`; None where not, or unknown."""
    needed = row.device_class if row else ""
    if row is None or said not in CLASSES or needed not in CLASSES or CLASSES[said] >= CLASSES[needed]:
        return None
    return Backing.of(row, None, "device_class")


def asked_for_use(kind: CertificateKind, use: str) -> bool:
    """Whether goods for this use need a paper of this kind at all, where their product does."""
    return not (kind.code in DEVICE_PAPERS and use == Use.NON_MEDICAL)


def stand_ins(
    product: Product, *, market: str, on: date, standings: Iterable[CertificateStanding]
) -> frozenset[str]:
    """Codes of kinds that are taken in place of a needed one: accepted for these very goods in this very market, by name.

    A row that speaks of every market says what a paper shows, and not that it replaces another.
    """
    return frozenset(
        row.kind.code
        for row in standings
        if row.standing == CertificateStanding.Standing.ACCEPTED
        and row.market == market
        and row.products
        and applies(row, product, market, on)
    )


def applies(row: CertificateStanding, product: Product, market: str, on: date) -> bool:
    """Whether a standing speaks of this product in this market on this day."""
    return (
        row.market in {"", market}
        and row.family in {"", product.family}
        and (not row.products or product.code in row.products)
        and row.holds_on(on) is not Holds.NO
    )

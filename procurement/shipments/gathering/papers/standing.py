"""How the papers of a shipment, or of a gift, stand: which were made, which can be, what the others lack, and which do not agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from procurement.orders.models.order import Order
from procurement.shipments.gathering.papers.lacking import Lack, kinds_of, lacks
from procurement.shipments.gathering.papers.making import figures_now, figures_of
from procurement.shipments.gathering.papers.record import Record
from procurement.shipments.models.made import MadePaper, of
from procurement.shipments.rules.agreement import RECORD, Aspect, Difference, Told, differences

# Thanks are for what was released, which may be less than what was given: no fault of a paper.
OF_ITS_OWN = (MadePaper.Kind.THANKS, MadePaper.Kind.THANKS_CERTIFICATE)


@dataclass(frozen=True)
class Standing:
    """One paper: its versions, the newest first; what it lacks; whether the record says something else by now."""

    kind: MadePaper.Kind
    order: Order | None
    versions: Sequence[MadePaper]
    lacks: Sequence[Lack]
    stale: bool

    @property
    def newest(self) -> MadePaper | None:
        """The version that counts."""
        return self.versions[0] if self.versions else None

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"{self.kind}-{self.order.reference}" if self.order else str(self.kind)


@dataclass(frozen=True)
class Whole:
    """All papers of a shipment or a gift."""

    record: Record
    papers: Sequence[Standing]
    letters: Sequence[MadePaper] = ()

    @cached_property
    def differences(self) -> list[Difference]:
        """In what the newest versions and the record do not agree."""
        newest = [one.newest for one in self.papers if one.newest is not None and one.kind not in OF_ITS_OWN]
        told = [Told(made.reference, made.figures) for made in newest]
        told += [_of_letter(letter, self.record) for letter in self.letters]
        return differences(told, Told(RECORD, figures_now(self.record))) if told else []


def standing(record: Record, made: Sequence[MadePaper], letters: Sequence[MadePaper] = ()) -> Whole:
    """How each paper stands that the record's goods can have. `made` are all versions that are seen, in any order; `letters` those of
    the gifts that travel in the shipment, which its papers are compared with.
    """
    versions = _by_paper(made)
    parts = [(record.order, record)]
    if record.shipment is not None:
        parts = [*((order, record.of(order)) for order in record.orders), (None, record)]
    papers = [
        _standing(MadePaper.Kind(kind), order, part, versions.get((of(record.shipment, order), kind), []))
        for order, part in parts
        for kind in kinds_of(part)
    ]
    newest = [one[0] for one in _by_paper(letters).values() if one[0].kind not in OF_ITS_OWN]
    return Whole(record, papers, newest)


def _by_paper(made: Sequence[MadePaper]) -> dict[tuple[str, str], list[MadePaper]]:
    versions: dict[tuple[str, str], list[MadePaper]] = {}
    for one in sorted(made, key=lambda one: -one.version):
        versions.setdefault((one.thing, one.kind), []).append(one)
    return versions


def _of_letter(letter: MadePaper, record: Record) -> Told:
    """What the letter of a gift says of these goods. It speaks of all that was given: of pieces and values where all of it is here."""
    here = {one.key for one in record.goods}
    whole = {one.key for one in record.goods if one.pieces == one.order_line.quantity}
    compared = {Aspect.PIECES: whole, Aspect.VALUE: whole, Aspect.NAME: here}
    said = {
        aspect.value: {line: told for line, told in letter.figures.get(aspect, {}).items() if line in lines}
        for aspect, lines in compared.items()
    }
    return Told(letter.reference, said)


def _standing(kind: MadePaper.Kind, order: Order | None, part: Record, made: list[MadePaper]) -> Standing:
    lacking = lacks(kind, part)
    stale = bool(made) and made[0].figures != figures_of(kind, part)
    return Standing(kind, order, made, lacking, stale)

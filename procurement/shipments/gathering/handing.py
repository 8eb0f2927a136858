"""What the page of a call shows: its papers, each with what came in; who acts by its link; and the file of each paper. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from procurement.orders.models.order import Order
from procurement.shipments.models.customs import CustomsPaper
from procurement.shipments.models.handing import PaperCall, PaperVersion
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.handing import OPEN_TO_NEW, Bringer
from workflow.models.evidence import File

# What was made from the record and is the paper that customs asks for by this code (customs.md, section 5) ...
MADE_AS = {
    "INV": (
        MadePaper.Kind.INVOICE,
        MadePaper.Kind.PROFORMA,
        MadePaper.Kind.PACKING,
    ),  # Canada asks for invoice and packing list as one
    "PKL": (MadePaper.Kind.PACKING,),
    "VALUE": (MadePaper.Kind.VALUE,),
    "DON": (MadePaper.Kind.OFFER, MadePaper.Kind.ACCEPTANCE),
}
# ... and what a form is only filled in from; these hold no price.
SHEETS = {"DECL5": MadePaper.Kind.EXPORTER, "JOINT12": MadePaper.Kind.JOINT}


@dataclass
class Asked:
    """One paper of a call, and what became of it. `sheet` is what was made from the record to fill it in from."""

    paper: CustomsPaper
    versions: list[PaperVersion] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    sheet: MadePaper | None = None
    cannot: str = ""

    @property
    def latest(self) -> PaperVersion | None:
        """The version that came last."""
        return self.versions[-1] if self.versions else None

    @property
    def open(self) -> bool:
        """Whether another version may be handed in."""
        return self.paper.status in OPEN_TO_NEW

    @property
    def wanted(self) -> bool:
        """Whether one is still waited for: nothing that the city has, and nothing that it still has to look at."""
        looked_at = self.latest is not None and self.latest.status == PaperVersion.Status.RECEIVED
        return self.open and self.paper.status not in CustomsPaper.IN_HAND and not looked_at

    @property
    def said(self) -> str:
        """What was asked back of it: by the city of the last version, else by customs."""
        if self.latest is not None and self.latest.status == PaperVersion.Status.GIVEN_BACK:
            return self.latest.answer
        asked = (CustomsPaper.Status.QUERIED, CustomsPaper.Status.REFUSED)
        renewed = self.paper.status == CustomsPaper.Status.DRAFT and self.latest is None
        return self.paper.remark if self.paper.status in asked or renewed else ""


def acting_for(call: PaperCall) -> Bringer:
    """Who acts by the link of a call. A broker declares at the customs for which papers are owed by them."""
    return Bringer(call, frozenset(call.papers.values_list("lane", flat=True)))


def asked_in(call: PaperCall) -> list[Asked]:
    """The papers of a call, with the versions and the files that its person brought by it: nobody else's."""
    rows = [Asked(paper, cannot=call.cannot.get(paper.reference, "")) for paper in call.papers]
    by_paper = {row.paper.pk: row for row in rows}
    for version in call.versions.filter(paper__in=by_paper).select_related("paper").order_by("number"):
        by_paper[version.paper_id].versions.append(version)
    used = {pk for row in rows for version in row.versions for pk in version.files}
    for file in _files_of(call, list(by_paper)):
        if file.pk not in used:
            by_paper[file.thing_id].files.append(file)
    sheets = _sheets(call)
    for row in rows:
        row.sheet = sheets.get(SHEETS.get(row.paper.code, "")) if row.wanted else None
    return rows


def _files_of(call: PaperCall, papers: Iterable[int]) -> Iterable[File]:
    label = CustomsPaper._meta.label_lower
    rows = File.objects.filter(thing_label=label, thing_id__in=list(papers), by=call.person_id)
    return rows.filter(kind=call.reference).order_by("pk")


def _sheets(call: PaperCall) -> dict[str, MadePaper]:
    """The newest data sheet of each kind. None where goods of several companies travel together: a sheet names them all."""
    orders = Order.objects.filter(lines__shipment_lines__shipment=call.shipment_id)
    if orders.order_by("supplier").values("supplier").distinct().count() > 1:
        return {}
    made = MadePaper.objects.filter(shipment=call.shipment_id, kind__in=SHEETS.values()).order_by("pk")
    return {one.kind: one for one in made}


def current(shipment: Shipment) -> dict[int, PaperVersion]:
    """The version that is the file of each paper of a shipment: the newest that was taken."""
    taken = PaperVersion.objects.taken().filter(paper__shipment=shipment).order_by("number")
    return {version.paper_id: version for version in taken}


def could_be(paper: CustomsPaper) -> list[MadePaper]:
    """What was made from the record and could be this paper: the newest of each kind, and of a company's orders alone."""
    orders = Order.objects.filter(lines__shipment_lines__shipment=paper.shipment_id)
    if paper.supplier_id is not None:
        orders = orders.filter(supplier=paper.supplier_id)
    whole = Q(shipment=paper.shipment_id, order=None)
    here = whole | Q(shipment=paper.shipment_id, order__in=orders) | Q(shipment=None, order__in=orders)
    rows = MadePaper.objects.filter(here, kind__in=MADE_AS.get(paper.code, ()))
    return list({(made.thing, made.kind): made for made in rows.order_by("version", "pk")}.values())

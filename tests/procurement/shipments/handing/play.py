"""Papers asked of people by link, and handed in, played by actions."""

from typing import Any

from procurement.leads import showing
from procurement.shipments.actions.customs import begin_paper, ready_paper
from procurement.shipments.actions.handing.calls import call_for_papers
from procurement.shipments.actions.handing.versions import hand_in_paper, take_paper
from procurement.shipments.gathering.handing import acting_for
from procurement.shipments.models.customs import CustomsPaper
from procurement.shipments.models.handing import PaperCall, PaperVersion
from procurement.shipments.models.shipment import Shipment
from tests.procurement.chapters import chapter
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from tests.workflow import files
from workflow.models.evidence import File

PEOPLE = {
    "supplier": ("Wu Min DEMO", "wu.min@kanghu.example", "zh-hans"),
    "forwarder": ("Lin Tao DEMO", "lin.tao@forward.example", "zh-hans"),
    "broker": ("Anne Roy DEMO", "anne.roy@broker.example", "fr-ca"),
    "contact": ("Sun Yue DEMO", "sun.yue@office.example", "zh-hans"),
}


class Desk(Voyage):
    """Burnaby's office asks for papers, and takes them."""

    @chapter
    def call(self, shipment: Shipment, role: str = "supplier", **facts: Any) -> PaperCall:
        """The papers of a role, asked of whoever has them."""
        name, email, language = PEOPLE[role]
        given: dict[str, Any] = {"name": name, "email": email, "language": language, **facts}
        return call_for_papers(shipment, role, **given, author=self.officer.user, by=self.officer.by, at=AT)

    def photo(self, call: PaperCall, paper: CustomsPaper, name: str = "paper.png") -> File:
        """What the person of a call adds to a paper."""
        upload = files.upload(files.picture("PNG"), name)
        by = acting_for(call)
        return showing.attach(paper, upload, by=by, at=AT, kind=call.reference, power="hand_in")

    def handed_in(
        self, call: PaperCall, code: str = "INV", side: str = "export", **facts: Any
    ) -> PaperVersion:
        """A version that came by the link of a call."""
        paper = self.paper(call.shipment, code, side)
        photos = [self.photo(call, paper).pk]
        return hand_in_paper(call, paper, files=photos, by=acting_for(call), at=AT, **facts)

    def taken(self, call: PaperCall, code: str = "INV", side: str = "export") -> PaperVersion:
        """The same, taken by the city."""
        return take_paper(self.handed_in(call, code, side), by=self.officer.by, at=AT)

    def ready_all(self, shipment: Shipment, *sides: str) -> None:
        """Every blocking paper of these customs that is not the broker's, ready."""
        for paper in (
            shipment.papers.filter(blocks=True, lane__side__in=sides).exclude(owner="broker").order_by("pk")
        ):
            steps = {"missing": begin_paper, "draft": ready_paper}
            while paper.status in steps:
                steps[paper.status](paper, by=self.logistics.by, at=AT)

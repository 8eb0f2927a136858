"""The lives of a call for papers and of each version that comes in; and what the person of a call may do by their link.

What came by a link is never the paper by itself: somebody of the city takes it, or gives it back and says why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.roles import Power
from procurement.catalogue.models.customs import CustomsRule
from procurement.outreach.rules.days import MOST_CHASES
from procurement.shipments.models.customs import CustomsLane, CustomsPaper
from procurement.shipments.models.handing import PaperCall, PaperVersion
from procurement.shipments.models.shipment import Shipment
from workflow.actors import NOTHING, Actor
from workflow.errors import NOT_ALLOWED, Refused, Words
from workflow.moves import Move, Moves, not_ready, one_of

Owner = CustomsRule.Owner
OPEN_TO_NEW = one_of(
    CustomsPaper.Status.MISSING,
    CustomsPaper.Status.DRAFT,
    CustomsPaper.Status.READY,
    CustomsPaper.Status.QUERIED,
    CustomsPaper.Status.REFUSED,
)  # not while customs has it
STANDING = one_of(PaperCall.Status.ASKED, PaperCall.Status.DONE)  # the links of such a call work
OVER = frozenset({Shipment.Status.CLOSED, Shipment.Status.CANCELLED, Shipment.Status.LOST})


@dataclass(frozen=True)
class Bringer:
    """Who acts by the link of a call: they bring the papers of their role, and say what they heard of these goods. Nothing else.

    `lanes` are the customs for which a broker owes papers: they declare there. The journal knows them by the name the city wrote.
    """

    call: PaperCall
    lanes: frozenset[int] = NOTHING
    via: str = "link"
    concerned: frozenset[int] = NOTHING

    @property
    def user_id(self) -> int:
        """The person of the call."""
        return self.call.person_id

    @property
    def label(self) -> Words:
        """Their name, as the city wrote it."""
        return self.call.name

    def may(self, power: str, thing: object) -> bool:
        """Bring papers, on what is of their call; declare and follow, where they work for these goods."""
        if power == Power.HAND_IN:
            return self._owes(thing)
        return power == Power.CLEAR and self._clears(thing)

    def where(self, power: str) -> frozenset[int]:
        """In no city."""
        return NOTHING

    def _owes(self, thing: object) -> bool:
        if isinstance(thing, CustomsPaper):
            return self.call.covers(thing)
        if isinstance(thing, PaperVersion):
            return thing.call_id == self.call.pk
        return isinstance(thing, PaperCall) and thing.pk == self.call.pk

    def _clears(self, thing: object) -> bool:
        if isinstance(thing, CustomsLane):
            return self.call.role == Owner.BROKER and thing.pk in self.lanes
        return isinstance(thing, Shipment) and self.call.follows and thing.pk == self.call.shipment_id


def may_call(by: Actor, call: PaperCall) -> bool:
    """Officers and logistics of the receiving city."""
    return by.may(Power.SHIP, call)


def may_hand_in(by: Actor, thing: PaperCall | PaperVersion) -> bool:
    """The person of the call, by its link."""
    return by.may(Power.HAND_IN, thing)


def may_bring(by: Actor, version: PaperVersion) -> bool:
    """Whoever plans the shipment or clears it, at the desk; the person of the call, by its link."""
    at_desk = by.may(Power.SHIP, version) or by.may(Power.CLEAR, version)
    return by.may(Power.HAND_IN, version) if version.call_id else at_desk


def may_judge(by: Actor, version: PaperVersion) -> bool | Refused:
    """Whoever plans the shipment for the city, but not what they sent by a link themselves."""
    if not by.may(Power.SHIP, version):
        return False
    if version.call_id and by.user_id == version.author_id:
        words = _("You handed this in by a link yourself. Somebody else of the city looks at it.")
        return Refused(NOT_ALLOWED, words, show=True)
    return True


def may_desk(by: Actor, version: PaperVersion) -> bool | Refused:
    """What is brought at the desk is taken by whoever brings it; what came by a link is judged."""
    return may_bring(by, version) if version.call_id is None else may_judge(by, version)


def nobody(_by: Actor, _thing: PaperCall) -> bool:
    """Only time, or what follows from another move."""
    return False


def under_way(call: PaperCall) -> Refused | None:
    """Nobody is asked for papers of goods that have ended their way."""
    if call.shipment.status not in OVER:
        return None
    words = _("%(shipment)s is at “%(status)s”: no paper of it is needed any more.")
    told = {"shipment": call.shipment, "status": call.shipment.get_status_display()}
    return not_ready(words % told)


def reminders_left(call: PaperCall) -> Refused | None:
    """After three reminders a person should phone; and nobody is reminded of goods whose way has ended."""
    if call.chases >= MOST_CHASES:
        words = _("Three reminders went out. Phone %(name)s, or ask somebody else.")
        return not_ready(words % {"name": call.name})
    return under_way(call)


def takes_new(version: PaperVersion) -> Refused | None:
    """No newer one while customs has the paper, or once it was accepted."""
    if version.paper.status in OPEN_TO_NEW:
        return None
    words = _("%(paper)s is at “%(status)s”: no newer version is needed now.")
    return not_ready(words % {"paper": version.paper, "status": version.paper.get_status_display()})


# --- who is asked for theirs ------------------------------------------------------------------------------------
ASK = Move[PaperCall](
    verb="ask",
    label=_("Ask for papers by link"),
    past=_("asked for the papers"),
    target=PaperCall.Status.ASKED,
    allowed=may_call,
    ready=under_way,
)
CANNOT = Move[PaperCall](
    verb="cannot",
    label=_("I cannot get this paper"),
    past=_("cannot get a paper"),
    source=STANDING,
    allowed=may_hand_in,
    reason=True,
)
REMIND = Move[PaperCall](
    verb="remind",
    label=_("Send a reminder"),
    past=_("sent a reminder"),
    source=one_of(PaperCall.Status.ASKED),
    allowed=may_call,
    ready=reminders_left,
    clock=True,
)
FINISH = Move[PaperCall](
    verb="finish",
    label=_("Nothing of theirs is missing"),
    past=_("noted that none of their papers is missing"),
    source=one_of(PaperCall.Status.ASKED),
    target=PaperCall.Status.DONE,
    allowed=nobody,
    clock=True,
)
ASK_AGAIN = Move[PaperCall](
    verb="ask_again",
    label=_("One is needed again"),
    past=_("noted that a paper of theirs is needed again"),
    source=STANDING,
    target=PaperCall.Status.ASKED,
    allowed=nobody,
    clock=True,
)
TELL = Move[PaperCall](
    verb="tell",
    label=_("All papers are there"),
    past=_("told them that all papers are there"),
    source=STANDING,
    allowed=nobody,
    clock=True,
)
WITHDRAW_CALL = Move[PaperCall](
    verb="withdraw",
    label=_("Ask no more"),
    past=_("asked no more and ended its links"),
    source=STANDING,
    target=PaperCall.Status.WITHDRAWN,
    allowed=may_call,
)
CALL_MOVES = Moves(
    PaperCall,
    ASK,
    REMIND,
    CANNOT,
    FINISH,
    ASK_AGAIN,
    TELL,
    WITHDRAW_CALL,
    ends={PaperCall.Status.WITHDRAWN: "its links have ended; whoever is asked again is asked anew"},
)


# --- versions ---------------------------------------------------------------------------------------------------
RECEIVE = Move[PaperVersion](
    verb="receive",
    label=_("Hand in"),
    past=_("handed in the paper"),
    target=PaperVersion.Status.RECEIVED,
    allowed=may_bring,
    ready=takes_new,
)
TAKE = Move[PaperVersion](
    verb="take",
    label=_("Take it"),
    past=_("took the paper"),
    source=one_of(PaperVersion.Status.RECEIVED),
    target=PaperVersion.Status.TAKEN,
    allowed=may_desk,
    ready=takes_new,
)
GIVE_BACK = Move[PaperVersion](
    verb="give_back",
    label=_("Give it back"),
    past=_("gave the paper back"),
    source=one_of(PaperVersion.Status.RECEIVED),
    target=PaperVersion.Status.GIVEN_BACK,
    allowed=may_judge,
    reason=True,
)
REPLACE = Move[PaperVersion](
    verb="replace",
    label=pgettext_lazy("a version of a paper", "Replaced"),
    past=_("handed in a newer one"),
    source=one_of(PaperVersion.Status.RECEIVED),
    target=PaperVersion.Status.REPLACED,
    allowed=may_bring,
)
VERSION_MOVES = Moves(
    PaperVersion,
    RECEIVE,
    TAKE,
    GIVE_BACK,
    REPLACE,
    ends={
        PaperVersion.Status.TAKEN: "the newest that was taken is the paper",
        PaperVersion.Status.GIVEN_BACK: "another one is handed in instead",
        PaperVersion.Status.REPLACED: "kept beside the newer one",
    },
)


def asked_of(call: PaperCall, papers: Iterable[CustomsPaper]) -> list[CustomsPaper]:
    """The papers a call is about: those it covers that are still needed, less those its person cannot get and that may be left out."""
    return [
        paper
        for paper in papers
        if call.covers(paper)
        and paper.status not in CustomsPaper.VOID
        and (paper.blocks or paper.reference not in call.cannot)
    ]


def whole_with(papers: Iterable[CustomsPaper], asked: frozenset[int], taken: Mapping[int, int]) -> str:
    """A hash of what a lane's broker has to work with, once all of it is in hand: "" while something is missing, or nothing was asked.

    It counts what blocks and what was asked of a person (`asked`, by paper), but not what the broker brings. Where another country
    needs none of what was asked before, nothing is missing. `taken` is the newest version that was taken, by paper.
    """
    wanted = [
        paper
        for paper in papers
        if (paper.blocks or paper.pk in asked or paper.status in CustomsPaper.VOID)
        and paper.owner != Owner.BROKER
    ]
    if not wanted or any(paper.status in CustomsPaper.WAITED_FOR for paper in wanted):
        return ""
    told = sorted(
        f"{paper.code}:{taken.get(paper.pk, 0)}:{paper.version}:{paper.number}"
        for paper in wanted
        if paper.status not in CustomsPaper.VOID
    )
    return sha256("\n".join(told).encode()).hexdigest()


def all_in(papers: Iterable[CustomsPaper], waiting: frozenset[int]) -> bool:
    """Whether none of these papers has still to come in, and none waits for the city to look at it (`waiting`, by paper)."""
    return not any(paper.status in CustomsPaper.WAITED_FOR or paper.pk in waiting for paper in papers)

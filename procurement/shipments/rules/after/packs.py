"""The life of a thank-you pack: ready as goods are delivered, sent once or left with a reason."""

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.shipments.models.thanks import ThanksNote, ThanksPack
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of

LONGEST = 5000  # letters of a message


def may_begin(by: Actor, pack: ThanksPack) -> bool:
    """Whoever takes a delivery: the pack comes with it."""
    return by.may(Power.RECEIVE, pack)


def may_thank(by: Actor, thing: ThanksPack | ThanksNote) -> bool:
    """Whoever writes to contacts for the city."""
    return by.may(Power.ASK, thing)


def says_something(subject: str, body: str) -> Refused | None:
    """A message has a subject and words."""
    if subject.strip() and body.strip() and len(body) <= LONGEST:
        return None
    return Refused(
        "message_missing", _("Write the subject and the message: 5,000 letters at most."), field="body"
    )


READY = Move[ThanksPack](
    verb="make_ready",
    label=_("Ready"),
    past=_("made the thanks ready, for the goods were delivered"),
    target=ThanksPack.Status.READY,
    allowed=may_begin,
)
CHOOSE = Move[ThanksPack](
    verb="choose",
    label=_("Choose the photo"),
    past=_("chose the photo"),
    source=one_of(ThanksPack.Status.READY),
    allowed=may_thank,
)
SEND = Move[ThanksPack](
    verb="send",
    label=_("Send the thanks"),
    past=_("sent the thanks"),
    source=one_of(ThanksPack.Status.READY),
    target=ThanksPack.Status.SENT,
    allowed=may_thank,
)
LEAVE = Move[ThanksPack](
    verb="leave",
    label=_("Leave it"),
    past=_("left the thanks unsent"),
    source=one_of(ThanksPack.Status.READY),
    target=ThanksPack.Status.LEFT,
    allowed=may_thank,
    reason=True,
)
TAKE_UP = Move[ThanksPack](
    verb="take_up",
    label=_("Take it up again"),
    past=_("took the thanks up again"),
    source=one_of(ThanksPack.Status.LEFT),
    target=ThanksPack.Status.READY,
    allowed=may_thank,
)
PACK_MOVES = Moves(
    ThanksPack,
    READY,
    CHOOSE,
    SEND,
    LEAVE,
    TAKE_UP,
    ends={ThanksPack.Status.SENT: "thanks are said once"},
)

WRITE = Move[ThanksNote](
    verb="send",
    label=_("Thank this person"),
    past=_("thanked them"),
    target=ThanksNote.Status.SENT,
    allowed=may_thank,
)
NOTE_MOVES = Moves(ThanksNote, WRITE, ends={ThanksNote.Status.SENT: "it says for good what it said"})

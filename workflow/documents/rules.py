"""The life of a file. Only the machinery makes these moves: no person can call a file clean."""

from django.utils.translation import gettext_lazy as _

from workflow.actors import Actor
from workflow.models.evidence import File
from workflow.moves import Move, Moves, one_of


def nobody(_by: Actor, _file: File) -> bool:
    """No person: the machinery does it, as the clock."""
    return False


def anybody(_by: Actor, _file: File) -> bool:
    """Whoever brings it: `attach` has asked whether they may add to the thing."""
    return True


RECEIVE = Move[File](
    verb="receive",
    label=_("Add a file"),
    past=_("added the file"),
    target=File.Status.RECEIVED,
    allowed=anybody,
    clock=True,
)
CHECK = Move[File](
    verb="check",
    label=_("Check the file"),
    past=_("opened the file for checking"),
    source=one_of(File.Status.RECEIVED, File.Status.CHECKING, File.Status.UNSCANNED),
    target=File.Status.CHECKING,
    allowed=nobody,
    clock=True,
)
PASS = Move[File](
    verb="pass",
    label=_("Call it clean"),
    past=_("found clean"),
    source=one_of(File.Status.CHECKING),
    target=File.Status.CLEAN,
    allowed=nobody,
    clock=True,
)
REJECT = Move[File](
    verb="reject",
    label=_("Refuse the file"),
    past=_("refused"),
    source=one_of(File.Status.CHECKING),
    target=File.Status.REJECTED,
    allowed=nobody,
    clock=True,
)
LEAVE = Move[File](
    verb="leave",
    label=_("Leave it unchecked"),
    past=_("left unchecked: the virus scanner did not answer"),
    source=one_of(File.Status.CHECKING),
    target=File.Status.UNSCANNED,
    allowed=nobody,
    clock=True,
)

MOVES = Moves(
    File,
    RECEIVE,
    CHECK,
    PASS,
    REJECT,
    LEAVE,
    ends={File.Status.CLEAN: "kept as evidence", File.Status.REJECTED: "only its hash is kept"},
)

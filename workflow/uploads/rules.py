"""Life cycle of a file.

Only the program makes the moves of a check: no person can mark a file clean.
"""

from django.utils.translation import gettext_lazy as _

from workflow.actors import Actor
from workflow.moves import Move, Moves, one_of, system_only
from workflow.uploads.models import File


def already_permitted(_by: Actor, _file: File) -> bool:
    """Return True: `attach_file` has already checked that the actor may add to the object."""
    return True


RECEIVE = Move[File](
    verb="receive",
    label=_("Add file"),
    past_tense=_("added the file"),
    target=File.Status.RECEIVED,
    allowed=already_permitted,
    allowed_for_system=True,
)
CHECK = Move[File](
    verb="check",
    label=_("Check file"),
    past_tense=_("opened the file for checking"),
    source=File.Status.open,
    target=File.Status.CHECKING,
    allowed=system_only,
    allowed_for_system=True,
)
MARK_CLEAN = Move[File](
    verb="pass",
    label=_("Mark as virus-free"),
    past_tense=_("found no virus in the file"),
    source=one_of(File.Status.CHECKING),
    target=File.Status.CLEAN,
    allowed=system_only,
    allowed_for_system=True,
)
REJECT = Move[File](
    verb="reject",
    label=_("Reject file"),
    past_tense=_("rejected the file"),
    source=one_of(File.Status.CHECKING),
    target=File.Status.REJECTED,
    allowed=system_only,
    allowed_for_system=True,
)
SKIP_CHECK = Move[File](
    verb="skip_check",
    label=_("Leave unchecked"),
    past_tense=_("left the file unchecked because the virus scanner did not respond"),
    source=one_of(File.Status.CHECKING),
    target=File.Status.UNSCANNED,
    allowed=system_only,
    allowed_for_system=True,
)

FILE_MOVES = Moves(
    File,
    RECEIVE,
    CHECK,
    MARK_CLEAN,
    REJECT,
    SKIP_CHECK,
    ends={File.Status.CLEAN: "kept as evidence", File.Status.REJECTED: "only its hash is kept"},
)

"""The life of a file on its way into the register: who may bring one, when it may go in, and that it can be taken back."""

from django.utils.translation import gettext_lazy as _

from partners.models.imports import Import
from partners.roles import Power
from partners.rules.ties import OfCity
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, not_ready, one_of


def may_bring(by: Actor, _batch: Import | None = None) -> bool:
    """Whoever keeps the register of a city, or of the network."""
    return by.may(Power.EDIT_REGISTER, OfCity(None))


def is_theirs(by: Actor, batch: Import) -> bool:
    """Whoever brought it, as long as they keep a register."""
    return by.user_id == batch.by_id and may_bring(by)


def can_start(batch: Import) -> Refused | None:
    """A file goes in when nothing in it must be put right and every place is decided."""
    if batch.faults:
        return not_ready(_("Something in the file must be put right first."))
    if batch.open_places:
        return not_ready(_("Say first which places are meant."))
    return None


UPLOAD = Move[Import](
    verb="upload",
    label=_("Bring in a list"),
    past=_("uploaded the file"),
    target=Import.Status.UPLOADED,
    allowed=may_bring,
)
MATCH = Move[Import](
    verb="match",
    label=_("Check the file"),
    past=_("said which column is which"),
    source=one_of(Import.Status.UPLOADED, Import.Status.CHECKED, Import.Status.FAILED),
    target=Import.Status.MATCHED,
    allowed=is_theirs,
)
CHECK = Move[Import](
    verb="check",
    label=_("Check the file"),
    past=_("checked the file"),
    source=one_of(Import.Status.MATCHED),
    target=Import.Status.CHECKED,
    allowed=lambda _by, _batch: False,
    clock=True,
)
ANSWER = Move[Import](
    verb="answer",
    label=_("Say which places are meant"),
    past=_("said which places are meant"),
    source=one_of(Import.Status.CHECKED),
    allowed=is_theirs,
)
START = Move[Import](
    verb="start",
    label=_("Bring all of it in"),
    past=_("had the file brought in"),
    source=one_of(Import.Status.CHECKED),
    target=Import.Status.RUNNING,
    allowed=is_theirs,
    ready=can_start,
)
FINISH = Move[Import](
    verb="finish",
    label=_("Bring all of it in"),
    past=_("brought the file in"),
    source=one_of(Import.Status.RUNNING),
    target=Import.Status.DONE,
    allowed=lambda _by, _batch: False,
    clock=True,
)
FAIL = Move[Import](
    verb="fail",
    label=_("Bring nothing in"),
    past=_("brought nothing in"),
    source=one_of(Import.Status.MATCHED, Import.Status.RUNNING),
    target=Import.Status.FAILED,
    allowed=lambda _by, _batch: False,
    clock=True,
)
WITHDRAW = Move[Import](
    verb="withdraw",
    label=_("Take it back"),
    past=_("had the file taken back"),
    source=one_of(Import.Status.DONE),
    target=Import.Status.WITHDRAWING,
    allowed=is_theirs,
    reason=True,
)
TAKE_BACK = Move[Import](
    verb="take_back",
    label=_("Take it back"),
    past=_("took the file back"),
    source=one_of(Import.Status.WITHDRAWING),
    target=Import.Status.WITHDRAWN,
    allowed=lambda _by, _batch: False,
    clock=True,
)
DROP = Move[Import](
    verb="drop",
    label=_("Drop the file"),
    past=_("dropped the file"),
    source=one_of(Import.Status.UPLOADED, Import.Status.CHECKED, Import.Status.FAILED),
    target=Import.Status.DROPPED,
    allowed=is_theirs,
)

MOVES = Moves(
    Import,
    UPLOAD,
    MATCH,
    CHECK,
    ANSWER,
    START,
    FINISH,
    FAIL,
    WITHDRAW,
    TAKE_BACK,
    DROP,
    ends={
        Import.Status.WITHDRAWN: "what could be was taken back",
        Import.Status.DROPPED: "only its name is kept",
    },
)

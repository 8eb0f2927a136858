"""Moves of a file for the register: who may import one, when it may be imported, and how it is undone."""

from django.utils.translation import gettext_lazy as _

from partners.powers import CityScope, Power
from partners.register_import.models import Import
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, not_ready_refusal, one_of, system_only


def may_import(by: Actor, _batch: Import | None = None) -> bool:
    """Return True for register editors of any city or of the network."""
    return by.may(Power.EDIT_REGISTER, CityScope(None))


def may_continue_import(by: Actor, source_import: Import) -> bool:
    """Return True for the person who uploaded the file, if they are still a register editor."""
    return by.user_id == source_import.by_id and may_import(by)


def unready_import_refusal(source_import: Import) -> Refused | None:
    """Refuse to start while the file has faults or undecided places."""
    if source_import.faults:
        return not_ready_refusal(_("Correct the errors in the file first."))
    if source_import.open_places:
        return not_ready_refusal(_("Confirm the places in the file first."))
    return None


UPLOAD = Move[Import](
    verb="upload",
    label=_("Import a list"),
    past_tense=_("uploaded the file"),
    target=Import.Status.UPLOADED,
    allowed=may_import,
)
MATCH_COLUMNS = Move[Import](
    verb="match",
    label=_("Check file"),
    past_tense=_("matched the columns"),
    source=one_of(Import.Status.UPLOADED, Import.Status.VALIDATED, Import.Status.FAILED),
    target=Import.Status.VALIDATING,
    allowed=may_continue_import,
)
CHECK_FILE = Move[Import](
    verb="check",
    label=_("Check file"),
    past_tense=_("checked the file"),
    source=one_of(Import.Status.VALIDATING),
    target=Import.Status.VALIDATED,
    allowed=system_only,
    allowed_for_system=True,
)
CONFIRM_PLACES = Move[Import](
    verb="answer",
    label=_("Confirm places"),
    past_tense=_("confirmed the places"),
    source=one_of(Import.Status.VALIDATED),
    allowed=may_continue_import,
)
START = Move[Import](
    verb="start",
    label=_("Import all rows"),
    past_tense=_("started the import"),
    source=one_of(Import.Status.VALIDATED),
    target=Import.Status.IMPORTING,
    allowed=may_continue_import,
    ready=unready_import_refusal,
)
FINISH = Move[Import](
    verb="finish",
    label=_("Import all rows"),
    past_tense=_("imported the file"),
    source=one_of(Import.Status.IMPORTING),
    target=Import.Status.IMPORTED,
    allowed=system_only,
    allowed_for_system=True,
)
FAIL = Move[Import](
    verb="fail",
    label=_("Stop import"),
    past_tense=_("stopped the import; nothing was imported"),
    source=one_of(Import.Status.VALIDATING, Import.Status.IMPORTING),
    target=Import.Status.FAILED,
    allowed=system_only,
    allowed_for_system=True,
)
WITHDRAW = Move[Import](
    verb="withdraw",
    label=_("Undo import"),
    past_tense=_("started undoing the import"),
    source=one_of(Import.Status.IMPORTED),
    target=Import.Status.ROLLING_BACK,
    allowed=may_continue_import,
    requires_reason=True,
)
ROLL_BACK = Move[Import](
    verb="roll_back",
    label=_("Undo import"),
    past_tense=_("undid the import"),
    source=one_of(Import.Status.ROLLING_BACK),
    target=Import.Status.ROLLED_BACK,
    allowed=system_only,
    allowed_for_system=True,
)
DISCARD = Move[Import](
    verb="discard",
    label=_("Discard file"),
    past_tense=_("discarded the file"),
    source=one_of(Import.Status.UPLOADED, Import.Status.VALIDATED, Import.Status.FAILED),
    target=Import.Status.DISCARDED,
    allowed=may_continue_import,
)

IMPORT_MOVES = Moves(
    Import,
    UPLOAD,
    MATCH_COLUMNS,
    CHECK_FILE,
    CONFIRM_PLACES,
    START,
    FINISH,
    FAIL,
    WITHDRAW,
    ROLL_BACK,
    DISCARD,
    ends={
        Import.Status.ROLLED_BACK: "every row that could be undone was undone",
        Import.Status.DISCARDED: "only its name is kept",
    },
)

"""Rights to status changes that depend on the object, its status or the person, written by hand.

test_permissions_in_memory.py asks the rules directly, without a request: for every verb of every object in every
status, also where no address exists.
"""

from tests.rights.moves import moves_table, moves_without_address_table
from tests.rights.moves.verbs_table import (
    ANSWERING,
    APPROVER,
    AUTHOR,
    CONTACT_KEEPERS,
    PAYERS,
    PAYERS_ANYWHERE,
    Verb,
)
from tests.rights.reading_rights_table import (
    ALL_JUDGES,
    ALL_OFFICERS,
    ASKED,
    DOCK,
    INVITING,
    NOBODY,
    OFFICERS,
    of_markham,
    people,
)

MOVES: dict[str, dict[str, Verb]] = {**moves_table.MOVES, **moves_without_address_table.MOVES}
LABELS = {**moves_table.LABELS, **moves_without_address_table.LABELS}

OTHER = people("other contact")
ANSWERS = ("answer", "reaffirm", "decline", "forward")

# The same verbs on other objects of the kind. Where moves_table.AGAIN has a row as well, this one counts.
ON_OBJECT: dict[tuple[str, str], frozenset[str]] = {
    # Chen Fang, another contact of the same office.
    **{("colleague", verb): OTHER for verb in ("confirm", "stop", "resume")},
    **{
        ("colleague", verb): OTHER | CONTACT_KEEPERS
        for verb in ("correct", "go_away", "name_deputy", "drop_deputy")
    },
    # These inquiries are to other contacts: to Chen Fang, and to two of Foshan, who are no columns.
    **{("unsent inquiry", verb): OFFICERS | OTHER for verb in ANSWERS},
    **{(f"{which} inquiry", verb): OFFICERS for which in ("second", "introduced") for verb in ANSWERS},
    ("unsent inquiry", "query"): OTHER,
    **{(f"{which} inquiry", "query"): NOBODY for which in ("second", "introduced")},
    # A plan over lines of two cities is for people who may allocate in both.
    **{("joint plan", verb): NOBODY for verb in ("create", "cancel", "change_row", "accept")},
    # Returns and the delivered shipment have no broker.
    **{
        (f"{which} shipment", verb): DOCK
        for which in ("arrived", "back")
        for verb in ("review_documents", "estimate", "record_event", "flag_event", "unflag_event")
    },
    # Nothing of this offer is ordered, so its contact still corrects it.
    **{("shared lead", verb): ANSWERING for verb in ("edit", "change", "remark")},
    ("draft order", "approve"): APPROVER,  # once it is submitted
    ("gift", "draft"): NOBODY,
    ("gift", "offer"): OFFICERS,
    ("gift", "correct_confirmation"): NOBODY,  # the city accepts a donation
}
# The same verbs while an object, or any object of the kind, is at a status.
AT_STATUS: dict[tuple[str, str, str], frozenset[str]] = {
    ("order", "approve", "draft"): AUTHOR,  # below the approval limit
    ("order", "edit", "accepted"): PAYERS,  # an approver enters the value of an accepted donation
    # Only the contact, and people who may see the details, correct them.
    ("contact", "correct", "invited"): ASKED | people("partner officer"),
    ("colleague", "correct", "invited"): OTHER | people("partner officer"),
    # A contact who has opted out is left alone.
    ("contact", "correct", "opted_out"): ASKED,
    ("colleague", "correct", "opted_out"): OTHER,
}
# What changes a supplier on which several cities rely is only proposed: Burnaby and Richmond rely on Burnaby's supplier,
# and only Burnaby on the bank account of its orders.
ELSEWHERE_ONLY = (ALL_OFFICERS | PAYERS_ANYWHERE) - OFFICERS - APPROVER
PROPOSED: dict[tuple[str, str], frozenset[str]] = {
    **{("supplier", verb): ALL_OFFICERS for verb in ("correct", "merge", "unmerge")},
    ("companyfact", "select"): ALL_OFFICERS,
    ("companyfact", "retract"): ALL_JUDGES,
    ("lookup", "retract"): ALL_JUDGES,
    ("certificate", "amend"): ALL_OFFICERS,
    **{
        ("certificate", verb): ALL_JUDGES
        for verb in ("confirm", "mark_unconfirmable", "mark_altered", "mark_wrong_scope")
    },
    ("account", "confirm"): ELSEWHERE_ONLY,
    ("account", "record_callback"): ELSEWHERE_ONLY,
    ("account", "retire"): ELSEWHERE_ONLY & ALL_OFFICERS,
}
# Moves that people make and the periodic job as well; `MACHINE` marks those of the periodic job alone.
CLOCK_TOO: dict[str, frozenset[str]] = {
    "inquiry": people("remind", "expire", "cancel"),
    "certificate": people("pass_format", "suspect", "look_up"),
    "lead": people("reopen"),
    "check": people("propose", "offer", "decline", "remind", "cancel"),
    "allocation": people("reduce", "undo", "return_part", "return_all"),
    "order": people("decline", "cancel", "resume"),
    "acknowledgement": people("request"),
    "payment": people("cancel"),
    "audit_file": people("discard"),
    "shipment": people("cancel"),
    "document_request": people("remind"),
    "file": people("receive"),
}
# Markham's objects, where the people are not those who correspond to Burnaby's.
OF_MARKHAM: dict[tuple[str, str], frozenset[str]] = {
    **{
        ("audit_file", verb): NOBODY for verb in ("request", "rebuild", "discard")
    },  # its observer is no column
    ("membership", "end"): people("shared administrator"),  # the same
    ("interest", "declare"): people("shared officer", "shared verifier"),  # the same
    ("interest", "declare_again"): people("shared officer", "shared verifier"),
    ("destruction", "confirm"): people("shared officer", "shared logistics"),  # another person recorded it
    # Contacts in Zhongshan, which Burnaby's coordinator may add.
    **{(contact, "invite"): INVITING for contact in ("contact", "colleague")},
    **{(contact, "suggest_change"): INVITING - CONTACT_KEEPERS for contact in ("contact", "colleague")},
}


def kind_of(thing: str) -> str:
    """Return the kind of an object: "need" for a shared need, "order" for a donation."""
    if thing in MOVES:
        return thing
    return {"gift": "order", "colleague": "contact"}.get(thing, thing.rsplit(maxsplit=1)[-1])


def people_who_may(thing: str, verb: str, status: str, city: str) -> frozenset[str]:
    """Return the people who may make a move of an object of a city, while the object is at a status.

    People who may only propose the move count as well.
    """
    if city == "markham" and (kind_of(thing), verb) in OF_MARKHAM:
        return OF_MARKHAM[kind_of(thing), verb]
    row = MOVES[kind_of(thing)][verb].may
    row = ON_OBJECT.get((thing, verb), moves_table.AGAIN.get((thing, verb), row))
    row = AT_STATUS.get((thing, verb, status), AT_STATUS.get((kind_of(thing), verb, status), row))
    return row if city == "burnaby" else of_markham(row)

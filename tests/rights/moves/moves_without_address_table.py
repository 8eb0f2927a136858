"""Rights to status changes of objects without an API address for verbs, written by hand.

Over HTTP these changes are made at addresses of their own (pages_table.py, api_table.py, links_table.py).
"""

from tests.rights.moves.verbs_table import ADMINISTRATOR, APPROVER, MACHINE, Verb, through_other_action
from tests.rights.reading_rights_table import DOCK, EVERYONE, JUDGES, KEEPERS, NOBODY, OFFICERS, people

MOVES: dict[str, dict[str, Verb]] = {
    # Bringing a file is part of an action on its object, which asks for the rights to the object.
    "file": {
        "receive": through_other_action(EVERYONE),
        "check": MACHINE,
        "pass": MACHINE,
        "reject": MACHINE,
        "skip_check": MACHINE,
    },
    # The observer's role in Burnaby.
    "membership": {
        "grant": through_other_action(ADMINISTRATOR),
        "join": through_other_action(NOBODY),  # only with an invitation to this role
        "end": through_other_action(ADMINISTRATOR | people("own observer")),
    },
    "invitation": {
        "invite": through_other_action(ADMINISTRATOR),
        "accept": through_other_action(NOBODY),  # only by the person invited, who has no role yet
        "renew": through_other_action(ADMINISTRATOR),
        "revoke": through_other_action(ADMINISTRATOR),
    },
    "import": {
        "upload": through_other_action(KEEPERS),
        "match": through_other_action(ADMINISTRATOR),
        "check": MACHINE,
        "answer": through_other_action(ADMINISTRATOR),
        "start": through_other_action(ADMINISTRATOR),
        "finish": MACHINE,
        "fail": MACHINE,
        "withdraw": through_other_action(ADMINISTRATOR),
        "roll_back": MACHINE,
        "discard": through_other_action(ADMINISTRATOR),
    },
    "memo": {"freeze": through_other_action(OFFICERS | APPROVER)},
    "generated document": {"freeze": through_other_action(DOCK)},
    "gift letter": {"freeze": through_other_action(OFFICERS)},  # in the city's name
    "purchase order": {"freeze": through_other_action(OFFICERS)},  # likewise
    "thank_you_message": {"send": through_other_action(OFFICERS)},
    "standing": dict.fromkeys(
        ("set_status", "approve", "watch", "suspend", "ban"), through_other_action(JUDGES)
    ),
    "reuse": {
        "request": through_other_action(NOBODY),  # Richmond asked, and none of its people is a column
        "agree": through_other_action(JUDGES),
        "refuse": through_other_action(JUDGES),
        "cancel": MACHINE,
    },
    # The observer's interest in a company.
    "interest": {
        "declare": through_other_action(JUDGES | people("own observer")),
        "declare_again": through_other_action(JUDGES | people("own observer")),
        "end": through_other_action(JUDGES),  # never one's own
    },
}
# The model of each kind of object in the table.
LABELS = {
    "file": "workflow.file",
    "membership": "partners.membership",
    "invitation": "partners.invitation",
    "import": "partners.import",
    "memo": "procurement.decisionmemo",
    "generated document": "procurement.generateddocument",
    "gift letter": "procurement.generateddocument",
    "purchase order": "procurement.generateddocument",
    "thank_you_message": "procurement.thankyoumessage",
    "standing": "procurement.supplierstatus",
    "reuse": "procurement.checkreuse",
    "interest": "procurement.interestdeclaration",
}

"""Rights to the moves of life cycles without verbs in addresses, written by hand.

Over HTTP these moves are made at addresses of their own (pages_table.py, api_table.py, links_table.py).
"""

from tests.rights.moves.verbs_table import APPROVER, MACHINE, Verb, inside
from tests.rights.table import DOCK, EVERYONE, JUDGES, KEEPERS, NOBODY, OFFICERS, people

ADMINISTRATOR = people("own administrator")

MOVES: dict[str, dict[str, Verb]] = {
    # Bringing a file is part of an action on its object, which asks for the rights to the object.
    "file": {
        "receive": inside(EVERYONE),
        "check": MACHINE,
        "pass": MACHINE,
        "reject": MACHINE,
        "skip_check": MACHINE,
    },
    # The observer's role in Burnaby.
    "membership": {
        "grant": inside(ADMINISTRATOR),
        "join": inside(NOBODY),  # only with an invitation to this role
        "end": inside(ADMINISTRATOR | people("own observer")),
    },
    "invitation": {
        "invite": inside(ADMINISTRATOR),
        "accept": inside(NOBODY),  # only by the person invited, who has no role yet
        "renew": inside(ADMINISTRATOR),
        "revoke": inside(ADMINISTRATOR),
    },
    "import": {
        "upload": inside(KEEPERS),
        "match": inside(ADMINISTRATOR),
        "check": MACHINE,
        "answer": inside(ADMINISTRATOR),
        "start": inside(ADMINISTRATOR),
        "finish": MACHINE,
        "fail": MACHINE,
        "withdraw": inside(ADMINISTRATOR),
        "roll_back": MACHINE,
        "discard": inside(ADMINISTRATOR),
    },
    "memo": {"freeze": inside(OFFICERS | APPROVER)},
    "generated document": {"freeze": inside(DOCK)},
    "gift letter": {"freeze": inside(OFFICERS)},  # in the city's name
    "thank_you_message": {"send": inside(OFFICERS)},
    "standing": dict.fromkeys(("set_status", "approve", "watch", "suspend", "ban"), inside(JUDGES)),
    "reuse": {
        "request": inside(NOBODY),  # Richmond asked, and none of its people is a column
        "agree": inside(JUDGES),
        "refuse": inside(JUDGES),
        "cancel": MACHINE,
    },
    # The observer's interest in a company.
    "interest": {
        "declare": inside(JUDGES | people("own observer")),
        "declare_again": inside(JUDGES | people("own observer")),
        "end": inside(JUDGES),  # never one's own
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
    "thank_you_message": "procurement.thankyoumessage",
    "standing": "procurement.supplierstatus",
    "reuse": "procurement.checkreuse",
    "interest": "procurement.interestdeclaration",
}

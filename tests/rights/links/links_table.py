"""What a link opens: by hand, like table.py. A link is a capability for one thing, or for a contact's own page, and for nothing else.

Each page is tried with the link made for it, with a link for another thing of the same kind, with one that expired, with one that was
taken back, and with none at all.
"""

from typing import NamedTuple


class ByLink(NamedTuple):
    """A page behind a link: which thing, how it is asked for, what its holder gets, whether six digits stand before it, and what it may
    tell beside `READS`.
    """

    thing: str
    answers: int = 200
    method: str = "get"
    more: tuple[str, ...] = ()
    code: bool = False
    tells: frozenset[str] = frozenset()


# What somebody brought, and where it is: as `lead` and `shipment` in table.py for who was asked.
CALLED = frozenset({"shipment", "paper", "asked paper", "paper_version", "lane", "declaration"})
HELP = frozenset({"lead", "shared lead", "shipment", "arrived shipment", "thanks_note"})
PAGES: dict[str, ByLink] = {
    "answer": ByLink("inquiry"),
    "answer_receipt": ByLink(
        "inquiry", 404, more=("lead",)
    ),  # that offer was not brought through this question
    "answer_decline": ByLink("inquiry"),
    "answer_colleague": ByLink("inquiry"),
    "answer_photo": ByLink(
        "inquiry", 200, "post"
    ),  # without a photo and without the page's script: the form again
    "introduce": ByLink("introduced inquiry", tells=frozenset({"introduced inquiry"})),
    "introduce_refuse": ByLink("introduced inquiry", tells=frozenset({"introduced inquiry"})),
    "report": ByLink("open check"),
    "report_take": ByLink("open check", 303, "post"),
    "report_decline": ByLink("open check"),
    "report_colleague": ByLink("open check"),
    "report_sheet": ByLink("open check"),
    "report_phone": ByLink("open check"),
    "report_photo": ByLink("open check", 200, "post"),
    # Six digits first; then what they brought and what was meant for them, and of all else nothing: contacts/test_papers.py.
    "answer_file": ByLink("inquiry", more=("file",), code=True),
    "answer_file_signed": ByLink("inquiry", more=("file", "link-1.9:x"), code=True),
    "report_file": ByLink("open check", more=("file",), code=True),
    "report_file_signed": ByLink("open check", more=("file", "link-1.9:x"), code=True),
    "my_paper": ByLink("contact", more=("file",), code=True),
    "my_paper_signed": ByLink("contact", more=("file", "link-1.9:x"), code=True),
    "case_answer": ByLink("case", tells=frozenset({"case", "arrived shipment"})),
    # A broker by link: the papers they owe, and what the city has for them; nothing of anybody else's.
    "handing": ByLink("call", tells=CALLED),
    "handing_paper": ByLink("call", more=("asked paper",), tells=CALLED),
    "handing_photo": ByLink("call", 200, "post", more=("asked paper",), tells=CALLED),
    "handing_cannot": ByLink("call", more=("asked paper",)),
    "handing_receipt": ByLink("call", more=("asked paper",), tells=CALLED),
    "handing_where": ByLink("call"),
    "handing_lane": ByLink(
        "call", 404, more=("lane", "file")
    ),  # that lane was released long ago: whereabouts say why
    "handing_file": ByLink("call", more=("their file",), code=True),
    "handing_file_signed": ByLink("call", more=("their file", "link-1.9:x"), code=True),
    "handing_made": ByLink("call", more=("made paper",), code=True),
    "handing_made_signed": ByLink("call", more=("made paper", "link-1.9:x"), code=True),
    "my_page": ByLink("contact", 302),
    "agree": ByLink("contact"),
    "my_things": ByLink("contact", tells=HELP),
    "my_away": ByLink("contact", 422, "post", tells=HELP),  # nobody filled it in
    "my_thanks": ByLink("contact", more=("thanks",)),
    "my_photo": ByLink("contact", 404, more=("thanks_note",)),  # none was chosen
    "my_letter": ByLink("contact", 404, more=("thanks_note", "letter")),  # of a purchase there is none
    "my_question": ByLink("contact", 303, "post", more=("inquiry",)),
    "my_details": ByLink("contact", code=True),
    "my_file": ByLink("contact", code=True),
}
# What the token's own pages answer: by the state of the link. `own` is one that works.
TOKEN_PAGES: dict[str, dict[str, int]] = {
    "link": {"own": 200, "expired": 410, "revoked": 410, "nothing": 404},
    "link_not_for_me": {"own": 200, "expired": 410, "revoked": 410, "nothing": 404},
}
POSTED: dict[str, dict[str, int]] = {
    "link": {"own": 303, "expired": 410, "revoked": 410, "nothing": 404},
    "link_again": {"own": 200, "expired": 200, "revoked": 422, "nothing": 404},
    "link_not_for_me": {"own": 422, "expired": 410, "revoked": 410, "nothing": 404},
}
# Other tokens in an address: one that is not ours is told nothing.
OTHER_TOKENS = ("stop_mail", "stop_kind", "calendar_feed", "join", "practice_sign_in")
# What the contact of a link may read there, beside the thing itself: the question says what is needed, and whose offers came of it.
READS = frozenset({"call", "inquiry", "need", "open check", "supplier", "contact"})

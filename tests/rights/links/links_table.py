"""Pages behind links, written by hand like reading_rights_table.py.

A link is a capability for one object, or for a contact's own page, and for nothing else. Each page is tried
with its own link, with a link for another object of the same kind, with an expired one, with a revoked one,
and without a link.
"""

from typing import NamedTuple


class LinkPage(NamedTuple):
    """A page behind a link: the object, the method, and the status that the holder gets.

    `code` means that a six-digit code comes first. `tells` names objects that this page may mention in
    addition to those in `READS`.
    """

    thing: str
    answers: int = 200
    method: str = "get"
    more: tuple[str, ...] = ()
    code: bool = False
    tells: frozenset[str] = frozenset()


# Offers and shipments of the contact's help, as `lead` and `shipment` in reading_rights_table.py for the asked contact.
REQUESTED = frozenset(
    {"shipment", "document", "requested document", "submission", "clearance", "declaration"}
)
# The terms of an order are those of the city: its conditions of purchase are printed on the order.
ORDERED = frozenset({"sent order", "order", "acknowledgement", "lead", "price", "city limits"})
HELP = frozenset({"lead", "shared lead", "shipment", "arrived shipment", "thank_you_message"})
PAGES: dict[str, LinkPage] = {
    "portal_inquiry": LinkPage("inquiry"),
    "portal_inquiry_receipt": LinkPage(
        "inquiry", 404, more=("lead",)
    ),  # this offer was not an answer to the link's inquiry
    **dict.fromkeys(
        ("portal_offer", "portal_withdraw_offer", "portal_tell_about_offer", "portal_extend_offer"),
        LinkPage("inquiry", 404, more=("lead",)),
    ),
    "portal_decline_inquiry": LinkPage("inquiry"),
    "portal_inquiry_colleague": LinkPage("inquiry"),
    "portal_question": LinkPage("inquiry"),
    "portal_reaffirm": LinkPage("inquiry", 409, "post"),  # nothing has changed, or no offer came yet
    "portal_inquiry_photo": LinkPage(
        "inquiry", 200, "post"
    ),  # without a photo and without JavaScript the form is shown again
    "portal_introduction": LinkPage("introduced inquiry", tells=frozenset({"introduced inquiry"})),
    "portal_refuse_introduction": LinkPage("introduced inquiry", tells=frozenset({"introduced inquiry"})),
    "portal_withdraw_consent": LinkPage(
        "introduced inquiry", 404, "post"
    ),  # no consent until a day was given
    "portal_check": LinkPage("open check"),
    "portal_accept_check": LinkPage("open check", 303, "post"),
    "portal_decline_check": LinkPage("open check"),
    "portal_check_colleague": LinkPage("open check"),
    "portal_check_sheet": LinkPage("open check"),
    "portal_phone": LinkPage("open check"),
    "portal_inquiry_draft": LinkPage("inquiry", 200, "post"),
    "portal_check_draft": LinkPage("open check", 200, "post"),
    "portal_check_photo": LinkPage("open check", 200, "post"),
    # A six-digit code first; then only the contact's own files and those meant for them: portal/test_pages_files.py.
    "portal_inquiry_file": LinkPage("inquiry", more=("file",), code=True),
    "portal_inquiry_file_signed": LinkPage("inquiry", more=("file", "link-1.9:x"), code=True),
    "portal_check_file": LinkPage("open check", more=("file",), code=True),
    "portal_check_file_signed": LinkPage("open check", more=("file", "link-1.9:x"), code=True),
    "my_uploaded_file": LinkPage("contact", more=("file",), code=True),
    "my_uploaded_file_signed": LinkPage("contact", more=("file", "link-1.9:x"), code=True),
    "portal_discrepancy": LinkPage("discrepancy", tells=frozenset({"discrepancy", "arrived shipment"})),
    # A broker by link: the documents they owe and those the city has for them, no others.
    "portal_documents": LinkPage("document_request", tells=REQUESTED | {"purchase order"}),
    "portal_document": LinkPage("document_request", more=("requested document",), tells=REQUESTED),
    "portal_document_photo": LinkPage(
        "document_request", 200, "post", more=("requested document",), tells=REQUESTED
    ),
    "portal_document_unavailable": LinkPage("document_request", more=("requested document",)),
    "portal_submission_receipt": LinkPage("document_request", more=("requested document",), tells=REQUESTED),
    "portal_tracking": LinkPage("document_request"),
    "portal_clearance": LinkPage(
        "document_request", 404, more=("clearance", "file")
    ),  # the clearance was released long ago; portal_tracking shows it
    "portal_document_file": LinkPage("document_request", more=("their file",), code=True),
    "portal_document_file_signed": LinkPage("document_request", more=("their file", "link-1.9:x"), code=True),
    "portal_generated_document": LinkPage("document_request", more=("generated document",), code=True),
    "portal_generated_document_signed": LinkPage(
        "document_request", more=("generated document", "link-1.9:x"), code=True
    ),
    # A supplier by link: its own order in short, and its own answer.
    "portal_order": LinkPage("acknowledgement", tells=ORDERED),
    "portal_order_answer": LinkPage("acknowledgement", 422, "post", more=("confirm",), tells=ORDERED),
    "portal_order_document": LinkPage("acknowledgement", 302),
    "portal_order_document_signed": LinkPage("acknowledgement", 403, more=("link-1.9:x",)),
    "my_page": LinkPage("contact", 302),
    "agree": LinkPage("contact"),
    "my_requests": LinkPage("contact", tells=HELP),
    "my_unsolicited_offer": LinkPage("contact", more=("maker",)),
    # A part of the offer is ordered, and it is valid for weeks: only the message to the city is open.
    "my_offer": LinkPage("contact", 403, more=("lead",), tells=frozenset({"lead", "price"})),
    "my_withdraw_offer": LinkPage("contact", 422, more=("lead",), tells=frozenset({"lead"})),
    "my_tell_about_offer": LinkPage("contact", more=("lead",), tells=frozenset({"lead"})),
    "my_extend_offer": LinkPage("contact", 422, more=("lead",), tells=frozenset({"lead"})),
    "my_withdraw_consent": LinkPage("contact", 404, "post", more=("consent",)),  # a colleague gave it
    "my_absence": LinkPage("contact", 422, "post", tells=HELP),  # the form is empty
    "my_thank_you_letter": LinkPage("contact", more=("thanks",)),
    "my_thank_you_photo": LinkPage("contact", 404, more=("thank_you_message",)),  # no photo was chosen
    "my_thank_you_document": LinkPage(
        "contact", 404, more=("thank_you_message", "letter")
    ),  # a purchase has no letter
    "my_request": LinkPage("contact", 303, "post", more=("inquiry",)),
    "my_details": LinkPage("contact", code=True),
    "my_data": LinkPage("contact", code=True),
}
# Statuses of the pages of a token, by the state of the link; `own` is a link that works.
TOKEN_PAGES: dict[str, dict[str, int]] = {
    "link": {"own": 200, "expired": 410, "revoked": 410, "nothing": 404},
    "link_not_for_me": {"own": 200, "expired": 410, "revoked": 410, "nothing": 404},
}
POSTED: dict[str, dict[str, int]] = {
    "link": {"own": 303, "expired": 410, "revoked": 410, "nothing": 404},
    "link_again": {"own": 200, "expired": 200, "revoked": 422, "nothing": 404},
    "link_not_for_me": {"own": 422, "expired": 410, "revoked": 410, "nothing": 404},
}
# Other tokens in an address: an unknown token reveals nothing.
OTHER_TOKENS = ("stop_mail", "stop_kind", "calendar_feed", "join", "practice_sign_in")
# Objects that a contact may read about beside the link's own: an inquiry shows the need and the supplier of its offers.
READS = frozenset({"document_request", "inquiry", "need", "open check", "supplier", "contact"})
# Objects of any city that anyone may read, without an account.
PUBLIC = frozenset({"unwanted"})

"""Moves of a thank-you: prepared on delivery, sent once, or skipped with a reason."""

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.thanks.models import ThankYou, ThankYouMessage
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of

MAX_MESSAGE_LENGTH = 5000  # characters of a message


def may_prepare(by: Actor, thank_you: ThankYou) -> bool:
    """Return True if the actor may receive for the city: the thank-you is created with the delivery."""
    return by.may(Power.RECEIVE, thank_you)


def may_thank(by: Actor, thing: ThankYou | ThankYouMessage) -> bool:
    """Return True if the actor may write to contacts for the city."""
    return by.may(Power.SEND_INQUIRY, thing)


def invalid_message_refusal(subject: str, body: str) -> Refused | None:
    """Return a refusal if the message has no subject or no text, or if its text is too long, else None."""
    if subject.strip() and body.strip() and len(body) <= MAX_MESSAGE_LENGTH:
        return None
    return Refused(
        "message_missing", _("Enter a subject and a message of at most 5,000 characters."), field="body"
    )


PREPARE = Move[ThankYou](
    verb="make_ready",
    label=_("Prepare thank-you"),
    past_tense=_("prepared the thank-you after the goods were delivered"),
    target=ThankYou.Status.READY,
    allowed=may_prepare,
)
CHOOSE_PHOTO = Move[ThankYou](
    verb="choose",
    label=_("Choose photo"),
    past_tense=_("chose the photo"),
    source=one_of(ThankYou.Status.READY),
    allowed=may_thank,
)
SEND = Move[ThankYou](
    verb="send",
    label=_("Send thanks"),
    past_tense=_("sent the thank-you"),
    source=one_of(ThankYou.Status.READY),
    target=ThankYou.Status.SENT,
    allowed=may_thank,
)
SKIP = Move[ThankYou](
    verb="skip",
    label=_("Do not send thanks"),
    past_tense=_("decided not to send thanks"),
    source=one_of(ThankYou.Status.READY),
    target=ThankYou.Status.SKIPPED,
    allowed=may_thank,
    requires_reason=True,
    undo_verb="resume",
)
RESUME = Move[ThankYou](
    verb="resume",
    label=_("Reopen thank-you"),
    past_tense=_("reopened the thank-you"),
    source=one_of(ThankYou.Status.SKIPPED),
    target=ThankYou.Status.READY,
    allowed=may_thank,
)
THANK_YOU_MOVES = Moves(
    ThankYou,
    PREPARE,
    CHOOSE_PHOTO,
    SEND,
    SKIP,
    RESUME,
    ends={ThankYou.Status.SENT: "sent once only"},
)

WRITE_MESSAGE = Move[ThankYouMessage](
    verb="send",
    label=_("Thank this person"),
    past_tense=_("thanked this person"),
    target=ThankYouMessage.Status.SENT,
    allowed=may_thank,
)
THANK_YOU_MESSAGE_MOVES = Moves(
    ThankYouMessage, WRITE_MESSAGE, ends={ThankYouMessage.Status.SENT: "never changes"}
)

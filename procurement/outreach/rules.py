"""When a contact may be asked, reminded, answered for, and when a question ends."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from partners.models import Contact
from partners.roles import Power
from procurement.outreach.models import Inquiry
from procurement.requests.models import SupplyRequest
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, WRONG_STATUS, Refused
from workflow.moves import Move, Moves, not_ready, one_of

S = Inquiry.Status
MOST_CHASES = 3
ANSWER_DAYS = 4
LAPSE_AFTER = timedelta(days=10)  # after the day an answer was hoped for
LAST_WORD = timedelta(days=2)  # so long after a reminder nobody is given up: time for the phone call
# No answer is asked for sooner, and so long waits the next reminder after a late one. Cities and contacts lie half a day apart: at
# whatever hour something is asked, 24 hours hold one working day of the person asked, wherever they are.
A_WORKING_DAY = timedelta(hours=24)
LONGEST_WAIT = timedelta(days=90)  # later than that nobody waits for an answer about goods needed now


def may_ask(by: Actor, inquiry: Inquiry) -> bool:
    """Officers of the asking city."""
    return by.may(Power.ASK, inquiry)


def may_consent(by: Actor, inquiry: Inquiry) -> bool:
    """Officers of the partner city through which a second-degree question goes."""
    return inquiry.through_city is not None and by.may(Power.ASK, inquiry.through_city)


def may_answer(by: Actor, inquiry: Inquiry) -> bool:
    """The person who was asked, by their link; or an officer who has their answer by phone."""
    return by.may(Power.ANSWER, inquiry) or by.may(Power.ASK, inquiry)


def request_is_open(inquiry: Inquiry) -> Refused | None:
    """Nobody is asked for a need that takes no offers."""
    need = inquiry.supply_request
    if need.status != SupplyRequest.Status.OPEN:
        return not_ready(_("%(need)s is not open, so nobody can be asked.") % {"need": need.reference})
    if need.stopped:
        return not_ready(_("%(need)s takes no new offers at the moment.") % {"need": need.reference})
    return None


def takes_answers(inquiry: Inquiry) -> Refused | None:
    """An offer is taken while the city looks for the goods: not while it stopped asking, and not once the need is closed."""
    need = inquiry.supply_request
    if need.status != SupplyRequest.Status.OPEN:
        return not_ready(
            _("%(city)s looks for these goods no more, so nothing can be added. Thank you for your help.")
            % {"city": inquiry.city.name}
        )
    if need.stopped:
        return not_ready(
            _(
                "%(city)s takes no new offers for these goods at the moment. You need not do anything: what was offered before "
                "is kept, and offers are welcome here again as soon as the city goes on."
            )
            % {"city": inquiry.city.name}
        )
    return None


def may_be_reminded(inquiry: Inquiry) -> Refused | None:
    """Nobody is reminded of a need that takes no offers, or a fourth time."""
    if phone_due(inquiry):
        return not_ready(_("Three reminders went out. Please phone."))
    return request_is_open(inquiry)


def may_be_redated(inquiry: Inquiry) -> Refused | None:
    """A paused question gets another day by itself when it goes on."""
    return (
        not_ready(_("The question is paused.")) if inquiry.paused_at is not None else request_is_open(inquiry)
    )


def may_be_paused(inquiry: Inquiry) -> Refused | None:
    """A question is paused once, while its need takes no offers."""
    if inquiry.paused_at is not None:
        return not_ready(_("The question is paused already."))
    need = inquiry.supply_request
    return None if need.stopped else not_ready(_("%(need)s takes offers.") % {"need": need.reference})


def may_go_on(inquiry: Inquiry) -> Refused | None:
    """A paused question goes on when its need takes offers again."""
    if inquiry.paused_at is None:
        return not_ready(_("The question is not paused."))
    return request_is_open(inquiry)


def can_be_sent(inquiry: Inquiry) -> Refused | None:
    """The need takes offers, the person agreed to be asked, and the message says something."""
    if inquiry.contact.status != Contact.Status.ACTIVE:
        return not_ready(
            _("%(contact)s does not take questions.") % {"contact": inquiry.contact}, field="contact"
        )
    if not inquiry.body.strip():
        return not_ready(_("The message is empty."), field="body")
    return request_is_open(inquiry)


def goes_direct(inquiry: Inquiry) -> Refused | None:
    """A second-degree question asks the partner city first."""
    if inquiry.through_city_id is not None:
        words = _("Ask %(city)s first: this contact is theirs to introduce.")
        return not_ready(words % {"city": inquiry.through_city})
    return can_be_sent(inquiry)


def goes_through(inquiry: Inquiry) -> Refused | None:
    """Only a second-degree question needs a partner city's consent."""
    if inquiry.through_city_id is None:
        return not_ready(_("This contact can be asked directly."))
    return can_be_sent(inquiry)


def due_holds(due_at: datetime, at: datetime) -> Refused | None:
    """Whoever is asked at `at` has a working day to answer at least, and is waited for 90 days at most."""
    if due_at < at + A_WORKING_DAY:
        words = _("Whoever is asked needs a working day: let the answer be due 24 hours from now or later.")
        return Refused("due_too_soon", words, field="due_at")
    if due_at > at + LONGEST_WAIT:
        return Refused("due_too_late", _("Let the answer be due within the next 90 days."), field="due_at")
    return None


def call_holds(sent_at: datetime | None, said_at: datetime, at: datetime) -> Refused | None:
    """A call is noted after it was made, and answers a question that had been put."""
    if said_at > at:
        return Refused("call_to_come", _("A call is noted once it was made."), field="said_at")
    if sent_at is not None and said_at < sent_at:
        words = _("The call was before the question was sent.")
        return Refused("call_before_question", words, field="said_at")
    return None


def may_be_copied(inquiry: Inquiry, by: Actor) -> Refused | None:
    """A link is carried elsewhere by whoever asks, while an answer is welcome."""
    if not may_ask(by, inquiry):
        return Refused(NOT_ALLOWED, _("Only officers of the city that asks may copy this."))
    if inquiry.status not in (S.SENT, S.LAPSED):
        return Refused(WRONG_STATUS, _("No answer is waited for, so there is nothing to remind of."))
    return request_is_open(inquiry)


def at_field(refused: Refused, field: str) -> Refused:
    """The same refusal, pointing at the field in which this door names the person."""
    return Refused(refused.code, refused.message, **{**refused.details, "field": field})


def next_chase(asked_at: datetime, due_at: datetime, chases: int, at: datetime) -> datetime | None:
    """When to remind next, in UTC: at half time, when due, and two days after; None after three, when somebody should phone.

    After a late tick, or a leap of a practice clock, the next one waits a working day: one reminder goes, and not three.
    """
    if chases >= MOST_CHASES:
        return None
    half = (due_at - asked_at) / 2
    planned = (asked_at + half, due_at, due_at + timedelta(days=2))[chases]
    return planned if planned - at > min(half, A_WORKING_DAY) / 2 else at + A_WORKING_DAY


def phone_due(inquiry: Inquiry) -> bool:
    """Whether every reminder went out without an answer: then a person should phone."""
    return inquiry.status == S.SENT and inquiry.paused_at is None and inquiry.chases >= MOST_CHASES


PROPOSE = Move[Inquiry](
    verb="propose",
    label=_("Write a question"),
    past=_("wrote the question"),
    target=S.PROPOSED,
    allowed=may_ask,
    ready=request_is_open,
)
REVISE = Move[Inquiry](
    verb="revise",
    label=_("Change the message"),
    past=_("changed the message"),
    source=one_of(S.PROPOSED),
    allowed=may_ask,
)
SEND = Move[Inquiry](
    verb="send",
    label=_("Send"),
    past=_("sent the question"),
    source=one_of(S.PROPOSED),
    target=S.SENT,
    allowed=may_ask,
    ready=goes_direct,
)
ASK_PARTNER = Move[Inquiry](
    verb="ask_partner",
    label=_("Ask the partner city"),
    past=_("asked the partner city"),
    source=one_of(S.PROPOSED),
    target=S.AWAITING_CONSENT,
    allowed=may_ask,
    ready=goes_through,
)
CONSENT = Move[Inquiry](
    verb="consent",
    label=_("Agree"),
    past=_("agreed that their contact is asked"),
    source=one_of(S.AWAITING_CONSENT),
    target=S.SENT,
    allowed=may_consent,
    ready=can_be_sent,
)
REFUSE = Move[Inquiry](
    verb="refuse",
    label=_("Rather not"),
    past=_("preferred that their contact is not asked"),
    source=one_of(S.AWAITING_CONSENT),
    target=S.REFUSED,
    allowed=may_consent,
)
ANSWER = Move[Inquiry](
    verb="answer",
    label=_("Answer"),
    past=_("answered the question"),
    source=one_of(S.SENT, S.LAPSED, S.ANSWERED),
    target=S.ANSWERED,
    allowed=may_answer,
    ready=takes_answers,
)
DECLINE = Move[Inquiry](
    verb="decline",
    label=_("I cannot help"),
    past=_("cannot help"),
    source=one_of(S.SENT, S.LAPSED),
    target=S.DECLINED,
    allowed=may_answer,
)
NOTE_CALL = Move[Inquiry](
    verb="note_call",
    label=_("They said by phone"),
    past=_("noted what they said by phone"),
    source=one_of(S.SENT, S.LAPSED),
    target=S.ANSWERED,
    allowed=may_ask,
)
HAND_OVER = Move[Inquiry](
    verb="hand_over",
    label=_("Please ask my colleague"),
    past=_("handed the question to a colleague"),
    source=one_of(S.SENT, S.LAPSED),
    target=S.HANDED_OVER,
    allowed=may_answer,
    ready=takes_answers,
)
REMIND = Move[Inquiry](
    verb="remind",
    label=_("Send a reminder"),
    past=_("sent a reminder"),
    source=one_of(S.SENT),
    allowed=may_ask,
    ready=may_be_reminded,
    clock=True,
)
REDATE = Move[Inquiry](
    verb="redate",
    label=_("Give another day"),
    past=_("gave another day for the answer"),
    source=one_of(S.SENT),
    allowed=may_ask,
    ready=may_be_redated,
)
PAUSE = Move[Inquiry](
    verb="pause",
    label=_("Pause"),
    past=_("paused the question"),
    source=one_of(S.SENT),
    allowed=lambda by, inquiry: False,  # it follows from the need, which somebody stopped
    ready=may_be_paused,
    clock=True,
)
GO_ON = Move[Inquiry](
    verb="go_on",
    label=_("Go on asking"),
    past=_("went on asking"),
    source=one_of(S.SENT),
    allowed=lambda by, inquiry: False,  # it follows from the need, which takes offers again
    ready=may_go_on,
    clock=True,
)
LAPSE = Move[Inquiry](
    verb="lapse",
    label=_("Wait no longer"),
    past=_("waited no longer"),
    source=one_of(S.SENT),
    target=S.LAPSED,
    allowed=may_ask,
    clock=True,
)
CANCEL = Move[Inquiry](
    verb="cancel",
    label=_("Take back"),
    past=_("took the question back"),
    source=one_of(S.PROPOSED, S.AWAITING_CONSENT, S.SENT),
    target=S.CANCELLED,
    allowed=may_ask,
    clock=True,
)

MOVES = Moves(
    Inquiry,
    PROPOSE,
    REVISE,
    SEND,
    ASK_PARTNER,
    CONSENT,
    REFUSE,
    ANSWER,
    DECLINE,
    NOTE_CALL,
    HAND_OVER,
    REMIND,
    REDATE,
    PAUSE,
    GO_ON,
    LAPSE,
    CANCEL,
    ends={
        S.REFUSED: "the partner city said no",
        S.ANSWERED: "more may still be added to the answer",
        S.DECLINED: "a no is an answer",
        S.HANDED_OVER: "goes on as another inquiry",
        S.CANCELLED: "kept for the record",
    },
)

"""Moves of an inquiry: their statuses, and who may make them."""

from django.utils.translation import gettext_lazy as _

from partners.contacts.models import Contact
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.people import may_answer, may_ask, may_ask_city, may_consent
from procurement.outreach.rules.readiness import (
    refuse_closed_need,
    refuse_direct_sending,
    refuse_empty_reply,
    refuse_late_answer,
    refuse_new_date,
    refuse_next_contact,
    refuse_other_contact,
    refuse_pause,
    refuse_reminder,
    refuse_resumption,
    refuse_second_question,
    refuse_sending,
    refuse_without_offers_to_confirm,
    refuse_without_open_question,
    refuse_without_partner_city,
)
from procurement.requests.models import RequestLine, SupplyRequest
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of

DRAFT = Move[Inquiry](
    verb="propose",
    label=_("Write inquiry"),
    past=_("wrote the inquiry"),
    target=Inquiry.Status.DRAFT,
    allowed=may_ask,
    ready=refuse_closed_need,
)

EDIT = Move[Inquiry](
    verb="revise",
    label=_("Edit message"),
    past=_("edited the message"),
    source=one_of(Inquiry.Status.DRAFT),
    allowed=may_ask,
)

RECOMPOSE = Move[Inquiry](
    verb="recompose",
    label=_("Compose message again"),
    past=_("composed the message again after a change of the need"),
    source=one_of(Inquiry.Status.DRAFT, Inquiry.Status.AWAITING_CONSENT),
    allowed=lambda by, inquiry: False,  # only the periodic job, after the city changed the need
    by_system=True,
)

SEND = Move[Inquiry](
    verb="send",
    label=_("Send"),
    past=_("sent the inquiry"),
    source=one_of(Inquiry.Status.DRAFT),
    target=Inquiry.Status.SENT,
    allowed=may_ask,
    ready=refuse_direct_sending,
)

ASK_PARTNER = Move[Inquiry](
    verb="ask_partner",
    label=_("Ask partner city"),
    past=_("asked the partner city"),
    source=one_of(Inquiry.Status.DRAFT),
    target=Inquiry.Status.AWAITING_CONSENT,
    allowed=may_ask,
    ready=refuse_without_partner_city,
)

GIVE_CONSENT = Move[Inquiry](
    verb="consent",
    label=_("Agree"),
    past=_("agreed that their contact can be asked"),
    source=one_of(Inquiry.Status.AWAITING_CONSENT),
    target=Inquiry.Status.SENT,
    allowed=may_consent,
    ready=refuse_sending,
)

REFUSE_CONSENT = Move[Inquiry](
    verb="refuse",
    label=_("Decline"),
    past=_("declined to have their contact asked"),
    source=one_of(Inquiry.Status.AWAITING_CONSENT),
    target=Inquiry.Status.CONSENT_DECLINED,
    allowed=may_consent,
)

GIVE_UP_ON_PARTNER = Move[Inquiry](
    verb="give_up",
    label=_("Stop waiting for the partner city"),
    past=_("stopped waiting for the partner city"),
    source=one_of(Inquiry.Status.AWAITING_CONSENT),
    target=Inquiry.Status.CANCELLED,
    allowed=lambda by, inquiry: False,  # only the periodic job, by date; a person cancels the inquiry instead
    by_system=True,
)

ANSWER = Move[Inquiry](
    verb="answer",
    label=_("Answer"),
    past=_("replied to the inquiry"),
    source=one_of(Inquiry.Status.SENT, Inquiry.Status.NO_REPLY, Inquiry.Status.ANSWERED),
    target=Inquiry.Status.ANSWERED,
    allowed=may_answer,
    ready=refuse_late_answer,
)

REAFFIRM_OFFERS = Move[Inquiry](
    verb="reaffirm",
    label=_("The offer is still valid"),
    past=_("confirmed that the offer is still valid after the change"),
    source=one_of(Inquiry.Status.ANSWERED),
    allowed=may_answer,
    ready=refuse_without_offers_to_confirm,
)

ASK_QUESTION = Move[Inquiry](
    verb="query",
    label=_("Ask a question"),
    past=_("asked a question"),
    source=one_of(*Inquiry.INFORMED_STATUSES),
    allowed=may_ask_city,
    ready=refuse_second_question,
)

ANSWER_QUESTION = Move[Inquiry](
    verb="explain",
    label=_("Answer question"),
    past=_("answered the question"),
    source=one_of(*Inquiry.INFORMED_STATUSES, Inquiry.Status.DECLINED),
    allowed=may_ask,
    ready=refuse_without_open_question,
)

REMIND_OF_QUESTION = Move[Inquiry](
    verb="chase",
    label=_("Remind city of question"),
    past=_("reminded the city of the question"),
    source=one_of(*Inquiry.INFORMED_STATUSES, Inquiry.Status.DECLINED),
    allowed=lambda by, inquiry: False,  # only the periodic job, a day after the question
    ready=refuse_without_open_question,
    by_system=True,
)

SEND_ANSWERS = Move[Inquiry](
    verb="inform",
    label=_("Send answer to everyone asked"),
    past=_("sent the contact an answer that is for everyone asked"),
    source=one_of(*Inquiry.INFORMED_STATUSES),
    allowed=lambda by, inquiry: False,  # only the periodic job, once the city answered
    by_system=True,
)

DECLINE = Move[Inquiry](
    verb="decline",
    label=_("They cannot help"),
    past=_("replied that they cannot help"),
    source=one_of(Inquiry.Status.SENT, Inquiry.Status.NO_REPLY),
    target=Inquiry.Status.DECLINED,
    allowed=may_answer,
)

RECORD_PHONE_REPLY = Move[Inquiry](
    verb="record_phone_reply",
    label=_("Record phone reply"),
    past=_("recorded a phone reply"),
    source=one_of(Inquiry.Status.SENT, Inquiry.Status.NO_REPLY),
    target=Inquiry.Status.ANSWERED,
    allowed=may_ask,
)

TRANSLATE_REMARK = Move[Inquiry](
    verb="translate",
    label=_("Add translation"),
    past=_("translated the reply"),
    source=one_of(
        Inquiry.Status.ANSWERED,
        Inquiry.Status.DECLINED,
        Inquiry.Status.FORWARDED,
        Inquiry.Status.CONSENT_DECLINED,
    ),
    allowed=may_ask,
    ready=refuse_empty_reply,
)

FORWARD = Move[Inquiry](
    verb="forward",
    label=_("Please ask my colleague"),
    past=_("passed the inquiry to a colleague"),
    source=one_of(Inquiry.Status.SENT, Inquiry.Status.NO_REPLY),
    target=Inquiry.Status.FORWARDED,
    allowed=may_answer,
    ready=refuse_late_answer,
)

REMIND = Move[Inquiry](
    verb="remind",
    label=_("Send a reminder"),
    past=_("sent a reminder"),
    source=one_of(Inquiry.Status.AWAITING_CONSENT, Inquiry.Status.SENT),
    allowed=may_ask,
    ready=refuse_reminder,
    by_system=True,
)

CHANGE_DUE_TIME = Move[Inquiry](
    verb="redate",
    label=_("Change due date"),
    past=_("changed the due date of the reply"),
    source=one_of(Inquiry.Status.SENT),
    allowed=may_ask,
    ready=refuse_new_date,
)

ANNOUNCE_CHANGE = Move[Inquiry](
    verb="restate",
    label=_("Notify contact of change"),
    past=_("notified the contact of the change"),
    source=one_of(Inquiry.Status.SENT, Inquiry.Status.ANSWERED, Inquiry.Status.NO_REPLY),
    allowed=lambda by, inquiry: False,  # only the periodic job, after the city changed the need
    by_system=True,
)

PAUSE = Move[Inquiry](
    verb="pause",
    label=_("Pause inquiry"),
    past=_("paused the inquiry"),
    source=one_of(Inquiry.Status.SENT),
    allowed=lambda by, inquiry: False,  # only the periodic job, after the need was stopped
    ready=refuse_pause,
    by_system=True,
    undo="resume",
)

RESUME = Move[Inquiry](
    verb="resume",
    label=_("Resume inquiry"),
    past=_("resumed the inquiry"),
    source=one_of(Inquiry.Status.SENT),
    allowed=lambda by, inquiry: False,  # only the periodic job, when the need takes offers again
    ready=refuse_resumption,
    by_system=True,
    undo="pause",
)

ALLOW_OTHER_CONTACT = Move[Inquiry](
    verb="allow_alternates",
    label=_("Allow asking someone else"),
    past=_("allowed someone else to be asked"),
    source=one_of(Inquiry.Status.AWAITING_CONSENT, Inquiry.Status.SENT),
    allowed=lambda by, inquiry: False,  # only the periodic job, by due date
    ready=refuse_other_contact,
    by_system=True,
)

ASK_NEXT_CONTACT = Move[Inquiry](
    verb="ask_next",
    label=_("Ask next person"),
    past=_("asked the next person instead"),
    source=one_of(Inquiry.Status.SENT),
    target=Inquiry.Status.NO_REPLY,
    allowed=may_ask,
    ready=refuse_next_contact,
)

EXPIRE = Move[Inquiry](
    verb="expire",
    label=_("Stop waiting"),
    past=_("stopped waiting for a reply"),
    source=one_of(Inquiry.Status.SENT),
    target=Inquiry.Status.NO_REPLY,
    allowed=may_ask,
    by_system=True,
)

CANCEL = Move[Inquiry](
    verb="cancel",
    label=_("Withdraw inquiry"),
    past=_("withdrew the inquiry"),
    source=Inquiry.Status.open,
    target=Inquiry.Status.CANCELLED,
    allowed=may_ask,
    by_system=True,
)

INQUIRY_MOVES = Moves(
    Inquiry,
    DRAFT,
    EDIT,
    RECOMPOSE,
    SEND,
    ASK_PARTNER,
    GIVE_CONSENT,
    REFUSE_CONSENT,
    GIVE_UP_ON_PARTNER,
    ANSWER,
    REAFFIRM_OFFERS,
    ASK_QUESTION,
    ANSWER_QUESTION,
    REMIND_OF_QUESTION,
    SEND_ANSWERS,
    DECLINE,
    RECORD_PHONE_REPLY,
    TRANSLATE_REMARK,
    FORWARD,
    REMIND,
    CHANGE_DUE_TIME,
    ANNOUNCE_CHANGE,
    PAUSE,
    RESUME,
    ALLOW_OTHER_CONTACT,
    ASK_NEXT_CONTACT,
    EXPIRE,
    CANCEL,
    ends={
        Inquiry.Status.CONSENT_DECLINED: "the partner city declined",
        Inquiry.Status.ANSWERED: "more may still be added to the answer",
        Inquiry.Status.DECLINED: "the contact declined",
        Inquiry.Status.FORWARDED: "continues as another inquiry",
        Inquiry.Status.CANCELLED: "kept for the record",
    },
)


def is_asked_by_other_city(need: SupplyRequest, contact: Contact) -> bool:
    """Return True if another city waits for this person's answer about some of the same goods.

    All offices of the person count.
    """
    goods = RequestLine.objects.filter(supply_request=need).values("product")
    same = RequestLine.objects.filter(product__in=goods).values("supply_request")
    waiting = Inquiry.objects.waiting().filter(contact__user=contact.user_id, paused_at=None)
    return waiting.filter(supply_request__in=same).exclude(city=need.city_id).exists()


def refuse_duplicate_inquiry(inquiry: Inquiry) -> Refused | None:
    """Return a refusal for asking a person for the same goods again without a reason, else None.

    The message does not reveal which city asked before.
    """
    if inquiry.chosen_because.strip() or not is_asked_by_other_city(inquiry.supply_request, inquiry.contact):
        return None
    words = _(
        "Another city is waiting for a reply from %(contact)s about the same goods. Wait for it, "
        "or explain why you are asking now."
    )
    return Refused("asked_elsewhere", words % {"contact": inquiry.contact}, field="chosen_because")

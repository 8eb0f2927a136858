"""Moves of an inquiry: their statuses, and who may make them."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from partners.contacts.models import Contact
from procurement.outreach.models.inquiries import Inquiry, asks_about_lines
from procurement.outreach.rules.consents import partner_consented_refusal, partner_not_asked_refusal
from procurement.outreach.rules.people import may_answer, may_ask, may_ask_city, may_consent
from procurement.outreach.rules.readiness import (
    closed_need_refusal,
    empty_reply_refusal,
    late_answer_refusal,
    new_due_date_refusal,
    next_contact_refusal,
    no_earlier_consent_refusal,
    no_offers_to_confirm_refusal,
    no_open_question_refusal,
    no_partner_city_refusal,
    other_contact_allowed_refusal,
    pause_refusal,
    reminder_refusal,
    resumption_refusal,
    second_question_refusal,
    sending_refusal,
)
from procurement.requests.models import RequestLine, SupplyRequest
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of, system_only

DRAFT_INQUIRY = Move[Inquiry](
    verb="propose",
    label=_("Write inquiry"),
    past_tense=_("wrote the inquiry"),
    target=Inquiry.Status.DRAFT,
    allowed=may_ask,
    ready=closed_need_refusal,
)

EDIT_INQUIRY = Move[Inquiry](
    verb="revise",
    label=_("Edit message"),
    past_tense=_("edited the message"),
    source=one_of(Inquiry.Status.DRAFT),
    allowed=may_ask,
)

RECOMPOSE_INQUIRY = Move[Inquiry](
    verb="recompose",
    label=_("Compose message again"),
    past_tense=_("composed the message again after the need changed"),
    source=one_of(Inquiry.Status.DRAFT, Inquiry.Status.AWAITING_CONSENT),
    allowed=system_only,  # only the periodic job, after the city changed the need
    allowed_for_system=True,
)

SEND_INQUIRY = Move[Inquiry](
    verb="send",
    label=_("Send"),
    past_tense=_("sent the inquiry"),
    source=one_of(Inquiry.Status.DRAFT),
    target=Inquiry.Status.SENT,
    allowed=may_ask,
    ready=sending_refusal,
    date_condition=partner_not_asked_refusal,
)

ASK_PARTNER_CITY = Move[Inquiry](
    verb="ask_partner",
    label=_("Ask partner city"),
    past_tense=_("asked the partner city"),
    source=one_of(Inquiry.Status.DRAFT),
    target=Inquiry.Status.AWAITING_CONSENT,
    allowed=may_ask,
    ready=no_partner_city_refusal,
    date_condition=partner_consented_refusal,
)

GIVE_CONSENT = Move[Inquiry](
    verb="consent",
    label=_("Agree"),
    past_tense=_("agreed that their contact can be asked"),
    source=one_of(Inquiry.Status.AWAITING_CONSENT),
    target=Inquiry.Status.SENT,
    allowed=may_consent,
    ready=sending_refusal,
)

REFUSE_CONSENT = Move[Inquiry](
    verb="refuse",
    label=_("Decline"),
    past_tense=_("declined to have their contact asked"),
    source=one_of(Inquiry.Status.AWAITING_CONSENT),
    target=Inquiry.Status.CONSENT_DECLINED,
    allowed=may_consent,
)

GIVE_UP_ON_PARTNER = Move[Inquiry](
    verb="give_up",
    label=_("Stop waiting for the partner city"),
    past_tense=_("stopped waiting for the partner city"),
    source=one_of(Inquiry.Status.AWAITING_CONSENT),
    target=Inquiry.Status.CANCELLED,
    allowed=system_only,  # only the periodic job, by date; a person cancels the inquiry instead
    allowed_for_system=True,
)

RETURN_TO_PARTNER = Move[Inquiry](
    verb="return_to_partner",
    label=_("Ask partner city after all"),
    past_tense=_(
        "took back the inquiry before it reached the contact, because the earlier consent is no "
        "longer in force"
    ),
    source=one_of(Inquiry.Status.SENT),
    target=Inquiry.Status.AWAITING_CONSENT,
    ready=no_earlier_consent_refusal,
    allowed=system_only,
    allowed_for_system=True,
)

RECORD_ANSWER = Move[Inquiry](
    verb="answer",
    label=_("Answer"),
    past_tense=_("replied to the inquiry"),
    source=one_of(Inquiry.Status.SENT, Inquiry.Status.NO_REPLY, Inquiry.Status.ANSWERED),
    target=Inquiry.Status.ANSWERED,
    allowed=may_answer,
    ready=late_answer_refusal,
)

REAFFIRM_OFFERS = Move[Inquiry](
    verb="reaffirm",
    label=_("The offer is still valid"),
    past_tense=_("confirmed that the offer is still valid after the change"),
    source=one_of(Inquiry.Status.ANSWERED),
    allowed=may_answer,
    ready=no_offers_to_confirm_refusal,
)

ASK_QUESTION = Move[Inquiry](
    verb="query",
    label=_("Ask a question"),
    past_tense=_("asked a question"),
    source=one_of(*Inquiry.CONTACT_INFORMED_STATUSES),
    allowed=may_ask_city,
    ready=second_question_refusal,
)

ANSWER_QUESTION = Move[Inquiry](
    verb="explain",
    label=_("Answer question"),
    past_tense=_("answered the question"),
    source=one_of(*Inquiry.CONTACT_INFORMED_STATUSES, Inquiry.Status.DECLINED),
    allowed=may_ask,
    ready=no_open_question_refusal,
)

REMIND_OF_QUESTION = Move[Inquiry](
    verb="chase",
    label=_("Remind city of question"),
    past_tense=_("reminded the city of the question"),
    source=one_of(*Inquiry.CONTACT_INFORMED_STATUSES, Inquiry.Status.DECLINED),
    allowed=system_only,  # only the periodic job, a day after the question
    ready=no_open_question_refusal,
    allowed_for_system=True,
)

SEND_ANSWERS = Move[Inquiry](
    verb="inform",
    label=_("Send answer to everyone asked"),
    past_tense=_("sent the contact an answer meant for everyone asked"),
    source=one_of(*Inquiry.CONTACT_INFORMED_STATUSES),
    allowed=system_only,  # only the periodic job, once the city answered
    allowed_for_system=True,
)

DECLINE_INQUIRY = Move[Inquiry](
    verb="decline",
    label=_("Record that the contact cannot help"),
    past_tense=_("replied that they cannot help"),
    source=one_of(Inquiry.Status.SENT, Inquiry.Status.NO_REPLY),
    target=Inquiry.Status.DECLINED,
    allowed=may_answer,
)

RECORD_PHONE_REPLY = Move[Inquiry](
    verb="record_phone_reply",
    label=_("Record phone reply"),
    past_tense=_("recorded a phone reply"),
    source=one_of(Inquiry.Status.SENT, Inquiry.Status.NO_REPLY),
    target=Inquiry.Status.ANSWERED,
    allowed=may_ask,
)

TRANSLATE_REMARK = Move[Inquiry](
    verb="translate",
    label=_("Add translation"),
    past_tense=_("translated the reply"),
    source=one_of(
        Inquiry.Status.ANSWERED,
        Inquiry.Status.DECLINED,
        Inquiry.Status.FORWARDED,
        Inquiry.Status.CONSENT_DECLINED,
    ),
    allowed=may_ask,
    ready=empty_reply_refusal,
)

FORWARD_INQUIRY = Move[Inquiry](
    verb="forward",
    label=_("Please ask my colleague"),
    past_tense=_("passed the inquiry to a colleague"),
    source=one_of(Inquiry.Status.SENT, Inquiry.Status.NO_REPLY),
    target=Inquiry.Status.FORWARDED,
    allowed=may_answer,
    ready=late_answer_refusal,
)

REMIND_CONTACT = Move[Inquiry](
    verb="remind",
    label=_("Send a reminder"),
    past_tense=_("sent a reminder"),
    source=one_of(Inquiry.Status.AWAITING_CONSENT, Inquiry.Status.SENT),
    allowed=may_ask,
    ready=reminder_refusal,
    allowed_for_system=True,
)

CHANGE_DUE_TIME = Move[Inquiry](
    verb="redate",
    label=_("Change due date"),
    past_tense=_("changed the due date of the reply"),
    source=one_of(Inquiry.Status.SENT),
    allowed=may_ask,
    ready=new_due_date_refusal,
)

ANNOUNCE_CHANGE = Move[Inquiry](
    verb="restate",
    label=_("Notify contact of change"),
    past_tense=_("notified the contact of the change"),
    source=one_of(Inquiry.Status.SENT, Inquiry.Status.ANSWERED, Inquiry.Status.NO_REPLY),
    allowed=system_only,  # only the periodic job, after the city changed the need
    allowed_for_system=True,
)

PAUSE_INQUIRY = Move[Inquiry](
    verb="pause",
    label=_("Pause inquiry"),
    past_tense=_("paused the inquiry"),
    source=one_of(Inquiry.Status.SENT),
    allowed=system_only,  # only the periodic job, after the need was stopped
    ready=pause_refusal,
    allowed_for_system=True,
    undo_verb="resume",
)

RESUME_INQUIRY = Move[Inquiry](
    verb="resume",
    label=_("Resume inquiry"),
    past_tense=_("resumed the inquiry"),
    source=one_of(Inquiry.Status.SENT),
    allowed=system_only,  # only the periodic job, when the need takes offers again
    ready=resumption_refusal,
    allowed_for_system=True,
    undo_verb="pause",
)

ALLOW_OTHER_CONTACT = Move[Inquiry](
    verb="allow_alternates",
    label=_("Allow another contact to be asked"),
    past_tense=_("allowed someone else to be asked"),
    source=one_of(Inquiry.Status.AWAITING_CONSENT, Inquiry.Status.SENT),
    allowed=system_only,  # only the periodic job, by due date
    ready=other_contact_allowed_refusal,
    allowed_for_system=True,
)

ASK_NEXT_CONTACT = Move[Inquiry](
    verb="ask_next",
    label=_("Ask next person"),
    past_tense=_("asked the next person instead"),
    source=one_of(Inquiry.Status.SENT),
    target=Inquiry.Status.NO_REPLY,
    allowed=may_ask,
    ready=next_contact_refusal,
)

EXPIRE_INQUIRY = Move[Inquiry](
    verb="expire",
    label=_("Stop waiting"),
    past_tense=_("stopped waiting for a reply"),
    source=one_of(Inquiry.Status.SENT),
    target=Inquiry.Status.NO_REPLY,
    allowed=may_ask,
    allowed_for_system=True,
)

CANCEL_INQUIRY = Move[Inquiry](
    verb="cancel",
    label=_("Withdraw inquiry"),
    past_tense=_("withdrew the inquiry"),
    source=Inquiry.Status.open,
    target=Inquiry.Status.CANCELLED,
    allowed=may_ask,
    allowed_for_system=True,
)

INQUIRY_MOVES = Moves(
    Inquiry,
    DRAFT_INQUIRY,
    EDIT_INQUIRY,
    RECOMPOSE_INQUIRY,
    SEND_INQUIRY,
    ASK_PARTNER_CITY,
    GIVE_CONSENT,
    REFUSE_CONSENT,
    GIVE_UP_ON_PARTNER,
    RETURN_TO_PARTNER,
    RECORD_ANSWER,
    REAFFIRM_OFFERS,
    ASK_QUESTION,
    ANSWER_QUESTION,
    REMIND_OF_QUESTION,
    SEND_ANSWERS,
    DECLINE_INQUIRY,
    RECORD_PHONE_REPLY,
    TRANSLATE_REMARK,
    FORWARD_INQUIRY,
    REMIND_CONTACT,
    CHANGE_DUE_TIME,
    ANNOUNCE_CHANGE,
    PAUSE_INQUIRY,
    RESUME_INQUIRY,
    ALLOW_OTHER_CONTACT,
    ASK_NEXT_CONTACT,
    EXPIRE_INQUIRY,
    CANCEL_INQUIRY,
    ends={
        Inquiry.Status.CONSENT_DECLINED: "the partner city declined",
        Inquiry.Status.ANSWERED: "more may still be added to the answer",
        Inquiry.Status.DECLINED: "the contact declined",
        Inquiry.Status.FORWARDED: "continues as another inquiry",
        Inquiry.Status.CANCELLED: "kept for the record",
    },
)


def is_asked_by_other_city(need: SupplyRequest, contact: Contact, line_numbers: Collection[int] = ()) -> bool:
    """Return True if another city waits for this person's answer about some of the same goods.

    All offices of the person count. With `line_numbers`, only the goods of these lines count.
    """
    goods = RequestLine.objects.filter(supply_request=need).numbered(line_numbers).values("product")
    same = asks_about_lines(RequestLine.objects.filter(product__in=goods))
    waiting = Inquiry.objects.awaiting_reply().filter(contact__user=contact.user_id, paused_at=None)
    return waiting.filter(same).exclude(city=need.city_id).exists()


def duplicate_inquiry_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal for asking a person for the same goods again without a reason, else None.

    The message does not reveal which city asked before.
    """
    asked = (inquiry.supply_request, inquiry.contact, inquiry.line_numbers)
    if inquiry.chosen_because.strip() or not is_asked_by_other_city(*asked):
        return None
    words = _(
        "Another city is waiting for a reply from %(contact)s about the same goods. Wait for that reply, "
        "or explain why you are asking now."
    )
    return Refused("asked_elsewhere", words % {"contact": inquiry.contact}, field="chosen_because")

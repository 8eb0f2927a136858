"""inquiries: the questions a city sends to contacts abroad, and what became of them."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import CharFilter, ChoiceFilter, IsoDateTimeFilter, NumberFilter
from rest_framework import serializers

from accounts.models import User
from partners.candidates import partners_of
from partners.models.cities import City
from partners.models.people import Contact
from partners.rules.powers import Powers
from procurement.api.leads import LeadAnswer
from procurement.api.mails import mails_field
from procurement.leads.actions import offers
from procurement.notices.post import with_mails
from procurement.outreach.actions import answering, asking, waiting, writing
from procurement.outreach.actions.answering import note_call
from procurement.outreach.actions.asking import ask_partner, hand_over
from procurement.outreach.gathering.people import asked, best_of, drafts, go_between, suggested_contacts, told
from procurement.outreach.models import Inquiry
from procurement.requests.models import SupplyRequest
from workflow import clock
from workflow.days import utc_day
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Edit, New, Numbered, Ref, moment_or_now, reason, words
from workflow.doors.api.filters import Quoted
from workflow.doors.api.reading import OBJECTS, Named, Row
from workflow.doors.api.strict import Strict
from workflow.doors.bounds import LONGEST_LETTER
from workflow.errors import Refused
from workflow.queries import by_moment


class InquiryRow(Row):
    """A question to one person about one need, as a list tells it."""

    supply_request = Named()
    city = Named("slug")
    contact = serializers.IntegerField(source="contact_id")
    through_city = Named("slug", allow_null=True)

    class Meta:
        model = Inquiry
        fields = (
            *("reference", "status", "supply_request", "city", "contact", "through_city", "language"),
            *("subject", "sent_at", "due_at", "chases", "answered_at", "leads", "created_at"),
        )


class InquiryDetail(InquiryRow):
    """A question, whole: the message exactly as it was sent, and why this person was asked."""

    handed_to = Named(allow_null=True)
    mails = mails_field()
    shapes = {"reasons": OBJECTS}

    class Meta:
        model = Inquiry
        fields = (
            *InquiryRow.Meta.fields,
            "body",
            "subject_own",
            "body_own",
            "language_own",
            "reasons",
            "chosen_because",
            "remark",
            "told_by",
            "handed_to",
            "partner_asked_at",
            "chase_at",
            "next_from",
            "paused_at",
            "mails",
        )


def write(
    supply_request: SupplyRequest,
    contact: Contact,
    *,
    author: User,
    by: Powers,
    at: datetime,
    **facts: Any,
) -> Inquiry:
    """Write the question to a contact, to be read before it goes. What is left out is filled in: the letter in the contact's
    language and in your own, the routing's reasons, and the partner city that is asked first. Beside a `body` of your own goes the
    `body_own` that you give, and no other.

    Refuses to ask the same person twice for one need, and without `chosen_because` somebody whom routing does not put first or who has
    as many open questions as they want.
    """
    composed = drafts(supply_request, contact, author.language)
    routed = _routed(supply_request, contact, author, by, at)
    known = {
        **{name: text for name, text in composed.items() if name.removesuffix("_own") not in facts},
        **routed,
    }
    if routed.get("through_city"):  # a contact whom another city introduces is asked only through that city
        facts["through_city"] = routed["through_city"]
    return writing.propose(supply_request, contact, author=author, by=by, at=at, **{**known, **facts})


def ask_next(
    inquiry: Inquiry, *, to: Contact, chosen_because: str = "", author: User, by: Powers, at: datetime
) -> Inquiry:
    """Put a question that nobody answered to somebody else: the letter in their language goes at once, and whoever was asked first
    is told that they need not hurry. Refuses before the clock says that it waited long enough, nobody is asked twice, and without
    `chosen_because` nobody whom routing does not put first or who has as many open questions as they want.
    """
    need = inquiry.supply_request
    known = drafts(need, to, author.language) | _routed(need, to, author, by, at)
    return asking.ask_next(inquiry, to, chosen_because=chosen_because, author=author, by=by, at=at, **known)


def _routed(need: SupplyRequest, contact: Contact, author: User, by: Powers, at: datetime) -> dict[str, Any]:
    """Why this person, and through which city, as routing ranks them, and whom it ranks first; nothing where it does not.

    To a contact whom the caller does not see there is no way but that one.
    """
    found = suggested_contacts(need, at, author.language)
    best = best_of(found, asked(need))
    known: dict[str, Any] = {"best": best.contact} if best else {}
    chosen = next((one for one in found if one.contact.pk == contact.pk), None)
    if chosen is not None:
        known |= {"reasons": told(chosen.ranked.reasons), "through_city": go_between(chosen)}
    if not known.get("through_city") and not Contact.objects.visible_to(by).filter(pk=contact.pk).exists():
        words = _("There is no “{value}” here, or none that you may see.")
        raise Refused("no_such_contact", words.format(value=contact.pk), field="contact")
    return known


class Askable(Numbered):
    """A contact to ask: one whom the caller sees, or one whom a partner city of theirs could introduce."""

    def get_queryset(self) -> QuerySet[Any]:
        """The contacts of these cities, of their partners, and of their partners' partners."""
        by = self.context["by"]
        beyond = partners_of(by.twins, utc_day(clock.now()))
        introduced = Contact.objects.answering().filter(city__in=beyond)
        return super().get_queryset() | introduced


LETTERS = {name: {"max_length": LONGEST_LETTER} for name in ("body", "body_own")}


class NewInquiry(New):
    """A question to write. It goes nowhere before it is sent."""

    supply_request = Ref(SupplyRequest)
    contact = Askable(Contact)
    through_city = Ref(City, "slug", required=False, allow_null=True)
    reasons = serializers.ListField(
        child=serializers.DictField(), required=False, help_text="The routing's, as it gave them."
    )

    class Meta:
        model = Inquiry
        fields = (
            "supply_request",
            "contact",
            "through_city",
            "subject",
            "body",
            "subject_own",
            "body_own",
            "reasons",
            "chosen_because",
        )
        extra_kwargs = {
            "subject": {"required": False},
            "body": {"required": False} | LETTERS["body"],
            "body_own": LETTERS["body_own"],
            "chosen_because": {
                "help_text": "Needed where routing puts somebody else first, where they have as many open questions as they "
                "want, or where another city waits for their answer about the same goods."
            },
        }


class InquiryEdit(Edit):
    """Words of a question to change before it goes, or why this person is asked."""

    class Meta:
        model = Inquiry
        fields = ("subject", "body", "subject_own", "body_own", "chosen_because")
        extra_kwargs = LETTERS


class ReminderWords(Strict):
    """Words of a reminder. Without a `body` it goes in ours."""

    subject = words(200)
    body = words(
        LONGEST_LETTER, help_text="In the contact's language. The link and our closing line stand below it."
    )
    subject_own = words(200)
    body_own = words(LONGEST_LETTER, help_text="In your own language: sent below the other.")


class InquiryFilter(Quoted):
    """Which questions."""

    status = ChoiceFilter(choices=Inquiry.Status.choices)
    city = CharFilter("city__slug")
    supply_request = CharFilter("supply_request__reference")
    contact = NumberFilter("contact")
    due_before = IsoDateTimeFilter("due_at", "lt")


class Inquiries(Collection):
    """Questions: those of one's city, those that wait for one's own answer, those a coordinator follows."""

    model = Inquiry
    path = "inquiries"
    row = InquiryRow
    whole = InquiryDetail
    filterset_class = InquiryFilter
    orders = {"due_at": by_moment("due_at")}
    begin = Verb(write, body=NewInquiry, me="author")
    verbs = {
        "revise": Verb(writing.revise, body=InquiryEdit),
        "send": Verb(asking.send, due_at=serializers.DateTimeField(required=False)),
        "ask-partner": Verb(ask_partner),
        "consent": Verb(asking.consent),
        "refuse": Verb(asking.refuse, reason=reason()),
        "answer": Verb(offers.answer, body=LeadAnswer, me="author"),
        "decline": Verb(answering.decline, remark=words()),
        "note-call": Verb(
            note_call,
            said_by=serializers.CharField(max_length=150),
            said_at=moment_or_now(),
            remark=reason("What they said."),
        ),
        "hand-over": Verb(hand_over, to=Numbered(Contact), remark=words()),
        "remind": Verb(waiting.remind, body=ReminderWords),
        "redate": Verb(waiting.redate, due_at=serializers.DateTimeField()),
        "ask-next": Verb(
            ask_next, to=Askable(Contact), chosen_because=words(), me="author", says={"contact": "to"}
        ),
        "lapse": Verb(waiting.lapse),
        "cancel": Verb(waiting.cancel, reason=words()),
    }

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With the person, whose wish to be left alone closes steps, and what became of the mails."""
        return with_mails(super().for_detail(rows).select_related("contact__user"), self.by)

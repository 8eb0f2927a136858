"""API collection inquiries: questions that a city sends to contacts abroad, and their results."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Unpack

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django_filters import CharFilter, ChoiceFilter, IsoDateTimeFilter, NumberFilter
from rest_framework import serializers

from accounts.models import ActingUser, User
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.permissions.permissions import Permissions
from partners.routing.recommendations import partner_cities
from procurement.leads.api.leads import LeadAnswerSerializer
from procurement.notifications.mail_status import mail_status_field, with_mail_status
from procurement.outreach.actions.inquiries import InquiryFacts, ask_next_contact, draft_inquiry
from procurement.outreach.api.line_fields import line_numbers_field
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.contacts import (
    best_suggestion,
    contacts_already_asked,
    intermediary_city,
    suggested_contacts,
)
from procurement.outreach.queries.letters import facts_about_lines, letter_drafts, translated_reasons
from procurement.outreach.rules.inquiries import (
    ANSWER_QUESTION,
    ASK_NEXT_CONTACT,
    ASK_PARTNER_CITY,
    ASK_QUESTION,
    CANCEL_INQUIRY,
    CHANGE_DUE_TIME,
    DECLINE_INQUIRY,
    EDIT_INQUIRY,
    EXPIRE_INQUIRY,
    FORWARD_INQUIRY,
    GIVE_CONSENT,
    REAFFIRM_OFFERS,
    RECORD_ANSWER,
    RECORD_PHONE_REPLY,
    REFUSE_CONSENT,
    REMIND_CONTACT,
    SEND_INQUIRY,
    TRANSLATE_REMARK,
)
from procurement.requests.models import SupplyRequest
from workflow import clock
from workflow.api.fast_serializers import (
    NULLABLE_TEXT_SCHEMA,
    OBJECT_LIST_SCHEMA,
    OBJECT_SCHEMA,
    ComputedField,
    NamedReferenceField,
    RowSerializer,
)
from workflow.api.fields import (
    CreateSerializer,
    EditSerializer,
    VisiblePrimaryKeyField,
    VisibleReferenceField,
    reason_field,
    text_field,
)
from workflow.api.filters import ReferenceFilterSet
from workflow.api.serializers import StrictSerializer
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.days import utc_day
from workflow.errors import Refused
from workflow.input_limits import MAX_LETTER_LENGTH
from workflow.query_expressions import order_by_moment


class InquiryRowSerializer(RowSerializer):
    """Inquiry in a list: a question to one contact about one need."""

    supply_request = NamedReferenceField()
    city = NamedReferenceField("slug")
    contact = serializers.IntegerField(source="contact_id")
    through_city = NamedReferenceField("slug", allow_null=True)

    class Meta:
        model = Inquiry
        fields = (
            *("reference", "status", "supply_request", "line_numbers", "city", "contact", "through_city"),
            *(
                "language",
                "subject",
                "sent_at",
                "due_at",
                "reminder_count",
                "answered_at",
                "leads",
                "created_at",
            ),
        )


NEED_CHANGE_SCHEMA = {
    "type": "object",
    "required": ["at", "reason", "before", "after"],
    "properties": {
        "at": {"type": "string", "format": "date-time"},
        "reason": {"type": "string", "description": "In the words of the city."},
        "before": OBJECT_SCHEMA
        | {"description": "The changed facts of the need; `lines` are those that changed."},
        "after": OBJECT_SCHEMA,
    },
}


def _announced_edits(rows: list[dict[str, Any]], line_numbers: list[int]) -> list[dict[str, Any]]:
    """Return the changes of the need since the letter was written, oldest first, from `with_need_changes`.

    Of the lines, they hold only those that the inquiry is about.
    """
    changes = [(row, facts_about_lines(row["facts"], line_numbers)) for row in rows]
    return [
        {
            "at": row["at"],
            "reason": row["reason"],
            "before": _announced_facts(row["before"], facts.get("lines_before")),
            "after": _announced_facts(row["after"], facts.get("lines")),
        }
        for row, facts in changes
    ]


def _announced_facts(facts: dict[str, Any], lines: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Return the facts of a need that those who were asked may know, and the changed lines if any."""
    known = {name: facts[name] for name in SupplyRequest.NOTIFIED_FIELDS if name in facts}
    return known if lines is None else {**known, "lines": lines}


class InquiryDetailSerializer(InquiryRowSerializer):
    """Complete inquiry: the message exactly as sent, and the reasons for this contact."""

    forwarded_to = NamedReferenceField(allow_null=True)
    consent = NamedReferenceField(allow_null=True)
    period_consent = ComputedField(
        "period_consent_reference", by=lambda number: number, kind=NULLABLE_TEXT_SCHEMA
    )
    changes = ComputedField(
        "changes",
        "line_numbers",
        by=_announced_edits,
        kind={"type": "array", "items": NEED_CHANGE_SCHEMA},
    )
    mails = mail_status_field()
    json_schemas = {"reasons": OBJECT_LIST_SCHEMA}

    class Meta:
        model = Inquiry
        fields = (
            *InquiryRowSerializer.Meta.fields,
            "body",
            "subject_own",
            "body_own",
            "language_own",
            "reasons",
            "chosen_because",
            "remark",
            "phone_respondent",
            "forwarded_to",
            "partner_asked_at",
            "consent",
            "period_consent",
            "introduction_text",
            "next_reminder_at",
            "alternates_allowed_from",
            "paused_at",
            "change_announced_at",
            "reaffirmed_at",
            "question",
            "questioned_at",
            "changes",
            "mails",
        )


def compose_inquiry(
    supply_request: SupplyRequest,
    contact: Contact,
    *,
    through_city: City | None = None,
    author: ActingUser,
    by: Permissions,
    at: datetime,
    **facts: Unpack[InquiryFacts],
) -> Inquiry:
    """Write an inquiry to a contact, as a draft. Missing facts are filled in.

    These are the letter in the contact's language and in your own, the reasons of the routing, and the
    partner city that is asked first. With `line_numbers`, the inquiry is about these lines of the need only. If you
    give your own `body`, only your own `body_own` is used with it. Refuses a contact who was asked about this need
    already. Without `chosen_because`, refuses a contact whom routing does not put first, or who has as many open
    inquiries as they want.
    """
    about = facts.get("line_numbers", ())
    composed = letter_drafts(supply_request, contact, author, supply_request.city.day_at(at), about)
    routed = _routing_facts(supply_request, contact, author, by, at, about)
    known: dict[str, Any] = {
        **{name: text for name, text in composed.items() if name.removesuffix("_own") not in facts},
        **routed,
        **facts,
    }
    # A contact introduced by another city is asked only through that city.
    known["through_city"] = routed.get("through_city") or through_city
    return draft_inquiry(supply_request, contact, author=author, by=by, at=at, **known)


def ask_other_contact(
    inquiry: Inquiry,
    *,
    to: Contact,
    chosen_because: str = "",
    author: ActingUser,
    by: Permissions,
    at: datetime,
) -> Inquiry:
    """Send an unanswered inquiry to another contact.

    The letter in that contact's language is sent at once, and the first contact is informed that the
    answer is no longer urgent. Refuses an inquiry that has not waited long enough, and a contact who
    was asked already. Without `chosen_because`, refuses a contact whom routing does not put first, or
    who has as many open inquiries as they want.
    """
    need = inquiry.supply_request
    drafts = letter_drafts(need, to, author, need.city.day_at(at), inquiry.line_numbers)
    known = {**drafts, **_routing_facts(need, to, author, by, at, inquiry.line_numbers)}
    return ask_next_contact(inquiry, to, chosen_because=chosen_because, author=author, by=by, at=at, **known)


def _routing_facts(
    need: SupplyRequest,
    contact: Contact,
    author: User,
    by: Permissions,
    at: datetime,
    line_numbers: Sequence[int],
) -> dict[str, Any]:
    """Return what the routing says about this contact: reasons, partner city to ask, best contact.

    Facts the routing does not give are left out. A contact whom the caller may not see can be asked
    only through a go-between city; otherwise the contact is refused.
    """
    found = suggested_contacts(need, at, author.language, line_numbers)
    best = best_suggestion(found, contacts_already_asked(need))
    known: dict[str, Any] = {"best": best.contact} if best else {}
    chosen = next((one for one in found if one.contact.pk == contact.pk), None)
    if chosen is not None:
        known |= {
            "reasons": translated_reasons(chosen.ranked_contact.reasons),
            "through_city": intermediary_city(chosen),
        }
    if not known.get("through_city") and not Contact.objects.visible_to(by).filter(pk=contact.pk).exists():
        words = _("“{value}” does not exist, or you cannot see it.")
        raise Refused("no_such_contact", words.format(value=contact.pk), field="contact")
    return known


class AskableContactField(VisiblePrimaryKeyField):
    """Field for a contact whom the caller may see, or whom a partner city could introduce."""

    def get_queryset(self) -> QuerySet[Any]:
        """Return the contacts of the caller's cities, of their partners, and of their partners' partners."""
        by = self.context["by"]
        beyond = partner_cities(by.partner_cities, utc_day(clock.now()))
        introduced = Contact.objects.accepting_inquiries().filter(city__in=beyond)
        return super().get_queryset() | introduced


LETTER_FIELD_KWARGS = {name: {"max_length": MAX_LETTER_LENGTH} for name in ("body", "body_own")}


class NewInquirySerializer(CreateSerializer):
    """Inquiry to write. It is not sent yet."""

    supply_request = VisibleReferenceField(SupplyRequest)
    contact = AskableContactField(Contact)
    line_numbers = line_numbers_field()
    through_city = VisibleReferenceField(City, "slug", required=False, allow_null=True)
    reasons = serializers.ListField(
        child=serializers.DictField(), required=False, help_text="The routing's, as it gave them."
    )

    class Meta:
        model = Inquiry
        fields = (
            "supply_request",
            "contact",
            "line_numbers",
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
            "body": {"required": False} | LETTER_FIELD_KWARGS["body"],
            "body_own": LETTER_FIELD_KWARGS["body_own"],
            "chosen_because": {
                "help_text": "Needed where routing ranks another contact first, where they have as many open questions as they "
                "want, or where another city waits for their answer about the same goods."
            },
        }


class InquiryEditSerializer(EditSerializer):
    """Texts of an inquiry to change before it is sent, or the reason for this contact."""

    class Meta:
        model = Inquiry
        fields = ("subject", "body", "subject_own", "body_own", "chosen_because")
        extra_kwargs = LETTER_FIELD_KWARGS


class ReminderWordsSerializer(StrictSerializer):
    """Text of a reminder. Without a `body`, the standard text is sent."""

    subject = text_field(200)
    body = text_field(
        MAX_LETTER_LENGTH,
        help_text="In the contact's language. The link and our closing line are added below.",
    )
    subject_own = text_field(200)
    body_own = text_field(MAX_LETTER_LENGTH, help_text="In your own language: sent below the other.")


class InquiryFilter(ReferenceFilterSet):
    """Filters for inquiries."""

    status = ChoiceFilter(choices=Inquiry.Status.choices)
    city = CharFilter("city__slug")
    supply_request = CharFilter("supply_request__reference")
    contact = NumberFilter("contact")
    consent = CharFilter("consent__reference")
    due_before = IsoDateTimeFilter("due_at", "lt")


class InquiryViewSet(CollectionViewSet):
    """Inquiries of your cities, those that wait for your answer, and those that you coordinate."""

    model = Inquiry
    path = "inquiries"
    list_serializer = InquiryRowSerializer
    detail_serializer = InquiryDetailSerializer
    filterset_class = InquiryFilter
    ordering_fields = {"due_at": order_by_moment("due_at")}
    create_action = MoveOperation(action=compose_inquiry, body=NewInquirySerializer)
    move_actions = move_operations(
        MoveOperation(EDIT_INQUIRY, body=InquiryEditSerializer),
        MoveOperation(SEND_INQUIRY, due_at=serializers.DateTimeField(required=False)),
        ASK_PARTNER_CITY,
        MoveOperation(
            GIVE_CONSENT,
            introduction=text_field(help_text="Your words to the contact, shown above the message."),
            until=serializers.DateField(
                required=False,
                allow_null=True,
                help_text="Last day on which your consent also covers later inquiries of this city to this contact. Null: "
                "this inquiry only.",
            ),
            reports_each_use=serializers.BooleanField(
                required=False, help_text="With `until`: you hear of each inquiry, not once a day."
            ),
        ),
        MoveOperation(REFUSE_CONSENT, reason=reason_field()),
        MoveOperation(RECORD_ANSWER, body=LeadAnswerSerializer),
        REAFFIRM_OFFERS,
        MoveOperation(ASK_QUESTION, question=reason_field("In the contact's words.")),
        MoveOperation(
            ANSWER_QUESTION,
            answer=reason_field("What the contacts read."),
            question=text_field(help_text="The wording that everyone reads; the contact's own if left out."),
            to_all=serializers.BooleanField(
                required=False,
                help_text="False: only the contact who asked gets the answer. True if left out.",
            ),
        ),
        DECLINE_INQUIRY,
        MoveOperation(
            RECORD_PHONE_REPLY,
            stated_by=serializers.CharField(max_length=150),
            remark=reason_field("What they said."),
        ),
        TRANSLATE_REMARK,
        MoveOperation(FORWARD_INQUIRY, to=VisiblePrimaryKeyField(Contact)),
        MoveOperation(REMIND_CONTACT, body=ReminderWordsSerializer),
        CHANGE_DUE_TIME,
        MoveOperation(
            ASK_NEXT_CONTACT,
            action=ask_other_contact,
            to=AskableContactField(Contact),
            says={"contact": "to"},
        ),
        EXPIRE_INQUIRY,
        CANCEL_INQUIRY,
    )

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with the contact, the consent given with them, and the state of the messages.

        The contact may have asked to be left alone; then some moves are not possible.
        """
        rows = super().detail_queryset(rows).select_related("contact__user")
        rows = rows.with_need_changes().with_lines_left()  # type: ignore[attr-defined]  # of our QuerySet
        rows = rows.annotate(period_consent_reference=F("period_consent__reference"))
        return with_mail_status(rows, self.by)

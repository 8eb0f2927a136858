"""Inquiries: one question to one contact about one need, with its reminders, answer and introduction."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import ActionLink
from partners.cities.models import City, CityDay
from partners.contacts.models import Contact
from procurement.requests.models import RequestLine, SupplyRequest, unannounced_edits
from workflow.base_models import JournaledModel
from workflow.journal.models import Entry
from workflow.outbox.models import Message, MessageQuerySet, Notification
from workflow.query_expressions import in_array, order_by_moment
from workflow.search import is_reference_start, normalize_reference
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class IntroductionRight(NamedTuple):
    """The right of a partner city's contact to consent to one inquiry, and to nothing else."""

    contact_id: int | None
    link_target: tuple[str, int]


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the inquiries that a person with these permissions may see.

        These are the inquiries of their own cities, of cities they watch as a coordinator, those sent to
        them as the contact, and those for which their city was asked to agree.
        """
        if permissions.oversees_all_cities:
            return self.all()
        asked = Q(contact__in=permissions.contact_ids, sent_at__isnull=False)
        introduces = Q(through_city__in=permissions.visible_cities) & ~Q(status=Inquiry.Status.DRAFT)
        return self.filter(
            Q(city__in=permissions.visible_cities | permissions.overseen_city_ids) | asked | introduces
        )

    def search(self, text: str) -> Self:
        """Return the inquiries whose reference begins with the text, or whose subject contains its words."""
        if is_reference_start(text, Inquiry.REFERENCE_PREFIX):
            return self.filter(reference__startswith=normalize_reference(text))
        found = Q()
        for word in text.split():
            found &= Q(subject__icontains=word)
        return self.filter(found)

    def awaiting_reply(self) -> Self:
        """Return the inquiries that wait for an answer."""
        return self.filter(status=Inquiry.Status.SENT)

    def awaiting_consent(self) -> Self:
        """Return the inquiries that wait for the consent of a partner city."""
        return self.filter(status=Inquiry.Status.AWAITING_CONSENT)

    def with_opened_at(self) -> Self:
        """Annotate `opened_at`: when the person asked first pressed Continue on a link to the inquiry, or None.

        On a practice site it is the time of the practice clock, not real time.
        """
        there = ActionLink.objects.filter(
            thing_label=Inquiry._meta.label_lower,
            thing_id=OuterRef(OuterRef("pk")),
            user=OuterRef(OuterRef("contact__user")),
        )
        seen = Entry.objects.filter(
            thing_label="accounts.actionlink", thing_id__in=there.values("pk"), verb="see"
        )
        return self.annotate(opened_at=Subquery(seen.order_by("at").values("at")[:1]))

    def moot(self) -> Self:
        """Return the open inquiries about needs that have ended."""
        return self.filter(
            status__in=Inquiry.Status.open, supply_request__status__in=SupplyRequest.Status.settled
        )

    def about_removed_lines(self) -> Self:
        """Return the open inquiries about chosen lines that have all been removed from the need."""
        return self.filter(status__in=Inquiry.Status.open).exclude(_has_lines_left())

    def with_lines_left(self) -> Self:
        """Annotate `has_lines_left`: False if all lines that the inquiry is about were removed from the need."""
        return self.annotate(has_lines_left=ExpressionWrapper(_has_lines_left(), models.BooleanField()))

    def via_ended_agreements(self, former: Mapping[int, Collection[int]]) -> Self:
        """Return the open inquiries through an agreement that has ended.

        `former` maps the id of each city to the ids of its former partner cities.
        """
        return self.filter(_via_ended_agreement(former), status__in=Inquiry.Status.open)

    def stopped_by_city(self) -> Self:
        """Return the open inquiries of a city that has stopped its inquiries to the person asked.

        This is the contact, or the partner city's contact who was asked to agree.
        """
        introducing = Q(
            status=Inquiry.Status.AWAITING_CONSENT, introducer__stopped_for__contains=[F("city_id")]
        )
        asked = Q(status__in=Inquiry.Status.open, contact__stopped_for__contains=[F("city_id")])
        return self.filter(asked | introducing)

    def consents_for_opted_out_contacts(self) -> Self:
        """Return the inquiries that await a partner city's consent but whose contact wants no more questions.

        The partner city's consent would have no effect.
        """
        return self.awaiting_consent().filter(contact__in=Contact.objects.declining_contact())

    def reminder_due(self, at: datetime) -> Self:
        """Return the waiting inquiries whose next reminder is due and would reach the contact."""
        due = self.awaiting_reply().filter(paused_at=None, contact__in=Contact.objects.reachable_by_mail())
        return due.inquiry_reminders_due(at)

    def consent_reminders_due(self, at: datetime) -> Self:
        """Return the inquiries to a partner city whose next reminder is due and useful.

        It must reach a person, and the contact must still be reachable and willing.
        """
        due = self.awaiting_consent().inquiry_reminders_due(at).exclude(_introducer_unreachable())
        return due.filter(contact__in=Contact.objects.accepting_inquiries().reachable_by_mail())

    def inquiry_reminders_due(self, at: datetime) -> Self:
        """Return the inquiries whose next reminder is due and whose need takes offers.

        Needs that the city has not reconfirmed in time are left out, and so are inquiries whose lines were all removed.
        """
        due = self.filter(_has_lines_left(), next_reminder_at__lte=at, supply_request__stopped=False)
        # The city must first confirm that the goods are still needed.
        return due.exclude(supply_request__reconfirm_by__lt=CityDay(at))

    def overdue_for_reply(self, due_before: datetime) -> Self:
        """Return the waiting inquiries overdue since this time, or whose contact cannot be reached.

        Inquiries whose lines were all removed are left out: no one else is asked about them.
        """
        out_of_reach = ~Q(contact__in=Contact.objects.reachable_by_mail())
        waiting = self.awaiting_reply().filter(
            _has_lines_left(), alternates_allowed_from=None, paused_at=None
        )
        return waiting.filter(Q(due_at__lte=due_before) | out_of_reach)

    def overdue_consents(self, due_before: datetime) -> Self:
        """Return the inquiries to a partner city overdue since this time, or whose reader cannot be reached.

        Inquiries whose lines were all removed are left out: no one else is asked about them.
        """
        silent = self.awaiting_consent().filter(_has_lines_left(), alternates_allowed_from=None)
        silent = silent.filter(supply_request__stopped=False)
        return silent.filter(Q(due_at__lte=due_before) | _introducer_unreachable())

    def consents_long_overdue(self, due_before: datetime, silent_since: datetime) -> Self:
        """Return the inquiries whose partner city has not answered for so long that waiting ends.

        They were due before `due_before`, no reminder is to come, and no notice about them was sent since
        `silent_since` or is planned.
        """
        unreachable = ~Q(contact__in=Contact.objects.accepting_inquiries().reachable_by_mail())
        none_to_come = Q(next_reminder_at=None) | _introducer_unreachable() | unreachable
        return (
            self.awaiting_consent()
            .without_message_since(silent_since)
            .filter(none_to_come, due_at__lt=due_before)
        )

    def alternates_allowed(self) -> Self:
        """Return the waiting inquiries for which another person may be asked."""
        return self.awaiting_reply().filter(alternates_allowed_from__isnull=False, paused_at=None)

    def to_pause(self) -> Self:
        """Return the waiting inquiries, not yet paused, whose needs take no offers for now."""
        return self.awaiting_reply().filter(paused_at=None, supply_request__in=SupplyRequest.objects.paused())

    def to_resume(self) -> Self:
        """Return the paused inquiries whose needs take offers again."""
        looking = SupplyRequest.objects.open().filter(stopped=False)
        return self.awaiting_reply().filter(paused_at__isnull=False, supply_request__in=looking)

    def with_unannounced_changes(
        self, former: Mapping[int, Collection[int]], changed_before: datetime
    ) -> Self:
        """Return the inquiries whose contacts have not yet been notified of a change of the need.

        The need changed before `changed_before`, and since the inquiry was sent or since the last such notice.
        Waiting, answered and lapsed inquiries are included, if the city still looks for goods that they are about and
        still writes to the contact. An inquiry sent after a change already describes it.
        """
        told = Coalesce(OuterRef("change_announced_at"), OuterRef("sent_at"))
        edits = unannounced_edits(OuterRef("supply_request"), told, OuterRef("line_numbers"))
        edits = edits.filter(at__lte=changed_before)
        hears = Q(status__in=Inquiry.CONTACT_INFORMED_STATUSES)
        looking = SupplyRequest.objects.open().filter(stopped=False)
        asked = self.filter(
            hears, Exists(edits), _has_lines_left(), paused_at=None, supply_request__in=looking
        )
        return asked.exclude(contact__stopped_for__contains=[F("city_id")]).exclude(
            _via_ended_agreement(former)
        )

    def to_recompose(self) -> Self:
        """Return the unsent inquiries with unedited letters whose need has changed since they were written."""
        unsent = self.filter(
            status__in=(Inquiry.Status.DRAFT, Inquiry.Status.AWAITING_CONSENT), is_unedited=True
        )
        written = OuterRef("text_written_at")
        edits = unannounced_edits(OuterRef("supply_request"), written, OuterRef("line_numbers"))
        return unsent.filter(Exists(edits))

    def sent_with_lost_consent(self) -> Self:
        """Return the waiting inquiries that are taken back from a contact whom they never reached.

        A paused inquiry is left out until it is resumed: its partner city is not asked while the need is stopped.
        """
        return self.awaiting_reply().filter(paused_at=None).with_lost_consent()

    def with_lost_consent(self) -> Self:
        """Return the inquiries that must not reach their contact, because their earlier consent is lost.

        It was withdrawn, or ended before its last day. Neither a consent that lasted until its day nor an
        inquiry that reached the contact before is affected.
        """
        lost = self.filter(consent__isnull=False).exclude(consent__status__in=("active", "expired"))
        return lost.exclude(Q(_has_link_at_hand()) | Q(Exists(_mail_to_contact().handed_over())))

    def consents_to_ask_no_one_for(self) -> Self:
        """Return the inquiries that lost an earlier consent and for which no one in the partner city can be asked."""
        return self.awaiting_consent().filter(partner_asked_at=None)

    def reached_contact(self) -> Self:
        """Return the inquiries that reached their contact, or whose mail is being sent or may have arrived."""
        mail, being_sent = _mail_to_contact(), _mail_to_contact().filter(state=Message.State.SENDING)
        return self.filter(Q(_has_link_at_hand()) | Q(Exists(mail.handed_over())) | Q(Exists(being_sent)))

    def with_need_changes(self) -> Self:
        """Annotate `changes`: the edits of the need since the letter was written, oldest first.

        Each is a dict of journal facts.
        """
        written = OuterRef("text_written_at")
        edits = unannounced_edits(OuterRef("supply_request"), written, OuterRef("line_numbers"))
        facts = JSONObject(at="at", reason="reason", before="before", after="after", facts="facts")
        return self.annotate(changes=ArraySubquery(edits.order_by("pk").values(row=facts)))

    def with_open_question(self) -> Self:
        """Return the inquiries whose contact waits for the answer to a question."""
        return self.exclude(question="")

    def question_reminders_due(self, at: datetime) -> Self:
        """Return the inquiries with an open question of which the city must be reminded.

        The first reminder is due after one day, then one a day, at most three.
        """
        due = Q()
        for count in range(3):
            due |= Q(question_reminders=count, questioned_at__lte=at - (count + 1) * timedelta(days=1))
        return self.with_open_question().filter(due)

    def with_unsent_answers(self) -> Self:
        """Return the inquiries whose contacts were not yet sent an answer for everyone asked.

        Waiting, answered and lapsed inquiries are included, if the city still looks for the goods and still writes
        to the contact.
        """
        told = Coalesce(OuterRef("informed_at"), OuterRef("sent_at"))
        answers = Entry.objects.filter(
            thing_label=SupplyRequest._meta.label_lower,
            thing_id=OuterRef("supply_request"),
            verb="clarify",
            at__gt=told,
        )
        hears = self.filter(status__in=Inquiry.CONTACT_INFORMED_STATUSES, paused_at=None)
        looking = SupplyRequest.objects.open().filter(stopped=False)
        hears = hears.filter(Exists(answers), supply_request__in=looking)
        return hears.exclude(contact__stopped_for__contains=[F("city_id")])

    def replies_long_overdue(self, due_before: datetime, silent_since: datetime) -> Self:
        """Return the waiting inquiries that are overdue for so long that waiting ends.

        They were due before `due_before`, no reminder is to come or could reach the contact, and no notice
        about them was sent since `silent_since` or is planned. The person who phones after the last
        reminder needs time within their own working hours. Contacts whom mail does not reach get the same
        time as others.
        """
        none_to_come = Q(next_reminder_at=None) | ~Q(contact__in=Contact.objects.reachable_by_mail())
        old = self.awaiting_reply().filter(none_to_come, due_at__lt=due_before, paused_at=None)
        return old.without_message_since(silent_since)

    def without_message_since(self, silent_since: datetime) -> Self:
        """Return the inquiries with no notice sent since this time and none planned."""
        about: dict[str, Any] = {"thing_label": Inquiry._meta.label_lower, "thing_id": OuterRef("pk")}
        reminded = Entry.objects.filter(**about, verb="remind", at__gt=silent_since)
        mail = Message.objects.filter(
            Q(state__in=(Message.State.PLANNED, Message.State.SENDING)) | Q(sent_at__gt=silent_since), **about
        )
        daily = Notification.objects.filter(
            Q(digest_at__isnull=False) | Q(digest__at__gt=silent_since),
            **{f"entry__{name}": value for name, value in about.items()},
        )
        return self.exclude(Q(Exists(reminded) | Exists(mail) | Exists(daily)))


def asks_about_lines(lines: models.QuerySet[RequestLine]) -> Q:
    """Return the condition for inquiries that ask about one of these lines."""
    return Q(supply_request__in=lines.values("supply_request")) & _about_whole_need_or(lines)


def asks_about_line_numbered(number: str) -> Q:
    """Return the condition for inquiries that ask about the line of their need whose number the outer query has in a column."""
    return Q(line_numbers=[]) | Q(line_numbers__contains=[OuterRef(number)])


def _has_lines_left() -> Q:
    """Return the condition for inquiries about the whole need, or about chosen lines of which at least one is left."""
    return _about_whole_need_or(RequestLine.objects.all())


def _about_whole_need_or(lines: models.QuerySet[RequestLine]) -> Q:
    """Return the condition for inquiries about the whole need, or that name one of these lines of it by its number."""
    named = lines.filter(
        in_array("position", OuterRef("line_numbers")), supply_request=OuterRef("supply_request")
    )
    return Q(line_numbers=[]) | Q(Exists(named))


def _via_ended_agreement(former: Mapping[int, Collection[int]]) -> Q:
    """Return the condition for inquiries through an ended agreement.

    They go directly to a former partner city, through one, or through a city whose agreement with the
    contact's city has ended.
    """
    gone = Q(pk=None)
    for city, partners in former.items():
        gone |= Q(city=city, through_city=None, contact__city__in=partners)
        gone |= Q(city=city, through_city__in=partners) | Q(through_city=city, contact__city__in=partners)
    return gone


def _has_link_at_hand() -> Exists:
    """Return the condition that the contact has a link to the inquiry that did not come by mail.

    It was copied, printed, or opened from the contact's own page. A link is also made for each mail before the
    mail server takes it, so such a link proves nothing (`_mail_to_contact`).
    """
    links = ActionLink.objects.filter(thing_label=Inquiry._meta.label_lower, thing_id=OuterRef("pk"))
    return Exists(links.filter(user=OuterRef("contact__user"), message_id=None))


def _mail_to_contact() -> MessageQuerySet:
    """Return the messages about the inquiry to its contact, for a subquery."""
    return Message.objects.filter(
        thing_label=Inquiry._meta.label_lower, thing_id=OuterRef("pk"), recipient=OuterRef("contact__user")
    )


def _introducer_unreachable() -> Q:
    """Return the condition that mail no longer reaches the contact who was asked for consent."""
    return Q(introducer__isnull=False) & ~Q(introducer__in=Contact.objects.reachable_by_mail())


class Inquiry(JournaledModel):
    """A question to one contact for one need, as it was sent.

    The contact can answer it, decline it or pass it on to a colleague.
    """

    REFERENCE_PREFIX = "IQ"
    URL_NAME = "inquiry"
    ALLOWS_FILES_FOR_CONTACT = True

    class Status(StatusChoices):
        DRAFT = "draft", StatusGroup.OPEN, pgettext_lazy("a question", "Draft")  # written but not sent yet
        # second degree: the partner city may refuse
        AWAITING_CONSENT = "awaiting_consent", StatusGroup.OPEN, _("Partner city asked")
        SENT = "sent", StatusGroup.OPEN, _("Awaiting reply")
        CONSENT_DECLINED = "consent_declined", StatusGroup.VOID, _("Declined by partner city")
        ANSWERED = "answered", StatusGroup.DONE, pgettext_lazy("a question", "Answered")
        DECLINED = "declined", StatusGroup.DONE, _("Cannot help")
        FORWARDED = "forwarded", StatusGroup.VOID, _("Passed on to a colleague")
        # the due date passed; an answer is still accepted
        NO_REPLY = "no_reply", StatusGroup.VOID, _("No reply")
        CANCELLED = "cancelled", StatusGroup.VOID, _("Cancelled")

    # The contact is informed of changes of the need and of answers to questions.
    CONTACT_INFORMED_STATUSES = (Status.SENT, Status.ANSWERED, Status.NO_REPLY)

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    supply_request = models.ForeignKey(SupplyRequest, models.PROTECT, related_name="inquiries")
    city = models.ForeignKey(
        City, models.PROTECT, related_name="inquiries", verbose_name=_("requesting city")
    )
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="inquiries")
    line_numbers = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        blank=True,
        editable=False,
        verbose_name=_("lines asked about"),
        help_text="Numbers of lines of the need, in order. Empty: the whole need, with lines added later.",
    )
    through_city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    introducer = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="introductions",
        verbose_name=_("person asked for consent"),
        help_text="A contact of `through_city`; null where its officers are asked.",
    )
    partner_asked_at = models.DateTimeField(_("partner city asked"), null=True, blank=True)
    consent = models.ForeignKey(
        "IntroductionConsent",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="uses",
        verbose_name=_("earlier consent"),
        help_text="The consent with which it was sent without asking the partner city; null where that city was asked.",
    )
    introduction_text = models.TextField(
        _("introduction by the partner city"),
        blank=True,
        help_text="In the words of the person who agreed; the contact reads it above the message.",
    )
    reasons = models.JSONField(
        default=list, help_text="Why this person: the routing's reasons as codes with their figures."
    )
    chosen_because = models.TextField(_("reason for choosing someone else"), blank=True)
    language = models.CharField(max_length=10)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("message"), help_text="In the contact's language, exactly as sent.")
    subject_own = models.CharField(_("subject in your language"), max_length=200, blank=True)
    body_own = models.TextField(_("message in your language"), blank=True)
    language_own = models.CharField(
        max_length=10, blank=True, help_text="Of the author, in which `subject_own` and `body_own` are."
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text_written_at = models.DateTimeField(
        editable=False,
        help_text="When these words were written. They do not include later changes to the need.",
    )
    is_unedited = models.BooleanField(
        default=False,
        editable=False,
        help_text="No person edited the words, so that they are composed again when the need changes before sending.",
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    due_at = models.DateTimeField(
        _("reply due by"),
        null=True,
        blank=True,
        help_text="The contact's answer; while the partner city is asked, its own.",
    )
    next_reminder_at = models.DateTimeField(null=True, blank=True)
    reminder_count = models.PositiveSmallIntegerField(default=0)
    alternates_allowed_from = models.DateTimeField(
        _("someone else can be asked from"),
        null=True,
        blank=True,
        help_text="Set automatically when the wait for this answer ends; null until then.",
    )
    paused_at = models.DateTimeField(
        _("paused"),
        null=True,
        blank=True,
        help_text="Since when the city takes no offers; null while it does.",
    )
    change_announced_at = models.DateTimeField(
        null=True, editable=False, help_text="When the contact was last notified of a change of the need."
    )
    question = models.TextField(
        _("question of the contact"),
        blank=True,
        help_text="Empty once it was answered; the journal keeps it.",
    )
    questioned_at = models.DateTimeField(
        null=True, editable=False, help_text="When the open question was asked."
    )
    question_reminders = models.PositiveSmallIntegerField(
        default=0, help_text="How often the city was reminded of the open question."
    )
    informed_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When the contact was last sent answers that are for everyone asked.",
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    reaffirmed_at = models.DateTimeField(
        _("offers confirmed after a change"),
        null=True,
        blank=True,
        help_text="When the contact last confirmed that their offers are still valid after the need changed.",
    )
    remark = models.TextField(_("answer given"), blank=True)
    phone_respondent = models.CharField(
        _("person who replied by phone"),
        max_length=150,
        blank=True,
        help_text="Empty where they answered by their link.",
    )
    forwarded_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="forwarded_from"
    )
    leads = models.PositiveSmallIntegerField(default=0)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supply_request", "contact"], name="inquiry_once_a_person"),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "awaiting_consent", "consent_declined", "cancelled"))
                | Q(sent_at__isnull=False),
                name="inquiry_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="forwarded") | Q(forwarded_to__isnull=False),
                name="inquiry_forwarded_to_a_person",
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="inquiry_of_city"),
            models.Index("city", order_by_moment("due_at"), "id", name="inquiry_soonest"),
            models.Index(
                "city",
                name="inquiry_allows_alternates",
                condition=Q(status="sent", alternates_allowed_from__isnull=False),
            ),
            models.Index("next_reminder_at", "id", name="inquiry_to_remind", condition=Q(status="sent")),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def asked_lines(self) -> models.QuerySet[RequestLine]:
        """The lines of the need that the inquiry is about, with their products, in their order."""
        lines = RequestLine.objects.filter(supply_request=self.supply_request_id).select_related("product")
        return lines.numbered(self.line_numbers).order_by("position")

    @property
    def lines_left(self) -> list[int]:
        """The numbers of the chosen lines that the need still has; empty for the whole need. At most one query."""
        return list(self.asked_lines.values_list("position", flat=True)) if self.line_numbers else []

    def asks_about_line(self, number: int) -> bool:
        """Return True if the inquiry is about the line of its need with this number."""
        return not self.line_numbers or number in self.line_numbers

    @property
    def answer_awaited_until(self) -> datetime | None:
        """The time until which an answer is awaited; None if the inquiry no longer waits."""
        return self.due_at if self.status in (self.Status.SENT, self.Status.AWAITING_CONSENT) else None

    @property
    def awaited_contact(self) -> Contact | None:
        """The contact whose answer is awaited. None if a partner city's officers are asked.

        Until a partner city agrees, it is the contact asked there.
        """
        return self.introducer if self.status == self.Status.AWAITING_CONSENT else self.contact

    @property
    def answerer_time_zone(self) -> str:
        """The time zone of the person who answers next."""
        person = self.awaited_contact
        if person is not None:
            return person.user.time_zone
        assert self.through_city is not None  # `no_partner_city_refusal` ensures it
        return self.through_city.timezone

    @property
    def answerer_city(self) -> City:
        """The city of the person who answers next."""
        between = self.through_city if self.status == self.Status.AWAITING_CONSENT else None
        return between or self.contact.city

    @property
    def introduction_right(self) -> IntroductionRight:
        """The right by which the partner city's contact may consent to this inquiry."""
        return IntroductionRight(self.introducer_id, (self._meta.label_lower, self.pk))

    def described_facts(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the words of a custom reminder or a translation in a journal entry, as pairs (label, text)."""
        named = {
            "subject": _("Subject"),
            "body": _("Message"),
            "body_own": _("In the requesting city’s language"),
            "translation": _("Translation"),
            "question": _("Question"),
            "answer": _("Answer"),
            "consent": _("Earlier consent of the partner city"),
            "consent_until": _("Consent until"),
        }
        return [(str(words), facts[name]) for name, words in named.items() if facts.get(name)]

    @property
    def agreement_city_pairs(self) -> list[tuple[int, int]]:
        """The pairs of city ids whose agreements the inquiry relies on: one pair, or two through a partner city."""
        there, between = self.contact.city_id, self.through_city_id
        return [(self.city_id, there)] if between is None else [(self.city_id, between), (between, there)]

"""One question to one person about one need, and what became of it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Link
from partners.models.cities import City, CityDay
from partners.models.people import Contact
from procurement.requests.models import SupplyRequest
from workflow.models.bell import InAppNotice
from workflow.models.journal import Entry
from workflow.models.post import Message
from workflow.models.tracked import Tracked
from workflow.queries import by_moment

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class Introduction(NamedTuple):
    """What the contact of a partner city is asked, as rights see it: their word about one question, and nothing else of it."""

    contact_id: int | None
    within: tuple[str, int]


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The asking city, who coordinates; once it went out, the person asked; the partner city once it was asked whether it may."""
        if powers.watches_all:
            return self.all()
        asked = Q(contact__in=powers.contacts, sent_at__isnull=False)
        introduces = Q(through_city__in=powers.sees) & ~Q(status=Inquiry.Status.PROPOSED)
        return self.filter(Q(city__in=powers.sees | powers.watches) | asked | introduces)

    def waiting(self) -> Self:
        """Questions that wait for an answer."""
        return self.filter(status=Inquiry.Status.SENT)

    def awaiting_consent(self) -> Self:
        """Questions that wait for a partner city to agree."""
        return self.filter(status=Inquiry.Status.AWAITING_CONSENT)

    def with_opened(self) -> Self:
        """Each with `opened_at`: when the person asked first pressed Continue on a link to it, by the story's clock; else None."""
        there = Link.objects.filter(
            thing_label=Inquiry._meta.label_lower,
            thing_id=OuterRef(OuterRef("pk")),
            user=OuterRef(OuterRef("contact__user")),
        )
        seen = Entry.objects.filter(thing_label="accounts.link", thing_id__in=there.values("pk"), verb="see")
        return self.annotate(opened_at=Subquery(seen.order_by("at").values("at")[:1]))

    def moot(self) -> Self:
        """Open questions about needs that look for goods no more."""
        return self.filter(status__in=Inquiry.OPEN, supply_request__status__in=SupplyRequest.ENDED)

    def through_ended(self, former: Mapping[int, Collection[int]]) -> Self:
        """Open questions through an agreement that has ended: `former` holds each city's former partners."""
        return self.filter(_through(former), status__in=Inquiry.OPEN)

    def stopped_by_city(self) -> Self:
        """Open questions of a city that has stopped its questions to the contact, or to who was asked to agree."""
        introducing = Q(
            status=Inquiry.Status.AWAITING_CONSENT, introducer__stopped_for__contains=[F("city_id")]
        )
        asked = Q(status__in=Inquiry.OPEN, contact__stopped_for__contains=[F("city_id")])
        return self.filter(asked | introducing)

    def consents_about_left_alone(self) -> Self:
        """Questions to a partner city about a contact who wants to be asked no more: its word would lead nowhere."""
        return self.awaiting_consent().filter(contact__in=Contact.objects.left_alone())

    def due_for_chasing(self, at: datetime) -> Self:
        """Open questions whose next reminder is due, and would reach a person."""
        due = self.waiting().filter(paused_at=None, contact__in=Contact.objects.within_reach())
        return due.reminders_due(at)

    def consents_to_chase(self, at: datetime) -> Self:
        """Questions to a partner city whose next reminder is due, would reach a person, and could lead to the contact."""
        due = self.awaiting_consent().reminders_due(at).exclude(_introducer_gone())
        return due.filter(contact__in=Contact.objects.answering().within_reach())

    def reminders_due(self, at: datetime) -> Self:
        """Those whose next reminder is due and whose need is still open."""
        due = self.filter(chase_at__lte=at, supply_request__stopped=False)
        # First the city says that it is still needed.
        return due.exclude(supply_request__reconfirm_by__lt=CityDay(at))

    def to_give_way(self, due_before: datetime) -> Self:
        """Open questions that nobody answered by a day, or whose contact cannot be reached or asks to be left alone."""
        out_of_reach = ~Q(contact__in=Contact.objects.within_reach())
        waiting = self.waiting().filter(next_from=None, paused_at=None)
        return waiting.filter(Q(due_at__lte=due_before) | out_of_reach)

    def consents_to_give_way(self, due_before: datetime) -> Self:
        """Questions to a partner city that it did not answer by a day, or where the person asked cannot be reached any more."""
        silent = self.awaiting_consent().filter(next_from=None, supply_request__stopped=False)
        return silent.filter(Q(due_at__lte=due_before) | _introducer_gone())

    def consents_given_up(self, due_before: datetime, silent_since: datetime) -> Self:
        """Questions to a partner city long past their day, about which no notice went out lately, with no reminder to come."""
        unreachable = ~Q(contact__in=Contact.objects.answering().within_reach())
        none_to_come = Q(chase_at=None) | _introducer_gone() | unreachable
        return self.awaiting_consent().untold_since(silent_since).filter(none_to_come, due_at__lt=due_before)

    def giving_way(self) -> Self:
        """Open questions that may be put to somebody else by now."""
        return self.waiting().filter(next_from__isnull=False, paused_at=None)

    def to_pause(self) -> Self:
        """Open questions about needs that take no offers at the moment, whose contacts still think they wait."""
        return self.waiting().filter(paused_at=None, supply_request__in=SupplyRequest.objects.paused())

    def to_take_up(self) -> Self:
        """Paused questions whose needs take offers again."""
        looking = SupplyRequest.objects.open().filter(stopped=False)
        return self.waiting().filter(paused_at__isnull=False, supply_request__in=looking)

    def to_restate(self, former: Mapping[int, Collection[int]]) -> Self:
        """Questions whose need has changed since they went out, or since their contacts were told of a change: open ones, answered
        ones, and those that wait no longer, as long as the city looks for the goods and still writes to the contact. A question that
        goes after a change says so itself.
        """
        edits = Entry.objects.filter(
            thing_label=SupplyRequest._meta.label_lower,
            thing_id=OuterRef("supply_request"),
            verb="edit",
            at__gt=Coalesce(OuterRef("restated_at"), OuterRef("sent_at")),
        )
        same = Q(facts__lines=F("facts__lines_before"))  # as far as lines are told
        edits = edits.filter(Q(after__has_any_keys=SupplyRequest.TOLD) | Q(facts__has_key="lines") & ~same)
        hears = Q(status__in=(Inquiry.Status.SENT, Inquiry.Status.ANSWERED, Inquiry.Status.LAPSED))
        looking = SupplyRequest.objects.open().filter(stopped=False)
        asked = self.filter(hears, Exists(edits), paused_at=None, supply_request__in=looking)
        return asked.exclude(contact__stopped_for__contains=[F("city_id")]).exclude(_through(former))

    def given_up(self, due_before: datetime, silent_since: datetime) -> Self:
        """Open questions long past their day, of which nobody was told lately or is yet to be told, with no reminder to come or nobody
        whom it would reach.

        The call after the last reminder waits for the caller's own working hours, and they are given as long as everybody else.
        """
        none_to_come = Q(chase_at=None) | ~Q(contact__in=Contact.objects.within_reach())
        old = self.waiting().filter(none_to_come, due_at__lt=due_before, paused_at=None)
        return old.untold_since(silent_since)

    def untold_since(self, silent_since: datetime) -> Self:
        """Those of which nothing was told since a moment, and nothing is on its way."""
        about: dict[str, Any] = {"thing_label": Inquiry._meta.label_lower, "thing_id": OuterRef("pk")}
        reminded = Entry.objects.filter(**about, verb="remind", at__gt=silent_since)
        mail = Message.objects.filter(
            Q(state__in=(Message.State.PLANNED, Message.State.CLAIMED)) | Q(sent_at__gt=silent_since), **about
        )
        daily = InAppNotice.objects.filter(
            Q(digest_at__isnull=False) | Q(digest__at__gt=silent_since),
            **{f"entry__{name}": value for name, value in about.items()},
        )
        return self.exclude(Q(Exists(reminded) | Exists(mail) | Exists(daily)))


def _through(former: Mapping[int, Collection[int]]) -> Q:
    """Questions that went straight to a former partner city, or through one, or through a city whose agreement with theirs ended."""
    gone = Q(pk=None)
    for city, partners in former.items():
        gone |= Q(city=city, through_city=None, contact__city__in=partners)
        gone |= Q(city=city, through_city__in=partners) | Q(through_city=city, contact__city__in=partners)
    return gone


def _introducer_gone() -> Q:
    """The contact who was asked to agree takes no mail any more, or it comes back."""
    return Q(introducer__isnull=False) & ~Q(introducer__in=Contact.objects.within_reach())


class Inquiry(Tracked):
    """A request for help, as it was sent. Saying no, handing over and helping cost the same."""

    REFERENCE_PREFIX = "IQ"
    PAGE = "inquiry"
    PAPERS_FOR_CONTACT = True

    class Status(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("a question", "Proposed")  # written, not yet sent
        AWAITING_CONSENT = (
            "awaiting_consent",
            _("Partner city asked"),
        )  # second degree: the partner city may say no
        SENT = "sent", _("Waiting for an answer")
        REFUSED = "refused", _("Partner city said no")
        ANSWERED = "answered", pgettext_lazy("a question", "Answered")
        DECLINED = "declined", _("Cannot help")
        HANDED_OVER = "handed_over", _("Handed over")
        LAPSED = "lapsed", _("No answer")  # the day passed; an answer is still welcome
        CANCELLED = "cancelled", _("Cancelled")

    OPEN = (Status.PROPOSED, Status.AWAITING_CONSENT, Status.SENT)

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    supply_request = models.ForeignKey(SupplyRequest, models.PROTECT, related_name="inquiries")
    city = models.ForeignKey(City, models.PROTECT, related_name="inquiries", verbose_name=_("asking city"))
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="inquiries")
    through_city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    introducer = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="introductions",
        verbose_name=_("who was asked to agree"),
        help_text="A contact of `through_city`; null where its officers are asked.",
    )
    partner_asked_at = models.DateTimeField(_("partner city asked"), null=True, blank=True)
    reasons = models.JSONField(
        default=list, help_text="Why this person: the routing's reasons as codes with their figures."
    )
    chosen_because = models.TextField(_("why somebody else was chosen"), blank=True)
    language = models.CharField(max_length=10)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("message"), help_text="In the contact's language, exactly as sent.")
    subject_own = models.CharField(_("subject in your language"), max_length=200, blank=True)
    body_own = models.TextField(_("message in your language"), blank=True)
    language_own = models.CharField(
        max_length=10, blank=True, help_text="Of the author, in which `subject_own` and `body_own` are."
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    worded_at = models.DateTimeField(
        editable=False,
        help_text="When these words were written. They do not include later changes to the need.",
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    due_at = models.DateTimeField(
        _("answer hoped for by"),
        null=True,
        blank=True,
        help_text="The contact's answer; while the partner city is asked, its own.",
    )
    chase_at = models.DateTimeField(null=True, blank=True)
    chases = models.PositiveSmallIntegerField(default=0)
    next_from = models.DateTimeField(
        _("somebody else may be asked since"),
        null=True,
        blank=True,
        help_text="Set by the clock once nobody need wait for this answer any longer; null until then.",
    )
    paused_at = models.DateTimeField(
        _("paused"),
        null=True,
        blank=True,
        help_text="Since when the city takes no offers; null while it does.",
    )
    restated_at = models.DateTimeField(
        null=True, editable=False, help_text="When they were told last of a change of the need."
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    remark = models.TextField(_("what they said"), blank=True)
    told_by = models.CharField(
        _("who said it by phone"),
        max_length=150,
        blank=True,
        help_text="Empty where they answered by their link.",
    )
    handed_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="handed_from")
    leads = models.PositiveSmallIntegerField(default=0)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supply_request", "contact"], name="inquiry_once_a_person"),
            models.CheckConstraint(
                condition=Q(status__in=("proposed", "awaiting_consent", "refused", "cancelled"))
                | Q(sent_at__isnull=False),
                name="inquiry_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="handed_over") | Q(handed_to__isnull=False),
                name="inquiry_handed_over_to_somebody",
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="inquiry_of_city"),
            models.Index("city", by_moment("due_at"), "id", name="inquiry_soonest"),
            models.Index(
                "city", name="inquiry_gives_way", condition=Q(status="sent", next_from__isnull=False)
            ),
            models.Index("chase_at", "id", name="inquiry_to_chase", condition=Q(status="sent")),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def waits_until(self) -> datetime | None:
        """Until when an answer is hoped for; none once the question waits no longer."""
        return self.due_at if self.status in (self.Status.SENT, self.Status.AWAITING_CONSENT) else None

    @property
    def waits_for(self) -> Contact | None:
        """The contact whose word is waited for: the one who was asked; until a partner city agrees, the one asked there.

        None where that city's officers are asked.
        """
        return self.introducer if self.status == self.Status.AWAITING_CONSENT else self.contact

    @property
    def their_zone(self) -> str:
        """The time zone of the person who answers next."""
        person = self.waits_for
        if person is not None:
            return person.user.time_zone
        assert self.through_city is not None  # a partner city is asked: `goes_through`
        return self.through_city.timezone

    @property
    def introduction(self) -> Introduction:
        """What the contact of the partner city may act on."""
        return Introduction(self.introducer_id, (self._meta.label_lower, self.pk))

    def tell(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        """What an entry says of a reminder in words of its own: what went, in each language."""
        named = {
            "subject": _("Subject"),
            "body": _("Message"),
            "body_own": _("In the language of the city that asks"),
        }
        return [(str(words), facts[name]) for name, words in named.items() if facts.get(name)]

    @property
    def ties(self) -> list[tuple[int, int]]:
        """The pairs of cities it goes through: straight to the contact's, or to the partner city's and from there."""
        there, between = self.contact.city_id, self.through_city_id
        return [(self.city_id, there)] if between is None else [(self.city_id, between), (between, there)]


class SentLetterQuerySet(models.QuerySet["SentLetter"]):
    def thanks_about(self, label: str, pk: int) -> Self:
        """The letters of thanks about one thing, the oldest first."""
        return self.filter(entry__thing_label=label, entry__thing_id=pk).order_by("pk")


class SentLetter(models.Model):
    """A question, or thanks, as a letter, frozen as it was sent: it says later what it said then.

    Kept are the words and figures of the paper, not its bytes: the layout may get better, what it says does not change.
    """

    inquiry = models.OneToOneField(Inquiry, models.PROTECT, null=True, related_name="letter")
    entry = models.OneToOneField(
        Entry,
        models.PROTECT,
        null=True,
        related_name="letter",
        help_text="What is thanked for; null for a question.",
    )
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        related_name="thanks",
        help_text="Who is thanked; null for a question.",
    )
    code = models.CharField(
        max_length=40,
        unique=True,
        help_text="Stands in the QR; opens a public page that says the letter is genuine.",
    )
    words = models.JSONField(help_text="What the paper says, in each of its languages.")
    sha256 = models.CharField(max_length=64, help_text="Of the words, as `paper.hashed` writes them.")
    sent_at = models.DateTimeField(_("sent"))
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = SentLetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(inquiry__isnull=False, entry=None, contact=None)
                | Q(inquiry=None, entry__isnull=False, contact__isnull=False),
                name="letter_asks_or_thanks",
            ),
        ]

    def __str__(self) -> str:
        return str(self.words.get("reference", self.code))

    @property
    def fingerprint(self) -> str:
        """The first sixteen signs of the hash in fours, as they stand on the paper."""
        return " ".join(self.sha256[start : start + 4] for start in range(0, 16, 4))

"""Set-up tasks of a real site: those of each city for its administrator, and of the network for a coordinator.

Reads only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from partners.cities.models import City
from partners.contacts.models import Contact
from partners.memberships.models import Invitation, Membership
from partners.permissions.permissions import Permissions
from partners.todo_marks.models import TodoMark
from procurement.catalogue.models.reference_rows import ReferenceLoad
from procurement.leads.currency_conversion import last_rate_day
from procurement.sanctions.models import Watchlist
from workflow.days import reader_day
from workflow.formatting import format_day, format_moment, format_zone
from workflow.installation_models import Instance
from workflow.journal.models import Entry
from workflow.outbox.models import Message
from workflow.templatetags.figures import money

NETWORK_TASK_ID = 0  # the id of a task of the whole network, which has no city
MARK_KIND_PREFIX = "setup_"  # of the kinds of marks on set-up tasks
TEST_MAIL_TEMPLATE = "test_mail"  # template of the test message
BACKUP_INTERVAL = timedelta(days=7)  # a backup is expected within it, as by `check --deploy`
Role = Membership.Role


@dataclass(frozen=True, kw_only=True)
class SetupTask:
    """One task of the set-up, with its reason, its present state and the page where it is done.

    `is_post_button`: its button sends a form. `is_skipped`: the reader marked it as not needed.
    """

    code: str
    title: str
    reason: str
    state_text: str
    url: str
    action_label: str
    is_done: bool
    is_post_button: bool = False
    is_skipped: bool = False


@dataclass(frozen=True)
class SetupList:
    """Set-up tasks of one city, or of the whole network (`city` is None), in the order in which they are done."""

    city: City | None
    tasks: list[SetupTask]

    @property
    def marked_thing_id(self) -> int:
        """Id by which the reader's marks (“not needed”) refer to the city or the network."""
        return self.city.pk if self.city else NETWORK_TASK_ID

    @property
    def open_tasks(self) -> list[SetupTask]:
        """Tasks that are still to be done."""
        return [task for task in self.tasks if not task.is_done and not task.is_skipped]

    @property
    def settled_tasks(self) -> list[SetupTask]:
        """Tasks that are done or not needed."""
        return [task for task in self.tasks if task.is_done or task.is_skipped]


def setup_lists(by: Permissions, at: datetime, marks: Iterable[TodoMark] | None = None) -> list[SetupList]:
    """Return a list for each city whose members the reader manages and, for a coordinator, one for the network.

    `marks` are the reader's marks in effect, if they have been read already.
    """
    if not by.managed_city_ids and not by.is_coordinator:
        return []
    if marks is None:
        marks = TodoMark.objects.filter(user=by.user_id, kind__startswith=MARK_KIND_PREFIX)
    skipped = {(mark.kind, mark.thing_id) for mark in marks if mark.user_id == by.user_id}
    cities = (
        City.objects.filter(pk__in=by.managed_city_ids).order_by("name_en", "pk")
        if by.managed_city_ids
        else ()
    )
    site = [_test_mail_task(by), _reference_data_task(at), _backup_task(at)]
    found = [SetupList(city, [*_city_tasks(city, by), *site]) for city in cities]
    if by.is_coordinator:
        found.append(SetupList(None, [*_coordinator_tasks(by), *site]))
    return [
        SetupList(
            one.city,
            [
                replace(task, is_skipped=(MARK_KIND_PREFIX + task.code, one.marked_thing_id) in skipped)
                for task in one.tasks
            ],
        )
        for one in found
    ]


# --- tasks of a city --------------------------------------------------------------------------------------------
def _city_tasks(city: City, by: Permissions) -> list[SetupTask]:
    partners = by.partner_city_ids_by_city.get(city.pk, frozenset())
    return [
        _city_details_task(city),
        _people_task(city),
        _approval_limit_task(city),
        _agreements_task(city, partners),
        _contacts_task(city, partners),
    ]


def _city_details_task(city: City) -> SetupTask:
    facts = {_("currency"): city.currency, _("time zone"): city.timezone, _("position"): city.latitude}
    missing = [label for label, value in facts.items() if value in ("", None)]
    state = _("Missing: %(facts)s") % {"facts": ", ".join(missing)}
    return SetupTask(
        code="city",
        title=_("City details"),
        reason=_("Currency, time zone and position. Times, amounts and the map depend on them."),
        state_text=state if missing else f"{city.currency} · {format_zone(city.timezone)}",
        url=reverse("edit_city", args=[city.slug]),
        action_label=_("Check city details"),
        is_done=not missing,
    )


def _people_task(city: City) -> SetupTask:
    members = list(Membership.objects.active().filter(city=city).values_list("role", "user_id"))
    sent = Invitation.objects.filter(city=city, status=Invitation.Status.SENT)
    invited = set(sent.values_list("role", flat=True))
    held = {role: {user for one, user in members if one == role} for role in (Role.OFFICER, Role.APPROVER)}
    return SetupTask(
        code="people",
        title=_("People"),
        reason=_("At least one procurement officer and one approver: no one can approve their own order."),
        state_text=" · ".join(
            _role_state(role, bool(users), role in invited) for role, users in held.items()
        ),
        url=reverse("invite", args=[city.slug]),
        action_label=_("Invite staff"),
        is_done=all(held.values()) and len(set.union(*held.values())) > 1,
    )


def _role_state(role: Membership.Role, joined: bool, invited: bool) -> str:
    waiting = _("%(role)s: invited") if invited else _("%(role)s: missing")
    words = _("%(role)s: joined") if joined else waiting
    return words % {"role": role.label}


def _approval_limit_task(city: City) -> SetupTask:
    limit = city.approval_limit
    if limit is None:
        state = _("Every order needs approval.")
    else:
        state = _("Orders above %(amount)s need approval.") % {"amount": money(limit, city.currency)}
    return SetupTask(
        code="limit",
        title=_("Approval limit"),
        reason=_("The amount above which an order needs approval, as set by your purchasing rules."),
        state_text=state,
        url=reverse("approval_limits", args=[city.slug]),
        action_label=_("Set the approval limit"),
        is_done=limit is not None,
    )


def _agreements_task(city: City, partners: frozenset[int]) -> SetupTask:
    number = len(partners)
    words = ngettext("%(n)s partner city with an agreement", "%(n)s partner cities with an agreement", number)
    return SetupTask(
        code="agreements",
        title=_("Agreements"),
        reason=_("Twinning agreements that both cities have confirmed. They determine whom you can ask."),
        state_text=words % {"n": number},
        url=reverse("add_agreement", args=[city.slug]),
        action_label=_("Add an agreement"),
        is_done=bool(partners),
    )


def _contacts_task(city: City, partners: frozenset[int]) -> SetupTask:
    active = Contact.objects.filter(city__in=partners).exclude(status=Contact.Status.OPTED_OUT)
    number = active.count() if partners else 0
    partner = City.objects.filter(pk__in=partners).order_by("name_en", "pk").first() if partners else None
    words = ngettext("%(n)s contact in partner cities", "%(n)s contacts in partner cities", number)
    return SetupTask(
        code="contacts",
        title=_("Contacts in partner cities"),
        reason=_("People in offices of your partner cities who can be asked for offers and checks."),
        state_text=words % {"n": number},
        url=(partner or city).get_absolute_url(),
        action_label=_("Open the partner city") if partner else _("Open your city’s page"),
        is_done=number > 0,
    )


# --- tasks of a coordinator -------------------------------------------------------------------------------------
def _coordinator_tasks(by: Permissions) -> list[SetupTask]:
    cities = (
        City.objects.all() if by.oversees_all_cities else City.objects.filter(pk__in=by.overseen_city_ids)
    )
    led = Membership.objects.active().filter(role=Role.ADMINISTRATOR, city__in=cities)
    return [_city_register_task(cities.count()), _administrators_task(led.values("city").distinct().count())]


def _city_register_task(number: int) -> SetupTask:
    words = ngettext("%(n)s city in the register", "%(n)s cities in the register", number)
    return SetupTask(
        code="register",
        title=_("City register"),
        reason=_(
            "Add the cities that use Twinlane and their partner cities one by one, or import them as a list."
        ),
        state_text=words % {"n": number},
        url=reverse("add_city"),
        action_label=_("Add a city"),
        is_done=number > 1,
    )


def _administrators_task(number: int) -> SetupTask:
    words = ngettext("%(n)s city has an administrator", "%(n)s cities have an administrator", number)
    return SetupTask(
        code="administrators",
        title=_("City administrators"),
        reason=_("Each city needs an administrator to invite its staff. Open the city’s page to invite one."),
        state_text=words % {"n": number},
        url=f"{reverse('cities')}?all=1",
        action_label=_("Choose a city"),
        is_done=number > 0,
    )


# --- tasks of the whole site ------------------------------------------------------------------------------------
def _test_mail_task(by: Permissions) -> SetupTask:
    last = (
        Message.objects.filter(recipient=by.user_id, template=TEST_MAIL_TEMPLATE)
        .order_by("-created_at")
        .first()
    )
    return SetupTask(
        code="mail",
        title=_("Email"),
        reason=_("Send a test message to your own address to check that email from this site is delivered."),
        state_text=_mail_state(by, last),
        url=reverse("send_test_mail"),
        action_label=_("Send me a test message"),
        is_done=last is not None and last.sent_at is not None,
        is_post_button=True,
    )


def _mail_state(by: Permissions, last: Message | None) -> str:
    if last is None:
        asked = Entry.objects.filter(
            thing_label="accounts.user", thing_id=by.user_id, verb="send_test_mail"
        ).exists()
        return _("Waiting to be sent.") if asked else _("Not sent yet.")
    if last.sent_at is not None:
        return _("Sent %(when)s. Check that it arrived.") % {"when": format_moment(last.sent_at)}
    if last.state == Message.State.PLANNED and not last.attempts:
        return _("Waiting to be sent.")
    return _("Not sent: ask the people who run this site to check the mail server’s settings.")


def _reference_data_task(at: datetime) -> SetupTask:
    today = reader_day(at)
    loaded = ReferenceLoad.objects.aggregate(last=Max("at"))["last"]
    lists = Watchlist.objects.in_force().filter(kind=Watchlist.Kind.SANCTIONS)
    published = lists.aggregate(last=Max("published_on"))["last"]
    ages = (
        (_("Customs rules, products and prices"), reader_day(loaded) if loaded else None),
        (_("Exchange rates"), last_rate_day()),
        (_("Sanctions lists"), published),
    )
    return SetupTask(
        code="data",
        title=_("Lists and reference data"),
        reason=_(
            "Offers are checked against these lists and data. No sanctions list is supplied: upload "
            "the ones that you must follow."
        ),
        state_text=" · ".join(
            _("%(what)s: %(why)s") % {"what": what, "why": _age(day, today)} for what, day in ages
        ),
        url=reverse("watchlists"),
        action_label=_("Open watchlists"),
        is_done=loaded is not None and published is not None,
    )


def _age(day: date | None, today: date) -> str:
    if day is None:
        return pgettext("lists and data", "none")
    days = max(0, (today - day).days)
    words = ngettext("%(day)s (%(n)s day old)", "%(day)s (%(n)s days old)", days)
    return words % {"day": format_day(day), "n": days}


def _backup_task(at: datetime) -> SetupTask:
    last = Instance.objects.values_list("backed_up_at", flat=True).first()
    return SetupTask(
        code="backup",
        title=_("Backup"),
        reason=_("Ask the people who run this site to set up a nightly backup of its database and files."),
        state_text=_("Last backup: %(when)s") % {"when": format_moment(last)}
        if last
        else _("No backup yet."),
        url=f"{reverse('help_first_run')}#backup",
        action_label=_("How to back up"),
        is_done=last is not None and at - last <= BACKUP_INTERVAL,
    )

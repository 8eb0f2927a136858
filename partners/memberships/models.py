"""Roles of people in cities, invitations, and delegations for an absent approver."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from workflow.base_models import JournaledModel
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the user's own roles and those of the people in cities whose data the user may read."""
        return self.filter(Q(user=permissions.user_id) | Q(city__in=permissions.visible_cities))

    def active(self) -> Self:
        """Return the roles that have not ended."""
        return self.filter(status=Membership.Status.ACTIVE)


class Membership(JournaledModel):
    """Role of a person in a city.

    The city of a coordinator may be a province, for all its cities, or None, for the whole network.
    """

    class Status(StatusChoices):
        ACTIVE = "active", StatusGroup.DONE, _("Active")  # in effect from the next request on
        ENDED = "ended", StatusGroup.VOID, _("Ended")  # kept, to explain past actions of the person

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("City administrator")
        COORDINATOR = "coordinator", _("Coordinator")
        OFFICER = "officer", _("Procurement officer")
        APPROVER = "approver", _("Approver")
        VERIFIER = "verifier", _("Verifier")
        LOGISTICS = "logistics", _("Logistics")
        BROKER = "broker", _("Customs broker")
        OBSERVER = "observer", _("Observer")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="memberships")
    role = models.CharField(_("role"), max_length=15, choices=Role)
    invitation = models.OneToOneField(
        "Invitation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="membership",
        help_text="The invitation through which the person got the role.",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "city", "role"],
                name="membership_once",
                nulls_distinct=False,
                condition=Q(status="active"),
            ),
            models.CheckConstraint(
                condition=Q(city__isnull=False) | Q(role="coordinator"),
                name="membership_only_a_coordinator_has_no_city",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the invitations of cities whose people the user manages, and those the user sent."""
        return self.filter(Q(city__in=permissions.managed_city_ids) | Q(invited_by=permissions.user_id))

    def open(self, at: datetime) -> Self:
        """Return the invitations that wait for an answer. `at` is the real time."""
        return self.filter(status=Invitation.Status.SENT, expires_at__gt=at)


class Invitation(JournaledModel):
    """Invitation to a role, for one use, with an expiry time, bound to an e-mail address.

    Its token is made when the message is sent. Only a hash is stored.
    """

    class Status(StatusChoices):
        # waits for an answer until it expires
        SENT = "sent", StatusGroup.OPEN, pgettext_lazy("an invitation", "Sent")
        ACCEPTED = "accepted", StatusGroup.DONE, pgettext_lazy("an invitation", "Accepted")
        # revoked before it was accepted
        REVOKED = "revoked", StatusGroup.VOID, pgettext_lazy("an invitation", "Revoked")

    SECRET_FIELDS = frozenset({"token_hash"})

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations")
    email = models.EmailField(_("email"))
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="invitations")
    role = models.CharField(_("role"), max_length=15, choices=Membership.Role)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(_("valid until"), help_text="In real time, not practice time.")
    accepted_at = models.DateTimeField(_("accepted"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "city", "role"],
                name="invitation_once_open",
                nulls_distinct=False,
                condition=Q(status="sent"),
            ),
            models.CheckConstraint(
                condition=Q(status="accepted", accepted_at__isnull=False)
                | (~Q(status="accepted") & Q(accepted_at=None)),
                name="invitation_accepted_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(city__isnull=False) | Q(role="coordinator"),
                name="invitation_only_a_coordinator_has_no_city",
            ),
        ]
        indexes = [models.Index("token_hash", name="invitation_by_token", condition=~Q(token_hash=""))]

    def __str__(self) -> str:
        return self.email

    @property
    def inviter_name(self) -> str:
        """Name of the person who invites, for the addressee; a general word for the console of the server."""
        return str(self.invited_by or _("The Twinlane administrator"))


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the delegations in the cities whose data the user may read.

        Those who can read a decision can also read on whose behalf it was made.
        """
        return self.filter(city__in=permissions.visible_cities)

    def not_revoked(self) -> Self:
        """Return the delegations that were not ended early. Their dates decide whether they are in effect."""
        return self.filter(revoked_at=None)


class Delegation(models.Model):
    """Permission of an approver for a colleague to approve from one day to another, both included.

    Days follow the time zone of the city. A delegation ends with the role of the approver, because it gives
    nothing that the approver does not have. Its dates never change; it can only end early.
    """

    city = models.ForeignKey(City, models.PROTECT, related_name="delegations")
    delegator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    starts_on = models.DateField(_("start date"))
    ends_on = models.DateField(_("until"))
    reason = models.TextField(_("reason"), blank=True)
    given_at = models.DateTimeField(_("delegated on"))
    revoked_at = models.DateTimeField(_("date withdrawn"), null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="delegation_ends_later"),
            models.CheckConstraint(condition=~Q(delegator=F("deputy")), name="delegation_is_to_another"),
        ]
        indexes = [
            models.Index("deputy", "ends_on", name="delegation_to", condition=Q(revoked_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.delegator} → {self.deputy}"

"""Roles as data: each role is a set of permissions with a description.

Sessions, API tokens and links use the same sets.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from partners.memberships.models import Membership
from partners.powers import Power
from workflow.errors import Words


@dataclass(frozen=True)
class RoleCard:
    """Description and permissions of a role."""

    about: Words
    powers: frozenset[Power]


_READ = frozenset({Power.SEE})
_CHECKS = frozenset({Power.REVIEW_LEAD, Power.ASSIGN_CHECK, Power.REVIEW_REPORT, Power.COMMENT}) | _READ
_LOGISTICS = frozenset({Power.SHIP, Power.CLEAR, Power.RECEIVE, Power.INSPECT, Power.COMMENT}) | _READ
_OFFICER = (
    _CHECKS
    | _LOGISTICS
    | frozenset(
        {
            Power.INVITE_CONTACT,
            Power.KEEP_CONTACT,
            Power.POST_REQUEST,
            Power.ASK,
            Power.EDIT_SUPPLIER,
            Power.OFFER_LEAD,
            Power.ALLOCATE,
            Power.ORDER,
            Power.PAY,
        }
    )
)

ROLES: dict[str, RoleCard] = {
    Membership.Role.ADMINISTRATOR: RoleCard(
        _("Looks after the city's people, roles and settings, and reads everything of the city."),
        _READ
        | {
            Power.MANAGE_PEOPLE,
            Power.INVITE_CONTACT,
            Power.KEEP_CONTACT,
            Power.EDIT_REGISTER,
            Power.COMMENT,
        },
    ),
    Membership.Role.COORDINATOR: RoleCard(
        _(
            "Keeps the register and the customs rules, and phones where something is stuck; sees no prices and no offers of a city."
        ),
        frozenset(
            {Power.WATCH, Power.EDIT_REGISTER, Power.KEEP_RULES, Power.INVITE_CONTACT, Power.KEEP_CONTACT}
        ),
    ),
    Membership.Role.OFFICER: RoleCard(
        _("Posts needs, asks partners, judges offers, allocates, orders, and follows the goods to the ward."),
        _OFFICER,
    ),
    Membership.Role.APPROVER: RoleCard(
        _("Approves orders and gifts, and is never their author."),
        _READ | {Power.APPROVE, Power.PAY, Power.COMMENT},
    ),
    Membership.Role.VERIFIER: RoleCard(_("Judges checks and offers; neither allocates nor orders."), _CHECKS),
    Membership.Role.LOGISTICS: RoleCard(_("Ships, clears customs, receives and inspects."), _LOGISTICS),
    Membership.Role.BROKER: RoleCard(
        _(
            "Hands in customs papers and declarations of the shipments given to them, and reads their invoices with the prices: "
            "customs asks for the value."
        ),
        frozenset({Power.CLEAR}),
    ),
    Membership.Role.OBSERVER: RoleCard(_("Reads everything of the city and changes nothing."), _READ),
}

# Permissions of a coordinator of the whole network in every city.
NETWORK_POWERS = frozenset(
    {
        Power.WATCH,
        Power.EDIT_REGISTER,
        Power.KEEP_RULES,
        Power.INVITE_CONTACT,
        Power.KEEP_CONTACT,
        Power.APPOINT,
    }
)

# Roles never exceed that of the inviter: those who manage the people of a city give its roles; coordinators of the
# network appoint coordinators and the administrators of any city.
CITY_ROLES = frozenset(role for role in Membership.Role if role != Membership.Role.COORDINATOR)
APPOINTED_ROLES = frozenset({Membership.Role.ADMINISTRATOR, Membership.Role.COORDINATOR})

# Permissions of a contact for objects with their contact id. A link gives only these.
CONTACT_POWERS = frozenset({Power.ANSWER, Power.REPORT, Power.OFFER_LEAD})

"""Definitions of the roles: the description and the permissions (powers) of each.

Sessions, API tokens and links use the same definitions.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from partners.memberships.models import Membership
from partners.powers import Power
from workflow.errors import LazyText


@dataclass(frozen=True)
class RoleDefinition:
    """Description and permissions of a role."""

    description: LazyText
    powers: frozenset[Power]


_READ = frozenset({Power.SEE})
_CHECKS = frozenset({Power.REVIEW_LEAD, Power.ASSIGN_CHECK, Power.REVIEW_REPORT, Power.COMMENT}) | _READ
_LOGISTICS = frozenset({Power.SHIP, Power.CLEAR_CUSTOMS, Power.RECEIVE, Power.INSPECT, Power.COMMENT}) | _READ
_OFFICER = (
    _CHECKS
    | _LOGISTICS
    | frozenset(
        {
            Power.INVITE_CONTACT,
            Power.EDIT_CONTACT,
            Power.POST_REQUEST,
            Power.SEND_INQUIRY,
            Power.EDIT_SUPPLIER,
            Power.OFFER_LEAD,
            Power.ALLOCATE,
            Power.ORDER,
            Power.PAY,
        }
    )
)

ROLE_DEFINITIONS: dict[str, RoleDefinition] = {
    Membership.Role.ADMINISTRATOR: RoleDefinition(
        _("Manages the city’s staff, roles and settings, and can see all of the city’s records."),
        _READ
        | {
            Power.MANAGE_PEOPLE,
            Power.INVITE_CONTACT,
            Power.EDIT_CONTACT,
            Power.EDIT_REGISTER,
            Power.COMMENT,
        },
    ),
    Membership.Role.COORDINATOR: RoleDefinition(
        _(
            "Manages the city register and the customs rules, and phones contacts when "
            "a matter is stalled. Cannot see any city’s prices or offers."
        ),
        frozenset(
            {
                Power.OVERSEE_CITIES,
                Power.EDIT_REGISTER,
                Power.EDIT_CUSTOMS_RULES,
                Power.INVITE_CONTACT,
                Power.EDIT_CONTACT,
            }
        ),
    ),
    Membership.Role.OFFICER: RoleDefinition(
        _(
            "Posts needs, asks partners, assesses offers, allocates, orders, and tracks the goods to "
            "the ward."
        ),
        _OFFICER,
    ),
    Membership.Role.APPROVER: RoleDefinition(
        _("Approves orders and donations, and needs where the city requires it, but never their own."),
        _READ | {Power.APPROVE, Power.PAY, Power.COMMENT},
    ),
    Membership.Role.VERIFIER: RoleDefinition(
        _("Reviews check reports and verifies offers, but cannot allocate or order goods."), _CHECKS
    ),
    Membership.Role.LOGISTICS: RoleDefinition(
        _("Ships goods, clears them through customs, receives and inspects them."), _LOGISTICS
    ),
    Membership.Role.BROKER: RoleDefinition(
        _(
            "Submits customs documents and declarations for assigned shipments, and can see "
            "invoice prices because customs requires the value."
        ),
        frozenset({Power.CLEAR_CUSTOMS}),
    ),
    Membership.Role.OBSERVER: RoleDefinition(
        _("Can see all of the city’s records but cannot change anything."), _READ
    ),
}

# Permissions of a coordinator of the whole network in every city.
NETWORK_POWERS = frozenset(
    {
        Power.OVERSEE_CITIES,
        Power.EDIT_REGISTER,
        Power.EDIT_CUSTOMS_RULES,
        Power.INVITE_CONTACT,
        Power.EDIT_CONTACT,
        Power.APPOINT,
    }
)

# Roles never exceed that of the inviter: those who manage the people of a city give its roles; coordinators of the
# network appoint coordinators and the administrators of any city.
CITY_ROLES = frozenset(role for role in Membership.Role if role != Membership.Role.COORDINATOR)
APPOINTED_ROLES = frozenset({Membership.Role.ADMINISTRATOR, Membership.Role.COORDINATOR})

# Permissions of a contact for objects with their contact id. A link gives only these.
CONTACT_POWERS = frozenset({Power.ANSWER_INQUIRY, Power.REPORT_ON_CHECK, Power.OFFER_LEAD})

"""Queries for the people who may decide on a need or on its proposed change, and texts that name them."""

from collections.abc import Collection

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.memberships.queries import approvers_of, joined_names
from procurement.requests.models import SupplyRequest
from workflow.errors import Refused

NO_APPROVER = _("No one else in your city may approve this. Ask an administrator to name another approver.")


def no_approver_refusal(need: SupplyRequest, authors: Collection[int | None]) -> Refused | None:
    """Return a refusal to send something for approval that only its authors could approve, else None.

    `authors` are ids of users. A delegate decides only if the absent approver may, so delegates add no one. One query.
    """
    return None if approvers_of(need.city_id, excluded=authors) else Refused("no_approver", NO_APPROVER)


def decision_text(need: SupplyRequest, authors: Collection[int | None]) -> str:
    """Return who decides, as a sentence, or that no one but the authors may. One query.

    `authors` are ids of users.
    """
    deciders = approvers_of(need.city_id, excluded=authors)
    if not deciders:
        return str(NO_APPROVER)
    names = joined_names(deciders)
    return gettext("%(who)s decides.") % {"who": names} if names else gettext("An approver decides.")


def decider_names(need: SupplyRequest, authors: Collection[int | None]) -> str:
    """Return the names of the one or two approvers who are no authors, else an empty string. One query."""
    return joined_names(approvers_of(need.city_id, excluded=authors))

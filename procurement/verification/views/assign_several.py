"""Assignment of several checks at once, from the list. Each check is assigned by its own move."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from procurement.outreach.queries.letters import translated_reasons
from procurement.verification.forms import AssignSeveralChecksForm, OtherContactForm
from procurement.verification.models import VerificationTask
from procurement.verification.queries import better_ranked_contact, suggested_checkers
from procurement.verification.rules.tasks import REQUEST_CHECK
from workflow import clock
from workflow.errors import Refused
from workflow.formatting import reader_language
from workflow.http.move_views import MoveOption


def _other_contact_form(data: Any, task: VerificationTask) -> forms.Form:
    """Return the form with the contacts suggested for the first of the checks."""
    found = suggested_checkers(task, clock.now(), reader_language())
    return AssignSeveralChecksForm(data, [one.contact for one in found[:12]])


def _request_check(
    request: AuthenticatedRequest,
    task: VerificationTask,
    make: Callable[..., VerificationTask],
    contact: str,
    chosen_because: str,
) -> VerificationTask:
    """Ask the chosen contact to make a check, or the one suggested first for this check."""
    found = suggested_checkers(task, clock.now(), request.user.language)
    chosen = next((one for one in found if not contact or str(one.contact.pk) == contact), None)
    if chosen is None:
        raise Refused(
            "not_suggested",
            _("This contact is not suggested for this check. Assign the check on its own page."),
        )
    return make(
        task,
        contact=chosen.contact,
        reasons=translated_reasons(chosen.ranked_contact.reasons),
        best=better_ranked_contact(task, found, chosen.contact),
        chosen_because=chosen_because,
    )


ASSIGN_OPTION = MoveOption(REQUEST_CHECK, form=OtherContactForm)
ASSIGN_SEVERAL_OPTION = MoveOption(
    REQUEST_CHECK,
    form=_other_contact_form,
    custom_action=_request_check,
    hint=_("Checks for which the chosen contact is not suggested remain unassigned."),
)

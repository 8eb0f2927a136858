"""What waits in the register: proposed corrections to decide."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partners.models import Correction
from partners.models.corrections import ABOUT
from partners.roles import Power
from partners.rules import Powers
from partners.rules.facts import label
from procurement.web.today.rows import Kind, Row, mine

DECIDED_IN = timedelta(days=3)


def _corrections(by: Powers) -> QuerySet[Any]:
    waiting = Correction.objects.waiting()
    if by.watches_all:
        return waiting
    kept = mine(by, Power.EDIT_REGISTER)
    return waiting.filter(Q(side_a__in=kept) | Q(side_b__in=kept))


def _decide(correction: Correction, at: datetime) -> Row:
    told = {"about": correction.about, "fact": label(correction.kind, correction.fact)}
    return Row(
        _("Decide on a correction of %(about)s: %(fact)s") % told,
        _("Decide"),
        correction.get_absolute_url(),
        _("%(who)s proposed it and waits for an answer.") % {"who": correction.author},
        correction.created_at + DECIDED_IN,
        correction.reference,
    )


KINDS = (Kind(_corrections, _decide, ("author", *ABOUT)),)

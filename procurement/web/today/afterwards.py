"""What is still owed once goods are here: thanks to whoever helped, and the proof of an end use that a relief asks for."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.rules.powers import Powers
from procurement.shipments.models.reliefs import ReliefClaim
from procurement.shipments.models.thanks import ThanksPack
from procurement.web.today.rows import Kind, Row, mine

SOON = timedelta(days=3)  # thanks that come while the goods are new


def _thanks(by: Powers) -> QuerySet[Any]:
    return ThanksPack.objects.waiting().filter(city__in=mine(by, Power.ASK))


def _reliefs(by: Powers) -> QuerySet[Any]:
    """Those the clock has reminded of: 30 days before their deadline, and from then on."""
    return ReliefClaim.objects.to_prove().filter(city__in=mine(by, Power.CLEAR), reminded__gt=0)


def _thank(pack: ThanksPack, at: datetime) -> Row:
    return Row(
        _("Thank whoever helped with %(order)s") % {"order": pack.order.reference},
        _("Look"),
        pack.get_absolute_url(),
        _("It is ready. They will otherwise never hear what became of their help."),
        pack.created_at + SOON,
        pack.reference,
    )


def _prove(claim: ReliefClaim, at: datetime) -> Row:
    assert claim.prove_by is not None  # whoever is reminded of has a deadline
    return Row(
        _("Show the end use of %(claim)s, relieved of duty") % {"claim": claim.reference},
        _("Look"),
        claim.get_absolute_url(),
        _("What was saved has to be paid otherwise."),
        datetime.combine(claim.prove_by, time.max, claim.city.zone),
        claim.reference,
    )


KINDS = (
    Kind(_thanks, _thank, ("order",)),
    Kind(_reliefs, _prove, ("city",), ("prove_by", "pk")),
)

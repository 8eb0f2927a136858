"""Figures of a sentence that are codes, and their words."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.catalogue.models.facts import Confidence, Market, Use
from procurement.catalogue.models.prices import PriceBand
from procurement.leads.rules.features import LEVELS, SIZES
from procurement.lists.models.match import Borne
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.issuer_check import IssuerCheck
from procurement.suppliers.models.lookup import LookUp
from workflow.errors import Words

FEATURES: dict[str, Words] = {
    "straps": _("head straps"),
    "loops": _("ear loops"),
    "valve": _("a valve"),
    "no_valve": _("no valve"),
    "sterile": _("sterile"),
    "not_sterile": _("not sterile"),
    "children": _("for children"),
    "adults": _("for adults"),
    "ties": _("ties"),
    **{f"size_{size}": format_lazy(_("size {size}"), size=size) for size in SIZES},
    **{f"level_{level}": format_lazy(_("level {level}"), level=level) for level in LEVELS},
}
LABELS: dict[str, dict[str, Words]] = {
    "fault": {
        "length": _("it must have 18 characters"),
        "characters": _("it has characters that no such number has"),
        "check_digit": _("its check digit is wrong"),
    },
    "verdict": {
        "impossible": _("cannot be real"),
        "odd": _("does not look like one"),
    },
    "flaw": {
        "fda": _("The FDA issues no such certificate, and its registration approves nothing."),
        "status": _("A paper of this name has no legal status in Europe."),
        "niosh": _("NIOSH gives an approval number and issues no certificate."),
    },
    "old_for": {
        "doubted": _("which is not confirmed any more"),
        "ended": _("which has ended"),
        "long_ago": _("whose issuer was asked long ago"),
    },
    "country": {"KR": _("Korea")},
    "borne": {choice.value: choice.label for choice in Borne},
    "basis": {choice.value: choice.label for choice in PriceBand.Basis},
    "grade": {choice.value: choice.label for choice in Confidence},
    "declared": {choice.value: choice.label for choice in Use},
    "needed": {choice.value: choice.label for choice in Use},
    "status": {choice.value: choice.label for choice in Certificate.Status},
    "market": {"": _("everywhere"), **{choice.value: choice.label for choice in Market}},
    "whom": {choice.value: choice.label for choice in LookUp.Whom},
    "result": {choice.value: choice.label for choice in IssuerCheck.Result},
    "flags": {
        "free_mail": _("a free mail address"),
        "pressed": _("pressure to pay at once"),
        "advance": _("much money in advance"),
    },
    "feature": FEATURES,
    "asked_feature": FEATURES,
    "same": {
        "number": _("number"),
        "phone": pgettext_lazy("of a company", "phone"),
        "address": pgettext_lazy("of a company", "address"),
        "name": pgettext_lazy("of a company", "name"),
    },
}

"""Why a finding only warns, where it would block if its ground were firm."""

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

UNSURE: dict[str, Words] = {
    "form": _("The form of these numbers is not known from a firm source."),
    "rule": _("The source of this rule is not firm."),
    "body": _("What is known of this body is not from an official list."),
    "band": _("The highest price of these days is not known from a firm source."),
    "list_model": _("The list price of this model is not known: it lies between the two."),
    "list_maker": _("Who made the goods is not said; this is the list of one maker."),
    "maker": _("The number is that of an approval, and other brands of its maker may share it."),
    "company": _("The number is that of a company or its works: who sells for it may show its papers."),
    "laboratory": _("The number is that of the laboratory, which tests for many."),
    "body_number": _("The number is that of the notified body, which signs for many."),
    "other_party": _("The register speaks of somebody else than the company that offers."),
    "list_of_day": _("Which list of exporters counts depends on the rules of the day."),
    "use": _("The goods are not for medical use, and may need no licence."),
    "same_holder": _("Both papers name the same holder: who sells for it may show them."),
}

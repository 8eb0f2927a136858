"""Why a finding only warns, where it would block if its ground were firm."""

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

UNSURE: dict[str, Words] = {
    "form": _("The form of these numbers is not known from a firm source."),
    "rule": _("The source of this rule is not firm."),
    "body": _("What is known of this body is not from an official list."),
    "band": _("The highest price last known is not from a firm source."),
    "list_model": _("The list price of this model is not known: it lies between the two."),
    "list_maker": _("Who made the goods is not said; this is the list of one maker."),
    "maker": _("The number is that of an approval, and other brands of its maker may share it."),
    "laboratory": _(
        "Companies that sell for one maker may show one report: ask the laboratory whom it tested for."
    ),
    "theirs": _("It is the other company’s paper: who sells for it may show it, with a letter."),
    "holders_differ": _("The two papers name different holders: one of them was misread, or is false."),
    "holder_open": _("One of the two papers does not clearly say whose it is. Enter its holder."),
    "other_party": _("The register speaks of somebody else than the company that offers."),
    "list": _(
        "The company names a published list in its place: look it up as of the day, and record what it says."
    ),
    "list_of_day": _("Which list of exporters counts depends on the rules of the day."),
    "use": _("The goods are not for medical use, and may need no licence."),
    "same_holder": _("Both papers name the same holder: who sells for it may show them."),
}

"""The questions of each check, in the order somebody on the spot can answer them. Data: codes are stored, words are translated."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from procurement.verification.models import Check
from workflow.errors import Words

ANSWERS: dict[str, Words] = {
    "yes": _("Yes"),
    "no": _("No"),
    "could_not_check": _("Could not check"),
}


@dataclass(frozen=True)
class Question:
    """One question: its code, its words, and what a good answer looks like."""

    code: str
    words: Words
    hint: Words = ""


QUESTIONS: dict[str, tuple[Question, ...]] = {
    Check.BUSINESS_LICENCE: (
        Question(
            "licence_seen", _("Did you see the licence, original or copy?"), _("A photo of it helps most.")
        ),
        Question("number_in_register", _("Is the company number in the public register under this name?")),
        Question("scope_covers_goods", _("Does the business scope name protective or medical goods?")),
        Question("not_abnormal", _("Is the company free of abnormal-operation or dishonesty marks?")),
    ),
    Check.CERTIFICATE: (
        Question(
            "asked_issuer",
            _("Did you ask the issuer, or look in its own register?"),
            _("Write which address."),
        ),
        Question("issuer_confirms", _("Does the issuer confirm number, holder and day?")),
        Question("covers_model", _("Does it cover the model that is offered?")),
        Question("holder_is_maker", _("Is its holder the maker of these goods?")),
    ),
    Check.VISIT: (
        Question(
            "makes_here",
            _("Are the goods made at this address?"),
            _("A photo of the running line helps most."),
        ),
        Question(
            "stock_seen", _("Did you see the stock?"), _("Write how many cartons, and the lot numbers.")
        ),
        Question("marking_right", _("Do the packaging and the marking match the standard offered?")),
        Question("capacity_plausible", _("Could this line make what is claimed in a day?")),
    ),
    Check.SAMPLE: (
        Question("sample_sealed", _("Was the sample drawn and sealed by you?")),
        Question("laboratory_accredited", _("Is the laboratory accredited for this test?")),
        Question("result_meets", _("Does the result meet the standard offered?")),
    ),
    Check.PRICE: (
        Question("price_written", _("Is the price in writing from the company itself?")),
        Question(
            "price_explained",
            _("Does the company explain why it differs from others?"),
            _("Write what they said."),
        ),
    ),
    Check.EXPORT: (
        Question(
            "on_export_list",
            _("Is the maker on the list for export of these goods?"),
            _("Write which list and its day."),
        ),
        Question("paper_ready", _("Has the company the registration or declaration that customs asks for?")),
    ),
    Check.BANK: (
        Question("holder_is_company", _("Is the account in the company's own name?")),
        Question("called_back", _("Did you call a number you already knew to confirm it?")),
    ),
}


def of(check: str) -> tuple[Question, ...]:
    """The questions of a check."""
    return QUESTIONS[check]

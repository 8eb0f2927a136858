"""Thank-you e-mails as printable letters, whose text is fixed when the e-mail is planned.

They are in the reader's language and the city's. Writes no rows: `outreach.save_thank_you_letters` stores
the result of `thank_you_letter` (docs/rules/messages.md).
"""

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from partners.contacts.salutations import salutation
from procurement.notifications import audiences
from procurement.notifications.mail_text import render_body
from procurement.outreach.letter_pdf import LetterHead, new_sent_letter, new_verification_code
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.models.letters import SentLetter
from procurement.verification.models import CheckReuse, VerificationTask
from workflow.i18n import Translations, translate_all
from workflow.journal.models import Entry
from workflow.outbox.models import Message

THANK_YOU_TEMPLATES = ("donation_thanks", "check_thanks", "inquiry_thanks", "reuse_thanks")


def thank_you_letter(
    message: Message, thing: Any, entry: Entry, facts: dict[str, Any], at: datetime
) -> SentLetter:
    """Return the unsaved letter of a thank-you e-mail, with the same words but without link and footer."""
    languages = dict.fromkeys((message.language, _language_of_city(thing, message.language)))
    code, earlier = (
        new_verification_code(),
        SentLetter.objects.thank_you_letters_about(entry.thing_label, entry.thing_id).count(),
    )
    head = LetterHead(f"{entry.reference}-T{earlier + 1}", thing.city, thing.contact, entry.at)
    content = head.build_content(
        [_letter_in_language(language, message.template, facts) for language in languages],
        _reasons_by_language(thing),
        code,
    )
    return new_sent_letter(content, code=code, at=at, entry=entry, contact=thing.contact)


def _language_of_city(thing: Any, otherwise: str) -> str:
    """Return the language of the person responsible for the item in the city."""
    keeper = next(iter(audiences.responsible_officer(thing)), None)
    return keeper.language if keeper is not None else otherwise


def _letter_in_language(language: str, template: str, facts: dict[str, Any]) -> tuple[str, str, str]:
    """Return the language, the subject and the signed words of the letter."""
    thing = facts["thing"]
    with translation.override(language):
        greeted = salutation(thing.contact, language)
        subject, body = render_body(template, {**facts, "addressed": greeted})
        signed = _("On behalf of %(city)s") % {"city": thing.city.name}
    return language, subject, f"{body}\n\n{signed}"


def _reasons_by_language(thing: Any) -> Translations:
    """Return the reason for the thanks, with product names of the catalogue.

    It contains no words that a user typed, because anyone may read it.
    """
    return translate_all(lambda: _thanks_sentence(thing) % {"goods": " · ".join(_product_names(thing))})


def _thanks_sentence(thing: Any) -> str:
    if isinstance(thing, Inquiry):
        return _("Thank you for your reply: %(goods)s")
    if isinstance(thing, VerificationTask | CheckReuse):
        return _("Thank you for your check: %(goods)s")
    return _("Thank you for your donation: %(goods)s")


def _product_names(thing: Any) -> list[str]:
    if isinstance(thing, Inquiry):
        lines = thing.asked_lines
        products = [line.product for line in lines]
    elif isinstance(thing, VerificationTask | CheckReuse):
        products = [thing.lead.product]
    else:
        lines = thing.lines.select_related("allocation__lead__product").order_by("pk")
        products = [line.allocation.lead.product for line in lines]
    return list(dict.fromkeys(product.name for product in products))

"""Thanks as a letter on paper: the words of the mail, in its reader's language and in the city's own, frozen as the mail is planned.

Reads rows and writes none: `outreach.keep_thanks` keeps what `letter_of` gives (docs/adr/0068).
"""

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from partners.rules.names import addressed
from procurement.notices import audiences
from procurement.notices.words import wording
from procurement.outreach import paper
from procurement.outreach.models import Inquiry, SentLetter
from procurement.outreach.paper import Head, new_code
from procurement.verification.models.checks import VerificationTask
from procurement.verification.models.sharing import Reuse
from workflow.models.journal import Entry
from workflow.models.post import Message
from workflow.tongues import InThreeLanguages, in_three

THANKS = ("gift_thanks", "check_thanks", "inquiry_thanks", "reuse_thanks")


def letter_of(message: Message, thing: Any, entry: Entry, facts: dict[str, Any], at: datetime) -> SentLetter:
    """The paper of a mail of thanks, not saved yet: the same words, without the link and what stands below it."""
    languages = dict.fromkeys((message.language, _language_of(thing, message.language)))
    code, earlier = (
        new_code(),
        SentLetter.objects.thanks_about(entry.thing_label, entry.thing_id).count(),
    )
    head = Head(f"{entry.reference}-T{earlier + 1}", thing.city, thing.contact, entry.at)
    said = head.words([_in(language, message.template, facts) for language in languages], _about(thing), code)
    return paper.frozen(said, code=code, at=at, entry=entry, contact=thing.contact)


def _language_of(thing: Any, otherwise: str) -> str:
    """The language of whoever keeps the thing for the city."""
    keeper = next(iter(audiences.keeper(thing)), None)
    return keeper.language if keeper is not None else otherwise


def _in(language: str, template: str, facts: dict[str, Any]) -> tuple[str, str, str]:
    """The words of the mail, and who signs them."""
    thing = facts["thing"]
    with translation.override(language):
        greeted = addressed(thing.contact, language)
        subject, body = wording(template, {**facts, "addressed": greeted})
        signed = _("On behalf of %(city)s") % {"city": thing.city.name}
    return language, subject, f"{body}\n\n{signed}"


def _about(thing: Any) -> InThreeLanguages:
    """What is thanked for, by the names of the catalogue: no word that somebody typed, for this is read by anybody."""
    return in_three(lambda: _reason(thing) % {"goods": " · ".join(_goods(thing))})


def _reason(thing: Any) -> str:
    if isinstance(thing, Inquiry):
        return _("Thanks for an answer about: %(goods)s")
    if isinstance(thing, VerificationTask | Reuse):
        return _("Thanks for a check of: %(goods)s")
    return _("Thanks for a gift of: %(goods)s")


def _goods(thing: Any) -> list[str]:
    if isinstance(thing, Inquiry):
        lines = thing.supply_request.lines.select_related("product").order_by("position")
        products = [line.product for line in lines]
    elif isinstance(thing, VerificationTask | Reuse):
        products = [thing.lead.product]
    else:
        lines = thing.lines.select_related("allocation__lead__product").order_by("pk")
        products = [line.allocation.lead.product for line in lines]
    return list(dict.fromkeys(product.name for product in products))

"""Preview of the email of an inquiry: in both languages, as it will be sent."""

from collections.abc import Collection
from typing import NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from partners.contacts.models import Contact
from partners.contacts.salutations import salutation
from procurement.notifications.mail_text import render_mail
from procurement.notifications.reply_addresses import reply_address_about
from procurement.outreach.letters import consent_sentence
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.models import SupplyRequest
from workflow.outbox.queue import LINK_PLACEHOLDER


class MailPreview(NamedTuple):
    """An email as its reader will see it, with a placeholder for the link."""

    language: str
    sender: str
    reply_to: str
    subject: str
    body: str
    footer: str


def preview_mails(
    need: SupplyRequest,
    contact: Contact,
    author: User,
    words: dict[str, str],
    consent: IntroductionConsent | None = None,
    line_numbers: Collection[int] = (),
) -> list[MailPreview]:
    """Return the email to a contact, and the same email in the officer's language if it has such a text.

    `words` are the arguments of `draft_inquiry`. `consent` is the earlier consent with which the inquiry is sent, and
    `line_numbers` are the lines that it is about.
    """
    inquiry = unsent_inquiry(need, contact, author, words, consent, line_numbers)
    mails = [_mail(inquiry, contact.user.language)]
    if own := words.get("body_own", "").strip():
        same = {"subject": words.get("subject_own") or words["subject"], "body": own}
        inquiry = unsent_inquiry(need, contact, author, same, consent, line_numbers)
        mails.append(_mail(inquiry, author.language))
    return mails


def unsent_inquiry(
    need: SupplyRequest,
    contact: Contact,
    author: User,
    words: dict[str, str],
    consent: IntroductionConsent | None = None,
    line_numbers: Collection[int] = (),
) -> Inquiry:
    """Return an unsaved inquiry, from which the preview renders its mails."""
    languages = {"language": contact.user.language, "language_own": author.language}
    return Inquiry(
        supply_request=need,
        city=need.city,
        contact=contact,
        author=author,
        consent=consent,
        line_numbers=list(line_numbers),
        reference="preview",
        **languages,
        **words,
    )


def _mail(inquiry: Inquiry, language: str) -> MailPreview:
    contact = inquiry.contact
    mailbox, footer = reply_address_about(inquiry, contact.user, language, city_id=inquiry.city_id)
    with translation.override(language):
        link = _("(your link)")
        facts = {
            "thing": inquiry,
            "reader": contact.user,
            "addressed": salutation(contact, language),
            "introduced": consent_sentence(inquiry),
        }
        written = render_mail("inquiry", facts)
        stop = f"{_('To unsubscribe from these emails, open:')}\n{link}"
    return MailPreview(
        language=language,
        sender=settings.DEFAULT_FROM_EMAIL,
        reply_to=mailbox,
        subject=written.subject,
        body=written.body.replace(LINK_PLACEHOLDER, link).strip(),
        footer="\n\n".join(part for part in (footer, stop) if part),
    )

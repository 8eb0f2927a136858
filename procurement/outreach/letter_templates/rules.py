"""Rules for letter templates: who maintains them, and which texts are refused."""

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.outreach.letter_templates.models import LetterTemplate
from procurement.outreach.merge_fields import TEMPLATE_MERGE_FIELDS, merge_fields_in, unknown_merge_fields
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of


def may_maintain_templates(by: Actor, template: LetterTemplate) -> bool:
    """Return True for people who ask contacts for the city."""
    return by.may(Power.SEND_INQUIRY, template)


def invalid_template_refusal(subject: str, body: str) -> Refused | None:
    """Return the refusal for an empty text, an unknown merge field, or a message that leaves out the need; or None."""
    for field, text in (("subject", subject), ("body", body)):
        if not text:
            return Refused("text_missing", _("Enter the subject and the message."), field=field)
        if unknown := unknown_merge_fields(text, TEMPLATE_MERGE_FIELDS):
            words = _("Remove %(unknown)s. Only these words in braces are filled in: %(known)s.")
            known = " ".join(f"{{{name}}}" for name in TEMPLATE_MERGE_FIELDS)
            return Refused(
                "unknown_field", words % {"unknown": " ".join(unknown), "known": known}, field=field
            )
    if "need" not in merge_fields_in(body):
        words = _("Put {need} where the letter says what is needed and by when.")
        return Refused("need_missing", words, field="body")
    return None


def outdated_version_refusal(
    current: LetterTemplate | None, replaces: LetterTemplate | None
) -> Refused | None:
    """Return a refusal unless the new text starts from the version in use, or from none if there is none."""
    if (current.pk if current else None) == (replaces.pk if replaces else None):
        return None
    words = _("This letter template has changed since you opened it. Open it again and repeat your changes.")
    return Refused("changed_meanwhile", words, field="replaces")


SAVE_LETTER_TEMPLATE = Move[LetterTemplate](
    verb="add",
    label=_("Save letter template"),
    past_tense=_("saved the letter template"),
    target=LetterTemplate.Status.ACTIVE,
    allowed=may_maintain_templates,
)
REPLACE_LETTER_TEMPLATE = Move[LetterTemplate](
    verb="replace",
    label=_("Replace letter template"),
    past_tense=_("replaced the letter template"),
    source=one_of(LetterTemplate.Status.ACTIVE),
    target=LetterTemplate.Status.REPLACED,
    allowed=may_maintain_templates,
)
WITHDRAW_LETTER_TEMPLATE = Move[LetterTemplate](
    verb="withdraw",
    label=_("Use the standard letter again"),
    past_tense=_("removed the letter template"),
    source=one_of(LetterTemplate.Status.ACTIVE),
    target=LetterTemplate.Status.WITHDRAWN,
    allowed=may_maintain_templates,
)
LETTER_TEMPLATE_MOVES = Moves(
    LetterTemplate,
    SAVE_LETTER_TEMPLATE,
    REPLACE_LETTER_TEMPLATE,
    WITHDRAW_LETTER_TEMPLATE,
    ends={
        LetterTemplate.Status.REPLACED: "kept for the record; its successor is in use",
        LetterTemplate.Status.WITHDRAWN: "kept for the record; another template is added",
    },
)

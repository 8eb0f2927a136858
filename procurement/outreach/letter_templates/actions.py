"""Actions that save a city's letter template and remove it."""

from datetime import datetime

from django.db import transaction

from partners.cities.models import City
from procurement.outreach.letter_templates import rules
from procurement.outreach.letter_templates.models import LetterTemplate
from workflow.actors import Actor
from workflow.moves import register_action


@register_action(rules.SAVE_LETTER_TEMPLATE)
def save_letter_template(
    city: City,
    *,
    language: str,
    subject: str,
    body: str,
    replaces: LetterTemplate | None = None,
    by: Actor,
    at: datetime,
) -> LetterTemplate:
    """Save the words of a city's letters in one language. They replace the template in use, if there is one.

    `replaces` is the version from which the text was written. Refuses a text without the need, unknown merge
    fields, and a version that another one has replaced meanwhile.
    """
    subject, body = subject.strip(), body.strip()
    if (no := rules.invalid_template_refusal(subject, body)) is not None:
        raise no
    with transaction.atomic():
        City.objects.select_for_update().get(
            pk=city.pk
        )  # two first templates of one language wait for each other
        current = LetterTemplate.objects.in_use().filter(city=city, language=language).first()
        if (no := rules.outdated_version_refusal(current, replaces)) is not None:
            raise no
        if current is not None:
            with rules.REPLACE_LETTER_TEMPLATE.apply_to(current, by=by, at=at):
                pass
        fresh = LetterTemplate(city=city, language=language, subject=subject, body=body)
        return rules.SAVE_LETTER_TEMPLATE.create(fresh, by=by, at=at)


@register_action(rules.WITHDRAW_LETTER_TEMPLATE)
def withdraw_letter_template(template: LetterTemplate, *, by: Actor, at: datetime) -> LetterTemplate:
    """Remove a letter template. Drafts of letters use the product's own words again."""
    with rules.WITHDRAW_LETTER_TEMPLATE.apply_to(template, by=by, at=at):
        pass
    return template

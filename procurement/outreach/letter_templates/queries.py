"""Letter templates in use, for drafts of letters. Reads only."""

from partners.cities.models import City
from procurement.outreach.letter_templates.models import LetterTemplate
from procurement.outreach.letters import InquiryLetter


def templates_in_use(city: City) -> dict[str, InquiryLetter]:
    """Return the city's own words for letters, by language. One query."""
    rows = LetterTemplate.objects.in_use().filter(city=city)
    return {row.language: InquiryLetter(row.subject, row.body) for row in rows}

"""Form of address in a letter, in the language of the letter. No database access.

The family name is stored and never guessed; a name without a stored family name is written in full.
"""

from partners.contacts.models import Contact
from workflow.person_names import HAN_PATTERN

# Titles that come before a name. All other titles are positions or professions and come after it.
HONORIFICS = frozenset({
    *("mr", "mrs", "ms", "mx", "miss", "dr", "prof", "sir", "dame", "hon"),
    *("m", "mm", "mme", "mlle", "monsieur", "madame", "dre", "pr", "pre", "me"),
})  # fmt: skip
# French letters write the form of address in full (Office québécois de la langue française).
FORMS_OF_ADDRESS = {
    Contact.FormOfAddress.MS: {"en": "Ms", "fr": "Madame", "zh": "女士"},
    Contact.FormOfAddress.MR: {"en": "Mr", "fr": "Monsieur", "zh": "先生"},
}


def salutation(contact: Contact, language: str) -> str:
    """Return the name of a contact as a letter addresses them: Ms Chen; Madame Chen; 陈晓岚主任; 陈晓岚女士.

    Without a form of address, the name and title: Wang Wei, Director. A title in Chinese is left out of a letter
    in another language, because its reader may not be able to read it.
    """
    if language.startswith("zh"):
        return _chinese(contact, contact.user.name.strip())
    user, title = contact.user, contact.title_in(language)
    name = user.name_latin or user.name.strip()
    if contact.form_of_address and not HAN_PATTERN.search(name):
        return f"{FORMS_OF_ADDRESS[Contact.FormOfAddress(contact.form_of_address)][language[:2]]} {user.family_name or name}"
    if not title:
        return name
    if title.split()[0].rstrip(".").casefold() in HONORIFICS:
        return f"{title} {name}"
    return f"{name}, {title}"


def _chinese(contact: Contact, name: str) -> str:
    """Return the name with the title in Chinese or, without one, the form of address after it."""
    title = contact.title_in("zh")
    if contact.form_of_address and not HAN_PATTERN.search(title):
        title = FORMS_OF_ADDRESS[Contact.FormOfAddress(contact.form_of_address)]["zh"]
    joined = HAN_PATTERN.search(name[-1:]) and HAN_PATTERN.search(title[:1])
    return f"{name}{title}" if joined else f"{name} {title}".strip()

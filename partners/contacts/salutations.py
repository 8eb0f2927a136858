"""Form of address in a letter, in the language of the letter. Pure.

A name is written as it is stored, and never split or reordered: a program cannot know which part is the
family name.
"""

import re

from partners.contacts.models import Contact

# Titles that come before a name. All other titles are positions or professions and come after it.
HONORIFICS = frozenset({
    *("mr", "mrs", "ms", "mx", "miss", "dr", "prof", "sir", "dame", "hon"),
    *("m", "mm", "mme", "mlle", "monsieur", "madame", "dre", "pr", "pre", "me"),
})  # fmt: skip
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def salutation(contact: Contact, language: str) -> str:
    """Return the name and title of a contact as in a letter: 王伟主任; Ms. Marie Roy; Wang Wei, Director.

    A title in Chinese is left out of a letter in another language, because its reader may not be able to read
    it.
    """
    name, title = contact.user.name.strip(), " ".join(contact.title.split())
    if not title:
        return name
    if language.startswith("zh"):
        joined = HAN.search(name[-1:]) and HAN.search(title[:1])
        return f"{name}{title}" if joined else f"{name} {title}"
    if HAN.search(title):
        return name
    if title.split()[0].rstrip(".").casefold() in HONORIFICS:
        return f"{title} {name}"
    return f"{name}, {title}"

"""How somebody is addressed in a letter, in the letter's language. Pure.

A name is written as it is kept, and never taken apart or turned round: which part is the family name, a machine cannot know.
"""

import re

from partners.models.people import Contact

# Words that stand before a name. Every other title names an office or a profession, and follows.
HONORIFICS = frozenset({
    *("mr", "mrs", "ms", "mx", "miss", "dr", "prof", "sir", "dame", "hon"),
    *("m", "mm", "mme", "mlle", "monsieur", "madame", "dre", "pr", "pre", "me"),
})  # fmt: skip
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def addressed(contact: Contact, language: str) -> str:
    """A contact's name with their title, as a letter begins: 王伟主任; Ms. Marie Roy; Wang Wei, Director of Foreign Affairs.

    A title in Chinese is left out of a letter in another language: its reader may not be able to read it out.
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

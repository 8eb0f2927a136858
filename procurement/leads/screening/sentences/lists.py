"""What is noticed about names on lists, in words."""

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

SENTENCES: dict[str, Words] = {
    "list_match": _(
        "“%(name)s” (%(borne)s) may be “%(listed)s” of the list “%(list)s”: %(score)s %% alike. Two persons judge %(match)s in writing."
    ),
    "list_confirmed": _(
        "“%(name)s” (%(borne)s) is “%(listed)s” of the list “%(list)s”: %(match)s was confirmed in writing."
    ),
}

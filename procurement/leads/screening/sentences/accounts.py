"""What is noticed about where they want to be paid, in words."""

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

SENTENCES: dict[str, Words] = {
    "account_elsewhere": _("The account %(account)s is that of another company too (%(others)s)."),
    "account_holder": _("The account %(account)s is in the name of %(holder)s, not of the company."),
    "account_country": _("The account %(account)s is in %(country)s, the company in %(home)s."),
    "account_changed": _("Another account was named since: %(account)s. Call back before anything is paid."),
}

"""Settings of the site that the administrators of cities may see. Reads only.

They explain what people notice: how long a link works, who sends the email. Addresses of servers, folders and secrets
are for the people who run the site: `manage.py settings`.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from workflow.errors import LazyText

SHOWN_SETTING_LABELS: dict[str, LazyText] = {
    "BASE_URL": _("Address of this site"),
    "MAIL_FROM": _("Sender of every email"),
    "MAIL_REPLY_TO": _("Default reply address for email"),
    "MAIL_BOUNCES": _("Address to which undeliverable email is returned"),
    "MAIL_PROVIDER": _("Email delivery provider; if not set, a mail server is used"),
    "SMTP_TLS": _("Encryption of the connection to the mail server"),
    "TICK_SECONDS": _("Interval in seconds at which reminders and other email are sent"),
    "LINK_DAYS": _("Number of days a contact’s link works"),
    "FILE_MINUTES": _("Minimum number of minutes that a link to a file works"),
    "ASSUMED_INSURANCE_PERCENT": _("Transport insurance (percent) if an offer states none"),
    "BACKUP_KEEP": _("Number of backups kept"),
    "SECOND_FACTOR": _("Who must use two-step sign-in"),
    "HSTS": _("Hosts that browsers must reach over HTTPS"),
    "SECURITY_CONTACT": _("Contact for reporting security vulnerabilities"),
    "SECURITY_EXPIRES": _("Last day on which the contact for security reports is valid"),
    "PRACTICE": _("Practice site with fictitious companies"),
}


@dataclass(frozen=True)
class ShownSetting:
    """Setting with its label and its value as text; `is_set`: the people who run the site have set it."""

    name: str
    label: LazyText
    value: str
    is_set: bool


def shown_settings() -> list[ShownSetting]:
    """Return the settings that may be shown, in the order of `SHOWN_SETTING_LABELS`."""
    listed = {setting.name: setting for setting in settings.ENVIRONMENT.listed_settings()}
    return [
        ShownSetting(name, label, listed[name].value, listed[name].source != "default")
        for name, label in SHOWN_SETTING_LABELS.items()
    ]

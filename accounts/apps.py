"""The app of people and how they come in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who can log in, with which link or token."""

    name = "accounts"
    verbose_name = _("Accounts")

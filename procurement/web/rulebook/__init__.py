"""Every rule explained: findings, checks, payments. One entry a code, by subject; the numbers are the rules' own constants."""

from procurement.web.rulebook.page import urlpatterns

__all__ = ["urlpatterns"]

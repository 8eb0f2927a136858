"""A mail whose headers with addresses of the web stay readable: RFC 2369 forbids to encode them, as Python does with a long one."""

from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.policy import default
from typing import Any

from django.core.mail import EmailMessage


class _Address(UnstructuredHeader):
    """Goes out as it is. Where name and address do not fit on a line, the address has one of its own."""

    def fold(self, *, policy: Any) -> str:
        """The header as lines of ASCII."""
        name, value = self.name, str(self)  # type: ignore[attr-defined]  # mixed with BaseHeader
        fits = not policy.max_line_length or len(f"{name}: {value}") <= policy.max_line_length
        return f"{name}:{'' if fits else policy.linesep} {value}{policy.linesep}"


_registry = HeaderRegistry()
_registry.map_to_type("list-unsubscribe", _Address)  # type: ignore[arg-type]  # the registry mixes BaseHeader in


class Mail(EmailMessage):
    """Django's mail, with these headers."""

    def message(self, *, policy: Any = default) -> Any:
        """The mail as it goes out."""
        return super().message(policy=policy.clone(header_factory=_registry))

"""Reader of the environment that can list what was read from it, with secrets masked."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from environs import Env
from marshmallow import missing

# Their values are never shown; of a URL only the password is hidden.
SECRETS = frozenset({
    "SECRET_KEY", "SECRET_KEY_FALLBACKS", "SMTP_PASSWORD", "MAIL_PROVIDER_OPTIONS", "MAIL_EVENTS_SECRET", "METRICS_TOKEN", "BACKUP_KEY",
})  # fmt: skip
MASK = "********"
_PASSWORD = re.compile(r"(://[^:@/?]*:)[^@/?]+(?=@)|(password=)[^&]+")


@dataclass(frozen=True)
class Setting:
    """Setting in effect: its value and its default as text, both masked, and whether the environment sets it."""

    name: str
    value: str
    default: str
    is_set: bool


class ListedEnv(Env):
    """Environment whose settings can be listed after they were read."""

    def listed(self) -> Iterator[Setting]:
        """Yield each setting in the order in which it was read."""
        for name, field in self._fields.items():
            default = "" if field.load_default is missing else _text(field.load_default)
            given = os.environ.get(name)
            value = default if given is None else given
            yield Setting(name, masked(name, value), masked(name, default), given is not None)


def masked(name: str, value: str) -> str:
    """Return the value of a setting without its secret part."""
    if name in SECRETS:
        return MASK if value.strip() else ""
    return _PASSWORD.sub(lambda found: f"{found[1] or found[2]}{MASK}", value)


def _text(default: object) -> str:
    """Return a default as the environment would write it."""
    match default:
        case bool():
            return str(default).lower()
        case list() | dict() if not default:
            return ""
    return str(default)

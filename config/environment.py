"""Reader of the environment that takes secrets from files too, and lists what was read with secrets masked."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from environs import FileAwareEnv
from marshmallow import missing

# Their values are never shown; of another URL only the password is hidden.
SECRET_SETTINGS = frozenset({
    "SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_PASSWORD", "REDIS_PASSWORD", "SMTP_PASSWORD", "MAIL_PROVIDER_OPTIONS",
    "MAIL_EVENTS_SECRET", "METRICS_TOKEN", "HEARTBEAT_URL", "BACKUP_KEY", "IDENTITY_PROVIDERS",
})  # fmt: skip
SECRET_MASK = "********"  # noqa: S105 - a mask, no secret
_PASSWORD = re.compile(r"(://[^:@/?]*:)[^@/?]+(?=@)|(password=)[^&]+")


@dataclass(frozen=True)
class Setting:
    """Setting in effect: its value and default as text, without secret parts, and where the value comes from."""

    name: str
    value: str
    default: str
    source: str  # "environment", "file" or "default"


class ListedEnv(FileAwareEnv):
    """Environment whose settings can be listed after they were read.

    A setting NAME of `SECRET_SETTINGS` can also be read from the file at the path NAME_FILE, with surrounding white space
    removed. If both variables are set, the file counts. A file that cannot be read raises ValueError. Other settings
    are never read from a file.
    """

    def __init__(self) -> None:
        super().__init__(strip_whitespace=True)

    def _get_value(self, env_key: str, default: Any) -> Any:
        if env_key in SECRET_SETTINGS:
            return super()._get_value(env_key, default)
        return os.environ.get(env_key, default)

    def listed_settings(self) -> Iterator[Setting]:
        """Yield each setting in the order in which it was read."""
        for name, field in self._fields.items():
            default = "" if field.load_default is missing else _text(field.load_default)
            source = "environment" if name in os.environ else "default"
            if name in SECRET_SETTINGS and os.environ.get(f"{name}{self.file_suffix}"):
                source = "file"
            given = self._get_value(name, None)
            value = default if given is None else given
            yield Setting(
                name, masked_setting_value(name, value), masked_setting_value(name, default), source
            )


def url_with_password(url: str, password: str) -> str:
    """Return a URL with this password instead of its own; an empty password changes nothing."""
    if not password:
        return url
    parts = urlsplit(url)
    place = f"{parts.username or ''}:{quote(password, safe='')}@{parts.netloc.rpartition('@')[2]}"
    return urlunsplit((parts.scheme, place, parts.path, parts.query, parts.fragment))


def masked_setting_value(name: str, value: str) -> str:
    """Return the value of a setting without its secret part."""
    if name in SECRET_SETTINGS:
        return SECRET_MASK if value.strip() else ""
    return _PASSWORD.sub(lambda found: f"{found[1] or found[2]}{SECRET_MASK}", value)


def _text(default: object) -> str:
    """Return a default as the environment would write it."""
    match default:
        case bool():
            return str(default).lower()
        case list() | dict() if not default:
            return ""
    return str(default)

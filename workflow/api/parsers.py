"""Parser of request bodies: JSON in UTF-8, with limits on size and depth."""

import json
import re
from typing import Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from workflow.http.problems import BodyTooLarge

# Half of a character outside the basic plane: JSON may escape it, but it cannot be stored or sent back.
_ESCAPED_SURROGATE = re.compile(rb"\\ud[89a-f]", re.IGNORECASE)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
MAX_JSON_DEPTH = 20  # levels of lists and objects; the deepest valid body has five


class StrictJSONParser(BaseParser):
    """Parser of `application/json`.

    An error names its place in the body, in the reader's language.
    """

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the value of the body, or refuse a body that cannot be read.

        Numbers that are not JSON are refused too.
        """
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise BodyTooLarge
        try:
            values = json.loads(
                body.decode(), parse_constant=_refuse_constant, object_pairs_hook=_refuse_duplicate_names
            )
        except json.JSONDecodeError as error:
            message = _("The body is not valid JSON (line %(line)s, column %(column)s).")
            raise ParseError(message % {"line": error.lineno, "column": error.colno}) from error
        except UnicodeDecodeError as error:
            raise ParseError(_("The body is not encoded in UTF-8.")) from error
        except RecursionError as error:
            raise _too_deep_error() from error
        except ValueError as error:  # an integer of thousands of digits
            raise ParseError(_("The body contains a number that is invalid or too long.")) from error
        if _is_deeper_than(values, MAX_JSON_DEPTH):
            raise _too_deep_error()
        if _ESCAPED_SURROGATE.search(body) and _SURROGATE.search(json.dumps(values, ensure_ascii=False)):
            raise ParseError(_("The body contains an incomplete character, which cannot be stored."))
        return values


def _refuse_duplicate_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object, or refuse one in which a name occurs twice.

    The value of such a name is ambiguous.
    """
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseError(_("“%(name)s” appears twice in the body.") % {"name": twice[:100]})
    return values


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(constant)


def _too_deep_error() -> ParseError:
    return ParseError(_("Lists and objects in the body are nested too deeply."))


def _is_deeper_than(value: Any, most: int) -> bool:
    """Return True if lists and objects are nested more than `most` levels deep."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return most < 0 or any(
        _is_deeper_than(item, most - 1) for item in inside if isinstance(item, dict | list)
    )

"""Kind of a product file by its path: page, entry point, or module that may write rows."""

from pathlib import Path

from tests.architecture.sources import name

# Where requests, commands and jobs come in; these translate, read the clock and never write rows.
PAGE_MODULES = frozenset({
    "views", "forms", "form_fields", "urls", "api", "api_urls", "portal", "previews", "http", "management", "templatetags",
})  # fmt: skip
PAGE_PACKAGES = (
    "procurement/api_docs/",
    "procurement/dashboard/",
    "procurement/exports/",
    "procurement/help/",
    "procurement/network/",
    "procurement/notifications/",
    "procurement/portal/",
    "procurement/practice/",
    "procurement/rulebook/",
    "procurement/shared_api/",
)
ENTRY_POINTS = frozenset({
    "workflow/clock.py",
    "accounts/adapter.py",
    "accounts/authentication.py",
    "accounts/identity_providers/adapter.py",
    "accounts/link_sessions.py",
    "accounts/middleware.py",
    "accounts/sessions.py",
    "accounts/throttling.py",
    "partners/csv_export.py",
    "procurement/tasks.py",
})  # fmt: skip
# The only code outside actions that writes rows: the mechanism itself, and each table's one writer.
WRITERS = frozenset({
    "workflow/clock.py",
    "workflow/http/idempotency.py",
    "workflow/journal/entries.py",
    "workflow/journal/hash_chain.py",
    "workflow/moves.py",
    "workflow/numbering.py",
    "workflow/outbox/delivery_events.py",
    "workflow/outbox/in_app_notifications.py",
    "workflow/outbox/queue.py",
    "accounts/authenticator_secrets.py",
    "accounts/models.py",
    "accounts/throttling.py",
    "partners/register_rows.py",
})  # fmt: skip


def path_names(path: Path) -> frozenset[str]:
    """Return the names on a file's path, the file's own without its suffix."""
    return frozenset(Path(name(path)).with_suffix("").parts)


def is_page(path: Path) -> bool:
    """Return True if the file belongs to pages, the API or commands."""
    return bool(PAGE_MODULES & path_names(path)) or name(path).startswith(PAGE_PACKAGES)


def may_read_clock(path: Path) -> bool:
    """Return True if the file may ask for the time. Other code takes the moment as its argument `at`."""
    return is_page(path) or name(path) in ENTRY_POINTS or name(path).startswith("config/")


def may_write(path: Path) -> bool:
    """Return True if the file may write rows."""
    return "actions" in path_names(path) or name(path) in WRITERS

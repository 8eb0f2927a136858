"""`manage.py backup`: write database, files, journal head and version into one file, and keep the newest ones."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow.backup.archive import prune_backups, write_backup
from workflow.backup.errors import BackupError
from workflow.clock import real_now, record_backup


class Command(BaseCommand):
    """Command that writes a backup while everything runs."""

    help = (
        "Write a backup of the database and the uploaded files into BACKUP_DIR, and delete the oldest ones."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option for a folder other than BACKUP_DIR."""
        parser.add_argument("--folder", type=Path, default=None, help="a folder other than BACKUP_DIR")

    def handle(self, *_args: Any, folder: Path | None, **_options: Any) -> None:
        """Write the backup, record its time for `check --deploy`, then delete all but the newest BACKUP_KEEP backups."""
        folder = folder or settings.BACKUP_DIR
        try:
            written = write_backup(folder, real_now(), settings.BACKUP_KEY)
        except (BackupError, OSError) as error:
            raise CommandError(f"No backup was written. {error}") from error
        record_backup()
        deleted = prune_backups(folder, settings.BACKUP_KEEP)
        self.stdout.write(
            f"{written}: {written.stat().st_size} bytes. {len(deleted)} older backups were deleted."
        )

"""`manage.py restore FILE`: try a backup in a scratch database, or unpack it for a restore."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow.backup.archive import check, unpack
from workflow.backup.errors import BackupError


class Command(BaseCommand):
    """Command that proves a backup, or unpacks it. It never writes to this instance's database or files."""

    help = "Try a backup in a scratch database (--check), or unpack and decrypt it into an empty folder (--unpack)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, and the choice between a check and a folder to unpack into."""
        parser.add_argument("file", type=Path, help="a file that `manage.py backup` wrote")
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument(
            "--check", action="store_true", help="restore into a scratch database, verify, drop it"
        )
        way.add_argument(
            "--unpack", type=Path, metavar="FOLDER", help="write database.dump and files/ into a folder"
        )

    def handle(self, *_args: Any, file: Path, **options: Any) -> None:
        """Check or unpack the backup. Prints its version, time and head, or fails with the first damaged item."""
        folder: Path | None = options["unpack"]
        try:
            if folder is None:
                found = check(file, settings.BACKUP_KEY)
            else:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if any(folder.iterdir()):
                    raise BackupError(f"{folder} is not empty.")
                found = unpack(file, folder, settings.BACKUP_KEY)
        except (BackupError, OSError) as error:
            raise CommandError(f"{file} does not pass. {error}") from error
        head = found.head or "none yet"
        self.stdout.write(
            f"{file} is whole: version {found.version}, {found.created_at}, journal head {head}"
        )

"""`manage.py restore FILE`: try a backup in a scratch database, restore it into this instance, or unpack it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow.backup.archive import Manifest, restore_backup, unpack_backup, verify_backup
from workflow.backup.errors import BackupError


class Command(BaseCommand):
    """Command that tries, restores or unpacks a backup. It never overwrites data of this instance."""

    help = (
        "Check a backup in a scratch database (--check), restore it into this site, whose database and files must be "
        "empty (--here), or unpack and decrypt it into an empty folder (--unpack)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, and the choice between a check, a restore and a folder to unpack into."""
        parser.add_argument("file", type=Path, help="a file written by `manage.py backup`")
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument(
            "--check", action="store_true", help="restore into a scratch database, verify it, drop it"
        )
        way.add_argument(
            "--here",
            action="store_true",
            help="restore into this site's empty database and file folder",
        )
        way.add_argument(
            "--unpack", type=Path, metavar="FOLDER", help="write database.dump and files/ into a folder"
        )

    def handle(self, *_args: Any, file: Path, **options: Any) -> None:
        """Check, restore or unpack the backup. Prints its version, time and head, or fails with the first damaged item."""
        try:
            if options["check"]:
                manifest = verify_backup(file, settings.BACKUP_KEY)
            elif options["here"]:
                manifest = restore_backup(file, settings.BACKUP_KEY)
            else:
                manifest = _unpack_into(options["unpack"], file)
        except (BackupError, OSError) as error:
            raise CommandError(f"{file} failed the check. {error}") from error
        head = manifest.head or "none yet"
        self.stdout.write(
            f"{file} is intact: version {manifest.version}, {manifest.created_at}, journal head {head}"
        )


def _unpack_into(folder: Path, file: Path) -> Manifest:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty.")
    return unpack_backup(file, folder, settings.BACKUP_KEY)

"""Why a backup cannot be made, read or restored, in words for an operator."""


class BackupError(Exception):
    """A backup cannot be made or restored; the words say why and what to do."""


class BackupDamaged(BackupError):
    """A backup is not what was written."""

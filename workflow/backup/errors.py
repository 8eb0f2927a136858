"""Errors of making, reading and restoring a backup, with messages for an operator."""


class BackupError(Exception):
    """Error: a backup cannot be made or restored. The message tells an operator why and what to do."""


class BackupDamaged(BackupError):
    """Error: a backup differs from what was written."""

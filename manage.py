#!/usr/bin/env python3
"""Command line of Twinlane; docs/operations.md lists the commands an operator needs."""

import gc
import os
import sys
from typing import Any

from django.core.management import execute_from_command_line
from django.db.backends.signals import connection_created


@connection_created.connect
def enable_garbage_collection(**_facts: Any) -> None:
    """Enable garbage collection at the first database connection.

    By then a command has loaded the code it needs.
    """
    gc.enable()


if __name__ == "__main__":
    # The objects loaded at start-up are not garbage; scanning them repeatedly takes a quarter of the start-up time.
    gc.disable()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)

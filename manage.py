#!/usr/bin/env python3
"""The command line of Twinlane; see docs/operations.md for the commands an operator needs."""

import gc
import os
import sys
from typing import Any

from django.core.management import execute_from_command_line
from django.db.backends.signals import connection_created


@connection_created.connect
def work_begins(**_facts: Any) -> None:
    """With its first connection a command has loaded what it needs."""
    gc.enable()


if __name__ == "__main__":
    # Nothing of what a start loads is garbage: to look through it again and again takes a quarter of the start.
    gc.disable()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)

"""Web server: `python -m config.web` takes the same options as `granian`.

It loads the application before granian forks its processes, so they share the memory of the loaded code.
On systems where Python starts processes without forking, each process loads the application itself.
"""

import atexit
import os
import shutil
import tempfile

from granian.cli import entrypoint

# The processes count their requests in files of this folder, so that /metrics can add them up. The library reads
# the variable as it is loaded.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="twinlane-metrics-")

from config.wsgi import application

__all__ = ["application"]


def _delete_counts(folder: str, parent: int) -> None:
    """Delete the counts when the first process ends. Its children run the same function and leave them."""
    if os.getpid() == parent:
        shutil.rmtree(folder, ignore_errors=True)


atexit.register(_delete_counts, os.environ["PROMETHEUS_MULTIPROC_DIR"], os.getpid())

if __name__ == "__main__":
    entrypoint()  # type: ignore[no-untyped-call]  # granian has no types here

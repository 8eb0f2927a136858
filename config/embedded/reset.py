"""`make demo-reset`: drop what a demo made under DATA_DIR, by name; it touches nothing else, and nothing outside."""

import os
import shutil
from pathlib import Path

from config.embedded.engines import hold
from config.embedded.places import Places


def reset(places: Places) -> int:
    """Drop the data of the demo on this folder. Raises InUse while one is running there."""
    if not places.lock.exists():
        print(f"There is no demo's data in {places.data_dir}.")
        return 0
    with hold(places):
        drop(places)
    places.lock.unlink()
    if not any(places.data_dir.iterdir()):
        places.data_dir.rmdir()
    print(f"Dropped the demo's data in {places.data_dir}.")
    if os.environ.get("DATABASE_URL"):
        print("DATABASE_URL is set: that database was left as it is; drop it on its own server.")
    return 0


def drop(places: Places) -> None:
    """Remove everything of the demo but the lock, which the caller holds."""
    for path in places.ours():
        remove(path)
    remove(places.sockets)


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

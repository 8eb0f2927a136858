"""`make demo-reset`: delete the files that the demo created under DATA_DIR, each by its name."""

import os
import shutil
from pathlib import Path

from config.local_stack.engines import lock_folder
from config.local_stack.paths import DataPaths


def reset(paths: DataPaths) -> int:
    """Delete the data of the demo in this folder, and return the exit code.

    Raises FolderInUse while a demo is running there.
    """
    if not paths.lock_file.exists():
        print(f"There is no demo's data in {paths.data_dir}.")
        return 0
    with lock_folder(paths):
        delete_demo_files(paths)
    paths.lock_file.unlink()
    if not any(paths.data_dir.iterdir()):
        paths.data_dir.rmdir()
    print(f"Dropped the demo's data in {paths.data_dir}.")
    if os.environ.get("DATABASE_URL"):
        print("DATABASE_URL is set: that database was left as it is; drop it on its own server.")
    return 0


def delete_demo_files(paths: DataPaths) -> None:
    """Remove all files of the demo except the lock, which the caller holds."""
    for path in paths.existing_owned_paths():
        delete_path(path)
    delete_path(paths.sockets_dir)


def delete_path(path: Path) -> None:
    """Remove a file, a link or a whole folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

"""The user's own folders: for what abclm keeps, and for what it needs while it runs."""

import os
import stat
from pathlib import Path

__all__ = ["data_folder", "lock_folder"]

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def data_folder() -> Path:
    """What abclm keeps for the user: the folder $ABCLM_DATA, else the user's data folder."""
    folder = os.environ.get("ABCLM_DATA")
    if folder:
        return Path(folder)
    from platformdirs import user_data_path  # noqa: PLC0415 - only where it is asked for

    return user_data_path("abclm", appauthor=False)


def lock_folder() -> Path | None:
    """A folder for locks that is the user's alone, made if need be; else None."""
    from platformdirs import user_state_path  # noqa: PLC0415 - as above

    try:
        folder = user_state_path("abclm", appauthor=False) / "locks"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            return None
        if status.st_mode & _OTHERS:
            folder.chmod(0o700)
    except (OSError, RuntimeError):
        return None
    return folder if os.access(folder, os.W_OK | os.X_OK) else None

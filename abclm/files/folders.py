"""The user's folders: for data that abclm keeps, defaults, and locks while it runs."""

import os
import stat
from pathlib import Path

__all__ = ["config_file", "data_folder", "lock_folder"]

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def data_folder() -> Path:
    """Return the folder of abclm's data: ``$ABCLM_DATA``, or else in the user's data folder."""
    folder = os.environ.get("ABCLM_DATA")
    if folder:
        return Path(folder)
    from platformdirs import user_data_path  # noqa: PLC0415 - only if needed

    return user_data_path("abclm", appauthor=False)


def config_file() -> Path:
    """Return the file of the user's defaults: ``$ABCLM_CONFIG``, or else in the config folder."""
    file = os.environ.get("ABCLM_CONFIG")
    if file:
        return Path(file)
    from platformdirs import user_config_path  # noqa: PLC0415 - only if needed

    return user_config_path("abclm", appauthor=False) / "config.toml"


def lock_folder() -> Path | None:
    """Return a folder for locks that only the user can write, created if needed; else None."""
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

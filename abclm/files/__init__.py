"""Reading and writing files so that nothing is lost and every failure is one clear line.

Every room may import from here; it imports nothing but the errors.
"""

from abclm.files.folders import config_file, data_folder
from abclm.files.kinds import FileKind, check_outputs
from abclm.files.leftovers import leftovers
from abclm.files.locks import claimed, locked
from abclm.files.reading import MOST_ABC, read_bytes, read_stream, reason
from abclm.files.streams import is_stream
from abclm.files.temporary import backups_of, keep_beside, keep_somewhere
from abclm.files.writing import check_writable, write_atomically

__all__ = [
    "MOST_ABC",
    "FileKind",
    "backups_of",
    "check_outputs",
    "check_writable",
    "claimed",
    "config_file",
    "data_folder",
    "is_stream",
    "keep_beside",
    "keep_somewhere",
    "leftovers",
    "locked",
    "read_bytes",
    "read_stream",
    "reason",
    "write_atomically",
]

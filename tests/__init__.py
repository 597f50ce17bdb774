"""The tests, one folder for each room."""

import os

# Before numpy is imported: the networks here are small, and threads of OpenBLAS that wait for each
# other make a busy machine many times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

"""Settings of the whole suite."""

from hypothesis import settings

# The first example pays for imports, and shared machines are slow at times: no deadline. The same
# examples in every run, so that a failure can be looked at.
settings.register_profile("abclm", deadline=None, derandomize=True)
settings.load_profile("abclm")

"""A tunebook on this machine's own address, for a browser: over the public API, nothing below it."""

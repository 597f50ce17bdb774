"""A tunebook for a browser, at this machine's own address; over the public API alone."""

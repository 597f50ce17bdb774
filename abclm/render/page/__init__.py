"""A tunebook as one page of HTML that plays."""

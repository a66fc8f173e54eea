"""The gateway: the campus over HTTP, with the same rights and the same refusals."""

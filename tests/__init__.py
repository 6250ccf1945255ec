"""Every test of the server; the screens have theirs in `web/`."""

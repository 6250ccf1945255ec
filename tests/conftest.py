"""What all tests share. Settings of pytest are in `pyproject.toml`; nothing is patched here."""

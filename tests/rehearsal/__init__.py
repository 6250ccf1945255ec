"""The rehearsal: its door on the server, and the command an office runs."""

"""The rules of a meeting, tested as minutes of one."""

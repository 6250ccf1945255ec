"""The file of a meeting, made and checked."""

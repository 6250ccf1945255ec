"""All SQL lives here: what a meeting's record is written to and read from.

Nothing is decided here; facts and answers come in and go out whole.
"""

"""Worlds in which things break: a power cut, a full disk, a clock that jumps."""

"""The messages both sides speak."""

"""Whole meetings in a real browser: what people tap and what they then see."""

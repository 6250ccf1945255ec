"""Tests of the office around the meetings."""

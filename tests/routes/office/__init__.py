"""Tests of what the office asks by HTTP."""

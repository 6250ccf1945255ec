"""Phiên, a paperless meeting server for tablets. The version lives here, nothing else."""

__version__ = "0.1.0"

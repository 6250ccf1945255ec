"""The office around the meetings: who may prepare them, for which bodies, with which settings.

No HTTP is known here.
"""

"""The words both sides speak: what is asked, what happened, what is shown.

Structs only. No decision is made here and nothing is read or sent.
"""

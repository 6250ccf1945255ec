"""What the office prints: cards, sheets, the pack of paper for when everything else fails.

Typst sets the type in a process of its own; papers are bound in the sandbox of `meeting.pages`.
"""

"""What a check found, in sentences."""

from __future__ import annotations

from typing import Final

import msgspec

from meeting.archive.checking import Checked
from meeting.texts import text

SAID_MOST: Final = 20


def verdict(checked: Checked) -> str:
    """The first sentence."""
    if not checked.whole:
        return text("check.not_whole")
    if any(finding.code == "pages_not_compared" for finding in checked.findings):
        # Whoever forged a page and named another program would else be told that all is well.
        return text("check.log_compared" if checked.compared else "check.log_only")
    return text("check.compared" if checked.compared else "check.not_compared")


def sentences(checked: Checked) -> list[str]:
    """The verdict, then what is wrong, then what else should be known."""
    in_order = sorted(checked.findings, key=lambda finding: not finding.fault)
    said = [text(f"check.{one.code}", **one.data) for one in in_order[:SAID_MOST]]
    more = len(in_order) - len(said)
    return [verdict(checked), *said, *([text("check.more", count=more)] if more else [])]


def as_json(checked: Checked) -> str:
    """All of it for a program, on one line."""
    said = {
        "whole": checked.whole,
        "seal": checked.seal,
        "compared": checked.compared,
        "findings": checked.findings,
        "sentences": sentences(checked),
    }
    return msgspec.json.encode(said).decode()

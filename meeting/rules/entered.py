"""Times that people enter afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from meeting.errors import Code, Refused
from meeting.rules.state import Moment

_CLOCK_SLACK: Final = timedelta(minutes=1)


def past(asked: datetime, moment: Moment, longest_ago: timedelta, code: Code) -> datetime:
    """The time in UTC, as the log has all times.

    Raises:
        Refused: with this code, when it has not come yet or is longer ago than that.
    """
    try:
        at = asked.astimezone(UTC)
    except OverflowError:
        raise Refused(code) from None
    if not moment.now - longest_ago <= at <= moment.now + _CLOCK_SLACK:
        raise Refused(code)
    return at

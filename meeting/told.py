"""What this machine tells the rooms and desks of its meetings: what is wrong with it, what the room
screen shows for coming in, which papers are still being made.
"""

from __future__ import annotations

from typing import Final

from meeting import qr
from meeting.addressed import Addressed
from meeting.awake import Awake
from meeting.clock import Clock
from meeting.logs import Log
from meeting.office.networks import Networks
from meeting.pages import Pages
from meeting.printing.addresses import Addresses
from meeting.protocol.signals import CodeSignal
from meeting.protocol.words import WarningCode
from meeting.running import RunningMeeting
from meeting.store.space import Space

ASTRAY_SECONDS: Final = 2.0
"""The machine's clock was set by more than this, not only kept right."""

log = Log("app")


class Told:
    """Asked again and again while meetings are on.

    Args:
        printed: under which addresses cards were printed.
    """

    def __init__(
        self,
        clock: Clock,
        space: Space,
        awake: Awake,
        addressed: Addressed,
        *,
        networks: Networks,
        pages: Pages,
        printed: Addresses,
    ) -> None:
        self._clock = clock
        self._space = space
        self._awake = awake
        self._addressed = addressed
        self._networks = networks
        self._pages = pages
        self._printed = printed
        self._astray = False

    def warnings(self, running: RunningMeeting) -> set[WarningCode]:
        """What the machine wants chair and desk of this meeting to know."""
        codes: set[WarningCode] = set()
        if self._space.full or self._space.low:
            codes.add("disk_full" if self._space.full else "disk_low")
        if abs(astray := self._clock.astray()) > ASTRAY_SECONDS:
            codes.add("clock_jump")
            if not self._astray:
                log.warning("clock_jumped", ms=round(astray * 1000))
        self._astray = "clock_jump" in codes
        if self._awake.sleep == "failed":
            codes.add("machine_may_sleep")
        if self._address_changed(running):
            codes.add("address_changed")
        return codes

    def code(self, running: RunningMeeting, digits: str, code: str) -> CodeSignal:
        """What a room screen shows for these digits and this scan code."""
        url = f"{self._addressed.url}/q/{code}"
        heading = running.state.meeting
        password = self._networks.password(heading)
        wifi = qr.wifi(heading.wifi_name, password)
        changed = self._address_changed(running)
        others = self._addressed.others
        return CodeSignal(digits, url, qr.svg(url), wifi, password, others, changed)

    def ready(self, running: RunningMeeting) -> dict[str, int]:
        """The papers still being made: a page that cannot be drawn is not waited for."""
        papers = running.state.documents.values()
        made = {paper.id: self._pages.progress(paper.sha256) for paper in papers}
        return {
            paper.id: made[paper.id]
            for paper in papers
            if made[paper.id] + self._pages.failed(paper.sha256) < paper.pages
        }

    def _address_changed(self, running: RunningMeeting) -> bool:
        """Whether cards of this meeting were printed that say another address."""
        return self._printed.changed(running.id, self._addressed.url)

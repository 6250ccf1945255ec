"""What every route is handed: the running server's parts, put together by `app`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from meeting.access import Access, Tries
from meeting.archive.archives import Archives
from meeting.archive.savings import Savings
from meeting.clock import Clock
from meeting.copies import Copies
from meeting.limits import Paces, Reached
from meeting.meetings import Meetings
from meeting.metrics import Metrics
from meeting.office.machine import Machine
from meeting.office.networks import Networks
from meeting.office.phones import PhoneTest
from meeting.office.register import Register
from meeting.office.screens import Screens
from meeting.office.templates import Templates
from meeting.pages import Pages
from meeting.pages.convert import Converter
from meeting.printing.prints import Prints
from meeting.running import RunningMeeting


@dataclass(frozen=True)
class Shell:
    """`base_url` says what people open now; `static` is the built web app's folder.

    `sample` is a PDF for rehearsals; `end` ends a rehearsal: its devices leave, memory and rows go
    (StoreFault where the rows do not).
    Files are laid down or destroyed while `settling` is held: no paper gets bytes that just go.
    `converter` makes files of office programs PDF, where it can.
    Who shows `metrics_token` may read `metrics` from anywhere; "" lets nobody.
    """

    meetings: Meetings
    access: Access
    office: Register
    networks: Networks
    templates: Templates
    pages: Pages
    copies: Copies
    clock: Clock
    base_url: Callable[[], str]
    static: Path
    code_tries: Tries
    sample: Path
    end: Callable[[RunningMeeting], Awaitable[None]]
    machine: Machine
    phone: PhoneTest
    screens: Screens
    prints: Prints
    archives: Archives
    savings: Savings
    paces: Paces
    reached: Reached
    metrics: Metrics
    metrics_token: str = ""
    converter: Converter = field(default_factory=Converter)
    settling: asyncio.Lock = field(default_factory=asyncio.Lock)

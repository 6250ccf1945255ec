"""Pages the server itself draws: they work without script, in old and in-app browsers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from meeting.protocol.words import AddressForm
from meeting.routes.replies import HEADERS
from meeting.routes.shell import Shell
from meeting.rules.state import MeetingState
from meeting.running import RunningMeeting
from meeting.texts import text

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_SHEET: Final = "src/style/plain.css"

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Drawing:
    """Draws pages for one server. What a page may show is decided by whoever calls."""

    def __init__(self, shell: Shell) -> None:
        self._sheet = _sheet(shell.static / ".vite" / "manifest.json")

    def page(
        self,
        template: str,
        running: RunningMeeting | None = None,
        status: int = 200,
        **shown: Any,
    ) -> Response:
        """A page by the name of its template, about this meeting, kept by nobody."""
        state = running.state if running else None
        form: AddressForm = state.meeting.address_form if state else "dong_chi"

        def say(key: str, **params: str | int) -> str:
            return text(key, form, **params)

        html = _environment.get_template(f"{template}.html").render(
            t=say,
            sheet=self._sheet,
            meeting=state.meeting if state else None,
            when=when(state) if state else "",
            **shown,
        )
        headers = {**HEADERS, "content-security-policy": POLICY}
        return HTMLResponse(html, status, headers=headers)


def _sheet(manifest: Path) -> str:
    """The address of the stylesheet, as the build of the web app named it."""
    try:
        return f"/static/{json.loads(manifest.read_text('utf-8'))[_SHEET]['file']}"
    except (OSError, ValueError, KeyError):
        return "/static/plain.css"


def go(where: str) -> RedirectResponse:
    """To another page, as a GET."""
    return RedirectResponse(where, 303, headers=HEADERS)


async def field(request: Request, name: str) -> str:
    """What a form says under this name; "" if it says nothing, or nothing that can be read."""
    try:
        value = (await request.form()).get(name, "")
    except (UnicodeError, LookupError):
        return ""
    return value if isinstance(value, str) else ""


def when(state: MeetingState) -> str:
    """Weekday, day, time and place of a meeting, in the office's zone, 24-hour clock."""
    heading = state.meeting
    at = heading.starts_at.astimezone(ZoneInfo(heading.zone))
    day = text(f"day.{at.weekday()}")
    return " · ".join(filter(None, [f"{day}, {at:%d/%m/%Y}", f"{at:%H:%M}", heading.place]))


def clock_time(state: MeetingState, at: datetime) -> str:
    """A moment as a time of day in the office's zone, such as 07:24."""
    zone = ZoneInfo(state.meeting.zone)
    return f"{at.replace(tzinfo=at.tzinfo or UTC).astimezone(zone):%H:%M}"

"""JSON out: refusal code to status in one table, answers and views as they are."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from starlette.responses import Response

from meeting.errors import AskedTooMuch, Code, Refused
from meeting.protocol.answers import Answer, Rejected, Retry

STATUS: Final[dict[str, int]] = {
    "malformed": 400,
    "unknown_type": 400,
    "not_signed_in": 401,
    "device_revoked": 401,
    "card_revoked": 410,
    "card_unknown": 404,
    "document_unknown": 404,
    "page_unknown": 404,
    "seat_unknown": 404,
    "rehearsal_unknown": 404,
    "screen_unknown": 404,
    "meeting_unknown": 404,
    "template_unknown": 404,
    "not_allowed": 403,
    "only_here": 403,
    "account_unknown": 404,
    "sign_in_wait": 429,
    "code_paused": 429,
    "waiting_full": 429,
    "check_full": 429,
    "page_failed": 422,
    "page_too_heavy": 422,
    "page_timeout": 504,
    "disk_low": 507,
    "disk_full": 507,
    "server_busy": 503,
    "server_fault": 500,
}
"""Every other code is a conflict with how the meeting stands: 409."""

HEADERS: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


RETRY_SECONDS: Final = 1
"""After so long, who found the server busy or asked too much of it may ask again."""


def status_of(code: str) -> int:
    return STATUS.get(code, 409)


def status_for(refused: Refused) -> int:
    return 429 if isinstance(refused, AskedTooMuch) else status_of(refused.code)


def reply(value: Any, status: int = 200) -> Response:
    """Any message as JSON, kept by nobody."""
    return Response(
        msgspec.json.encode(value),
        status_code=status,
        media_type="application/json",
        headers=HEADERS,
    )


def refusal(refused: Refused) -> Response:
    answer = reply({"code": refused.code, "data": refused.data}, status_for(refused))
    if refused.code == "server_busy":
        answer.headers["retry-after"] = str(RETRY_SECONDS)
    return answer


def refuse(code: Code) -> Response:
    return refusal(Refused(code))


def answered(answer: Answer) -> Response:
    """The answer to a command; its own status is in the body, this one is for machines."""
    if isinstance(answer, Rejected):
        return reply(answer, status_of(answer.code))
    return reply(answer, 503 if isinstance(answer, Retry) else 200)

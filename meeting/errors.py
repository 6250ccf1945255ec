"""Refusals: the closed list of codes with which Phiên says no.

A refusal is a value with a code and plain data. The sentence a person reads is made from the
code by the screen, in the reader's language; the HTTP status by one table in `routes`.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

Code = Literal[
    "malformed",
    "unknown_type",
    "not_signed_in",
    "not_allowed",
    "wrong_phase",
    "too_late",
    "id_reused",
    "not_presenter",
    "item_not_on",
    "item_unknown",
    "item_recess",
    "item_has_papers",
    "item_reached",
    "document_unknown",
    "document_withdrawn",
    "document_presented",
    "order_outdated",
    "reason_needed",
    "time_wrong",
    "number_needed",
    "page_unknown",
    "seat_unknown",
    "seat_exists",
    "seat_needed",
    "readers_needed",
    "seat_without_roll",
    "own_seat",
    "name_needed",
    "attendance_unchanged",
    "attendance_reason_needed",
    "attendance_time_wrong",
    "attendance_correct_instead",
    "code_needed",
    "code_wrong",
    "code_paused",
    "card_unknown",
    "card_revoked",
    "device_unknown",
    "device_revoked",
    "devices_full",
    "not_waiting",
    "waiting_full",
    "file_too_large",
    "file_not_pdf",
    "file_broken",
    "file_locked",
    "file_too_many_pages",
    "file_too_slow",
    "file_too_heavy",
    "file_password_wrong",
    "file_empty",
    "file_missing",
    "file_unreadable",
    "file_from_office",
    "file_same",
    "secret_name",
    "secret_stamp",
    "secrecy_asked",
    "file_heic",
    "picture_broken",
    "picture_too_large",
    "conversion_failed",
    "conversion_slow",
    "table_unreadable",
    "table_empty",
    "table_too_large",
    "page_failed",
    "page_timeout",
    "page_too_heavy",
    "sign_in_wrong",
    "sign_in_wait",
    "password_short",
    "login_wrong",
    "login_taken",
    "account_unknown",
    "account_last",
    "begin_code_wrong",
    "office_exists",
    "only_here",
    "body_unknown",
    "meeting_unknown",
    "meeting_was_held",
    "template_unknown",
    "template_taken",
    "screen_unknown",
    "carried_wrong",
    "print_failed",
    "check_full",
    "check_given_up",
    "saving_on",
    "stick_gone",
    "stick_full",
    "stick_read_only",
    "stick_format_old",
    "stick_differs",
    "early",
    "rehearsal_on",
    "rehearsal_not_now",
    "rehearsal_unknown",
    "disk_low",
    "disk_full",
    "server_busy",
    "server_fault",
]

CODES: Final[tuple[str, ...]] = get_args(Code)


class Refused(Exception):
    """Something a person asked for is not done; the meeting is as it was.

    Args:
        code: one of `CODES`.
        data: plain values the sentence may need, such as a number of devices.
    """

    def __init__(self, code: Code, **data: str | int) -> None:
        super().__init__(code)
        self.code: Code = code
        self.data = data


class AskedTooMuch(Refused):
    """This one device asks for more at a time than any of ours does; others are served."""

    def __init__(self) -> None:
        super().__init__("server_busy")


class Stopped(Exception):
    """The server cannot run; whoever started it is told why and what to do.

    Args:
        key: names the sentence, below `terminal.` in `texts`.
    """

    def __init__(self, key: str, **data: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.data = data

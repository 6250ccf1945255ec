"""What the office sends ahead by Zalo or mail: to all together, and to each person alone. Pure.

The text for all holds nothing personal and no password: it may be posted in a group.
"""

from __future__ import annotations

from meeting.printing.sheets import Ways, mark, people, typed_address, when
from meeting.protocol.office import MessageView, PersonMessage
from meeting.rules.state import MeetingState, Seat
from meeting.texts import text


def message(state: MeetingState, ways: Ways, url: str) -> MessageView:
    """Args:
    url: what people open, such as http://192.168.1.105.
    """
    common = _common(state, url)
    opening = _say(state, "message.opening", office=state.meeting.office)
    return MessageView(
        text="\n".join([opening, *common, *_help(state)]),
        people=tuple(
            PersonMessage(seat.id, seat.name, _personal(state, seat, ways, common))
            for seat in people(state)
            if seat.id in ways
        ),
    )


def _common(state: MeetingState, url: str) -> list[str]:
    heading = state.meeting
    marked = mark(state)
    lines = [f"{heading.title} ({marked})" if marked else heading.title]
    lines.append(_say(state, "message.when", when=when(state)))
    if heading.place:
        lines.append(_say(state, "message.where", place=heading.place))
    lines += [_say(state, "message.bring"), "", _say(state, "message.in_the_room")]
    wifi = heading.wifi_name
    lines.append(_say(state, "message.wifi", name=wifi) if wifi else text("message.any_wifi"))
    return [*lines, _say(state, "message.enter", address=typed_address(url))]


def _personal(state: MeetingState, seat: Seat, ways: Ways, common: list[str]) -> str:
    way = ways[seat.id]
    return "\n".join(
        [
            _say(state, "message.dear", name=seat.name),
            _say(state, "message.opening", office=state.meeting.office),
            *common,
            "",
            _say(state, "message.link", link=way.link),
            _say(state, "message.digits", digits=way.spaced),
            _say(state, "message.own"),
            *_help(state),
        ]
    )


def _help(state: MeetingState) -> list[str]:
    heading = state.meeting
    if not heading.help_phone:
        return []
    named = f"{heading.help_name} {heading.help_phone}".strip()
    return ["", _say(state, "message.help", help=named)]


def _say(state: MeetingState, key: str, **said: str) -> str:
    return text(key, state.meeting.address_form, **said)

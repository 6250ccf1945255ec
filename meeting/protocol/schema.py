"""JSON Schema of every message, from which `web/src/protocol.ts` is generated."""

from __future__ import annotations

from typing import Any, get_args

import msgspec

from meeting.errors import CODES
from meeting.protocol import (
    answers,
    commands,
    machine,
    office,
    prepared,
    reading,
    signals,
    sticks,
    templates,
    texts,
    views,
)

VERSION = 1
"""Said on joining. A page made for another version is told to reload."""

FROM_SERVER: tuple[type, ...] = (
    *get_args(answers.Answer),
    *get_args(signals.DownSignal),
    views.ViewMessage,
    views.PatchMessage,
    views.OwnMessage,
    views.BeaconMessage,
    views.RollView,
    views.CardView,
    office.MeView,
    office.RecordRow,
    office.MessageView,
    office.FileChecked,
    sticks.SticksView,
    sticks.ChecksView,
    machine.MachineView,
    machine.PhoneView,
    machine.Carried,
    prepared.MeetingRow,
    prepared.Created,
    prepared.Prepared,
    prepared.Entrance,
    reading.ReadRoll,
    reading.ReadAgenda,
    reading.TakenIn,
    texts.PageTextView,
    texts.ContentsView,
    texts.FoundView,
    templates.Starts,
)
FROM_DEVICE: tuple[type, ...] = (
    commands.Sent,
    texts.WantedWords,
    *get_args(signals.UpSignal),
    office.BeginOffice,
    office.SignIn,
    office.NewPassword,
    office.BodyView,
    machine.JoinScreen,
    machine.OfficeCarried,
    sticks.SaveOnto,
    prepared.NewMeeting,
    prepared.WantedRoll,
    prepared.WantedAgenda,
    prepared.WantedPapers,
    prepared.EnterAs,
    templates.NewTemplate,
    templates.RenamedTemplate,
)


def schema() -> dict[str, Any]:
    """One JSON Schema (draft 2020-12) whose definitions are all messages by name."""
    kinds = (*FROM_SERVER, *FROM_DEVICE)
    _, parts = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    for name in _reachable(parts, [kind.__name__ for kind in FROM_SERVER]):
        _require_what_is_always_sent(parts[name])
    parts["Command"] = {"anyOf": [_ref(kind) for kind in get_args(commands.Command)]}
    parts["Answer"] = {"anyOf": [_ref(kind) for kind in get_args(answers.Answer)]}
    parts["UpSignal"] = {"anyOf": [_ref(kind) for kind in get_args(signals.UpSignal)]}
    parts["DownSignal"] = {"anyOf": [_ref(kind) for kind in get_args(signals.DownSignal)]}
    parts["RefusalCode"] = {"enum": list(CODES)}
    return {"title": "Protocol", "type": "object", "$defs": parts}


def _ref(kind: type) -> dict[str, str]:
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _reachable(parts: dict[str, Any], names: list[str]) -> list[str]:
    """These definitions and whatever they refer to, sorted by name."""
    seen: set[str] = set()
    while names:
        name = names.pop()
        if name not in seen:
            seen.add(name)
            names += _refs(parts[name])
    return sorted(seen)


def _refs(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"].rsplit("/", 1)[1]] if "$ref" in node else []
        return own + [ref for value in node.values() for ref in _refs(value)]
    if isinstance(node, list):
        return [ref for value in node for ref in _refs(value)]
    return []


def _require_what_is_always_sent(part: dict[str, Any]) -> None:
    """What the server sends with a default is sent all the same; only UNSET may be absent."""
    always = {name for name, spec in part.get("properties", {}).items() if "default" in spec}
    if always:
        part["required"] = sorted({*part.get("required", []), *always})

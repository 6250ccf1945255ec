"""The schema the screens' types are made from: every message, once, with what is always there."""

from __future__ import annotations

import json
from operator import attrgetter
from typing import Any, get_args

import msgspec
import pytest

from meeting.errors import CODES
from meeting.protocol import (
    commands,
    facts,
    machine,
    office,
    prepared,
    preparing,
    reading,
    secrecy,
    signals,
    sticks,
    templates,
    texts,
    views,
)
from meeting.protocol.answers import Answer
from meeting.protocol.schema import FROM_DEVICE, FROM_SERVER, schema

PARTS: dict[str, Any] = schema()["$defs"]

MODULES = (
    views,
    signals,
    commands,
    preparing,
    prepared,
    office,
    reading,
    machine,
    secrecy,
    sticks,
    templates,
    texts,
)

UNIONS = {
    "Command": commands.Command,
    "Answer": Answer,
    "UpSignal": signals.UpSignal,
    "DownSignal": signals.DownSignal,
}


def refs(node: Any) -> set[str]:
    if isinstance(node, dict):
        mine = {node["$ref"].removeprefix("#/$defs/")} if "$ref" in node else set()
        return mine.union(*map(refs, node.values()))
    if isinstance(node, list):
        return set[str]().union(*map(refs, node))
    return set()


def structs_in(module: Any) -> set[str]:
    return {
        name
        for name, thing in vars(module).items()
        if isinstance(thing, type)
        and issubclass(thing, msgspec.Struct)
        and thing.__module__ == module.__name__
    }


@pytest.mark.parametrize("name", UNIONS)
def test_a_union_lists_all_its_members(name: str) -> None:
    members = {kind.__name__ for kind in get_args(UNIONS[name])}
    assert refs(PARTS[name]) == members
    assert members <= set(PARTS)


def test_every_message_is_there_under_its_own_name() -> None:
    assert {kind.__name__ for kind in (*FROM_SERVER, *FROM_DEVICE)} <= set(PARTS)
    assert structs_in(views) <= set(PARTS)
    assert structs_in(signals) <= set(PARTS)
    assert structs_in(commands) - {"Asked", "Waiting"} <= set(PARTS)


def test_no_two_parts_share_a_name_and_no_name_was_bent_to_avoid_it() -> None:
    known = set().union(*map(structs_in, MODULES))
    known |= {kind.__name__ for kind in get_args(Answer)} | set(UNIONS) | {"RefusalCode"}
    assert set(PARTS) <= known


def test_every_reference_leads_somewhere() -> None:
    assert refs(schema()) <= set(PARTS)


def test_the_record_is_no_message() -> None:
    assert {kind.__name__ for kind in get_args(facts.Fact)} & set(PARTS) == set()


def test_all_codes_of_refusals_are_there_once() -> None:
    assert PARTS["RefusalCode"] == {"enum": list(CODES)}
    assert len(set(CODES)) == len(CODES)


def test_it_is_json_and_always_the_same() -> None:
    assert json.dumps(schema()) == json.dumps(schema())


def sent_by_the_server() -> list[type[msgspec.Struct]]:
    kinds: list[type[msgspec.Struct]] = []
    wanted = [kind.__name__ for kind in FROM_SERVER]
    while wanted:
        name = wanted.pop()
        for module in MODULES:
            kind = vars(module).get(name)
            if kind is not None and kind not in kinds:
                kinds.append(kind)
                wanted += refs(PARTS[name])
    return [*kinds, *get_args(Answer)]


@pytest.mark.parametrize(
    "kind",
    sorted(sent_by_the_server(), key=attrgetter("__name__")),
    ids=attrgetter("__name__"),
)
def test_what_the_server_always_sends_is_required(kind: type[msgspec.Struct]) -> None:
    part = PARTS[kind.__name__]
    always = {
        field.encode_name
        for field in msgspec.structs.fields(kind)
        if msgspec.UnsetType not in get_args(field.type)
    }
    tag_field = kind.__struct_config__.tag_field
    always |= {tag_field} if kind.__struct_config__.tag is not None and tag_field else set()
    assert set(part.get("required", [])) == always


@pytest.mark.parametrize("kind", get_args(commands.Command), ids=lambda kind: kind.__name__)
def test_a_device_may_leave_out_what_has_a_default(kind: type[msgspec.Struct]) -> None:
    part = PARTS[kind.__name__]
    needed = {field.encode_name for field in msgspec.structs.fields(kind) if field.required}
    assert set(part["required"]) == needed | {"type"}
    assert part["additionalProperties"] is False

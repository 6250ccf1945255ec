"""Merge patches: the cases the web tests too, and random pairs there and back."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest

from meeting.protocol.patch import apply, diff

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "cases" / "merge_patch.json").read_text("utf-8")
)


def test_there_are_cases_enough_and_no_name_twice() -> None:
    names = [case["name"] for case in CASES]
    assert (len(CASES) >= 25, len(set(names))) == (True, len(names))
    assert {tuple(sorted(case)) for case in CASES} == {("name", "new", "old", "patch")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    before = deepcopy(case)
    assert diff(case["old"], case["new"]) == case["patch"]
    assert apply(case["old"], case["patch"]) == case["new"]
    assert case == before


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_patch_twice_is_once(case: dict[str, Any]) -> None:
    assert apply(case["new"], case["patch"]) == case["new"]


def some_json(random: Random, depth: int) -> Any:
    kind = random.random()
    if depth and kind < 0.45:
        return some_object(random, depth - 1)
    if depth and kind < 0.6:
        return [some_json(random, depth - 1) for _ in range(random.randint(0, 3))]
    return random.choice(["", "a", "ẩ", "Điểu", 2, 3, 2.5, -7, True, False])


def some_object(random: Random, depth: int) -> dict[str, Any]:
    keys = random.sample(["a", "b", "c", "đ", "", "0", "__proto__"], random.randint(0, 5))
    return {key: some_json(random, depth) for key in keys}


def changed(random: Random, value: dict[str, Any], depth: int) -> dict[str, Any]:
    """The same object with something changed here and there, as one view after another."""
    result: dict[str, Any] = {}
    for key, inner in value.items():
        if random.random() < 0.15:
            continue
        if isinstance(inner, dict) and random.random() < 0.7:
            result[key] = changed(random, inner, depth)
        else:
            result[key] = some_json(random, depth) if random.random() < 0.3 else inner
    return {**result, **(some_object(random, 1) if random.random() < 0.3 else {})}


def test_two_thousand_pairs_there_and_back() -> None:
    for seed in range(2000):
        random = Random(seed)
        old = some_object(random, 4)
        new = changed(random, old, 3) if seed % 4 else some_object(random, 4)
        there, back = diff(old, new), diff(new, old)
        copies = deepcopy(old), deepcopy(new)
        assert (seed, apply(old, json.loads(json.dumps(there)))) == (seed, new)
        assert (seed, apply(new, json.loads(json.dumps(back)))) == (seed, old)
        assert (old, new) == copies
        assert diff(old, old) == {}
        assert (there == {}) == (old == new)

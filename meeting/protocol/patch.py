"""JSON merge patches (RFC 7396) between two views. The same cases test `web/src/live/patch.ts`."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def diff(old: Json, new: Json) -> Json:
    """The patch that turns `old` into `new`. Neither may hold None; equal gives {}."""
    patch: Json = {key: None for key in old if key not in new}
    for key, value in new.items():
        if key not in old:
            patch[key] = value
            continue
        before = old[key]
        if before is value:
            continue  # what a page turn leaves alone is most of a view, and the very same
        if isinstance(before, dict) and isinstance(value, dict):
            if inner := diff(before, value):
                patch[key] = inner
        elif before != value:
            patch[key] = value
    return patch


def apply(target: Json, patch: Json) -> Json:
    """`target` after `patch`; `target` itself is left as it was."""
    result = dict(target)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            before = result.get(key)
            result[key] = apply(before if isinstance(before, dict) else {}, value)
        else:
            result[key] = value
    return result

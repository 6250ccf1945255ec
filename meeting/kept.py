"""What was made of some parts of an immutable value, kept while those parts are the very same."""

from __future__ import annotations

from collections.abc import Callable
from operator import is_
from typing import Generic, TypeVar

S = TypeVar("S")
T = TypeVar("T")


class Kept(Generic[S, T]):
    """Made anew only when one of the parts is another.

    State is immutable: the very same seats make the same roll, and a page turn at 1,000 seats
    need not look at them.

    Args:
        make: makes it of the whole value.
        parts: all that `make` looks at, as objects that stay the same ones while they are equal.
    """

    def __init__(self, make: Callable[[S], T], parts: Callable[[S], tuple[object, ...]]) -> None:
        self._make = make
        self._parts = parts
        self._kept: tuple[tuple[object, ...], T] | None = None

    def of(self, value: S) -> T:
        parts = self._parts(value)
        if self._kept is None or not all(map(is_, self._kept[0], parts)):
            self._kept = (parts, self._make(value))
        return self._kept[1]

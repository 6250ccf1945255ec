"""The event loops that tests of sockets run on: what we serve with, and what Windows has."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping

import pytest

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, LoopFactory]:
    """Both where frames are written straight to transports, which differ; one elsewhere."""
    if item.path.name == "test_fanout.py" and sys.platform != "win32":
        import uvloop  # not to be had on Windows

        return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
    return {"asyncio": asyncio.new_event_loop}

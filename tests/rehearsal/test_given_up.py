"""A request given up leaves nothing open behind it, whatever the server did meanwhile."""

from __future__ import annotations

import asyncio
import gc

import pytest

from meeting.rehearsal.office import http_client

TOGETHER = 5
LOOKS = 12
"""Rounds of the loop in which a request that finds nobody is given up, one in each trial."""

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@pytest.mark.parametrize("rounds", range(LOOKS))
async def test_a_request_given_up_after_a_server_ended_leaves_no_connection_open(
    rounds: int,
) -> None:
    everybody = asyncio.Barrier(TOGETHER)
    ends: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends.append(writer)
        await reader.readuntil(b"\r\n\r\n")
        await everybody.wait()
        writer.write(ANSWER)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with http_client() as http:
        said = await asyncio.gather(*(http.get(url) for _ in range(TOGETHER)))
        assert [one.text for one in said] == ["ok"] * TOGETHER
        server.close()
        for end in ends:
            end.close()
            await end.wait_closed()
        late = asyncio.create_task(http.get(url))
        for _ in range(rounds):
            await asyncio.sleep(0)
        late.cancel()
        await asyncio.gather(late, return_exceptions=True)
    gc.collect()  # what was left open is complained of here, and a complaint fails the test

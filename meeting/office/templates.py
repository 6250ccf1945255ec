"""Mẫu cuộc họp: skeletons of meetings that the office keeps under a name, for each of its bodies.

They are read where they are stored each time: another process may have changed them.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from meeting.clock import Clock
from meeting.errors import Refused
from meeting.protocol.office import OfficeAct
from meeting.protocol.templates import CarriedTemplate, Skeleton, Template
from meeting.store.offices import Account, Act, Offices

TEMPLATES_MOST: Final = 200


class Templates:
    """The templates of this office. What changes one is recorded with it."""

    def __init__(self, store: Offices, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._writing = asyncio.Lock()

    async def all(self) -> list[Template]:
        """In the order of their names. Raises StoreFault where they cannot be read."""
        return sorted(await self._store.templates(), key=lambda one: (one.name, one.id))

    async def one(self, id_: str) -> Template:
        """Raises Refused: `template_unknown`; StoreFault."""
        found = next((one for one in await self._store.templates() if one.id == id_), None)
        if found is None:
            raise Refused("template_unknown")
        return found

    async def add(self, by: Account, body: str, name: str, skeleton: Skeleton) -> Template:
        """Raises Refused: `name_needed`, `template_taken`, or `malformed` where there are too many;
        NotStored: nothing was done.
        """
        async with self._writing:
            known = await self._store.templates()
            if len(known) >= TEMPLATES_MOST:
                raise Refused("malformed")
            added = Template(secrets.token_hex(6), body, _free(name, body, known), skeleton)
            await self._keep(by, "template.added", added, added)
        return added

    async def rename(self, by: Account, id_: str, name: str) -> Template:
        """Raises as `add` and `one`."""
        async with self._writing:
            before = await self.one(id_)
            others = [one for one in await self._store.templates() if one.id != id_]
            renamed = replace(before, name=_free(name, before.body, others))
            if renamed != before:
                await self._keep(by, "template.renamed", renamed, renamed)
        return renamed

    async def delete(self, by: Account, id_: str) -> None:
        """Raises as `one`; NotStored: nothing was done."""
        async with self._writing:
            await self._keep(by, "template.deleted", await self.one(id_), None)

    async def _keep(
        self, by: Account, what: OfficeAct, about: Template, now: Template | None
    ) -> None:
        act = Act(self._clock.now(), by.id, what, about.id, about.name)
        await self._store.keep(act, templates={about.id: now})


def merged(
    known: Sequence[Template], body: str, carried: Sequence[CarriedTemplate]
) -> dict[str, Template]:
    """What comes to a body from elsewhere, by id: it takes the place of what has its name."""
    ids = {one.name: one.id for one in known if one.body == body}
    came = [
        Template(ids.get(one.name) or secrets.token_hex(6), body, one.name, one.skeleton)
        for one in carried
    ]
    return {one.id: one for one in came}


def _free(name: str, body: str, known: Sequence[Template]) -> str:
    """The name as it is kept, if no other template of this body has it."""
    name = " ".join(name.split())
    if not name:
        raise Refused("name_needed")
    if any(one.body == body and one.name.casefold() == name.casefold() for one in known):
        raise Refused("template_taken")
    return name

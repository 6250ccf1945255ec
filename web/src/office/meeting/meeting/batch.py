"""A batch of commands, decided and applied in turn on a provisional state.

Nothing here stores, answers or sends: `running` does, or drops the whole of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from meeting.errors import Refused
from meeting.logs import Log
from meeting.protocol import commands as c
from meeting.protocol.answers import Answer, Committed, Rejected
from meeting.protocol.log import Entry, link
from meeting.protocol.words import Method, Sighting
from meeting.rules import decide, fold
from meeting.rules.roles import TABLE
from meeting.rules.state import Actor, MeetingState, Moment
from meeting.store.space import Disk

_UNSTORED: Final = frozenset(
    {
        "not_signed_in",
        "device_revoked",
        "seat_unknown",
        "card_revoked",
        "disk_low",
        "disk_full",
    }
)
"""Refusals that say nothing of the command itself: the same id may be asked again later."""

_NOT_WORTH_DISK: Final = frozenset({"not_allowed", "wrong_phase", "code_needed", "malformed"})
"""Refusals anybody can provoke without end: remembered in bounded memory only."""

Answered = tuple[bytes, Answer]
"""The digest of who asked what, and what was answered."""

log = Log("running")


class Act(Struct):
    """A command that waits, and where its answer goes."""

    actor: Actor
    sent: c.Sent
    sighting: Sighting
    method: Method
    digest: bytes
    answer: asyncio.Future[Answer]


class Decided(Struct):
    """What comes of a batch: the state and head after it, and an answer to each command.

    `fresh` holds the answers to remember, `stored` those of them that are kept on disk.
    """

    state: MeetingState
    head: bytes
    entries: list[tuple[Entry, bytes]] = []
    answers: list[Answer] = []
    fresh: dict[str, Answered] = {}
    stored: dict[str, Answered] = {}


def decide_all(
    state: MeetingState,
    head: bytes,
    batch: Sequence[Act],
    *,
    known: Callable[[str], Answered | None],
    taken: Callable[[str], bool],
    moment: Callable[[Act], Moment],
    disk: Disk,
) -> Decided:
    """Decide a batch in order on this state, the hash of whose newest entry is `head`.

    Args:
        known: what was answered to a command id before, if anything.
        taken: whether a seat of another meeting has this id.
        disk: what may still be written.
    """
    done = Decided(state, head)
    for act in batch:
        command = act.sent.id
        before = done.fresh.get(command) or known(command)
        if before is not None:
            done.answers.append(before[1] if before[0] == act.digest else Rejected("id_reused"))
            continue
        answer: Answer
        try:
            if isinstance(act.sent.command, c.AddSeat) and taken(act.sent.command.seat):
                raise Refused("seat_exists")
            _check_disk(act.sent.command, disk)
            added = decide(done.state, act.actor, act.sent.command, command, moment(act))
            next_state, next_head = done.state, done.head
            linked: list[tuple[Entry, bytes]] = []
            for entry in added:
                next_state, next_head = fold(next_state, entry), link(next_head, entry)
                linked.append((entry, next_head))
        except Refused as refusal:
            answer = Rejected(refusal.code, refusal.data)
        except Exception as fault:
            log.error("command_failed", command=command, seat=act.actor.seat, fault=fault)
            answer = Rejected("server_fault")
        else:
            done.state, done.head = next_state, next_head
            done.entries += linked
            answer = Committed(done.state.rev)
        done.answers.append(answer)
        if isinstance(answer, Rejected) and answer.code in _UNSTORED:
            continue
        done.fresh[command] = (act.digest, answer)
        if done.state.rev and _lasting(act.sent.command, answer):
            done.stored[command] = (act.digest, answer)
    return done


def _check_disk(command: c.Command, disk: Disk) -> None:
    if disk.full and not TABLE[type(command)].vital:
        raise Refused("disk_full")
    if disk.low and isinstance(command, c.AddDocument):
        raise Refused("disk_low")


def _lasting(command: c.Command, answer: Answer) -> bool:
    """Whether an answer is kept on disk, so that it is the same after a restart."""
    if isinstance(answer, Rejected):
        return not TABLE[type(command)].perishable and answer.code not in _NOT_WORTH_DISK
    return True

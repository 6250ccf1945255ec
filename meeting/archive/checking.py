"""Whether a meeting's file is as it was packed: what was found, as codes. Sentences: `findings`.

Checked are the checksums, the chain of the log, the log's fold against the summary, the papers
against the log, the seal, every page and table against the log, and the wrapping.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from meeting.archive import annex
from meeting.archive.bag import agent, pack
from meeting.archive.digests import Digest
from meeting.archive.manifests import compare
from meeting.archive.opening import (
    LOG_MOST_BYTES,
    TEXT_MOST_BYTES,
    UNREADABLE,
    NotABag,
    Opened,
    opened,
)
from meeting.archive.papers import Laid
from meeting.archive.tables import ANNEX
from meeting.protocol import facts as f
from meeting.protocol.log import CHAIN_START, Entry, broken_at, canonical, seal_of
from meeting.rules import replay
from meeting.rules.state import MeetingState

_ANNEX: Final = f"data/{ANNEX}"

_LOOK_ALIKE: Final = str.maketrans("01i", "oll")
"""No code has a zero or a one, but by hand they look like letters it has."""

_IMPOSSIBLE: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What telling a log raises that no meeting ever wrote."""


class Finding(Struct, frozen=True):
    """Something to be said. `fault`: the file is not as it was packed, or is not what was asked."""

    code: str
    data: dict[str, str | int] = {}
    fault: bool = True


class Checked(Struct, frozen=True):
    """`seal`: the code of the last closing by the log itself, "" before one. `compared`: it is the
    one that was given.
    """

    findings: tuple[Finding, ...]
    seal: str = ""
    compared: bool = False

    @property
    def whole(self) -> bool:
        return not any(finding.fault for finding in self.findings)


def check(path: Path, head: str = "") -> Checked:
    """Check a zip file, or a folder one was unpacked to.

    Args:
        head: the code that was written down in the room; "" compares nothing.

    Raises:
        OSError: it cannot be read.
    """
    try:
        with opened(path) as bag:
            return _Check(bag).run(head)
    except NotABag:
        return Checked((Finding("not_a_file"),))


class _Check:
    """One bag being checked."""

    def __init__(self, bag: Opened) -> None:
        self._bag = bag
        self._found: list[Finding] = []
        self._digests: dict[str, Digest] = {}
        self._wrong: set[str] = set()

    def run(self, head: str) -> Checked:
        self._sum_up()
        for code, path in compare(self._bag, self._digests):
            self._path(code, path)
        entries = self._log()
        state = self._fold(entries) if entries else None
        seal, compared = "", False
        if entries and state is not None:
            self._summary(state)
            self._papers(state)
            seal, compared = self._seal(entries, state, head)
            if not any(finding.fault for finding in self._found):
                self._pages(entries)
            self._kind(entries, state)
        if not self._bag.wrapped_as_written():
            self._say("wrapping")
        return Checked(tuple(self._found), seal, compared)

    def _say(self, code: str, fault: bool = True, **data: str | int) -> None:
        self._found.append(Finding(code, data, fault))

    def _path(self, code: str, path: str) -> None:
        """About one file, once."""
        if path not in self._wrong:
            self._wrong.add(path)
            self._say(code, path=path)

    def _sum_up(self) -> None:
        for path in self._bag.paths:
            try:
                self._digests[path] = self._bag.digest(path)
            except UNREADABLE:
                self._path("file_unreadable", path)

    def _read(self, path: str, most: int = TEXT_MOST_BYTES) -> bytes | None:
        try:
            return self._bag.read(path, most)
        except (KeyError, *UNREADABLE):
            self._path("file_missing" if path not in self._bag.paths else "file_unreadable", path)
            return None

    def _json(self, name: str) -> Any:
        """A file of the annex, or None when it is none; that has been said then."""
        path = f"{_ANNEX}/{name}"
        body = self._read(path)
        if body is None:
            return None
        try:
            return msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self._path("file_unreadable", path)
            return None

    def _log(self) -> list[tuple[Entry, bytes]] | None:
        """The log with its hashes, if its chain holds."""
        lines = self._read(f"{_ANNEX}/{annex.LOG}", LOG_MOST_BYTES)
        links = self._read(f"{_ANNEX}/{annex.LINKS}", LOG_MOST_BYTES)
        if lines is None or links is None:
            return None
        written = lines.split(b"\n")[:-1]
        hashes = links.split(b"\n")[:-1]
        entries: list[tuple[Entry, bytes]] = []
        for place, line in enumerate(written, start=1):
            try:
                entry = msgspec.json.decode(line, type=Entry)
                link = bytes.fromhex(hashes[place - 1].decode("ascii"))
            except (ValueError, IndexError, RecursionError):
                self._say("log_broken", rev=place)
                return None
            if canonical(entry) != line:
                self._say("log_broken", rev=place)
                return None
            entries.append((entry, link))
        broken = broken_at(entries, 0, CHAIN_START)
        if broken is None and (len(hashes) != len(written) or not lines.endswith(b"\n")):
            broken = min(len(hashes), len(written)) + 1
        if broken is None and not entries:
            broken = 1
        if broken is not None:
            self._say("log_broken", rev=broken)
            return None
        return entries

    def _fold(self, entries: list[tuple[Entry, bytes]]) -> MeetingState | None:
        try:
            state = replay(entry for entry, _ in entries)
        except _IMPOSSIBLE:
            state = MeetingState()
        if state.heading is None:
            self._say("log_impossible")
            return None
        return state

    def _summary(self, state: MeetingState) -> None:
        """What a later version adds to the fold is not looked for in an older summary."""
        said = self._json(annex.SUMMARY)
        if said is None:
            return
        fold: Mapping[str, Any] = msgspec.json.decode(msgspec.json.encode(annex.plain(state)))
        known = said if isinstance(said, dict) else {}
        differ = [key for key in known if known[key] != fold.get(key)]
        if not known or differ or (self._same_program() and known != fold):
            self._say("summary_differs")

    def _papers(self, state: MeetingState) -> None:
        said = self._json(annex.PAPERS)
        if said is None:
            return
        try:
            laid = msgspec.convert(said, list[Laid])
        except msgspec.ValidationError:
            self._say("papers_differ")
            return
        gone = [paper.document for paper in state.withdrawn.values()]
        by_log = {
            *((d.id, v.version, v.sha256) for d in state.documents.values() for v in d.versions()),
            *((d.id, v.version, v.sha256) for d in gone for v in d.versions()),
            *(("", 1, copy.sha256) for copy in state.signed_copies),
        }
        if {(paper.document, paper.version, paper.sha256) for paper in laid} != by_log:
            self._say("papers_differ")
        for paper in laid:
            if paper.withdrawn:
                continue
            if paper.lost:
                self._say("paper_lost", fault=False, title=paper.title or paper.number)
                continue
            there = self._digests.get(f"data/{paper.path}")
            if there is None or there.sha256 != paper.sha256:
                self._say("paper_differs", title=paper.title or paper.number, path=paper.path)

    def _pages(self, entries: list[tuple[Entry, bytes]]) -> None:
        """Make the bag anew from its log. Another version of the program may set it out another
        way; then nothing can be said.
        """
        said = self._info().get("Bag-Software-Agent", "")
        accounts = self._json(annex.ACCOUNTS)
        papers = {
            known.sha256: known
            for path, known in self._digests.items()
            if path.startswith(("data/04_", "data/06_"))
        }
        try:
            bag = pack(entries, msgspec.convert(accounts, dict[str, str]), papers, said)
        except _IMPOSSIBLE:
            self._say("log_impossible")
            return
        made = {file.path: file.digest.sha256 for file in bag.files}
        there = {path: known.sha256 for path, known in self._digests.items()}
        differ = [path for path in sorted({*made, *there}) if made.get(path) != there.get(path)]
        if differ and said != agent():
            self._say("pages_not_compared", fault=False)
            return
        for path in differ:
            self._path("page_differs", path)

    def _same_program(self) -> bool:
        return self._info().get("Bag-Software-Agent") == agent()

    def _info(self) -> dict[str, str]:
        text = (self._read("bag-info.txt") or b"").decode("utf-8", "replace")
        lines = [line.partition(": ") for line in text.split("\n")]
        return {label: value for label, _, value in lines if label}

    def _seal(
        self, entries: list[tuple[Entry, bytes]], state: MeetingState, head: str
    ) -> tuple[str, bool]:
        seals = [
            seal_of(link) for entry, link in entries if isinstance(entry.fact, f.MeetingClosed)
        ]
        seal = seals[-1] if seals and state.closed_at else ""
        if self._info().get("Phien-Seal", "") != seal:
            self._say("seal_differs")
        if not head:
            return seal, False
        asked = _plain(head)
        if not seal:
            self._say("head_none")
        elif asked == _plain(seal):
            return seal, True
        elif asked in map(_plain, seals):
            self._say("head_earlier")
        else:
            self._say("head_differs", seal=seal)
        return seal, False

    def _kind(self, entries: list[tuple[Entry, bytes]], state: MeetingState) -> None:
        """What whoever reads the verdict should know beside it."""
        if state.meeting.trial:
            self._say("trial", fault=False)
        if state.phase != "locked":
            self._say("provisional", fault=False)
        closing = max(
            (entry.rev for entry, _ in entries if isinstance(entry.fact, f.MeetingClosed)),
            default=0,
        )
        if state.closed_at and len(entries) > closing:
            self._say("after_closing", fault=False, count=len(entries) - closing)


def _plain(code: str) -> str:
    """A code as its letters and digits, however it was typed or written down by hand."""
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return plain.translate(_LOOK_ALIKE)

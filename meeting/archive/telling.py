"""What the log's ids are called in words: people, items, papers, also those that are gone."""

from __future__ import annotations

from msgspec import Struct

from meeting.archive import words
from meeting.protocol.log import Entry
from meeting.rules.state import Document, Item, MeetingState, Seat


class Known(Struct):
    """Everything there ever was in a meeting, as last written. Fed entry by entry."""

    accounts: dict[str, str]
    seats: dict[str, Seat]
    items: dict[str, Item]
    documents: dict[str, Document]
    _state: MeetingState | None = None

    def learn(self, state: MeetingState) -> None:
        """What is the very same as before is not looked at again."""
        before = self._state
        if before is None or before.seats is not state.seats:
            self.seats.update(state.seats)
        if before is None or before.items is not state.items:
            self.items.update(state.items)
        if before is None or before.documents is not state.documents:
            self.documents.update(state.documents)
        self._state = state

    def who(self, entry: Entry) -> str:
        """Who acted: a person of the roll, or the office by the account's name."""
        if entry.seat:
            name = self.person(entry.seat)
        elif entry.device:
            account = self.accounts.get(entry.device)
            name = f"{account} ({words.OFFICE.lower()})" if account else words.OFFICE
        else:
            name = words.MACHINE
        return f"{name} (thay chủ trì)" if entry.for_chair else name

    def person(self, seat: str) -> str:
        """A name, never an id; the post where two have the same name."""
        known = self.seats.get(seat)
        if known is None:
            return "(không rõ)"
        if known.role == "screen":
            return words.ROLES["screen"]
        same = [one for one in self.seats.values() if one.name == known.name]
        return f"{known.name} ({known.post})" if len(same) > 1 and known.post else known.name

    def item(self, item: str) -> str:
        known = self.items.get(item)
        if known is None:
            return ""
        if known.recess or not known.number:
            return known.title
        return f"Nội dung {known.number}: {known.title}"

    def paper(self, document: str, version: int = 0) -> str:
        """Number and title, of this version if one is named; which it is where there are more."""
        known = self.documents.get(document)
        if known is None:
            return "(không rõ)"
        named = known.version_of(version) or known
        written = " – ".join(filter(None, [named.number, named.title])) or "Tài liệu"
        return f"{written} (bản {version})" if version and known.version > 1 else written

"""The follow contract of one tablet: which page it shows. As `web/src/live/follow.ts`."""

from __future__ import annotations

from typing import Any

Place = tuple[str, int]


class Follow:
    """Following is armed from the start; choosing another page detaches, a call brings back."""

    def __init__(self) -> None:
        self.alone: Place | None = None
        self._call: int | None = None

    @property
    def follows(self) -> bool:
        return self.alone is None

    def seen(self, view: dict[str, Any]) -> None:
        """A view arrived."""
        called = "presented" in view and self._call is not None and self._call != view["call"]
        gone = self.alone is not None and find(view, self.alone[0]) is None
        if called or gone:
            self.alone = None
        self._call = view["call"]

    def navigate(self, view: dict[str, Any], place: Place) -> None:
        """The person chose a page; choosing what is presented, while following, changes nothing."""
        paper = find(view, place[0])
        if paper is None:
            return
        place = place[0], min(max(1, place[1]), paper["pages"])
        if self.follows and presented(view) == place:
            return
        self.alone = place

    def back(self) -> None:
        """The person tapped "Về trang đang trình chiếu"."""
        self.alone = None

    def shown(self, view: dict[str, Any]) -> Place | None:
        """The page to draw; None when there is none."""
        return self.alone or presented(view)


def presented(view: dict[str, Any]) -> Place | None:
    """The page everybody is shown, where this viewer may see it."""
    now = view.get("presented")
    return (now["document"], now["page"]) if now else None


def find(view: dict[str, Any], document: str) -> dict[str, Any] | None:
    """A paper this viewer may read: somewhere on the agenda."""
    for item in view.get("agenda", {}).values():
        paper: dict[str, Any] | None = item.get("documents", {}).get(document)
        if paper is not None:
            return paper
    return None

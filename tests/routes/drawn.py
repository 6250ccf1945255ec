"""A page the server drew, read as a browser without script reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from httpx2 import Response


@dataclass
class Drawn:
    """What a page says, in order, and where it leads."""

    status: int
    says: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    hidden: dict[str, str] = field(default_factory=dict)
    pictures: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    refresh: str = ""
    scripted: list[str] = field(default_factory=list)
    """Whatever would need script or inline style."""


def drawn(response: Response) -> Drawn:
    reader = _Reader(Drawn(response.status_code))
    reader.feed(response.text)
    return reader.page


class _Reader(HTMLParser):
    def __init__(self, page: Drawn) -> None:
        super().__init__()
        self.page = page
        self._body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        page, said = self.page, {name: value or "" for name, value in attrs}
        if tag == "body":
            self._body = True
        elif tag == "a":
            page.links.append(said["href"])
        elif tag == "form":
            page.forms.append(f"{said['method']} {said.get('action', '')}".strip())
        elif tag == "img":
            page.pictures.append(said["src"])
        elif tag == "link":
            page.sheets.append(said["href"])
        elif tag == "input" and said.get("type") == "hidden":
            page.hidden[said["name"]] = said["value"]
        elif tag == "meta" and said.get("http-equiv") == "refresh":
            page.refresh = said["content"]
        inline = [name for name in said if name == "style" or name.startswith("on")]
        if tag in ("script", "style") or inline:
            page.scripted.append(tag)

    def handle_data(self, data: str) -> None:
        if self._body and (said := " ".join(data.split())):
            self.page.says.append(said)

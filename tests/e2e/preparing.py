"""A secretary who prepares a meeting with the mouse and the clipboard, and what it costs her."""

from __future__ import annotations

import html
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pymupdf
from playwright.async_api import Locator, expect

from tests.e2e.secretary import Secretary

PASTE: Final = """(field, [html, text]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  clipboardData.setData("text/plain", text);
  const init = { clipboardData, bubbles: true, cancelable: true };
  field.dispatchEvent(new ClipboardEvent("paste", init));
}"""

PAPERS: Final = (
    ("1.1 Bao cao KT-XH.pdf", "Số 186-BC/ĐU", "BÁO CÁO", "kinh tế - xã hội năm 2026", 3),
    ("1.2 Du thao Ket luan.pdf", "DỰ THẢO LẦN 2", "KẾT LUẬN", "về nhiệm vụ năm 2027", 1),
    ("1.3 Phu luc.pdf", "", "PHỤ LỤC", "biểu số liệu", 1),
    ("2.1_214-TTr-VPTU.pdf", "Số 214-TTr/VPTU", "TỜ TRÌNH", "về dự thảo Nghị quyết", 2),
    ("2.2 Nghi quyet.pdf", "DỰ THẢO LẦN 3", "NGHỊ QUYẾT", "về chuyển đổi số", 2),
    ("2.3 Bao cao tiep thu.pdf", "Số 221-BC/VPTU", "BÁO CÁO", "tiếp thu, giải trình", 1),
    ("3.1 Ket qua kiem tra.pdf", "Số 97-BC/UBKTTU", "BÁO CÁO", "kiểm tra, giám sát", 1),
    ("3.2 Chuong trinh.pdf", "DỰ THẢO LẦN 1", "CHƯƠNG TRÌNH", "kiểm tra năm 2027", 1),
    ("4.1 To trinh.pdf", "Số 219-TTr/ĐU", "TỜ TRÌNH", "chủ trương đầu tư đường", 1),
    ("4.2 Binh do.pdf", "", "BÌNH ĐỒ", "hướng tuyến", 1),
    ("5.1 Chi thi Tet.pdf", "DỰ THẢO LẦN 1", "CHỈ THỊ", "tổ chức Tết Đinh Mùi", 1),
    ("5.2 Ke hoach.pdf", "Số 143-KH/BTGDVTU", "KẾ HOẠCH", "tuyên truyền dịp Tết", 1),
    ("NV6_Bao cao.pdf", "Số 205-BC/BTGDVTU", "BÁO CÁO", "xử lý văn bản điện tử", 1),
    ("6.2 De cuong.pdf", "", "ĐỀ CƯƠNG", "tuyên truyền quý I/2027", 1),
    ("8.1 Thong bao.pdf", "DỰ THẢO", "THÔNG BÁO", "kết luận hội nghị", 1),
)
"""The sample meeting's papers as units send them: file name, number, kind, title, pages."""


def sample_papers(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, number, kind, title, pages in PAPERS:
        document = pymupdf.open()
        for page in range(pages):
            sheet = document.new_page(width=595, height=842)
            said = f"<p>{number}</p><center>{kind}<br>{title}</center>" if not page else ""
            sheet.insert_htmlbox((60, 60, 535, 780), f"{said}<p>Trang {page + 1}</p>")
        document.save(folder / name)
        document.close()
        made.append(folder / name)
    return made


def as_word(rows: Sequence[Sequence[str]]) -> str:
    """A table as Word lays it on the clipboard, its lines broken anywhere."""
    cells = (
        "<tr>" + "".join(f"<td><p>{html.escape(cell)}\n</p></td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f"<html><body><table>{''.join(cells)}</table></body></html>"


class Newcomer(Secretary):
    """Counts what she does: every tap, every field, every paste is one act."""

    acts = 0
    since = 0.0

    def starts_counting(self) -> None:
        self.acts, self.since = 0, time.monotonic()

    def tells(self, what: str) -> None:
        """Says what it cost, for whoever reads along; nothing depends on it."""
        print(f"{what}: {self.acts} acts, {time.monotonic() - self.since:.1f} s by machine")  # noqa: T201

    async def does(self, name: str, *, within: Locator | None = None) -> None:
        await self.button(name, within=within).click()
        self.acts += 1

    async def turns_to(self, step: str) -> None:
        """One of the seven steps."""
        await (
            self.page.get_by_role("navigation", name="Các bước")
            .get_by_role("link", name=step)
            .click()
        )
        self.acts += 1

    async def writes(self, label: str, text: str) -> None:
        await self.field(label).fill(text)
        self.acts += 1

    async def pastes(self, label: str, rows: Sequence[Sequence[str]]) -> None:
        field = self.page.get_by_label(label)
        await field.focus()
        text = "\n".join("\t".join(row) for row in rows)
        await field.evaluate(PASTE, [as_word(rows), text])
        self.acts += 2

    async def brings(self, files: Sequence[Path]) -> None:
        """All at once, by the ordinary button."""
        await self.page.get_by_label("Chọn các tệp").set_input_files(files)
        self.acts += 2

    async def chooses(self, label: str, choice: str) -> None:
        field = self.page.get_by_label(label)
        option = field.locator("option").filter(has_text=choice)
        await field.select_option(value=await option.get_attribute("value"))
        self.acts += 1

    async def is_told_saved(self) -> None:
        saved = self.page.get_by_role("status").filter(has_text="Đã lưu lúc")
        await expect(saved).to_be_visible()

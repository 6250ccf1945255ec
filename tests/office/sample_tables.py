"""The sample meeting's roll and agenda as cells, and the forms in which people paste them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import openpyxl

Cells = Sequence[Sequence[str]]

ROLL_HEAD: Final = ("#", "Họ và tên", "Chức vụ, đơn vị", "B.quyết")

ROLL: Final = (
    ("1", "Lương Minh Khải", "Bí thư Tỉnh ủy (chủ trì)", "x"),
    ("2", "Đoàn Thị Thục Anh", "Phó Bí thư Thường trực, Chủ tịch HĐND tỉnh", "x"),
    ("3", "Phùng Quốc Bảo", "Phó Bí thư, Chủ tịch UBND tỉnh", "x"),
    ("4", "Huỳnh Tấn Lộc", "UVBTV, Trưởng Ban Tổ chức Tỉnh ủy", "x"),
    ("5", "Vũ Đình Ẩn", "UVBTV, Chủ nhiệm Ủy ban Kiểm tra Tỉnh ủy", "x"),
    ("6", "Nguyễn Thị Hạnh", "UVBTV, Trưởng Ban Tuyên giáo và Dân vận Tỉnh ủy", "x"),
    ("7", "Cao Xuân Ân", "UVBTV, Trưởng Ban Nội chính Tỉnh ủy", "x"),
    ("8", "Điểu K'Rênh", "UVBTV, Chủ tịch Ủy ban MTTQ Việt Nam tỉnh", "x"),
    ("9", "Tạ Thị Hồng Vân", "UVBTV, Phó Chủ tịch HĐND tỉnh", "x"),
    ("10", "Mai Trọng Nghĩa", "UVBTV, Phó Chủ tịch Thường trực UBND tỉnh", "x"),
    ("11", "Đặng Công Tráng", "UVBTV, Giám đốc Công an tỉnh", "x"),
    ("12", "Dương Hữu Đạt", "UVBTV, Chỉ huy trưởng Bộ CHQS tỉnh", "x"),
    ("13", "Nguyễn Văn Hòa", "UVBTV, Bí thư Đảng ủy phường Thanh Giang", "x"),
    ("14", "Lê Thị Bích Ngà", "UVBTV, Bí thư Đảng ủy phường Bến Đá", "x"),
    ("15", "Trần Hữu An", "UVBTV, Chánh Văn phòng Tỉnh ủy", "x"),
    ("16", "Phạm Thị Thùy Dương", "Phó Chánh Văn phòng Tỉnh ủy (thư ký)", ""),
    ("17", "Ngô Gia Huy", "Trưởng phòng Tổng hợp, VP Tỉnh ủy (ghi biên bản)", ""),
    ("18", "Bùi Thị Ánh Tuyết", "Phó Trưởng Ban Thường trực Ban Tổ chức Tỉnh ủy", ""),
    ("19", "Hồ Sỹ Quý", "Phó Chủ nhiệm Thường trực UBKT Tỉnh ủy", ""),
    ("20", "Nguyễn Thị Hạnh", "Phó Trưởng Ban Tuyên giáo và Dân vận Tỉnh ủy", ""),
    ("21", "Y Lơi Byă", "Phó Trưởng Ban Nội chính Tỉnh ủy", ""),
    ("22", "Đỗ Khắc Hoàn", "Phó Chủ tịch UBND tỉnh", ""),
    ("23", "Võ Hoàng Yến Nhi", "Phó Chủ tịch MTTQ tỉnh, Bí thư Tỉnh đoàn", ""),
    ("24", "Lý Thành Uy", "Chánh Văn phòng UBND tỉnh", ""),
    ("25", "Trương Đăng Khoa", "Trưởng phòng Cơ yếu - CNTT, VP Tỉnh ủy (kỹ thuật)", ""),
)

AGENDA_HEAD: Final = ("#", "Giờ", "Nội dung", "Trình bày", "Khách mời riêng")

AGENDA: Final = (
    ("0", "07:30–07:45", "Điểm danh, khai mạc, thông qua chương trình", "Trần Hữu An", ""),
    ("1", "07:45–08:25",
     "Tình hình kinh tế - xã hội, quốc phòng, an ninh năm 2026; nhiệm vụ năm 2027",
     "Mai Trọng Nghĩa",
     "Nguyễn Văn Hoà (GĐ Sở Tài chính), Châu Ngọc Liên (GĐ Sở Nông nghiệp và Môi trường)"),
    ("2", "08:25–09:00",
     "Dự thảo Nghị quyết về chuyển đổi số trong các cơ quan đảng, Mặt trận Tổ quốc giai đoạn "
     "2026 - 2030. BIỂU QUYẾT",
     "Trần Hữu An", "Tống Phước Thiện (GĐ Sở KH&CN)"),
    ("3", "09:00–09:20",
     "Kết quả kiểm tra, giám sát, kỷ luật đảng năm 2026; chương trình năm 2027",
     "Vũ Đình Ẩn", ""),
    ("–", "09:20–09:35", "Giải lao", "", ""),
    ("4", "09:35–10:00", "Chủ trương đầu tư đường kết nối Bến Đá - Suối Nâu", "Đỗ Khắc Hoàn",
     "Quách Tuấn Kiệt (GĐ Sở Xây dựng)"),
    ("5", "10:00–10:20", "Dự thảo Chỉ thị về tổ chức Tết Nguyên đán Đinh Mùi năm 2027 (KHẨN)",
     "Nguyễn Thị Hạnh, Trưởng Ban Tuyên giáo và Dân vận", "Lại Thu Hằng (GĐ Sở Nội vụ)"),
    ("6", "10:20–10:40",
     "Kết quả khai thác, xử lý văn bản điện tử năm 2026, đề nghị phân loại thi đua các đơn vị",
     "Nguyễn Thị Hạnh", "Bí thư Đảng ủy xã Suối Nâu"),
    ("7", "10:40–11:15", "Nội dung thứ bảy (MẬT, tài liệu giấy)", "Huỳnh Tấn Lộc", ""),
    ("8", "11:15–11:30", "Kết luận chung, bế mạc", "Lương Minh Khải", ""),
)  # fmt: skip


def tabbed(cells: Cells, end: str = "\r\n") -> str:
    """As Word and Excel put a table on the clipboard, in plain text."""
    return end.join("\t".join(row) for row in cells) + end


def spaced(cells: Cells) -> str:
    """As a table looks that went through a mail."""
    return "\n".join("   ".join(cell for cell in row if cell) for row in cells)


def stacked(cells: Cells) -> str:
    """As some phones copy a table: every cell on a line of its own."""
    return "\n".join(cell for row in cells for cell in row if cell)


def workbook(cells: Sequence[Sequence[object]], title: str = "") -> bytes:
    """An .xlsx file, with a line above the table if there is a title."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
        sheet.append([])
    for row in cells:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

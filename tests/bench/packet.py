"""The fixed packet whose pages are drawn side by side: six classes of paper, made by script.

The same numbers give the same pages, up to the versions of PyMuPDF and Pillow. All text is in the
typeface the app ships.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pymupdf
from PIL import Image, ImageChops, ImageDraw, ImageFilter

mupdf: Any = pymupdf

FONTS: Final = Path(str(files("fontpkg_be_vietnam_pro") / "files"))
PLAIN: Final = str(FONTS / "BeVietnamPro-Regular.ttf")
BOLD: Final = str(FONTS / "BeVietnamPro-Bold.ttf")
SLANTED: Final = str(FONTS / "BeVietnamPro-Italic.ttf")

A4: Final = (595, 842)
A3_LYING: Final = (1191, 842)
SCAN_DPI: Final = 200
BLACK: Final = (0.0, 0.0, 0.0)
BLUE: Final = (0.09, 0.27, 0.58)
RED: Final = (0.82, 0.09, 0.11)
TINT: Final = (0.90, 0.94, 0.99)

SENTENCES: Final = (
    "Sáu tháng đầu năm, kinh tế của tỉnh tiếp tục phục hồi, nhiều lĩnh vực tăng trưởng khá.",
    "Thu ngân sách nhà nước trên địa bàn ước đạt 58,4% dự toán, tăng 12,7% so với cùng kỳ.",
    "Giải ngân vốn đầu tư công còn chậm ở một số chủ đầu tư; vướng mắc chủ yếu về mặt bằng.",
    "Ủy ban nhân dân các huyện, thành phố rà soát quy hoạch sử dụng đất đến năm 2030.",
    "Tỷ lệ hồ sơ giải quyết trực tuyến đạt 71,3%, vượt chỉ tiêu nghị quyết đề ra.",
    "Đề nghị Ban Thường vụ xem xét, cho ý kiến về chủ trương đầu tư tuyến đường ven sông.",
    "Các cơ quan chuyên môn phối hợp chặt chẽ, báo cáo kết quả trước ngày 25 hằng tháng.",
    "Công tác giảm nghèo, giải quyết việc làm và bảo đảm an sinh xã hội được quan tâm.",
)


def make(folder: Path, pages: Mapping[str, int]) -> dict[str, Path]:
    """A PDF of so many pages for each of these classes, below this folder."""
    made: dict[str, Path] = {}
    for name, many in pages.items():
        pdf = mupdf.open()
        for number in range(many):
            CLASSES[name](pdf, number, random.Random(f"{name} {number}"))
        pdf.subset_fonts()
        made[name] = folder / f"{name.replace(' ', '-')}.pdf"
        pdf.save(made[name], garbage=3, deflate=True, no_new_id=True)
        pdf.close()
    return made


def _sheet(pdf: Any, size: tuple[int, int] = A4) -> Any:
    page = pdf.new_page(width=size[0], height=size[1])
    for name, file in (("plain", PLAIN), ("bold", BOLD), ("slanted", SLANTED)):
        page.insert_font(fontname=name, fontfile=file)
    return page


def _lines(page: Any, dice: random.Random, top: int, bottom: int, *, left: int = 70) -> None:
    """Justified-looking paragraphs of small sentences."""
    for at in range(top, bottom, 15):
        text = dice.choice(SENTENCES) if dice.random() > 0.12 else dice.choice(SENTENCES)[:34] + "."
        page.insert_text((left, at), text, fontname="plain", fontsize=10.6)


def _head(page: Any, number: int, colour: tuple[float, float, float]) -> None:
    page.insert_text((70, 60), "ỦY BAN NHÂN DÂN TỈNH", fontname="plain", fontsize=11)
    page.insert_text((345, 60), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", fontname="bold", fontsize=9)
    page.insert_text((380, 74), "Độc lập - Tự do - Hạnh phúc", fontname="bold", fontsize=9.5)
    page.insert_text((70, 80), f"Số: {200 + number}/BC-UBND", fontname="plain", fontsize=10.5)
    page.insert_text(
        (150, 118), f"BÁO CÁO PHẦN {number + 1}", fontname="bold", fontsize=17, color=colour
    )
    page.insert_text(
        (150, 136), "Tình hình và nhiệm vụ trọng tâm", fontname="slanted", fontsize=12, color=colour
    )


def grey_text(pdf: Any, number: int, dice: random.Random) -> None:
    page = _sheet(pdf)
    _head(page, number, BLACK)
    if number % 4 == 3:
        _table(page, dice, 160, fill=(0.93, 0.93, 0.93), ink=BLACK)
        _lines(page, dice, 480, 800)
    else:
        _lines(page, dice, 165, 800)


def coloured_text(pdf: Any, number: int, dice: random.Random) -> None:
    page = _sheet(pdf)
    _head(page, number, BLUE)
    if number % 2:
        _table(page, dice, 160, fill=TINT, ink=BLUE)
        _lines(page, dice, 480, 640)
    else:
        _lines(page, dice, 165, 640)
    _stamp(page, 420, 715)


def _table(page: Any, dice: random.Random, top: int, fill: Any, ink: Any) -> None:
    for row in range(17):
        box = mupdf.Rect(70, top + 18 * row, 525, top + 18 * (row + 1))
        page.draw_rect(box, color=(0.6, 0.6, 0.6), width=0.5, fill=fill if row % 2 == 0 else None)
        name = dice.choice(SENTENCES)[:38]
        page.insert_text((76, box.y1 - 5), name, fontname="plain", fontsize=9.5)
        for column in range(3):
            figure = f"{dice.uniform(-9, 120):,.1f}"
            colour = RED if figure.startswith("-") and ink != BLACK else ink
            at = (330 + 66 * column, box.y1 - 5)
            page.insert_text(at, figure, fontname="plain", fontsize=9.5, color=colour)


def _stamp(page: Any, x: int, y: int) -> None:
    """A round red stamp with its text and a signature across it."""
    for radius, width in ((58, 2.4), (54, 0.8), (33, 0.8)):
        page.draw_circle((x, y), radius, color=RED, width=width, stroke_opacity=0.9)
    letters = "ỦY BAN NHÂN DÂN TỈNH ĐÔNG HÀ ★ "
    for place, letter in enumerate(letters):
        angle = -360 * place / len(letters)
        spot = mupdf.Point(x, y - 40)
        turn = mupdf.Matrix(angle)
        page.insert_text(
            spot, letter, fontname="bold", fontsize=10, color=RED, morph=(mupdf.Point(x, y), turn)
        )
    star = [
        (
            x + (26 if k % 2 == 0 else 10) * math.sin(k * math.pi / 5),
            y - (26 if k % 2 == 0 else 10) * math.cos(k * math.pi / 5),
        )
        for k in range(10)
    ]
    page.draw_polyline([*star, star[0]], color=RED, fill=RED, fill_opacity=0.9)
    loops = [(x - 70 + 9 * k, y + 18 * math.sin(k * 1.7) - k) for k in range(22)]
    for a, b, c, d in zip(loops, loops[1:], loops[2:], loops[3:], strict=False):
        page.draw_bezier(a, b, c, d, color=BLUE, width=1.3)
    page.insert_text((x - 40, y + 88), "Nguyễn Văn An", fontname="bold", fontsize=11)


def grey_scan(pdf: Any, number: int, dice: random.Random) -> None:
    _scan(pdf, grey_text, number, dice, "L")


def colour_scan(pdf: Any, number: int, dice: random.Random) -> None:
    _scan(pdf, coloured_text, number, dice, "RGB")


def _scan(
    pdf: Any, paper: Callable[..., None], number: int, dice: random.Random, mode: str
) -> None:
    """What a scanner makes of a paper: skewed, soft, uneven, grainy, one JPEG."""
    clean = mupdf.open()
    paper(clean, number, dice)
    drawn = clean[0].get_pixmap(dpi=SCAN_DPI, alpha=False)
    sheet = Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)
    sheet = sheet.rotate(dice.uniform(-0.6, 0.6), Image.Resampling.BICUBIC, fillcolor="white")
    sheet = sheet.filter(ImageFilter.GaussianBlur(0.7))
    paper_tone = _clouds(sheet.size, dice, first=3).point([226 + v // 10 for v in range(256)])
    toned = [ImageChops.multiply(band, paper_tone) for band in sheet.split()]
    if mode == "RGB":
        toned[2] = toned[2].point([v * 243 // 255 for v in range(256)])  # paper is a little yellow
    out = io.BytesIO()
    grained = Image.merge("RGB", [_grain(band, dice, 4) for band in toned])
    grained.convert(mode).save(out, "JPEG", quality=80, dpi=(SCAN_DPI, SCAN_DPI))
    page = pdf.new_page(width=A4[0], height=A4[1])
    page.insert_image(page.rect, stream=out.getvalue(), keep_proportion=False)


def photograph(pdf: Any, number: int, dice: random.Random) -> None:
    """One photograph as large as the page, or two with their captions."""
    page = _sheet(pdf)
    if number % 3 == 0:
        page.insert_image(page.rect, stream=_photo((1700, 2400), dice), keep_proportion=False)
        return
    for place in range(2):
        top = 60 + 390 * place
        box = mupdf.Rect(60, top, 535, top + 330)
        page.insert_image(box, stream=_photo((1900, 1320), dice), keep_proportion=False)
        caption = f"Ảnh {2 * number + place}. {dice.choice(SENTENCES)[:60]}"
        page.insert_text((60, top + 350), caption, fontname="slanted", fontsize=10.5)


def _photo(size: tuple[int, int], dice: random.Random) -> bytes:
    """Hills under clouds, with leaves, shadows and the grain of a sensor."""
    wide, high = size
    cloud = _clouds(size, dice, first=2, fades=0.55)
    sky = [cloud.point([low + v * (top - low) // 255 for v in range(256)])
           for low, top in ((96, 236), (148, 240), (206, 246))]  # fmt: skip
    picture = Image.merge("RGB", sky)
    leaves = _clouds(size, dice, first=40)
    for hill in range(4):
        base = high * (0.42 + 0.15 * hill)
        waves = [(dice.uniform(0.5, 3), dice.uniform(0, 6), dice.uniform(20, 90)) for _ in range(4)]
        edge = [(x, base + sum(a * math.sin(f * 6.28 * x / wide + p) for f, p, a in waves))
                for x in range(0, wide + 9, 8)]  # fmt: skip
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).polygon([(0, high), *edge, (wide, high)], fill=255)
        shade = 1.0 - 0.17 * hill
        tones = ((92, 70), (118, 86), (86, 40)) if hill else ((120, 60), (140, 50), (150, 40))
        ground = [
            leaves.point([int(shade * (low + v * span // 255)) for v in range(256)])
            for low, span in tones
        ]
        picture.paste(Image.merge("RGB", ground), mask=mask.filter(ImageFilter.GaussianBlur(1)))
    grained = Image.merge("RGB", [_grain(band, dice, 3) for band in picture.split()])
    out = io.BytesIO()
    grained.filter(ImageFilter.GaussianBlur(0.6)).save(out, "JPEG", quality=90)
    return out.getvalue()


def _clouds(
    size: tuple[int, int], dice: random.Random, first: int, fades: float = 0.75
) -> Image.Image:
    """Noise of all sizes, the coarse ones stronger."""
    sum_of: Image.Image | None = None
    cells = first
    share = 0.5
    while cells < max(size):
        across, down = cells, max(2, cells * size[1] // size[0])
        noise = Image.frombytes("L", (across, down), dice.randbytes(across * down))
        spread = noise.resize(size, Image.Resampling.BICUBIC)
        sum_of = spread if sum_of is None else Image.blend(sum_of, spread, share)
        cells, share = cells * 2, share * fades
    return sum_of or Image.new("L", size, 128)


def _grain(band: Image.Image, dice: random.Random, most: int) -> Image.Image:
    noise = Image.frombytes("L", band.size, dice.randbytes(band.width * band.height))
    grain = noise.point([128 - most + v * 2 * most // 255 for v in range(256)])
    return ImageChops.add(band, grain, 1, -128)


def drawing(pdf: Any, number: int, dice: random.Random) -> None:
    """A plan: terrain in thin lines, parcels, a road, hatching, dimensions, a title block."""
    page = _sheet(pdf, A3_LYING)
    wide, high = A3_LYING
    out = ["q 0.35 w 0.62 0.45 0.25 RG"]
    peaks = [
        (dice.uniform(0, wide), dice.uniform(0, high), dice.uniform(60, 330)) for _ in range(5)
    ]
    for x0, y0, most in peaks:
        for ring in range(12, int(most), 9):
            lumps = [(k, dice.uniform(0, 6.28), ring * 0.11 / k) for k in range(2, 6)]
            outline = []
            for step in range(73):
                turn = step * 6.2832 / 72
                radius = ring + sum(a * math.sin(k * turn + p) for k, p, a in lumps)
                outline.append((x0 + 1.5 * radius * math.cos(turn), y0 + radius * math.sin(turn)))
            out.append(_path(outline))
    out.append("0.15 0.15 0.15 RG 0.5 w")
    for _ in range(260):
        x, y = dice.uniform(30, wide - 60), dice.uniform(60, high - 50)
        a, b = dice.uniform(10, 40), dice.uniform(10, 34)
        out.append(f"{x:.2f} {y:.2f} {a:.2f} {b:.2f} re S")
        if dice.random() < 0.3:
            out += [f"{x + k:.2f} {y:.2f} m {x + k + 6:.2f} {y + b:.2f} l S"
                    for k in range(0, int(a) - 6, 2)]  # fmt: skip
    course = [(x, high / 2 + 120 * math.sin(x / 210 + number)) for x in range(-20, wide + 30, 6)]
    out += ["0.82 0.09 0.11 RG 3 w", _path(course), "0.10 0.35 0.75 RG 1.2 w"]
    out += [_path([(x, y - 40 + dice.uniform(-2, 2)) for x, y in course]), "Q"]
    shape = page.new_shape()
    shape.draw_rect(mupdf.Rect(0, 0, 1, 1))  # the page gets a stream of its own
    shape.finish(color=(1, 1, 1), width=0)
    shape.commit()
    for _ in range(120):
        at = (dice.uniform(20, wide - 60), dice.uniform(20, high - 20))
        page.insert_text(at, f"{dice.uniform(2, 95):.2f}", fontname="plain", fontsize=6)
    page.insert_text((wide - 330, high - 40), f"BÌNH ĐỒ HƯỚNG TUYẾN - TỜ {number + 1}",
                     fontname="bold", fontsize=14)  # fmt: skip
    first = page.get_contents()[0]
    pdf.update_stream(first, pdf.xref_stream(first) + "\n".join(["", *out]).encode())


def _path(points: Sequence[tuple[float, float]]) -> str:
    (x, y), *rest = points
    return f"{x:.2f} {y:.2f} m " + " ".join(f"{a:.2f} {b:.2f} l" for a, b in rest) + " S"


CLASSES: Final[dict[str, Callable[[Any, int, random.Random], None]]] = {
    "grey text": grey_text,
    "coloured text": coloured_text,
    "grey scan": grey_scan,
    "colour scan": colour_scan,
    "photograph": photograph,
    "drawing": drawing,
}

"""Paper 4.2: one A1 sheet, the route plan of the road Bến Đá - Suối Nâu with its long section.

The sheet holds a map (615 x 440 mm), the section under it and a column of tables on the right.
Lines are one SVG picture, words are set by Typst on top, so both stay sharp at any size.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from math import atan, cos, degrees, hypot, pi, sin
from random import Random

from paper import number, style, table
from terrain import AXIS_MARKS, HEIGHT, RIVER, STREAM, WIDTH, Point, Road, bends, contours, height

PAGES = 1
_LEFT, _TOP = 25, 15  # the map's corner on the sheet
_SECTION_TOP, _SECTION_FOOT = 470, 545
_COLUMN = 648
_ROAD = Road()
_BRIDGES = (("Cầu sông Thanh", RIVER, 186), ("Cầu Suối Nâu", STREAM, 78))
_HOUSES = (("BẾN ĐÁ", 78, 408, 60), ("SUỐI NÂU", 572, 96, 42))


def source() -> str:
    """The Typst source of the sheet."""
    return (
        style(
            "Bình đồ hướng tuyến đường kết nối Bến Đá - Suối Nâu",
            "Sở Xây dựng tỉnh Thanh Giang",
            date(2026, 12, 4),
        )
        + _SHEET
        + f'#place(image(bytes("{_lines()}"), format: "svg", width: 841mm, height: 594mm))\n'
        + "".join(_words())
        + _column()
    )


_SHEET = """
#set page(width: 841mm, height: 594mm, margin: 0mm, header: none)
#set par(first-line-indent: 0mm, justify: false)
#let at(x, y, body, turn: 0deg, side: center) = place(
  dx: if side == center { x * 1mm - 150mm } else { x * 1mm }, dy: y * 1mm - 10mm,
  box(width: 300mm, height: 20mm, align(side + horizon, rotate(turn, body))))
#let halo(body) = box(fill: white, inset: (x: 0.6mm, y: 0.3mm), body)
"""


def _word(
    x: float, y: float, text: str, size: float, ink: str = "#111", turn: float = 0,
    form: str = "", side: str = "center", halo: bool = False,
) -> str:  # fmt: skip
    body = f'text(size: {size}pt, fill: rgb("{ink}"){form})[{text}]'
    body = f"halo({body})" if halo else body
    return f"#at({x:.2f}, {y:.2f}, {body}, turn: {turn:.1f}deg, side: {side})\n"


def _chainage(metres: float) -> str:
    return f"Km{int(metres // 1000)}+{metres % 1000:03.0f}"


def _path(points: Sequence[Point], *, round_off: bool = False) -> str:
    """SVG path data; `round_off` bends the line through the middles of its pieces."""
    head = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    if not round_off or len(points) < 4:
        return head + "".join(f"L{x:.1f} {y:.1f}" for x, y in points[1:])
    middles = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in pairwise(points)]
    bent = "".join(
        f"Q{x:.1f} {y:.1f} {mx:.1f} {my:.1f}"
        for (x, y), (mx, my) in zip(points[1:-1], middles[1:], strict=True)
    )
    first = f"L{middles[0][0]:.1f} {middles[0][1]:.1f}"
    return head + first + bent + f"L{points[-1][0]:.1f} {points[-1][1]:.1f}"


def _stroke(data: str, ink: str, width: float, more: str = "") -> str:
    return f"<path d='{data}' fill='none' stroke='{ink}' stroke-width='{width}' {more}/>"


def _rect(x: float, y: float, w: float, h: float, more: str) -> str:
    return f"<rect x='{x:.1f}' y='{y:.1f}' width='{w:.1f}' height='{h:.1f}' {more}/>"


def _lines() -> str:
    outline = "fill='none' stroke='#111' stroke-width="
    right, foot = _LEFT + WIDTH, _TOP + HEIGHT
    return (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 841 594'>"
        f"<clipPath id='m'><rect width='{WIDTH}' height='{HEIGHT}'/></clipPath>"
        f"<g transform='translate({_LEFT} {_TOP})'><g clip-path='url(#m)'>"
        + "".join(_ground())
        + "".join(_built())
        + "</g></g>"
        + _rect(_LEFT, _TOP, WIDTH, HEIGHT, outline + "'0.5'")
        + _rect(20, 10, 811, 574, outline + "'1'")
        + _stroke(f"M{right + 4} 10V584M20 {foot + 4}H{right + 4}", "#111", 0.5)
        + "".join(_section_lines())
        + _north()
        + _legend_lines()
        + "</svg>"
    )


def _ground() -> list[str]:
    drawn = []
    chance = Random(42)
    for k in range(5, len(RIVER) - 6, 7):  # rice fields along the river
        x, y = RIVER[k]
        for side in (-1, 1):
            cx, cy = x + side * chance.uniform(24, 34), y + chance.uniform(-8, 8)
            corners = [(cx + chance.uniform(10, 17) * cos(a * pi / 3),
                        cy + chance.uniform(10, 17) * sin(a * pi / 3)) for a in range(6)]  # fmt: skip
            drawn.append(f"<path d='{_path(corners)}Z' fill='#e6f2d8' stroke='#9cc07a' "
                         "stroke-width='0.2' stroke-dasharray='1 0.8'/>")  # fmt: skip
    for level, lines in contours(5):
        thick = level % 25 == 0
        data = "".join(_path(line, round_off=True) for line in lines)
        drawn.append(_stroke(data, "#a86b32" if thick else "#c99a6b", 0.34 if thick else 0.16))
    for line, width in ((RIVER, 9.0), (STREAM, 2.4)):
        drawn.append(_stroke(_path(line), "#3f87b8", width, "stroke-linejoin='round'"))
        drawn.append(_stroke(_path(line), "#cfe6f5", width - 0.5, "stroke-linejoin='round'"))
    for x in range(50, WIDTH, 100):
        for y in range(40, HEIGHT, 100):
            drawn.append(_stroke(f"M{x - 3} {y}h6M{x} {y - 3}v6", "#555", 0.18))
    return drawn


def _built() -> list[str]:
    drawn = []
    chance = Random(7)
    for _, middle, centre, count in _HOUSES:
        for _ in range(count):
            hx, hy = middle + chance.gauss(0, 13), centre + chance.gauss(0, 9)
            if min(hypot(hx - a, hy - b) for a, b in _ROAD.points[::3]) > 5:
                size = chance.uniform(1.4, 3)
                drawn.append(_rect(hx, hy, size, size * 0.7, "fill='#e9c9b5' stroke='#8a4b32' stroke-width='0.18'"))  # fmt: skip
    old: list[Point] = [(20, 372), (46, 398), (90, 424), (150, 446)]
    other: list[Point] = [(540, 20), (592, 66), (620, 100)]
    for marks in (old, other):
        drawn.append(_stroke(_path(marks, round_off=True), "#7a5a3a", 1.8))
        drawn.append(_stroke(_path(marks, round_off=True), "#fbf3e6", 1.3))
    for bend in bends():
        corners = [bend.start, bend.mark, bend.end]
        drawn.append(_stroke(_path(corners), "#c8102e", 0.18, "stroke-dasharray='2 1'"))
        drawn.append(f"<circle cx='{bend.mark[0]}' cy='{bend.mark[1]}' r='0.9' fill='#fff' "
                     "stroke='#c8102e' stroke-width='0.3'/>")  # fmt: skip
    road = _path(_ROAD.points)
    drawn += [_stroke(road, "#c8102e", 2.6), _stroke(road, "#fff3f0", 1.9)]
    drawn.append(_stroke(road, "#c8102e", 0.35, "stroke-dasharray='6 1.2 1 1.2'"))
    for metres in range(0, int(_ROAD.length) + 1, 100):
        x, y, way = _ROAD.at(metres)
        half = 3.4 if metres % 1000 == 0 else 2.4 if metres % 500 == 0 else 1.7
        dx, dy = -sin(way) * half, cos(way) * half
        drawn.append(_stroke(f"M{x - dx:.2f} {y - dy:.2f}L{x + dx:.2f} {y + dy:.2f}", "#111", 0.3))
    for _, water, span in _BRIDGES:
        drawn.append(_bridge(_ROAD.crossing(water), span))
    return drawn


def _bridge(middle: float, span: float) -> str:
    x, y, way = _ROAD.at(middle)
    half = span / 20
    shape = f"M{-half - 1.5} -3.6L{-half} -2.2H{half}L{half + 1.5} -3.6M{-half - 1.5} 3.6L{-half} 2.2H{half}L{half + 1.5} 3.6"  # fmt: skip
    turned = f"transform='translate({x:.2f} {y:.2f}) rotate({degrees(way):.2f})'"
    return _stroke(shape, "#111", 0.6, turned)


def _north() -> str:
    x, y = _LEFT + 588, _TOP + 396
    return (
        f"<circle cx='{x}' cy='{y}' r='13' fill='#fff' stroke='#111' stroke-width='0.3'/>"
        f"<path d='M{x} {y - 17}L{x + 5} {y + 9}L{x} {y + 4}Z' fill='#111'/>"
        f"<path d='M{x} {y - 17}L{x - 5} {y + 9}L{x} {y + 4}Z' fill='#fff' stroke='#111' "
        "stroke-width='0.3'/>"
    )


_SIGNS = (
    ("Tim tuyến thiết kế, cọc 100 m", "<path d='M0 0H18' stroke='#c8102e' stroke-width='2.6'/><path d='M0 0H18' stroke='#fff3f0' stroke-width='1.9'/><path d='M0 0H18' stroke='#c8102e' stroke-width='0.35' stroke-dasharray='6 1.2 1 1.2'/><path d='M9 -2V2' stroke='#111' stroke-width='0.3'/>"),
    ("Đỉnh đường cong, cánh tuyến", "<path d='M0 2L9 -2L18 2' fill='none' stroke='#c8102e' stroke-width='0.2' stroke-dasharray='2 1'/><circle cx='9' cy='-2' r='0.9' fill='#fff' stroke='#c8102e' stroke-width='0.3'/>"),
    ("Cầu thiết kế", "<path d='M2 -3L4 -1.6H14L16 -3M2 3L4 1.6H14L16 3' fill='none' stroke='#111' stroke-width='0.6'/>"),
    ("Đường hiện có", "<path d='M0 0H18' stroke='#7a5a3a' stroke-width='1.8'/><path d='M0 0H18' stroke='#fbf3e6' stroke-width='1.3'/>"),
    ("Sông, suối", "<path d='M0 0H18' stroke='#3f87b8' stroke-width='4'/><path d='M0 0H18' stroke='#cfe6f5' stroke-width='3.5'/>"),
    ("Đường đồng mức cái (25 m)", "<path d='M0 0Q9 -4 18 0' fill='none' stroke='#a86b32' stroke-width='0.34'/>"),
    ("Đường đồng mức con (5 m)", "<path d='M0 0Q9 -4 18 0' fill='none' stroke='#c99a6b' stroke-width='0.16'/>"),
    ("Nhà, công trình", "<rect x='3' y='-2' width='5' height='3.5' fill='#e9c9b5' stroke='#8a4b32' stroke-width='0.2'/><rect x='11' y='-1' width='4' height='2.6' fill='#e9c9b5' stroke='#8a4b32' stroke-width='0.2'/>"),
    ("Đất trồng lúa", "<rect y='-2.5' width='18' height='5' fill='#e6f2d8' stroke='#9cc07a' stroke-width='0.2' stroke-dasharray='1 0.8'/>"),
    ("Mắt lưới tọa độ VN-2000", "<path d='M6 0H12M9 -3V3' stroke='#555' stroke-width='0.2'/>"),
)  # fmt: skip
_LEGEND_TOP, _LEGEND_ROW = 60, 10.5


def _legend_lines() -> str:
    signs = "".join(
        f"<g transform='translate({_COLUMN + 6} {_LEGEND_TOP + k * _LEGEND_ROW})'>{sign}</g>"
        for k, (_, sign) in enumerate(_SIGNS)
    )
    bar = "".join(
        _rect(_COLUMN + 41 + k * 20, 36, 20, 2.4, f"fill='{'#111' if k % 2 else '#fff'}' "
              "stroke='#111' stroke-width='0.25'")
        for k in range(5)
    )  # fmt: skip
    return signs + bar


def _section_place(metres: float, level: float) -> Point:
    """Where a point of the long section lies on the sheet: 1:12.500 along, 1:2.000 up."""
    return 72 + metres / 12.5, _SECTION_FOOT - (level - 10) / 2


def _levels() -> list[tuple[float, float, float]]:
    """Every 20 m of the road: chainage, ground, design level (ground evened out over 1 km)."""
    ground = [height(*_ROAD.at(m)[:2]) for m in range(0, int(_ROAD.length), 20)]
    levels = []
    for k, level in enumerate(ground):
        near = ground[max(0, k - 25) : k + 26]
        levels.append((20.0 * k, level, sum(near) / len(near) + 3))
    return levels


def _section_lines() -> list[str]:
    levels = _levels()
    end = _section_place(_ROAD.length, 10)[0]
    ground = _path([_section_place(m, g) for m, g, _ in levels])
    design = _path([_section_place(m, d) for m, _, d in levels])
    drawn = [
        _stroke(f"M72 {_SECTION_FOOT - k * 12.5}H{end:.1f}", "#bbb", 0.12) for k in range(1, 6)
    ]
    drawn += [_stroke(ground, "#7a5a3a", 0.35), _stroke(design, "#c8102e", 0.55)]
    for metres, level, _ in levels[::25]:
        x, y = _section_place(metres, level)
        drawn.append(_stroke(f"M{x:.1f} {y:.1f}V578", "#777", 0.12))
    drawn += [_stroke(f"M28 {y}H{end:.1f}", "#111", 0.25) for y in (_SECTION_FOOT, 556, 567, 578)]
    drawn.append(_stroke(f"M62 {_SECTION_FOOT}V578M72 {_SECTION_TOP + 6}V{_SECTION_FOOT}M28 {_SECTION_FOOT}V578M{end:.1f} {_SECTION_FOOT}V578", "#111", 0.25))  # fmt: skip
    return drawn


def _words() -> list[str]:
    bold, slant = ', weight: "bold"', ', style: "italic"'
    said = []
    for metres in range(0, int(_ROAD.length) + 1, 500):
        x, y, way = _ROAD.at(metres)
        off = 9 if metres % 1000 == 0 else 6
        label = _chainage(metres) if metres % 1000 == 0 else "H5"
        said.append(_word(_LEFT + x + sin(way) * off, _TOP + y - cos(way) * off, label,
                          11 if off == 9 else 8, turn=degrees(way), form=bold, halo=True))  # fmt: skip
    for name, water, span in _BRIDGES:
        middle = _ROAD.crossing(water)
        x, y, way = _ROAD.at(middle)
        label = f"{name}, L = {span} m #linebreak() {_chainage(middle)}"
        said.append(_word(_LEFT + x - sin(way) * 15, _TOP + y + cos(way) * 15, label, 10, form=bold, halo=True))  # fmt: skip
    for k, bend in enumerate(bends(), 1):
        up = -1 if bend.mark[1] < bend.start[1] + bend.end[1] - bend.mark[1] else 1
        said.append(_word(_LEFT + bend.mark[0], _TOP + bend.mark[1] + 4 * up, f"Đ{k}", 10, "#c8102e", form=bold, halo=True))  # fmt: skip
    for level, lines in contours(25):
        for line in lines:
            if len(line) > 30:
                (x, y), (a, b) = line[len(line) // 3], line[len(line) // 3 + 1]
                turn = degrees(_flat(a - x, b - y))
                if 12 < x < WIDTH - 12 and 12 < y < HEIGHT - 12:
                    said.append(
                        _word(_LEFT + x, _TOP + y, str(level), 7, "#8a5520", turn, halo=True)
                    )
    said += [
        _word(_LEFT + 121, _TOP + 108, "SÔNG THANH", 13, "#1f6391", -62, bold + ", tracking: 2pt"),
        _word(_LEFT + 298, _TOP + 172, "Suối Nâu", 12, "#1f6391", 14, slant, halo=True),
        _word(_LEFT + 78, _TOP + 428, "PHƯỜNG BẾN ĐÁ", 16, form=bold, halo=True),
        _word(_LEFT + 506, _TOP + 98, "XÃ SUỐI NÂU", 16, form=bold, halo=True),
        _word(_LEFT + 350, _TOP + 395, "XÃ ĐỒNG LAU", 16, "#777", form=bold + ", tracking: 3pt"),
        _word(_LEFT + 34, _TOP + 362, "Đi đường tỉnh 742", 9, form=slant, halo=True),
        _word(_LEFT + AXIS_MARKS[0][0] - 22, _TOP + AXIS_MARKS[0][1] + 8, "Điểm đầu tuyến", 10, "#c8102e", form=bold, halo=True),
        _word(_LEFT + AXIS_MARKS[-1][0] - 26, _TOP + AXIS_MARKS[-1][1] - 9, "Điểm cuối tuyến", 10, "#c8102e", form=bold, halo=True),
        _word(_LEFT + 588, _TOP + 374, "B", 15, form=bold, halo=True),
    ]  # fmt: skip
    for x in range(50, WIDTH, 100):
        east = number(554_000 + x * 10)
        said.append(_word(_LEFT + x, _TOP + 3, east, 7, "#555", halo=True))
    for y in range(40, HEIGHT, 100):
        north = number(1_284_000 - y * 10)
        said.append(_word(_LEFT + 3, _TOP + y, north, 7, "#555", turn=-90, halo=True))
    return said + _section_words()


def _flat(dx: float, dy: float) -> float:
    """The angle of a line with its words never upside down, in radians."""
    return pi / 2 if abs(dx) < 1e-9 else atan(dy / dx)


def _section_words() -> list[str]:
    bold = ', weight: "bold"'
    said = [
        _word(30, 466, "TRẮC DỌC TUYẾN (dài 1:12.500, cao 1:2.000)", 12, form=bold, side="left"),
        _word(30, 550.5, "Lý trình", 9, side="left"),
        _word(30, 561.5, "Cao độ tự nhiên (m)", 9, side="left"),
        _word(30, 572.5, "Cao độ thiết kế (m)", 9, side="left"),
    ]
    for level in range(35, 136, 25):
        y = _section_place(0, level)[1]
        said.append(_word(66, y, number(level), 8))
    for metres, ground, design in _levels()[::25]:
        x = _section_place(metres, 0)[0]
        said += [
            _word(x, 550.5, _chainage(metres), 7.5, halo=True),
            _word(x, 561.5, number(ground, 1), 8, halo=True),
            _word(x, 572.5, number(design, 1), 8, "#c8102e", halo=True),
        ]
    return said


def _column() -> str:
    bold = ', weight: "bold"'
    said = [
        _word(_COLUMN + 91, 20, "TỶ LỆ 1:10.000", 15, form=bold),
        *(_word(_COLUMN + 41 + k * 20, 32, number(k * 200), 8) for k in range(6)),
        _word(_COLUMN + 147, 32, "m", 8),
        _word(_COLUMN + 6, 49, "CHÚ GIẢI", 15, form=bold, side="left"),
    ]
    for k, (name, _) in enumerate(_SIGNS):
        y = _LEGEND_TOP + k * _LEGEND_ROW
        said.append(_word(_COLUMN + 30, y, name, 14, side="left"))
    road = [[f"Đ{k}", number(b.turn, 1) + "°", number(b.radius), number(b.tangent, 1),
             number(b.length, 1), number(b.outer, 1)] for k, b in enumerate(bends(), 1)]  # fmt: skip
    crossings = [
        [name, _chainage(_ROAD.crossing(water)), number(span), number(12)]
        for name, water, span in _BRIDGES
    ]
    curve_table = table(["Đỉnh", "Góc A", "R (m)", "T (m)", "K (m)", "P (m)"], road,
                        "1fr, 1fr, 1fr, 1fr, 1fr, 1fr", size=14)  # fmt: skip
    bridge_table = table(["Cầu", "Lý trình", "Dài (m)", "Rộng (m)"], crossings,
                         "1fr, 36mm, 30mm, 30mm", size=14)  # fmt: skip
    return (
        "".join(said)
        + f"#place(dx: {_COLUMN + 4}mm, dy: 170mm, box(width: 172mm)[\n"
        + "#text(size: 15pt)[*YẾU TỐ ĐƯỜNG CONG*]\n\n"
        + curve_table
        + "#text(size: 15pt)[*CẦU TRÊN TUYẾN*]\n\n"
        + bridge_table
        + _notes()
        + "])\n"
        + _title_block()
    )


def _notes() -> str:
    return f"""
#set text(size: 14pt)
*GHI CHÚ*

#set par(spacing: 0.7em)
(1) Hệ tọa độ VN-2000, kinh tuyến trục 107°45', múi chiếu 3°; cao độ theo hệ Hòn Dấu.

(2) Chiều dài tuyến {number(_ROAD.length)} m, từ Km0+000 (giao đường tỉnh 742, phường Bến Đá) đến
{_chainage(_ROAD.length)} (trung tâm xã Suối Nâu).

(3) Cấp thiết kế: đường cấp IV miền núi, tốc độ 40 km/h; nền 9,0 m, mặt 7,0 m.

(4) Khoảng cao đều đường đồng mức 5 m. Kích thước ghi bằng mét.

(5) Địa danh, địa hình và số liệu trên bản vẽ là giả định, dùng làm tài liệu mẫu.
"""


def _title_block() -> str:
    return f"""
#place(dx: {_COLUMN - 4}mm, dy: 436mm, block(width: 187mm, height: 148mm, stroke: 0.8pt)[
#set align(center)
#set text(size: 13pt)
#let part(tall, body) = block(width: 100%, height: tall, stroke: (bottom: 0.5pt), spacing: 0mm,
  inset: (x: 3mm), align(center + horizon, body))
#part(25mm)[ỦY BAN NHÂN DÂN TỈNH THANH GIANG #linebreak()
  #text(size: 16pt, weight: "bold")[SỞ XÂY DỰNG]]
#part(29mm)[#text(size: 11pt)[Dự án] #linebreak()
  *ĐƯỜNG KẾT NỐI BẾN ĐÁ - SUỐI NÂU* #linebreak() #text(size: 11pt)[(bước chủ trương đầu tư)]]
#part(29mm)[#text(size: 20pt, weight: "bold")[BÌNH ĐỒ HƯỚNG TUYẾN] #linebreak()
  Km0+000 - {_chainage(_ROAD.length)}]
#grid(columns: (1fr,) * 3, rows: (39mm, 26mm), stroke: 0.4pt, align: center + horizon,
  [#text(size: 10.5pt)[Thiết kế] #v(9mm) Lâm Chí Tài], [#text(size: 10.5pt)[Kiểm tra] #v(9mm)
  Hà Thế Vinh], [#text(size: 10.5pt)[Giám đốc Sở] #v(9mm) Quách Tuấn Kiệt],
  [#text(size: 10.5pt)[Tỷ lệ] #linebreak() *1:10.000 (A1)*],
  [#text(size: 10.5pt)[Ngày] #linebreak() *04/12/2026*],
  [#text(size: 10.5pt)[Bản vẽ số] #linebreak() *BĐ-01*])
])
"""

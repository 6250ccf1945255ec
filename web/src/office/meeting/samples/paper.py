"""What every sample paper shares: number format, Typst style of a Party paper, compiling, checks.

Layout follows the handbook of Party papers: A4, margins 20/20/30/15 mm, two-column heading,
signature block on the right with the list of recipients on the left. No content lives here.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from importlib.resources import files

import typst

# Typst's own Libertinus Serif draws Ư, Ở, Ẫ wrongly in bold italic and Liberation Serif has no Ả:
# this font comes from a package too, so every machine draws the same.
FONT = "Source Serif 4"
_FONTS = typst.Fonts(
    include_system_fonts=False, font_paths=[str(files("fontpkg_source_serif_4") / "files")]
)

_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_VOWELS = "aăâeêioôơuưy"
_CONSONANTS = "bcdđghklmnpqrstvx"
LETTERS = "".join(
    letter.upper() + letter
    for letter in (
        *_CONSONANTS,
        *(unicodedata.normalize("NFC", v + tone) for v in _VOWELS for tone in _TONES),
    )
)
"""All letters of Vietnamese, both cases; 134 of them carry a mark or are đ."""

_STYLE = """
#set document(title: "%(title)s", author: "%(author)s",
  date: datetime(year: %(year)d, month: %(month)d, day: %(day)d))
#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm),
  header-ascent: 6mm,
  header: context { let n = counter(page).get().first()
    if n > 1 { align(center, text(size: 13pt)[#n]) } })
#set text(font: "%(font)s", size: 14pt, lang: "vi", fallback: false, hyphenate: false)
#set par(justify: true, leading: 0.62em, spacing: 0.86em, first-line-indent: (amount: 12mm, all: true))
#set table(stroke: 0.5pt, inset: (x: 1.6mm, y: 1.35mm), align: horizon)
#show table: set par(justify: false, first-line-indent: 0mm, leading: 0.45em)
#show table: set text(number-width: "tabular")
#show heading: set text(size: 14pt)
#show heading: set block(above: 1.0em, below: 0.8em)
#show heading.where(level: 1): it => block(sticky: true, above: 1.2em, below: 0.9em,
  par(first-line-indent: 0mm, it.body))
#show heading.where(level: 2): it => block(sticky: true, pad(left: 12mm,
  par(first-line-indent: 0mm, it.body)))
#show heading.where(level: 3): it => block(sticky: true, pad(left: 12mm,
  par(first-line-indent: 0mm, text(style: "italic", weight: "bold", it.body))))
#let plain(body) = par(first-line-indent: 0mm, justify: false, spacing: 0.5em, body)
#let centred(body) = align(center, plain(body))
#let rule(width) = line(length: width, stroke: 0.6pt)
#let opening(parent, issuer, number, place, mark: none) = {
  set text(size: 14pt)
  grid(columns: (70mm, 1fr), align: center, row-gutter: 2.2mm,
    [#parent], text(size: 15pt, weight: "bold", stack(spacing: 1.4mm,
      [ĐẢNG CỘNG SẢN VIỆT NAM], rule(76mm))),
    [*#issuer*], [], [\\*], [], [#number], [_ #place _])
  if mark != none { v(1mm); grid(columns: (70mm, 1fr), align: center,
    box(stroke: 0.8pt, inset: (x: 4mm, y: 1.6mm), text(weight: "bold", mark)), []) }
  v(5mm)
}
#let naming(kind, about) = { centred(text(size: 16pt, weight: "bold", kind)); v(0.5mm)
  centred(text(weight: "bold", about)); align(center, rule(34mm)); v(2mm) }
#let red = rgb("#c8102e").transparentize(12%%)
#let seal(around) = box(width: 36mm, height: 36mm, {
  place(circle(radius: 18mm, stroke: 1.5pt + red))
  place(dx: 1mm, dy: 1mm, circle(radius: 17mm, stroke: 0.5pt + red))
  place(dx: 6.6mm, dy: 6.6mm, circle(radius: 11.4mm, stroke: 0.5pt + red))
  place(dx: 10mm, dy: 10mm, polygon(fill: red, ..range(10).map(k => {
    let r = if calc.even(k) { 8mm } else { 3.1mm }
    (8mm + r * calc.sin(k * 36deg), 8mm - r * calc.cos(k * 36deg)) })))
  let letters = around.clusters()
  let step = 360deg / letters.len()
  for (k, letter) in letters.enumerate() {
    let turn = (k - (letters.len() - 1) / 2) * step
    place(dx: 18mm + 14.2mm * calc.sin(turn) - 3mm, dy: 18mm - 14.2mm * calc.cos(turn) - 3mm,
      rotate(turn, box(width: 6mm, height: 6mm, align(center + horizon,
        text(size: 7.4pt, weight: "bold", fill: red, letter)))))
  }
})
#let signing(to, capacity, post, name, around: none, signed: true) = block(breakable: false,
  above: 1.6em, grid(columns: (1fr, 88mm), align: (left, center),
    { set text(size: 12pt); set par(first-line-indent: 0mm, leading: 0.5em, spacing: 0.6em)
      [#underline[_Nơi nhận:_]]
      for line in to { par[\\- #line] } },
    { set par(first-line-indent: 0mm, justify: false)
      if capacity != none { plain[*#capacity*] }
      plain[*#post*]
      box(width: 100%%, height: 30mm, {
        if around != none { place(left + horizon, dx: 4mm, dy: -1mm, rotate(-4deg, seal(around))) }
        if signed { place(center + horizon, dx: 6mm, [_(Đã ký)_]) } })
      v(-2mm)
      plain[*#name*] }))
#let annex(label, about, unit) = { pagebreak(weak: true)
  align(center, heading(level: 1)[#label #linebreak() #about])
  if unit != none { align(right, text(size: 11.5pt, style: "italic", unit)) } }
"""


def style(title: str, author: str, day: date) -> str:
    """The Typst preamble of a paper; `day` is also the date written into the file."""
    return _STYLE % {
        "title": title,
        "author": author,
        "font": FONT,
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }


def number(value: float, places: int = 0) -> str:
    """1481 -> "1.481"; 80 with one place -> "80,0". Halves round away from zero, as in school."""
    scale = 10**places
    units = int(abs(value) * scale + 0.5 + 1e-9)
    whole, part = divmod(units, scale)
    text = f"{whole:,}".replace(",", ".") + (f",{part:0{places}d}" if places else "")
    return "−" + text if value < 0 and units else text


def share(part: float, whole: float, places: int = 1) -> str:
    """`part` of `whole` in per cent: (12, 15) -> "80,0%"."""
    return number(100 * part / whole, places) + "%"


def growth(now: float, before: float) -> str:
    """The change against an earlier figure in words: "tăng 8,4%", "giảm 0,6%"."""
    change = round(100 * (now / before - 1), 2)
    return f"{'tăng' if change >= 0 else 'giảm'} {number(abs(change), 1)}%"


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: str,
    *,
    size: float = 12,
    left: Sequence[int] = (0,),
    bold: Sequence[int] = (),
    ink: str = "#eef1f4",
    inset: float = 1.35,
    whole: bool = True,
) -> str:
    """A ruled Typst table; columns in `left` are set left, others right; `bold` lists row indexes.

    `widths` is the inside of a Typst column tuple such as "1fr, 20mm"; `inset` is in millimetres;
    a `whole` table is never broken over two pages.
    """
    sides = ", ".join("left" if c in left else "right" for c in range(len(heads)))
    cells = ", ".join(f"align(center)[*{head}*]" for head in heads)
    body = []
    for at, row in enumerate(rows):
        marked = [f"[*{cell}*]" if at % len(rows) in bold and cell else f"[{cell}]" for cell in row]
        body.append(", ".join(marked))
    return (
        f"#block(breakable: {str(not whole).lower()}, width: 100%)[#set text(size: {size}pt)\n"
        f"#table(columns: ({widths}), align: ({sides}).map(a => a + "
        f"horizon), inset: (x: 1.4mm, y: {inset}mm), "
        f'fill: (_, y) => if y == 0 {{ rgb("{ink}") }},\n'
        f"table.header({cells}),\n" + ",\n".join(body) + ")]\n\n"
    )


def compiled(source: str) -> bytes:
    """The PDF of a Typst source, the same bytes each time.

    Archive form (PDF/A-2b) is asked for because Typst then refuses a letter without a glyph
    instead of drawing an empty box. Raises typst.TypstError.
    """
    if source != unicodedata.normalize("NFC", source):
        raise ValueError("sample text must be in NFC")
    if broken := re.search(r"^ *(\d+\.|[-+]) .*", source, re.MULTILINE):
        raise ValueError(f"Typst would take this line for a list: {broken[0]}")
    return typst.compile(
        source.encode(),
        format="pdf",
        font_paths=_FONTS,
        pdf_standards=["a-2b"],
        pdf_tags=False,
    )


def page_count(source: str) -> int:
    """How many pages a Typst source fills."""
    probe = source + "\n#context [#metadata(counter(page).final().first()) <pages>]"
    found = typst.query(
        probe.encode(),
        "<pages>",
        field="value",
        font_paths=_FONTS,
    )
    return int(found.strip("[] \n"))


def require_letters(letters: str = LETTERS) -> None:
    """Raise typst.TypstError unless upright, italic and bold of the font draw every letter."""
    styles = "".join(
        f'#text(weight: "{weight}", style: "{slant}")[{letters}]\n\n'
        for weight in ("regular", "bold")
        for slant in ("normal", "italic")
    )
    compiled(style("Chữ cái", "", date(2026, 12, 1)) + styles)

"""Files of office programs become PDF, one at a time, shut in, and leave nothing behind."""

from __future__ import annotations

import asyncio
import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pymupdf
import pytest
import xlsxwriter

from meeting.office.secrecy import Certain, judge
from meeting.pages.convert import Converter, NotConverted, installed
from meeting.pages.limits import PagesLimits
from meeting.pages.printed import printed_of
from meeting.pages.typefaces import Typefaces, told, without
from meeting.sandbox.heads import heads

mupdf: Any = pymupdf
office = pytest.mark.skipif(not installed(), reason="LibreOffice is not installed here")

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def a_docx(said: str) -> bytes:
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
        '"/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
        f'Type="{DOCUMENT}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>{said}'
        "</w:t></w:r></w:p></w:body></w:document>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def a_sheet(said: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, said)
    return out.getvalue()


def a_rtf(said: str) -> bytes:
    return b"{\\rtf1\\ansi " + said.encode("ascii") + b"\\par}"


async def converted(
    folder: Path, content: bytes, ending: str, program: str = "", **limits: Any
) -> str:
    """The words of the PDF."""
    converter = Converter(
        folder / "work",
        program or installed(),
        PagesLimits(**limits),
    )
    await converter.start()
    source, output = folder / "sent", folder / "made.pdf"
    source.write_bytes(content)
    output.write_bytes(b"")
    await converter.convert(source, ending, output)
    return " ".join(mupdf.open(output)[0].get_text().split())


def left(folder: Path) -> list[Path]:
    return list((folder / "work").iterdir())


SAID = "Đồng chí Nguyễn Thị Ưởng: kết quả thực hiện nhiệm vụ năm 2027"

FLAT: dict[str, str] = {
    "text": f"<text:p>{SAID}</text:p>",
    "spreadsheet": (
        "<table:table table:name='1'><table:table-row><table:table-cell"
        f" office:value-type='string'><text:p>{SAID}</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    ),
    "presentation": (
        "<draw:page><draw:frame svg:x='1cm' svg:y='1cm' svg:width='20cm' svg:height='4cm'>"
        f"<draw:text-box><text:p>{SAID}</text:p></draw:text-box></draw:frame></draw:page>"
    ),
}


def a_flat(kind: str) -> str:
    """A document in one file, from which LibreOffice makes the files of other programs."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><office:document xmlns:office='{urn}:office:1.0'"
        f" xmlns:text='{urn}:text:1.0' xmlns:table='{urn}:table:1.0'"
        f" xmlns:draw='{urn}:drawing:1.0' xmlns:svg='{urn}:svg-compatible:1.0'"
        f" office:version='1.2' office:mimetype=\"application/vnd.oasis.opendocument.{kind}\">"
        f"<office:body><office:{kind}>{FLAT[kind]}</office:{kind}></office:body></office:document>"
    )


async def saved_as(folder: Path, kind: str, *endings: str) -> None:
    """Lay the document there as each of these."""
    source = folder / f"sent.fod{kind[0]}"
    source.write_text(a_flat(kind), "utf-8")
    program = shutil.which("soffice") or installed()
    for ending in endings:
        made = await asyncio.create_subprocess_exec(
            *(program, f"-env:UserInstallation={(folder / 'own').as_uri()}", "--headless"),
            *("--convert-to", ending, "--outdir", str(folder), str(source)),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert await made.wait() == 0


@office
@pytest.mark.parametrize(
    ("kind", "endings"),
    [
        ("text", ("docx", "doc", "odt", "rtf")),
        ("spreadsheet", ("xlsx", "xls", "ods")),
        ("presentation", ("pptx", "ppt", "odp")),
    ],
)
async def test_files_of_office_programs_become_pdfs_with_their_words(
    tmp_path: Path, kind: str, endings: tuple[str, ...]
) -> None:
    await saved_as(tmp_path, kind, *endings)
    found = {
        ending: await converted(tmp_path, (tmp_path / f"sent.{ending}").read_bytes(), f".{ending}")
        for ending in endings
    }
    assert {ending: SAID in text for ending, text in found.items()} == dict.fromkeys(endings, True)
    assert left(tmp_path) == []


@office
async def test_a_stamp_in_a_file_of_word_is_refused_as_in_a_pdf(tmp_path: Path) -> None:
    await converted(tmp_path, a_docx("TUYỆT MẬT"), ".docx")
    printed = printed_of(heads(mupdf.open(tmp_path / "made.pdf")))
    found = judge([], printed)
    assert isinstance(found, Certain)
    assert (found.reason, found.said) == ("stamp", "TUYỆT MẬT")


@office
async def test_a_table_wider_than_a_page_is_fitted_to_one_that_lies(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write_row(0, 0, [f"cot {column}" for column in range(30)])
        narrow = book.add_worksheet()
        narrow.write(0, 0, "hep")
        narrow.set_margins(left=0.9)
    text = await converted(tmp_path, out.getvalue(), ".xlsx")
    assert text.split("cot ")[1:] == [f"{column} " for column in range(29)] + ["29"]
    sizes = [
        (round(page.rect.width), round(page.rect.height))
        for page in mupdf.open(tmp_path / "made.pdf")
    ]
    assert [width > height for width, height in sizes] == [True, False]


@office
async def test_a_sheet_and_a_line_of_rich_text_become_pdfs(tmp_path: Path) -> None:
    assert await converted(tmp_path, a_sheet("Báo cáo năm 2026"), ".xlsx") == "Báo cáo năm 2026"
    assert await converted(tmp_path, a_rtf("Bao cao 2026"), ".rtf") == "Bao cao 2026"
    assert left(tmp_path) == []


LISTED = """Liberation Serif\ten|fr|de
Liberation Serif\ten|fr
DejaVu Serif\ten|fr|vi
DejaVu Sans Mono\ten|fr
DejaVu Sans Mono\ten|vi
"""


def test_a_typeface_without_vietnamese_letters_is_kept_from_it() -> None:
    assert told(LISTED) == Typefaces(("Liberation Serif",), like_times=False)
    assert told(f"{LISTED}Tinos\ten|vi\n") == Typefaces(("Liberation Serif",), like_times=True)
    assert told("Liberation Serif\ten\n") == Typefaces((), like_times=False)
    assert told("") == Typefaces()
    assert "<string>A &amp; B</string>" in without(("A & B",))


async def refused(folder: Path, program: str, content: bytes = b"x", **limits: Any) -> str:
    with pytest.raises(NotConverted) as caught:
        await converted(folder, content, ".docx", program, **limits)
    assert left(folder) == []
    return caught.value.code


@pytest.mark.skipif(not shutil.which("false"), reason="there are no such small programs here")
async def test_a_program_that_fails_or_makes_nothing_is_a_clear_answer(tmp_path: Path) -> None:
    assert await refused(tmp_path, shutil.which("false") or "") == "conversion_failed"
    assert await refused(tmp_path, shutil.which("true") or "") == "conversion_failed"


@pytest.mark.skipif(not shutil.which("true"), reason="there is no such small program here")
async def test_its_folder_may_be_told_from_where_we_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert await refused(Path(), shutil.which("true") or "", a_docx("x")) == "conversion_failed"


@office
async def test_what_takes_too_long_is_ended_with_all_it_started(tmp_path: Path) -> None:
    def running() -> list[bytes]:
        lines = [status.read_bytes() for status in Path("/proc").glob("[0-9]*/cmdline")]
        return [line for line in lines if str(tmp_path).encode() in line]

    assert (
        await refused(tmp_path, installed(), a_docx("x"), convert_seconds=0.5) == "conversion_slow"
    )
    assert running() == []


def a_bomb() -> bytes:
    """A few megabytes that become gigabytes when they are unpacked."""
    words = b"<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 30_000
    out = io.BytesIO(a_docx("x"))
    with zipfile.ZipFile(out) as packed:
        parts = {name: packed.read(name) for name in packed.namelist() if "document" not in name}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
        with packed.open("word/document.xml", "w") as body:
            body.write(f'<w:document xmlns:w="{WORD}"><w:body>'.encode())
            for _ in range(150):
                body.write(words)
            body.write(b"</w:body></w:document>")
    return out.getvalue()


@office
async def test_a_file_that_is_broken_locked_or_far_too_much_is_refused(tmp_path: Path) -> None:
    broken, locked = a_docx("x")[:300], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)
    for content in (broken, locked):
        assert await refused(tmp_path, installed(), content) == "conversion_failed"
    bomb = a_bomb()
    limits = {"convert_seconds": 60.0, "convert_memory_bytes": 1_000_000_000}
    assert await refused(tmp_path, installed(), bomb, **limits) == "conversion_failed"


async def test_without_the_program_nothing_is_ready(tmp_path: Path) -> None:
    assert not Converter(tmp_path, "").ready
    assert not Converter().ready
    with pytest.raises(NotConverted):
        await Converter().convert(tmp_path / "a", ".docx", tmp_path / "b")


async def test_only_known_kinds_of_files_are_opened(tmp_path: Path) -> None:
    with pytest.raises(NotConverted):
        await Converter(tmp_path, "/bin/true").convert(tmp_path / "a", ".html", tmp_path / "b")


async def test_what_a_crash_left_goes_at_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    (folder / "converting-x" / "in").mkdir(parents=True)
    await Converter(folder, "/bin/true").start()
    assert list(folder.iterdir()) == []


@office
async def test_macros_and_links_stay_dead_and_the_network_is_out_of_reach(tmp_path: Path) -> None:
    """A text that fetches a picture when it is opened, from a door where a canary listens."""
    called = asyncio.Event()

    async def listen(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.set()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    address = f"http://127.0.0.1:{port}/canary.png"
    page = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
        ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"><office:body>'
        '<office:text><text:p>Co anh</text:p><text:p><draw:frame svg:width="3cm"'
        f' svg:height="3cm"><draw:image xlink:href="{address}"/></draw:frame></text:p>'
        "</office:text></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest'
        ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/"'
        ' manifest:media-type="application/vnd.oasis.opendocument.text"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        packed.writestr("META-INF/manifest.xml", manifest)
        packed.writestr("content.xml", page)
    async with server:
        assert "Co anh" in await converted(tmp_path, out.getvalue(), ".odt")
    assert not called.is_set()

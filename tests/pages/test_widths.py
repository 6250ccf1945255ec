"""Spreadsheets with tables wider than a page, as LibreOffice writes them in one flat file."""

from __future__ import annotations

from meeting.pages.widths import fitted


def a_flat(columns: int, page: str, width: str = "2cm") -> str:
    """So many columns with something in them, of a sheet that has more."""
    return (
        '<style:style style:name="co1" style:family="table-column">\n'
        f'<style:table-column-properties fo:break-before="auto" style:column-width="{width}"/>'
        '</style:style><style:style style:name="ta1" style:family="table"'
        ' style:master-page-name="sheet"/>'
        '<style:page-layout style:name="pm1">\n'
        f"<style:page-layout-properties {page}/></style:page-layout>"
        '<style:master-page style:name="sheet" style:page-layout-name="pm1"/>'
        '<office:body><table:table table:name="1" table:style-name="ta1">'
        '<table:table-column table:style-name="co1"/>'
        '<table:table-column table:style-name="co1" table:number-columns-repeated="16383"/>'
        f'<table:table-row><table:table-cell table:number-columns-repeated="{columns - 1}"/>'
        "<table:table-cell><text:p>x</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="900"/></table:table-row>'
        "<table:table-row><table:table-cell/></table:table-row></table:table></office:body>"
    )


A4 = (
    'fo:page-width="21cm" fo:page-height="29.7cm" fo:margin-left="2cm" fo:margin-right="2cm"'
    ' style:print-orientation="portrait"'
)
FITTED = (
    'fo:page-width="29.7cm" fo:page-height="21cm" fo:margin-left="2cm" fo:margin-right="2cm"'
    ' style:print-orientation="landscape" style:scale-to-X="1" style:scale-to-Y="0"'
)
LYING = FITTED.partition(" style:scale-to")[0]


def test_a_wide_table_lies_and_fits() -> None:
    assert fitted(a_flat(9, A4)) == a_flat(9, FITTED)
    assert fitted(a_flat(9, f'{A4} style:scale-to="100%"')) == a_flat(9, FITTED)
    assert fitted(a_flat(20, LYING)) == a_flat(20, FITTED)


def test_what_has_room_or_was_set_is_left_as_it_is() -> None:
    assert fitted(a_flat(8, A4)) is None
    assert fitted(a_flat(12, LYING)) is None
    assert fitted(a_flat(20, f'{A4} style:scale-to="60%"')) is None
    assert fitted(a_flat(20, f'{A4} style:scale-to-X="1" style:scale-to-Y="0"')) is None
    assert fitted(a_flat(20, f'{A4} style:scale-to-pages="2"')) is None


def test_a_very_wide_table_goes_on_several_pages() -> None:
    two_across = FITTED.replace('scale-to-X="1"', 'scale-to-X="2"')
    assert fitted(a_flat(38, A4)) == a_flat(38, FITTED)
    assert fitted(a_flat(40, A4)) == a_flat(40, two_across)


def test_a_page_that_says_nothing_is_a4() -> None:
    assert fitted(a_flat(9, 'style:num-format="1"')) is None
    assert "11.6929in" in (fitted(a_flat(11, 'style:num-format="1"')) or "")


def test_strange_files_count_for_nothing() -> None:
    assert fitted(a_flat(2, A4)) is None
    assert fitted(a_flat(9, A4, width="wide")) is None
    assert fitted(a_flat(9, A4).replace("ta1", "ta2", 1)) is None
    assert fitted("") is None


def test_tables_without_an_end_are_not_looked_through_again_and_again() -> None:
    begun = '<table:table table:style-name="ta1">'
    assert fitted(a_flat(9, A4).replace("</office:body>", begun * 200_000)) is None
    assert fitted("<office:body>" + begun * 200_000 + "</table:table>") is None

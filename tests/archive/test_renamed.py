"""A paper that another took the place of keeps its name in the file."""

from __future__ import annotations

from meeting.archive.papers import lay_out
from meeting.protocol import preparing as p
from tests.helpers import make
from tests.helpers.minutes import prepared
from tests.rules.test_papers import NEW


def test_each_version_is_called_what_it_was_called_at_its_time() -> None:
    minutes = prepared()
    first = minutes.state.documents["d1"]
    minutes.does(make.OFFICE, NEW)
    minutes.does(make.OFFICE, p.ChangeDocument("d1", "i1", "214-TTr", "Dự thảo lần 4"))
    laid = lay_out(minutes.state, {first.sha256: 1, NEW.sha256: 2})
    assert [(one.version, one.number, one.title) for one in laid if one.document == "d1"] == [
        (1, first.number, first.title),
        (2, "214-TTr", "Dự thảo lần 4"),
    ]
    assert [one.path.rpartition("/")[2] for one in laid if one.document == "d1"] == [
        f"01_{first.number.replace('/', '-')} {first.title} (bản 1).pdf",
        "02_214-TTr Dự thảo lần 4 (bản 2).pdf",
    ]

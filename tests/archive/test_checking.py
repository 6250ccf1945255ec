"""What is found in a meeting's file: in one that is as it was packed, and in one that is not."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from meeting import texts
from meeting.archive import checking, kiem_tra
from meeting.archive.checking import Checked, Finding, check
from meeting.archive.findings import sentences
from meeting.archive.shelf import Filed
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.log import Entry, canonical, seal_of
from tests.archive import story
from tests.archive.forging import ANNEX, PAPER, Files, changed, forged, saying, unpacked
from tests.archive.story import Papers
from tests.helpers import make

AFTER = Finding("after_closing", {"count": 6}, fault=False)


def codes(checked: Checked) -> list[str]:
    return [finding.code for finding in checked.findings if finding.fault]


# Whole


def test_an_official_file_is_whole(official: Filed) -> None:
    checked = check(official.path)
    assert (checked.whole, checked.compared, checked.findings) == (True, False, (AFTER,))
    assert sentences(checked)[0] == (
        "Không thay đổi kể từ khi đóng gói; chưa so với mã ghi trong phòng họp."
    )


@pytest.mark.parametrize("dash", ["-", "", " ", " – "])
@pytest.mark.parametrize("large", [True, False])
def test_the_rooms_code_is_compared_however_it_was_typed(
    official: Filed, dash: str, large: bool
) -> None:
    seal = check(official.path).seal.replace("-", dash)
    checked = check(official.path, seal.upper() if large else seal)
    assert (checked.whole, checked.compared) == (True, True)
    assert sentences(checked)[0] == "Không thay đổi. Khớp với mã ghi trong phòng họp."


def test_letters_that_look_alike_by_hand_are_one_in_the_rooms_code(official: Filed) -> None:
    seal = check(official.path).seal
    by_hand = seal.translate(str.maketrans("oil", "011"))
    assert check(official.path, by_hand).compared
    assert kiem_tra.plain("O0-1L-iX") == kiem_tra.plain("oo-ll-Lx") == "oolllx"


def test_a_wrong_code_is_said_to_be_wrong(official: Filed) -> None:
    checked = check(official.path, "aaaa-bbbb-cccc-dddd")
    assert (checked.whole, checked.compared, codes(checked)) == (False, False, ["head_differs"])


def test_the_code_of_an_earlier_closing_is_told_apart(official: Filed, papers: Papers) -> None:
    log = story.linked(story.filed_away(papers).entries)
    earlier = next(link for entry, link in log if isinstance(entry.fact, f.MeetingClosed))
    assert codes(check(official.path, seal_of(earlier))) == ["head_earlier"]


def test_a_meeting_that_is_on_has_no_code(papers: Papers, tmp_path: Path) -> None:
    minutes = story.prepared(papers)
    filed = story.filed(tmp_path, minutes, papers)
    checked = check(filed.path, "aaaa-bbbb-cccc-dddd")
    assert (checked.seal, codes(checked)) == ("", ["head_none"])
    assert check(filed.path).findings == (Finding("provisional", fault=False),)


def test_an_unpacked_file_is_checked_as_a_folder(official: Filed, tmp_path: Path) -> None:
    with zipfile.ZipFile(official.path) as file:
        file.extractall(tmp_path)
    [top] = tmp_path.iterdir()
    assert check(top) == check(official.path)
    (top / "data" / "ghi chú.txt").write_text("của tôi", "utf-8")
    (top / "desktop.ini").write_text("", "utf-8")
    extra = {finding.data["path"] for finding in check(top).findings if finding.fault}
    assert extra == {"data/ghi chú.txt", "desktop.ini"}


def test_one_that_was_zipped_again_is_said_to_be(official: Filed, tmp_path: Path) -> None:
    root, files = unpacked(official.path)
    again = tmp_path / "again.zip"
    with zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in files.items():
            file.writestr(f"{root}/{name}", body)
    assert codes(check(again)) == ["wrapping"]


@pytest.mark.parametrize("body", [b"", b"PK", b"%PDF-1.7", b"PK\5\6" + bytes(18), bytes(70_000)])
def test_anything_else_is_no_file_of_a_meeting(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(body)
    assert check(path) == Checked((Finding("not_a_file"),))
    assert check(tmp_path) == Checked((Finding("not_a_file"),))


def test_a_list_of_countless_names_is_not_read(tmp_path: Path) -> None:
    end = b"PK\5\6" + bytes(8) + (1 << 31).to_bytes(4, "little") + bytes(6)
    path = tmp_path / "x.zip"
    path.write_bytes(bytes(100) + end)
    assert check(path) == Checked((Finding("not_a_file"),))


# Changed


def test_a_changed_page_is_found_by_its_checksums(copied: Path) -> None:
    def change(files: Files) -> None:
        files["data/02_Danh_sach/danh_sach.html"] += b"<!-- -->"

    checked = changed(copied, change, mended=False)
    assert checked.findings[0] == Finding(
        "file_changed", {"path": "data/02_Danh_sach/danh_sach.html"}
    )
    assert codes(checked) == ["file_changed"]


def test_a_changed_page_is_found_by_the_log_where_the_checksums_were_mended(copied: Path) -> None:
    def change(files: Files) -> None:
        page = files["data/03_Diem_danh/diem_danh.html"].decode()
        files["data/03_Diem_danh/diem_danh.html"] = page.replace("09:10", "07:10").encode()

    checked = changed(copied, change)
    differ = {finding.data.get("path") for finding in checked.findings if finding.fault}
    assert "data/03_Diem_danh/diem_danh.html" in differ
    assert set(codes(checked)) == {"page_differs"}


def test_pages_another_version_made_are_not_judged(copied: Path) -> None:
    def change(files: Files) -> None:
        files["bag-info.txt"] = files["bag-info.txt"].replace(b"Agent: Phien", b"Agent: Later")
        files["data/02_Danh_sach/danh_sach.html"] += b"<!-- -->"

    checked = changed(copied, change)
    assert (checked.whole, [finding.code for finding in checked.findings]) == (
        True,
        ["pages_not_compared", "after_closing"],
    )
    assert sentences(checked)[0] == texts.text("check.log_only")
    known = check(copied, checked.seal)
    assert sentences(known)[0] == texts.text("check.log_compared"), "not that nothing was changed"


def test_what_another_version_made_alike_is_as_good(copied: Path) -> None:
    def change(files: Files) -> None:
        files["bag-info.txt"] = files["bag-info.txt"].replace(b"Agent: Phien", b"Agent: Later")

    assert changed(copied, change).findings == (AFTER,)


def test_files_that_are_missing_or_beside_are_named(copied: Path) -> None:
    def change(files: Files) -> None:
        del files[PAPER]
        files["data/thêm.txt"] = b""
        files["tagmanifest-md5.txt"] = b""

    found = changed(copied, change, mended=False).findings
    assert found[:3] == (
        Finding("file_missing", {"path": PAPER}),
        Finding("file_extra", {"path": "data/thêm.txt"}),
        Finding("file_extra", {"path": "tagmanifest-md5.txt"}),
    )


@pytest.mark.parametrize("gone", ["bagit.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt"])
def test_a_bag_without_its_tags_is_not_whole(copied: Path, gone: str) -> None:
    def change(files: Files) -> None:
        del files[gone]

    assert "file_missing" in codes(changed(copied, change, mended=False))


def test_another_paper_is_found_where_the_checksums_were_mended(copied: Path) -> None:
    def change(files: Files) -> None:
        files[PAPER] += b"%"

    checked = changed(copied, change)
    assert codes(checked) == ["paper_differs"]
    assert checked.findings[0].data["title"] == "Danh sách kèm theo"


def test_a_paper_swapped_with_another_is_found(copied: Path) -> None:
    other = PAPER.replace("02_Danh sách kèm theo", "01_07-TTr-BTC Tờ trình về cán bộ")

    def change(files: Files) -> None:
        files[PAPER], files[other] = files[other], files[PAPER]

    assert codes(changed(copied, change)) == ["paper_differs", "paper_differs"]


@pytest.mark.parametrize("rev", [1, 40, 73])
def test_a_changed_log_is_found_where_it_was_changed(copied: Path, rev: int) -> None:
    def change(files: Files) -> None:
        lines = files[f"{ANNEX}/nhat_ky.jsonl"].split(b"\n")
        lines[rev - 1] = lines[rev - 1].replace(b'"command":"', b'"command":"x')
        files[f"{ANNEX}/nhat_ky.jsonl"] = b"\n".join(lines)

    assert changed(copied, change).findings == (Finding("log_broken", {"rev": rev}),)


@pytest.mark.parametrize(
    ("name", "body", "rev"),
    [
        ("nhat_ky.jsonl", b"", 1),
        ("nhat_ky_ma.txt", b"", 1),
        ("nhat_ky.jsonl", b"[1]\n" * 73, 1),
        ("nhat_ky.jsonl", b"\xff\n", 1),
        ("nhat_ky.jsonl", b"[" * 100_000 + b"\n", 1),
    ],
)
def test_a_log_that_is_none_is_found(copied: Path, name: str, body: bytes, rev: int) -> None:
    def change(files: Files) -> None:
        files[f"{ANNEX}/{name}"] = body

    assert changed(copied, change).findings == (Finding("log_broken", {"rev": rev}),)


def test_a_log_cut_short_is_found(copied: Path) -> None:
    def change(files: Files) -> None:
        for name in ("nhat_ky.jsonl", "nhat_ky_ma.txt"):
            lines = files[f"{ANNEX}/{name}"].split(b"\n")
            files[f"{ANNEX}/{name}"] = b"\n".join([*lines[:-2], b""])

    assert "summary_differs" in codes(changed(copied, change))


def test_another_summary_is_found(copied: Path) -> None:
    def change(files: Files) -> None:
        said = files[f"{ANNEX}/tom_tat.json"]
        files[f"{ANNEX}/tom_tat.json"] = said.replace(b"12/HS-TU", b"13/HS-TU")

    assert codes(changed(copied, change)) == ["summary_differs"]


@pytest.mark.parametrize("name", ["tom_tat.json", "tai_lieu.json", "nguoi_thuc_hien.json"])
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"7", b"[" * 100_000])
def test_an_annex_that_makes_no_sense_is_a_finding(copied: Path, name: str, body: bytes) -> None:
    def change(files: Files) -> None:
        files[f"{ANNEX}/{name}"] = body

    assert not changed(copied, change).whole


def test_another_seal_is_found(copied: Path) -> None:
    def change(files: Files) -> None:
        info = files["bag-info.txt"].decode().rpartition("Phien-Seal")[0]
        files["bag-info.txt"] = f"{info}Phien-Seal: aaaa-bbbb-cccc-dddd\n".encode()

    assert codes(changed(copied, change)) == ["seal_differs"]


def test_a_log_of_what_cannot_be_is_found(copied: Path, papers: Papers) -> None:
    log = story.linked(story.filed_away(papers).entries)
    entries = [entry for entry, _ in log]
    unheard = replace(entries[-1], rev=len(entries) + 1, fact=f.PageShown("nothing", 1, 1))
    relinked = story.linked([*entries, unheard])

    def change(files: Files) -> None:
        lines = [canonical(entry) + b"\n" for entry, _ in relinked]
        files[f"{ANNEX}/nhat_ky.jsonl"] = b"".join(lines)
        links = [link.hex().encode() + b"\n" for _, link in relinked]
        files[f"{ANNEX}/nhat_ky_ma.txt"] = b"".join(links)

    assert not changed(copied, change).whole


# The forger


def is_absence(entry: Entry) -> bool:
    return isinstance(entry.fact, f.AttendanceMarked) and entry.fact.state == "absent"


def test_a_forger_who_makes_all_anew_is_caught_by_the_rooms_code_only(
    official: Filed, copied: Path
) -> None:
    seal = check(official.path).seal
    there = f.AttendanceMarked("trang", "present", make.clock("07:17"), "")
    forged(copied, saying(there, is_absence))
    unaware = check(copied)
    assert (unaware.whole, unaware.compared, codes(unaware)) == (True, False, [])
    assert unaware.seal != seal
    assert codes(check(copied, seal)) == ["head_differs"]
    assert check(official.path, seal).compared


def test_what_was_forged_after_the_closing_is_not_covered_and_said_to_be(
    official: Filed, copied: Path
) -> None:
    seal = check(official.path).seal
    other = f.FileLocked("13/HS-TU")
    forged(copied, saying(other, lambda entry: isinstance(entry.fact, f.FileLocked)))
    checked = check(copied, seal)
    assert (checked.whole, checked.compared, checked.findings) == (True, True, (AFTER,))


# Words


def test_every_finding_has_a_sentence() -> None:
    source = Path(checking.__file__).read_text("utf-8")
    source += (Path(checking.__file__).parent / "manifests.py").read_text("utf-8")
    said = {key.removeprefix("check.") for key in texts.sentences("vi") if key.startswith("check.")}
    verdicts = {"compared", "not_compared", "log_compared", "log_only", "not_whole", "more"}
    strings = {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert said - verdicts <= strings
    assert set(kiem_tra.SENTENCES) <= said


def test_a_long_list_of_faults_is_cut_short() -> None:
    many = tuple(Finding("file_missing", {"path": f"data/{at}"}) for at in range(50))
    said = sentences(Checked(many))
    assert (len(said), said[-1]) == (22, "Còn 30 điều khác.")


def test_the_command_line_says_it(official: Filed, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "meeting", "verify"]

    def run(*said: str) -> tuple[int, str]:
        done = subprocess.run(
            [*command, *said], capture_output=True, text=True, check=False, encoding="utf-8"
        )
        return done.returncode, done.stdout + done.stderr

    seal = check(official.path).seal
    status, said = run(str(official.path), "--head", seal, "--json")
    found = json.loads(said)
    assert (status, found["whole"], found["compared"], found["seal"]) == (0, True, True, seal)
    assert run(str(tmp_path / "none.zip"))[0] == 2
    (tmp_path / "x.zip").write_bytes(b"x")
    assert run(str(tmp_path / "x.zip")) == (
        1,
        "\n".join(sentences(check(tmp_path / "x.zip"))) + "\n",
    )


def test_a_revoked_card_changes_nothing_in_a_file_that_was_handed_in(
    official: Filed, papers: Papers
) -> None:
    minutes = story.filed_away(papers)
    minutes.does(story.OFFICE, c.RevokeCard("anh"))
    assert story.filed(official.path.parent, minutes, papers).path == official.path

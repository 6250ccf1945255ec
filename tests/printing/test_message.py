"""The text for everybody holds nothing personal; each person's own text has the way in."""

from __future__ import annotations

from meeting.printing.message import message
from meeting.protocol import commands as c
from tests.helpers import make
from tests.printing.conftest import URL, laid_down, ways_of

EVERYBODY = """\
Văn phòng Tỉnh ủy Thanh Giang trân trọng kính mời đồng chí dự:
Hội nghị Ban Thường vụ, tháng 12/2026
Thời gian: 07:30, Thứ Năm 10/12/2026
Địa điểm: Phòng họp A
Đồng chí mang theo máy tính bảng, máy tính xách tay hoặc điện thoại đã sạc pin.

Tại phòng họp:
1. Vào Wi-Fi HOP-A (mật khẩu ghi trên thẻ và trên màn hình phòng họp).
2. Mở trình duyệt, gõ 192.168.1.105, rồi gõ sáu số của đồng chí.

Cần giúp: Bộ phận kỹ thuật 0900 000 000"""

AN_ALONE = """\
Kính gửi đồng chí Nguyễn Văn Ân
Văn phòng Tỉnh ủy Thanh Giang trân trọng kính mời đồng chí dự:
Hội nghị Ban Thường vụ, tháng 12/2026
Thời gian: 07:30, Thứ Năm 10/12/2026
Địa điểm: Phòng họp A
Đồng chí mang theo máy tính bảng, máy tính xách tay hoặc điện thoại đã sạc pin.

Tại phòng họp:
1. Vào Wi-Fi HOP-A (mật khẩu ghi trên thẻ và trên màn hình phòng họp).
2. Mở trình duyệt, gõ 192.168.1.105, rồi gõ sáu số của đồng chí.

Hoặc bấm đường dẫn riêng của đồng chí (mở được khi đã vào Wi-Fi phòng họp): {link}
Sáu số của đồng chí: {digits}
Đường dẫn và sáu số chỉ dành cho đồng chí; xin không gửi tiếp, không đăng vào nhóm.

Cần giúp: Bộ phận kỹ thuật 0900 000 000"""


def test_everybody_gets_the_same_text_and_each_a_text_of_their_own() -> None:
    state = laid_down(make.a_meeting(), make.a_seat("an", name="Nguyễn Văn Ân"))
    ways = ways_of(state)

    said = message(state, ways, URL)

    own = AN_ALONE.format(link=ways["an"].link, digits=ways["an"].spaced)
    assert said.text == EVERYBODY
    assert [(one.seat, one.name, one.text) for one in said.people] == [("an", "Nguyễn Văn Ân", own)]


def test_the_text_for_everybody_holds_no_password_link_or_digits() -> None:
    state = laid_down(make.a_meeting(), make.a_seat("an"), make.a_seat("ba"))
    ways = ways_of(state)

    text = message(state, ways, URL).text

    secrets = ["mua-xuan-2027", "/c/", *(way.spaced for way in ways.values())]
    assert [secret for secret in secrets if secret in text] == []


def test_whoever_has_no_card_and_the_room_screen_are_sent_nothing() -> None:
    state = laid_down(
        make.a_meeting(),
        make.a_seat("an"),
        make.a_seat("ba"),
        make.a_seat("wall", "screen"),
        c.RevokeCard("ba"),
    )

    assert [one.seat for one in message(state, ways_of(state), URL).people] == ["an"]


def test_people_are_addressed_as_the_body_does() -> None:
    state = laid_down(make.a_meeting(address_form="ong_ba"), make.a_seat("an", name="Lê An"))

    [own] = message(state, ways_of(state), URL).people

    assert own.text.startswith("Kính gửi ông/bà Lê An\n")
    assert "đồng chí" not in own.text


def test_an_invitation_to_a_trial_copy_says_so() -> None:
    state = laid_down(make.a_meeting(trial=True, trial_of="btv"), make.a_seat("an"))
    ways = ways_of(state)

    said = message(state, ways, URL)

    texts = [said.text, *(one.text for one in said.people)]
    assert [one.splitlines().count(f"{state.meeting.title} (Chạy thử)") for one in texts] == [1, 1]

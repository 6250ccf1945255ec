"""The annexes of report 186-BC/ĐU: ten tables by commune and ward, then a short text on each one."""

from collections.abc import Callable, Sequence

from figures import PLACES, Place
from paper import growth, number, share, table

_Row = Callable[[Sequence[Place]], Sequence[str]]


def annexes() -> str:
    """Typst source of all annexes, each starting on a new page."""
    return "".join(_tables()) + _profiles()


def _sum(places: Sequence[Place], field: str) -> int:
    return int(sum(getattr(place, field) for place in places))


def _by_place(
    number_of: int, about: str, unit: str, heads: Sequence[str], row: _Row, only: str = ""
) -> str:
    """One annex: a row per place and a last row for all; `row` serves one place or many alike."""
    places = [p for p in PLACES if only in ("", p.kind)]
    rows = [[str(at), p.full_name.capitalize()[:1] + p.full_name[1:], *row([p])]
            for at, p in enumerate(places, 1)]
    rows.append(["", "Toàn tỉnh", *row(places)])
    widths = "10mm, 1fr, " + ", ".join(["25mm"] * len(heads))
    return f"#annex([PHỤ LỤC {number_of}], [{about}], [Đơn vị tính: {unit}])\n" + table(
        ["TT", "Xã, phường", *heads],
        rows,
        widths,
        size=11,
        left=(1,),
        bold=(len(rows) - 1,),
        inset=0.95 if len(places) > 30 else 1.35,
    )


def _tables() -> list[str]:
    def land(p: Sequence[Place]) -> Sequence[str]:
        area, people, homes = _sum(p, "area"), _sum(p, "people"), _sum(p, "homes")
        return number(area), number(people), number(people / area * 100, 1), number(homes)

    def budget(p: Sequence[Place]) -> Sequence[str]:
        plan, got = _sum(p, "budget_plan"), _sum(p, "budget")
        return number(plan), number(got), number(got - plan), share(got, plan)

    def invest(p: Sequence[Place]) -> Sequence[str]:
        plan, paid = _sum(p, "invest_plan"), _sum(p, "invest")
        return number(plan), number(paid), number(plan - paid), share(paid, plan)

    def rice(p: Sequence[Place]) -> Sequence[str]:
        area, tons = _sum(p, "rice"), sum(x.rice * x.rice_yield / 10 for x in p)
        return number(area), number(tons / area * 10, 1), number(tons)

    def poor(p: Sequence[Place]) -> Sequence[str]:
        homes, now, before = _sum(p, "homes"), _sum(p, "poor"), _sum(p, "poor_before")
        return number(before), number(now), number(before - now), share(now, homes, 2)

    def criteria(p: Sequence[Place]) -> Sequence[str]:
        met, of = _sum(p, "criteria"), 19 * len(p)
        full = sum(x.criteria == 19 for x in p)
        return number(met), number(of - met), share(met, of), number(full) if full else "-"

    def files(p: Sequence[Place]) -> Sequence[str]:
        every, on_time, online = _sum(p, "files"), _sum(p, "in_time"), _sum(p, "online")
        return number(every), share(on_time, every), number(every - on_time), share(online, every)

    def insured(p: Sequence[Place]) -> Sequence[str]:
        people, have = _sum(p, "people"), _sum(p, "insured")
        return number(people), number(have), number(people - have), share(have, people)

    def offences(p: Sequence[Place]) -> Sequence[str]:
        before, now = _sum(p, "offences_before"), _sum(p, "offences")
        rate = now / _sum(p, "people") * 10_000
        return number(before), number(now), number(now - before), number(rate, 2)

    def party(p: Sequence[Place]) -> Sequence[str]:
        cells, members, new = _sum(p, "cells"), _sum(p, "members"), _sum(p, "admitted")
        return number(cells), number(members), number(new), share(new, members, 2)

    return [
        _by_place(1, "Diện tích, dân số, số hộ năm 2026", "ha, người, người/km², hộ",
                  ["Diện tích", "Dân số", "Mật độ", "Số hộ"], land),
        _by_place(2, "Thu ngân sách phần xã, phường quản lý năm 2026", "triệu đồng",
                  ["Dự toán", "Thực hiện", "Tăng, giảm", "Tỷ lệ"], budget),
        _by_place(3, "Giải ngân vốn đầu tư công giao xã, phường năm 2026", "triệu đồng",
                  ["Kế hoạch", "Giải ngân", "Còn lại", "Tỷ lệ"], invest),
        _by_place(4, "Đất trồng lúa và sản lượng bình quân một vụ năm 2026", "ha, tạ/ha, tấn",
                  ["Đất lúa", "Năng suất", "Sản lượng"], rice),
        _by_place(5, "Kết quả giảm nghèo năm 2026", "hộ",
                  ["Đầu năm", "Cuối năm", "Giảm", "Tỷ lệ còn"], poor),
        _by_place(6, "Kết quả xây dựng nông thôn mới năm 2026", "tiêu chí (tổng số 19 tiêu chí/xã)",
                  ["Đạt", "Chưa đạt", "Tỷ lệ", "Đạt chuẩn"], criteria, only="xã"),
        _by_place(7, "Tiếp nhận, giải quyết thủ tục hành chính năm 2026", "hồ sơ",
                  ["Tiếp nhận", "Đúng hạn", "Quá hạn", "Trực tuyến"], files),
        _by_place(8, "Tham gia bảo hiểm y tế năm 2026", "người",
                  ["Dân số", "Tham gia", "Chưa có", "Tỷ lệ"], insured),
        _by_place(9, "Phạm pháp hình sự năm 2026", "vụ, vụ/10.000 dân",
                  ["Năm 2025", "Năm 2026", "Tăng, giảm", "Tần suất"], offences),
        _by_place(10, "Tổ chức đảng, đảng viên năm 2026", "chi bộ, đảng viên",
                  ["Chi bộ", "Đảng viên", "Kết nạp", "Tỷ lệ"], party),
    ]  # fmt: skip


def _profiles() -> str:
    return (
        "#annex([PHỤ LỤC 11], [Tóm tắt tình hình từng xã, phường năm 2026], none)\n"
        + "\n\n".join(f"*{at}- {_cap(p)}.* {_profile(p)}" for at, p in enumerate(PLACES, 1))
    )


def _cap(place: Place) -> str:
    return place.kind.capitalize() + " " + place.name


def _rank(place: Place, value: Callable[[Place], float]) -> int:
    """1 for the place with the greatest value."""
    return 1 + sum(value(other) > value(place) for other in PLACES)


def _profile(p: Place) -> str:
    paid = _rank(p, lambda x: x.invest / x.invest_plan)
    online = _rank(p, lambda x: x.online / x.files)
    rest = p.invest_plan - p.invest
    rural = ""
    if p.kind == "xã":
        rural = (
            " Xã đã đạt đủ 19/19 tiêu chí nông thôn mới."
            if p.criteria == 19
            else f" Xã đạt {p.criteria}/19 tiêu chí nông thôn mới, còn {19 - p.criteria} tiêu chí."
        )
    advice = (
        "giữ nhịp giải ngân, chuẩn bị sớm hồ sơ các công trình khởi công mới"
        if paid <= 12
        else "rà soát từng công trình chậm, bàn giao mặt bằng trước ngày 31/3/2027"
        if paid > 24
        else "tập trung nghiệm thu, thanh toán khối lượng hoàn thành"
    )
    return (
        f"Thu ngân sách phần {p.kind} quản lý đạt {number(p.budget)} triệu đồng, bằng "
        f"{share(p.budget, p.budget_plan)} dự toán. Vốn đầu tư công giải ngân {number(p.invest)} "
        f"triệu đồng, đạt {share(p.invest, p.invest_plan)} kế hoạch, xếp thứ {paid}/{len(PLACES)}, "
        f"còn {number(rest)} triệu đồng chưa giải ngân. Hộ nghèo còn {number(p.poor)} hộ "
        f"({share(p.poor, p.homes, 2)}), {growth(p.poor, p.poor_before)} so với đầu năm; "
        f"{share(p.insured, p.people)} người dân có bảo hiểm y tế. Giải quyết {number(p.files)} hồ "
        f"sơ, đúng hạn {share(p.in_time, p.files)}, trực tuyến {share(p.online, p.files)} (thứ "
        f"{online}/{len(PLACES)}).{rural} Đảng bộ {p.kind} có {p.cells} chi bộ, "
        f"{number(p.members)} đảng viên, kết nạp mới {p.admitted} đồng chí. Năm 2027 cần {advice}."
    )

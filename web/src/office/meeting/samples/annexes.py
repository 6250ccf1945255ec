"""The annexes of report 186-BC/ĐU: tables by commune and ward, then a short text on each one."""

from collections.abc import Callable, Sequence

from figures import PLACES, Place
from paper import number, share, table

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
    rows = [[str(at), _capital(p.full_name), *row([p])] for at, p in enumerate(places, 1)]
    rows.append(["", "Toàn tỉnh", *row(places)])
    widths = "10mm, 1fr, " + ", ".join(["25mm"] * len(heads))
    return f"#annex([PHỤ LỤC {number_of}], [{about}], [Đơn vị tính: {unit}])\n" + table(
        ["TT", "Xã, phường", *heads],
        rows,
        widths,
        size=11.5,
        left=(1,),
        bold=(len(rows) - 1,),
        inset=1.15 if len(places) > 30 else 1.6,
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

    def budget_next(p: Sequence[Place]) -> Sequence[str]:
        now, then = _sum(p, "budget"), sum(_next_budget(x) for x in p)
        return number(now), number(then), number(then - now), share(then, now)

    def poor_next(p: Sequence[Place]) -> Sequence[str]:
        now, then = _sum(p, "poor"), sum(_next_poor(x) for x in p)
        return number(now), number(now - then), number(then), share(then, _sum(p, "homes"), 2)

    def insured_next(p: Sequence[Place]) -> Sequence[str]:
        now, then = _sum(p, "insured"), sum(_next_insured(x) for x in p)
        return number(now), number(then), number(then - now), share(then, _sum(p, "people"))

    def online_next(p: Sequence[Place]) -> Sequence[str]:
        now, then = _sum(p, "online"), sum(max(x.online, round(x.files * 0.85)) for x in p)
        return number(now), share(now, _sum(p, "files")), number(then), number(then - now)

    def criteria_next(p: Sequence[Place]) -> Sequence[str]:
        now, then = _sum(p, "criteria"), sum(min(19, x.criteria + 2) for x in p)
        return number(now), number(then - now), number(then), share(then, 19 * len(p))

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
        _by_place(11, "Dự kiến giao thu ngân sách năm 2027", "triệu đồng",
                  ["Ước 2026", "Giao 2027", "Tăng thêm", "So với 2026"], budget_next),
        _by_place(12, "Dự kiến giao chỉ tiêu giảm nghèo năm 2027", "hộ",
                  ["Cuối 2026", "Giảm thêm", "Cuối 2027", "Tỷ lệ còn"], poor_next),
        _by_place(13, "Dự kiến giao chỉ tiêu bảo hiểm y tế năm 2027", "người",
                  ["Cuối 2026", "Giao 2027", "Tăng thêm", "Tỷ lệ"], insured_next),
        _by_place(14, "Dự kiến giao chỉ tiêu hồ sơ trực tuyến năm 2027", "hồ sơ",
                  ["Năm 2026", "Tỷ lệ", "Giao 2027", "Tăng thêm"], online_next),
        _by_place(15, "Dự kiến giao chỉ tiêu nông thôn mới năm 2027", "tiêu chí",
                  ["Đã đạt", "Thêm 2027", "Lũy kế", "Tỷ lệ"], criteria_next, only="xã"),
    ]  # fmt: skip


def _next_budget(place: Place) -> int:
    """Income asked for in 2027: eight per cent more, in whole hundreds of million đồng."""
    return round(place.budget * 1.08 / 100) * 100


def _next_poor(place: Place) -> int:
    """Poor households allowed at the end of 2027: a quarter fewer."""
    return place.poor - round(place.poor * 0.25)


def _next_insured(place: Place) -> int:
    """People insured at the end of 2027: 96.5 per cent, and never fewer than now."""
    return max(place.insured, round(place.people * 0.965))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _profiles() -> str:
    return "#annex([PHỤ LỤC 16], [Tóm tắt tình hình từng xã, phường năm 2026], none)\n" + "".join(
        _profile(at, place) for at, place in enumerate(PLACES, 1)
    )


def _rank(place: Place, value: Callable[[Place], float]) -> int:
    """1 for the place with the greatest value."""
    return 1 + sum(value(other) > value(place) for other in PLACES)


def _profile(at: int, p: Place) -> str:
    paid = _rank(p, lambda x: x.invest / x.invest_plan)
    rows = [
        ["Thu ngân sách (triệu đồng)", number(p.budget), share(p.budget, p.budget_plan) + " dự toán",
         _rank(p, lambda x: x.budget / x.budget_plan), number(_next_budget(p))],
        ["Giải ngân vốn (triệu đồng)", number(p.invest),
         share(p.invest, p.invest_plan) + " kế hoạch", paid, "từ 95,0%"],
        ["Hộ nghèo (hộ)", number(p.poor), share(p.poor, p.homes, 2) + " số hộ",
         _rank(p, lambda x: -x.poor / x.homes), number(_next_poor(p))],
        ["Bảo hiểm y tế (người)", number(p.insured), share(p.insured, p.people) + " dân số",
         _rank(p, lambda x: x.insured / x.people), number(_next_insured(p))],
        ["Hồ sơ trực tuyến (hồ sơ)", number(p.online), share(p.online, p.files) + " tiếp nhận",
         _rank(p, lambda x: x.online / x.files), "từ 85,0%"],
    ]  # fmt: skip
    rural = ""
    if p.kind == "xã":
        rural = (
            "Xã đã đạt đủ 19/19 tiêu chí nông thôn mới."
            if p.criteria == 19
            else f"Xã đạt {p.criteria}/19 tiêu chí nông thôn mới, còn {19 - p.criteria} tiêu chí."
        )
    advice = (
        "giữ nhịp giải ngân, chuẩn bị sớm hồ sơ các công trình khởi công mới"
        if paid <= 12
        else "rà soát từng công trình chậm, bàn giao mặt bằng trước ngày 31/3/2027"
        if paid > 24
        else "tập trung nghiệm thu, thanh toán khối lượng hoàn thành"
    )
    return (
        f"#block(breakable: false, width: 100%)[\n== {at}- {_capital(p.full_name)}\n\n"
        + table(
            ["Chỉ tiêu", "Năm 2026", "Tỷ lệ", "Xếp thứ", "Năm 2027"],
            [[*map(str, row)] for row in rows],
            "1fr, 24mm, 37mm, 20mm, 24mm",
            inset=1.7,
        )
        + f"Dân số {number(p.people)} người, {number(p.homes)} hộ. {rural} Đảng bộ có {p.cells} chi "
        f"bộ, {number(p.members)} đảng viên, kết nạp mới {p.admitted} đồng chí. "
        f"Năm 2027 cần {advice}.\n]\n"
    )

"""Paper 2.1, submission 214-TTr/VPTU: asks for a vote on the draft resolution of paper 2.2."""

from datetime import date

from figures import DIGITAL_AIMS, DIGITAL_COST, OPINIONS
from paper import number, share, style, table

PAGES = 5


def source() -> str:
    """The Typst source of the whole submission."""
    return (
        style(
            "Tờ trình 214-TTr/VPTU về dự thảo Nghị quyết chuyển đổi số",
            "Văn phòng Tỉnh ủy Thanh Giang",
            date(2026, 12, 3),
        )
        + "#set text(size: 15pt)\n#set par(leading: 0.72em, spacing: 1em)\n"
        + _need()
        + _content()
        + _money_and_questions()
        + _explained()
    )


def aims() -> str:
    """The table of aims, the same in the submission and in the resolution."""
    return table(
        ["TT", "Chỉ tiêu", "2026", "2028", "2030"],
        [[str(n), what, *(f"{s}%" for s in years)] for n, (what, *years) in enumerate(DIGITAL_AIMS, 1)],
        "10mm, 1fr, 19mm, 19mm, 19mm",
        left=(1,),
        size=12.5,
    )  # fmt: skip


def costs() -> str:
    """The table of costs by year, with sums both ways; million đồng."""
    rows = [
        [str(n), what, *map(number, years), number(sum(years))]
        for n, (what, years) in enumerate(DIGITAL_COST.items(), 1)
    ]
    by_year = [sum(years[k] for years in DIGITAL_COST.values()) for k in range(4)]
    rows.append(["", "Tổng số", *map(number, by_year), number(sum(by_year))])
    return table(
        ["TT", "Nội dung", "2027", "2028", "2029", "2030", "Cộng"],
        rows,
        "9mm, 1fr, 18mm, 18mm, 18mm, 18mm, 20mm",
        left=(1,),
        size=12,
        bold=(len(rows) - 1,),
    )


def _need() -> str:
    asked, answered, agreed = (sum(row[k] for row in OPINIONS.values()) for k in range(3))
    opinions = [[name, str(a), str(b), str(c), share(c, b)] for name, (a, b, c) in OPINIONS.items()]
    opinions.append(["Tổng số", str(asked), str(answered), str(agreed), share(agreed, answered)])
    return f"""
#opening([TỈNH ỦY THANH GIANG], [VĂN PHÒNG], [Số 214-TTr/VPTU],
  [Thanh Giang, ngày 03 tháng 12 năm 2026])
#naming([TỜ TRÌNH], [về dự thảo Nghị quyết chuyển đổi số trong các cơ quan đảng,\\
  Mặt trận Tổ quốc giai đoạn 2026 - 2030])

#align(center)[_Kính gửi:_ Ban Thường vụ Tỉnh ủy.]

Thực hiện Chương trình công tác năm 2026, Văn phòng Tỉnh ủy đã chủ trì, phối hợp với các cơ quan liên
quan xây dựng dự thảo Nghị quyết về chuyển đổi số trong các cơ quan đảng, Mặt trận Tổ quốc và các tổ
chức chính trị - xã hội. Dự thảo đã được lấy ý kiến {asked} cơ quan, đơn vị; {
        answered
    } đơn vị có văn
bản trả lời, {agreed} đơn vị thống nhất hoàn toàn.

== 1. Sự cần thiết

Hạ tầng mạng nội bộ đã đến 100% xã, phường; tỷ lệ văn bản điện tử ký số đạt 96,4%. Tuy nhiên, dữ liệu
còn phân tán, việc khai thác tài liệu phục vụ phiên họp vẫn dựa nhiều vào bản giấy; bình quân mỗi
phiên họp của Ban Thường vụ in 1.480 trang, có phiên tài liệu đến tay đại biểu chỉ trước một buổi.

Từ khi tổ chức chính quyền địa phương hai cấp, số đầu mối nhận văn bản trực tiếp từ cấp tỉnh tăng lên
36 xã, phường. Cách phát hành bằng giấy không còn bảo đảm thời gian: văn bản đến xã Suối Nâu, Đồng
Lau bình quân mất 2,5 ngày, trong khi văn bản điện tử đến ngay trong giờ làm việc.

Việc thí điểm phiên họp không giấy trong quý III/2026 tại Văn phòng Tỉnh ủy và Đảng ủy phường Thanh
Giang cho kết quả tốt: 14 phiên họp, 126 tài liệu, tiết kiệm khoảng 20.700 trang in; 92% đại biểu
được hỏi cho rằng dễ sử dụng. Khó khăn còn lại là một số đồng chí lớn tuổi cần người hướng dẫn trực
tiếp và mạng tại phòng họp cấp xã chưa ổn định.

== 2. Quá trình xây dựng dự thảo

Tổ biên tập gồm 09 đồng chí đã hoàn thành dự thảo lần 1 ngày 15/9/2026, tổ chức 02 hội nghị góp ý và
gửi lấy ý kiến bằng văn bản. Kết quả tổng hợp như sau:

{
        table(
            ["Nhóm cơ quan, đơn vị", "Lấy ý kiến", "Trả lời", "Thống nhất", "Tỷ lệ"],
            opinions,
            "1fr, 22mm, 20mm, 23mm, 20mm",
            size=12.5,
            bold=(len(opinions) - 1,),
        )
    }
{
        answered - agreed
    } đơn vị đề nghị chỉnh sửa với 19 ý kiến cụ thể; Văn phòng Tỉnh ủy đã tiếp thu 15 ý
kiến ({share(15, 19)}) và giải trình 04 ý kiến tại Báo cáo số 221-BC/VPTU kèm theo.
"""


def _content() -> str:
    return f"""
== 3. Mục tiêu đến năm 2030

{aims()}
Các chỉ tiêu được xác định trên cơ sở số liệu thống kê đến hết tháng 11/2026, có so sánh với mặt bằng
chung của các tỉnh trong vùng; mức phấn đấu năm 2028 là cơ sở để kiểm điểm giữa kỳ.

== 4. Nội dung cơ bản của dự thảo Nghị quyết

Dự thảo gồm 04 phần và 05 phụ lục, quy định 06 nhóm nhiệm vụ, giải pháp:

#[*(1) Nhận thức và trách nhiệm người đứng đầu.*] Kết quả chuyển đổi số là một tiêu chí đánh giá, xếp
loại hằng năm đối với cấp ủy và người đứng đầu.

#[*(2) Phiên họp không giấy.*] Tài liệu gửi trước ít nhất 03 ngày làm việc; đại biểu đọc, ghi chú, đăng
ký phát biểu và biểu quyết trên thiết bị của mình. Nội dung mật chỉ dùng bản giấy có đánh số, thu hồi
sau phiên họp.

#[*(3) Văn bản, hồ sơ điện tử.*] Mọi văn bản không mật được ký số, gửi qua hệ thống; chậm nhất ngày
01/7/2027 ngừng phát hành song song bản giấy ở cấp tỉnh.

#[*(4) Dữ liệu dùng chung.*] Hình thành cơ sở dữ liệu đảng viên, tổ chức đảng, văn kiện; bảo đảm nhập một
lần, dùng nhiều nơi.

#[*(5) An toàn, bảo mật.*] Phân định rõ hệ thống mật và không mật; kiểm tra định kỳ mỗi năm 02 lần; mọi
sự cố được báo cáo trong 24 giờ.

#[*(6) Nhân lực.*] Mỗi cơ quan có ít nhất một cán bộ nòng cốt; mỗi phiên họp không giấy có người hỗ trợ
kỹ thuật trực tại phòng họp.

== 5. Những vấn đề còn ý kiến khác nhau

*5.1. Về phạm vi áp dụng đối với cấp xã.* Loại ý kiến thứ nhất đề nghị áp dụng đồng thời với cấp tỉnh
để bảo đảm liên thông. Loại ý kiến thứ hai đề nghị lùi một năm đối với 11 xã khó khăn do đường truyền
chưa ổn định. Văn phòng Tỉnh ủy đề nghị theo loại ý kiến thứ hai; trong thời gian lùi, các xã này vẫn
nhận văn bản điện tử và được hỗ trợ thiết bị.

*5.2. Về thiết bị của đại biểu.* Có ý kiến đề nghị trang bị thống nhất máy tính bảng; ý kiến khác cho
rằng nên dùng thiết bị sẵn có để tiết kiệm. Dự thảo quy định dùng cả hai hình thức, chỉ mua sắm bổ
sung thiết bị dùng chung tại phòng họp.
"""


def _money_and_questions() -> str:
    total = sum(sum(years) for years in DIGITAL_COST.values())
    first = sum(years[0] + years[1] for years in DIGITAL_COST.values())
    return f"""
== 6. Kinh phí thực hiện

Tổng kinh phí giai đoạn 2027 - 2030 dự kiến {number(total)} triệu đồng, trong đó hai năm 2027 - 2028
là {number(first)} triệu đồng, chiếm {share(first, total)}. Nguồn vốn: ngân sách tỉnh bố trí theo kế
hoạch hằng năm, lồng ghép với chương trình chuyển đổi số của tỉnh (đơn vị: triệu đồng).

{costs()}
Chi phí in, sao chụp, chuyển phát tài liệu của các cơ quan đảng cấp tỉnh năm 2026 là 3.264 triệu đồng;
khi đạt mục tiêu năm 2028, dự kiến tiết kiệm khoảng 70%, tương ứng {number(3264 * 0.7)} triệu đồng mỗi
năm.

== 7. Nội dung xin ý kiến

Văn phòng Tỉnh ủy kính trình Ban Thường vụ xem xét, cho ý kiến về: (1) phạm vi áp dụng đối với cấp xã;
(2) nguồn kinh phí giai đoạn 2027 - 2028; (3) thời điểm chấm dứt phát hành văn bản giấy.

Văn phòng Tỉnh ủy đề nghị Ban Thường vụ biểu quyết thông qua dự thảo Nghị quyết tại phiên họp.

_(Gửi kèm: dự thảo lần 3 Nghị quyết; Báo cáo số 221-BC/VPTU, ngày 03/12/2026 về tiếp thu, giải trình ý
kiến góp ý)._

#signing(([Như trên,], [Các đồng chí Ủy viên Ban Thường vụ,], [Các ban, cơ quan của Tỉnh ủy,],
  [Lưu Văn phòng Tỉnh ủy.]), none, [CHÁNH VĂN PHÒNG], [Trần Hữu An],
  around: "VĂN PHÒNG TỈNH ỦY THANH GIANG • ")
"""


def _explained() -> str:
    """The annex: remarks of the units that did not fully agree, and what was done with each."""
    answers = (
        ("Đảng ủy xã Suối Nâu", "Lùi thời hạn đối với xã có đường truyền chưa ổn định",
         "Tiếp thu: 11 xã hoàn thành ngày 30/6/2029"),
        ("Đảng ủy xã Suối Nâu", "Có bản hướng dẫn bằng tiếng dân tộc thiểu số",
         "Tiếp thu tại nhóm nhiệm vụ 6"),
        ("Sở Tài chính", "Ghi rõ nguồn kinh phí từng năm", "Tiếp thu tại Phụ lục 2"),
        ("Sở Tài chính", "Không mua máy tính bảng cho từng đại biểu",
         "Tiếp thu: chỉ mua thiết bị dùng chung"),
        ("Đảng ủy các cơ quan Đảng", "Bỏ bản in dự phòng ngay từ năm 2027",
         "Giải trình: giữ đến hết năm 2027 để phiên họp không gián đoạn"),
        ("Đảng ủy các cơ quan Đảng", "Thống kê thời gian đọc tài liệu của từng đại biểu",
         "Giải trình: dữ liệu nhạy cảm, không thu thập"),
        ("Tỉnh đoàn", "Dùng trí tuệ nhân tạo ghi biên bản tự động",
         "Giải trình: chưa bảo đảm bảo mật nội dung phiên họp"),
        ("Tỉnh đoàn", "Cho phép gửi tài liệu qua ứng dụng nhắn tin",
         "Giải trình: chỉ dùng hệ thống và hộp thư công vụ"),
    )  # fmt: skip
    rows = [[str(n), *answer] for n, answer in enumerate(answers, 1)]
    return (
        "#annex([PHỤ LỤC], [Một số ý kiến góp ý và việc tiếp thu, giải trình], none)\n"
        + table(
            ["TT", "Đơn vị", "Ý kiến góp ý", "Tiếp thu, giải trình"],
            rows,
            "10mm, 36mm, 1fr, 1fr",
            left=(1, 2, 3),
            size=13,
            inset=2,
        )
        + "Nội dung đầy đủ của 19 ý kiến được tổng hợp tại Báo cáo số 221-BC/VPTU.\n"
    )

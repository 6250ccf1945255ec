"""Paper 2.2, third draft of the resolution on digital work in Party offices, with its two annexes."""

from datetime import date

from figures import DIGITAL_AIMS, DIGITAL_COST, PLACES
from paper import number, share, style, table
from submission import aims, costs

PAGES = 11
TASKS = (  # task, who leads, who helps, by when
    ("Ban hành kế hoạch thực hiện Nghị quyết", "Văn phòng Tỉnh ủy", "Các cơ quan đảng", "31/01/2027"),
    ("Quy chế phiên họp không giấy", "Văn phòng Tỉnh ủy", "Ban Tổ chức Tỉnh ủy", "28/02/2027"),
    ("Rà soát mạng, thiết bị tại 36 xã, phường", "Sở KH&CN", "Đảng ủy xã, phường", "31/3/2027"),
    ("Tập huấn cho cán bộ nòng cốt", "TT Chuyển đổi số", "Văn phòng Tỉnh ủy", "15/4/2027"),
    ("Trang bị thiết bị dùng chung đợt 1", "Văn phòng Tỉnh ủy", "Sở Tài chính", "31/5/2027"),
    ("Ngừng phát hành song song bản giấy cấp tỉnh", "Văn phòng Tỉnh ủy", "Các cơ quan đảng", "01/7/2027"),
    ("Cơ sở dữ liệu đảng viên, tổ chức đảng", "Ban Tổ chức Tỉnh ủy", "Văn phòng Tỉnh ủy", "30/9/2027"),
    ("Cơ sở dữ liệu văn kiện, tài liệu tuyên truyền", "Ban TG&DV Tỉnh ủy", "Văn phòng Tỉnh ủy", "31/12/2027"),
    ("Cơ sở dữ liệu kiểm tra, giám sát (mạng riêng)", "Ủy ban Kiểm tra Tỉnh ủy", "Phòng Cơ yếu - CNTT", "31/3/2028"),
    ("Phiên họp không giấy tại 25 xã, phường", "Đảng ủy xã, phường", "TT Chuyển đổi số", "30/6/2028"),
    ("Số hóa hồ sơ lưu trữ trước năm 2010", "Văn phòng Tỉnh ủy", "Sở Nội vụ", "31/12/2028"),
    ("Sơ kết giữa kỳ", "Văn phòng Tỉnh ủy", "Ủy ban Kiểm tra Tỉnh ủy", "31/12/2028"),
    ("Phiên họp không giấy tại 11 xã còn lại", "Đảng ủy xã", "Sở KH&CN", "30/6/2029"),
    ("Trung tâm dữ liệu dự phòng", "Sở KH&CN", "Công an tỉnh", "31/12/2029"),
    ("Tổng kết Nghị quyết", "Văn phòng Tỉnh ủy", "Các cơ quan đảng", "30/9/2030"),
)  # fmt: skip

WORDS = (
    ("Phiên họp không giấy", "là phiên họp mà toàn bộ tài liệu không mật được gửi, đọc, ghi chú trên "
     "thiết bị điện tử; việc điểm danh, đăng ký phát biểu, biểu quyết thực hiện trên hệ thống."),
    ("Trang đang trình bày", "là trang tài liệu mà chủ trì hoặc người báo cáo đang mở; thiết bị của các "
     "đại biểu tự chuyển theo, mỗi người vẫn có thể đọc riêng và trở lại bất cứ lúc nào."),
    ("Ghi chú riêng", "là phần đại biểu tự viết, vẽ trên tài liệu; chỉ người viết được xem, không đưa vào "
     "hồ sơ phiên họp."),
    ("Tài liệu gửi muộn", "là tài liệu đưa lên hệ thống khi còn dưới 03 ngày làm việc trước phiên họp."),
    ("Bản in dự phòng", "là bộ tài liệu giấy chuẩn bị sẵn để phiên họp tiếp tục khi mất điện, mất mạng "
     "hoặc hỏng thiết bị."),
    ("Hồ sơ điện tử của phiên họp", "gồm giấy mời, chương trình, thành phần, mọi phiên bản tài liệu đã "
     "dùng, kết quả biểu quyết, biên bản và thông báo kết luận; được ký số, kiểm tra được khi không có "
     "mạng."),
    ("Tiếp nhận đúng hạn", "là việc đơn vị nhận mở và xác nhận văn bản trong ngày làm việc; đối với văn "
     "bản khẩn là ngay khi nhận."),
    ("Xã khó khăn", "trong Nghị quyết này là 11 xã hoàn thành phiên họp không giấy ngày 30/6/2029 tại "
     "Phụ lục 3."),
    ("Cán bộ nòng cốt", "là cán bộ được cấp ủy phân công hướng dẫn, hỗ trợ đồng nghiệp sử dụng hệ thống "
     "và là đầu mối báo cáo sự cố."),
)  # fmt: skip


def source() -> str:
    """The Typst source of the whole draft."""
    return (
        style(
            "Dự thảo lần 3: Nghị quyết về chuyển đổi số trong các cơ quan đảng, Mặt trận Tổ quốc "
            "giai đoạn 2026 - 2030",
            "Văn phòng Tỉnh ủy Thanh Giang",
            date(2026, 12, 3),
        )
        + "#set text(size: 15pt)\n#set par(leading: 0.9em, spacing: 1.2em)\n"
        + _situation()
        + _aims()
        + _duties()
        + _more_duties()
        + _carrying_out()
        + _annexes()
    )


def _situation() -> str:
    return """
#opening([TỈNH ỦY THANH GIANG], [BAN THƯỜNG VỤ], [Số #h(12mm) -NQ/TU],
  [Thanh Giang, ngày #h(8mm) tháng 12 năm 2026], mark: [DỰ THẢO LẦN 3 (03/12/2026)])
#naming([NGHỊ QUYẾT CỦA BAN THƯỜNG VỤ TỈNH ỦY], [về chuyển đổi số trong các cơ quan đảng,\\
  Mặt trận Tổ quốc giai đoạn 2026 - 2030])

= I- TÌNH HÌNH

Những năm qua, các cấp ủy, cơ quan đảng, Mặt trận Tổ quốc và các tổ chức chính trị - xã hội trong tỉnh
đã quan tâm ứng dụng công nghệ thông tin vào công tác lãnh đạo, chỉ đạo. Mạng thông tin diện rộng của
Đảng đã đến 36/36 xã, phường; 96,4% văn bản điện tử được ký số; hệ thống quản lý văn bản vận hành ổn
định sau sắp xếp tổ chức bộ máy; 14 phiên họp không giấy đã được thí điểm với kết quả tốt.

Tuy nhiên, chuyển đổi số trong các cơ quan đảng còn chậm so với yêu cầu. Dữ liệu phân tán, chưa liên
thông; hồ sơ lưu trữ điện tử mới đạt 41%; tài liệu phục vụ phiên họp chủ yếu vẫn là bản giấy; việc theo
dõi, đôn đốc thực hiện kết luận còn thủ công. Kỹ năng số của một bộ phận cán bộ, đảng viên, nhất là ở
các xã vùng sâu, vùng đồng bào dân tộc thiểu số, còn hạn chế.

Nguyên nhân chủ yếu là nhận thức của một số cấp ủy, người đứng đầu chưa đầy đủ; quy định, quy chế
chưa theo kịp thực tiễn; nguồn lực đầu tư dàn trải; thiếu cán bộ chuyên trách; nỗi lo mất an toàn thông
tin chưa được giải quyết bằng những biện pháp cụ thể.
"""


def _aims() -> str:
    return f"""
= II- QUAN ĐIỂM, MỤC TIÊU

== 1- Quan điểm

*1.1-* Chuyển đổi số là nhiệm vụ chính trị thường xuyên, đặt dưới sự lãnh đạo trực tiếp, toàn diện của
cấp ủy; người đứng đầu chịu trách nhiệm về kết quả ở cơ quan, đơn vị mình.

*1.2-* Lấy chất lượng lãnh đạo, chỉ đạo và sự thuận tiện của cán bộ, đảng viên, Nhân dân làm thước đo.
Công nghệ phục vụ con người; không để đồng chí nào bị bỏ lại phía sau vì tuổi tác hay điều kiện công
tác.

*1.3-* An toàn, bảo mật là điều kiện tiên quyết. Thông tin thuộc danh mục bí mật nhà nước không soạn
thảo, lưu giữ, trao đổi trên hệ thống có kết nối mạng trái quy định.

*1.4-* Làm từng bước chắc chắn, có thí điểm, có đánh giá; dùng chung hạ tầng, dữ liệu đã có; không đầu
tư trùng lặp, lãng phí.

== 2- Mục tiêu tổng quát

Đến năm 2030, các cơ quan đảng, Mặt trận Tổ quốc và tổ chức chính trị - xã hội của tỉnh làm việc cơ bản
trên môi trường số, dữ liệu được kết nối, khai thác thống nhất; phương thức lãnh đạo, lề lối làm việc
được đổi mới theo hướng khoa học, kịp thời, tiết kiệm.

== 3- Chỉ tiêu cụ thể

{aims()}
Tỷ lệ phiên họp không giấy tính trên tổng số phiên họp trong năm, không kể phiên họp có nội dung mật.
Đến năm 2028 có {sum(row[2] >= 90 for row in DIGITAL_AIMS)}/{len(DIGITAL_AIMS)} chỉ tiêu đạt từ 90% trở
lên; đến năm 2030 có {sum(row[3] == 100 for row in DIGITAL_AIMS)}/{len(DIGITAL_AIMS)} chỉ tiêu đạt 100%.
"""


def _duties() -> str:
    return """
= III- NHIỆM VỤ VÀ GIẢI PHÁP

== 1- Nâng cao nhận thức, trách nhiệm của cấp ủy và người đứng đầu

Tổ chức quán triệt Nghị quyết đến toàn thể cán bộ, đảng viên bằng hình thức phù hợp. Cấp ủy các cấp đưa
nội dung chuyển đổi số vào chương trình công tác hằng năm; định kỳ 6 tháng nghe báo cáo và cho ý kiến
chỉ đạo. Kết quả thực hiện là một tiêu chí đánh giá, xếp loại tập thể, cá nhân; kịp thời biểu dương cách
làm hay, phê bình nơi làm chậm, làm hình thức.

Các đồng chí Ủy viên Ban Thường vụ, Ủy viên Ban Chấp hành gương mẫu sử dụng hệ thống họp không giấy,
ký số và xử lý văn bản trên môi trường mạng ngay từ quý I/2027.

== 2- Tổ chức phiên họp không giấy

*2.1-* Tài liệu không mật được gửi trên hệ thống trước phiên họp ít nhất 03 ngày làm việc; tài liệu gửi
muộn phải được chủ trì đồng ý và ghi rõ trên chương trình. Mỗi lần thay tài liệu, hệ thống giữ lại bản
cũ và thông báo cho đại biểu.

*2.2-* Tại phiên họp, đại biểu điểm danh, đọc tài liệu, ghi chú riêng, đăng ký phát biểu và biểu quyết
trên thiết bị. Ghi chú của đại biểu là riêng tư; không ai khác được xem. Kết quả biểu quyết tính trên
tổng số thành viên theo quy chế làm việc, được công bố ngay và ghi vào biên bản.

*2.3-* Nội dung thuộc bí mật nhà nước sử dụng bản giấy có đánh số, giao và thu hồi tại phòng họp; màn
hình, thiết bị của đại biểu được khóa trong thời gian thảo luận nội dung mật.

*2.4-* Văn phòng cấp ủy chuẩn bị sẵn bản in dự phòng cho mỗi phiên họp đến hết năm 2027; sau đó chỉ in
khi có sự cố. Mỗi phiên họp có người hỗ trợ kỹ thuật, ưu tiên giúp đỡ các đồng chí lớn tuổi.

*2.5-* Sau phiên họp, biên bản, thông báo kết luận và toàn bộ phiên bản tài liệu được đóng gói thành hồ
sơ điện tử, có chữ ký số, nộp lưu theo quy định.

== 3- Quản lý văn bản, hồ sơ điện tử

*3.1-* Văn bản không mật của các cơ quan đảng được ký số, gửi, nhận hoàn toàn trên hệ thống; chậm nhất
ngày 01/7/2027 ngừng phát hành song song bản giấy ở cấp tỉnh, ngày 01/7/2028 ở cấp xã, riêng 11 xã khó
khăn là ngày 01/7/2029.

*3.2-* Văn bản khẩn được xử lý ngay khi nhận; văn bản khác xử lý trong ngày làm việc. Hằng quý công khai
tỷ lệ tiếp nhận, xử lý đúng hạn của từng cơ quan, đơn vị; lấy làm căn cứ xét thi đua.

*3.3-* Số hóa hồ sơ lưu trữ theo thứ tự ưu tiên: văn kiện đại hội, nghị quyết, hồ sơ đảng viên, hồ sơ
của các tổ chức đảng đã kết thúc hoạt động. Tài liệu của các huyện ủy trước ngày 30/6/2025 phải tra cứu
được trên hệ thống chung.
"""


def _more_duties() -> str:
    return """
== 4- Xây dựng, khai thác dữ liệu dùng chung

Hình thành các cơ sở dữ liệu: đảng viên và tổ chức đảng; văn kiện, văn bản chỉ đạo; kiểm tra, giám sát,
kỷ luật đảng; dư luận xã hội; đoàn viên, hội viên. Dữ liệu được nhập một lần tại nơi phát sinh, có người
chịu trách nhiệm về tính đúng, đủ, sạch, sống. Việc chia sẻ với cơ sở dữ liệu của chính quyền thực hiện
theo quy chế do Ban Thường vụ Tỉnh ủy ban hành.

Dữ liệu về quan điểm chính trị, ý kiến biểu quyết và hoạt động của cá nhân trên hệ thống là dữ liệu nhạy
cảm, chỉ thu thập ở mức cần thiết, có thời hạn lưu giữ và không dùng để thống kê, so sánh cá nhân.

== 5- Bảo đảm an toàn, bảo mật thông tin

*5.1-* Phân định rõ hệ thống xử lý thông tin mật và không mật; tách riêng về mạng, thiết bị, người quản
trị. Không sử dụng dịch vụ trí tuệ nhân tạo, nhận dạng giọng nói bên ngoài đối với nội dung phiên họp.

*5.2-* Hệ thống có phương án dự phòng khi mất điện, mất mạng; dữ liệu được sao lưu hằng ngày, diễn tập
khôi phục mỗi năm 02 lần. Thời gian khôi phục tối đa là 24 giờ; trong phiên họp, chuyển sang bản giấy dự
phòng trong vòng 05 phút.

*5.3-* Tài khoản gắn với từng cá nhân, chỉ sử dụng hộp thư công vụ. Khi cán bộ chuyển công tác, tài khoản
được khóa trong ngày. Mọi sự cố phải báo cáo Văn phòng Tỉnh ủy và Công an tỉnh trong 24 giờ.

== 6- Phát triển hạ tầng và nguồn nhân lực

Nâng cấp mạng nội bộ tại phòng họp của cấp ủy 36 xã, phường; trang bị thiết bị dùng chung, không cấp
phát tràn lan. Ưu tiên phần mềm mã nguồn mở, định dạng mở, bảo đảm dữ liệu có thể chuyển giao trọn vẹn
khi thay đổi đơn vị cung cấp.

Mỗi cơ quan, đơn vị có ít nhất một cán bộ nòng cốt về chuyển đổi số. Bồi dưỡng theo vị trí việc làm, cầm
tay chỉ việc; tài liệu hướng dẫn ngắn gọn, chữ lớn, có hình minh họa và bản tiếng dân tộc thiểu số ở nơi
cần thiết.
"""


def _carrying_out() -> str:
    total = sum(sum(years) for years in DIGITAL_COST.values())
    security = sum(DIGITAL_COST["An toàn, bảo mật thông tin"])
    return f"""
= IV- TỔ CHỨC THỰC HIỆN

*1-* Các ban, cơ quan của Tỉnh ủy, Đảng ủy trực thuộc, Đảng ủy xã, phường xây dựng kế hoạch thực hiện
Nghị quyết trong quý I/2027; phân công rõ người, rõ việc, rõ thời hạn, rõ sản phẩm.

*2-* Đảng ủy Ủy ban nhân dân tỉnh lãnh đạo bố trí kinh phí {number(total)} triệu đồng cho giai đoạn
2027 - 2030 (Phụ lục 2), trong đó dành {number(security)} triệu đồng ({share(security, total)}) cho an
toàn, bảo mật thông tin; ưu tiên bố trí đủ vốn trong hai năm đầu.

*3-* Đảng ủy Mặt trận Tổ quốc, các đoàn thể tỉnh lãnh đạo cụ thể hóa Nghị quyết phù hợp với đoàn viên,
hội viên; phát huy vai trò của tổ công nghệ số cộng đồng.

*4-* Ban Tuyên giáo và Dân vận Tỉnh ủy chủ trì hướng dẫn học tập, tuyên truyền Nghị quyết. Ủy ban Kiểm
tra Tỉnh ủy đưa việc thực hiện Nghị quyết vào chương trình kiểm tra, giám sát.

*5-* Văn phòng Tỉnh ủy là cơ quan thường trực, theo dõi, đôn đốc; định kỳ 6 tháng báo cáo Ban Thường vụ
Tỉnh ủy; tham mưu sơ kết vào cuối năm 2028, tổng kết vào quý III/2030.

Nghị quyết này phổ biến đến chi bộ./.

#signing(([Bộ Chính trị, Ban Bí thư (để báo cáo),], [Các ban, cơ quan của Tỉnh ủy,],
  [Đảng ủy trực thuộc Tỉnh ủy,], [Đảng ủy các xã, phường,], [Các đồng chí Tỉnh ủy viên,],
  [Lưu Văn phòng Tỉnh ủy.]), [T/M BAN THƯỜNG VỤ], [BÍ THƯ], [Lương Minh Khải], signed: false)
"""


def _annexes() -> str:
    rows = [[str(n), *task] for n, task in enumerate(TASKS, 1)]
    duties = table(
        ["TT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Hoàn thành"],
        rows,
        "9mm, 1fr, 38mm, 38mm, 24mm",
        left=(1, 2, 3),
        size=12,
        inset=1.6,
    )
    return (
        "#annex([PHỤ LỤC 1], [Phân công nhiệm vụ và thời hạn hoàn thành], none)\n"
        + duties
        + "#annex([PHỤ LỤC 2], [Dự kiến kinh phí giai đoạn 2027 - 2030], [Đơn vị tính: triệu đồng])\n"
        + costs()
        + _notes_on_costs()
        + "#annex([PHỤ LỤC 3], [Lộ trình phiên họp không giấy tại xã, phường], none)\n"
        + _timetable()
        + "#annex([PHỤ LỤC 4], [Mức phấn đấu từng năm của các chỉ tiêu], [Đơn vị tính: %])\n"
        + _yearly()
        + "#annex([PHỤ LỤC 5], [Giải thích từ ngữ dùng trong Nghị quyết], none)\n"
        + "\n\n".join(f"*{n}- {word}* {meaning}" for n, (word, meaning) in enumerate(WORDS, 1))
    )


def _timetable() -> str:
    """Wards first, then communes from the most to the least used to online files."""
    order = sorted(PLACES, key=lambda p: (p.kind != "phường", -p.online / p.files))
    halves = ("31/12/2027", "30/6/2028", "30/6/2029")
    due = [halves[0]] * 8 + [halves[1]] * 17 + [halves[2]] * 11
    rows = [
        [str(n), p.kind.capitalize() + " " + p.name, share(p.online, p.files), str(p.cells), day]
        for n, (p, day) in enumerate(zip(order, due, strict=True), 1)
    ]
    return table(
        ["TT", "Xã, phường", "Hồ sơ trực tuyến", "Số chi bộ", "Hoàn thành"],
        rows,
        "10mm, 1fr, 36mm, 26mm, 30mm",
        left=(1,),
        size=11.5,
        inset=1.2,
    )


def _yearly() -> str:
    """Each aim year by year; 2027 and 2029 lie halfway, rounded down."""
    rows = [
        [str(n), what, *map(str, (a, (a + b) // 2, b, (b + c) // 2, c))]
        for n, (what, a, b, c) in enumerate(DIGITAL_AIMS, 1)
    ]
    words = "\n\n".join(
        f"*({n})* {what}: giai đoạn 2026 - 2028 tăng {b - a} điểm phần trăm, giai đoạn 2028 - 2030 "
        f"tăng {c - b} điểm phần trăm."
        for n, (what, a, b, c) in enumerate(DIGITAL_AIMS, 1)
    )
    heads = ["TT", "Chỉ tiêu", "2026", "2027", "2028", "2029", "2030"]
    years = table(heads, rows, "10mm, 1fr" + ", 16mm" * 5, left=(1,), size=12, inset=2)
    return years + words + "\n"


def _notes_on_costs() -> str:
    total = sum(sum(years) for years in DIGITAL_COST.values())
    parts = "\n\n".join(
        f"*({n})* {what}: {number(sum(years))} triệu đồng, chiếm {share(sum(years), total)}; riêng năm "
        f"2027 là {number(years[0])} triệu đồng."
        for n, (what, years) in enumerate(DIGITAL_COST.items(), 1)
    )
    return f"\n_Thuyết minh:_ tổng kinh phí {number(total)} triệu đồng, gồm:\n\n{parts}\n"

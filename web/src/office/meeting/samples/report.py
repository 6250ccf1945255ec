"""Paper 1.1, report 186-BC/ĐU: the body of the report. Its annexes are in `annexes.py`.

Every figure that is a sum, a share or a growth rate is computed from `figures.py`.
"""

from datetime import date

from annexes import annexes
from figures import CROPS, GRDP, INDUSTRY, PLACES, PROJECTS, REVENUE, SCHOOLS, TRADE
from paper import growth, number, share, style, table

PAGES = 34
_HOMES = ("homes", "poor", "poor_before")
_PARTY = ("cells", "members", "admitted")
_FILES = ("files", "in_time", "online")


def source() -> str:
    """The Typst source of the whole report."""
    return "".join(
        (
            style(
                "Báo cáo 186-BC/ĐU: tình hình kinh tế - xã hội, quốc phòng, an ninh năm 2026; "
                "nhiệm vụ năm 2027",
                "Đảng ủy UBND tỉnh Thanh Giang",
                date(2026, 12, 2),
            ),
            _opening(),
            _economy(),
            _trade_and_money(),
            _society(),
            _security_and_party(),
            _next_year(),
            _closing(),
            annexes(),
        )
    )


def _opening() -> str:
    before, now = (sum(row[k] for row in GRDP.values()) for k in (0, 1))
    revenue = sum(row[1] for row in REVENUE.values())
    plan = sum(row[0] for row in REVENUE.values())
    return f"""
#opening([TỈNH ỦY THANH GIANG], [ĐẢNG ỦY UBND TỈNH], [Số 186-BC/ĐU],
  [Thanh Giang, ngày 02 tháng 12 năm 2026])
#naming([BÁO CÁO], [tình hình kinh tế - xã hội, quốc phòng, an ninh năm 2026;\\
  nhiệm vụ năm 2027])

Thực hiện Chương trình công tác năm 2026 của Ban Thường vụ Tỉnh ủy, Đảng ủy Ủy ban nhân dân tỉnh
báo cáo tình hình kinh tế - xã hội, quốc phòng, an ninh năm 2026 và phương hướng, nhiệm vụ năm 2027
như sau:

= I- TÌNH HÌNH THỰC HIỆN NHIỆM VỤ NĂM 2026

== 1- Đánh giá chung

Năm 2026 là năm đầu thực hiện Nghị quyết Đại hội đại biểu Đảng bộ tỉnh nhiệm kỳ 2025 - 2030, cũng là
năm đầu tiên chính quyền địa phương hai cấp vận hành trọn vẹn. Trong bối cảnh giá vật tư nông nghiệp
còn cao, mưa lũ cuối tháng 10 gây thiệt hại tại {len(PLACES) // 6:02d} xã ven sông Thanh, dưới sự lãnh đạo
của Tỉnh ủy, cấp ủy và chính quyền các cấp đã tập trung tháo gỡ khó khăn cho sản xuất, kinh doanh,
đẩy nhanh các công trình trọng điểm và chăm lo đời sống Nhân dân.

Tổng sản phẩm trên địa bàn (GRDP) ước đạt {number(now)} tỷ đồng, {growth(now, before)} so với
năm 2025. Thu ngân sách nhà nước trên địa bàn ước {number(revenue)} tỷ đồng, bằng
{share(revenue, plan)} dự toán. Trong 18 chỉ tiêu chủ yếu có 15 chỉ tiêu đạt và vượt kế hoạch, bằng
{share(15, 18)}; 03 chỉ tiêu chưa đạt là thu tiền sử dụng đất, tỷ lệ giải ngân vốn đầu tư công và số
xã đạt chuẩn nông thôn mới.

Công tác lãnh đạo, chỉ đạo có nhiều đổi mới: Đảng ủy Ủy ban nhân dân tỉnh đã ban hành 46 nghị quyết,
kết luận; tổ chức 12 phiên họp thường kỳ và 09 phiên họp chuyên đề; phân công từng đồng chí cấp ủy
viên phụ trách địa bàn, hằng tháng làm việc trực tiếp với cơ sở.
"""


def _economy() -> str:
    before, now = (sum(row[k] for row in GRDP.values()) for k in (0, 1))
    planned = sum(row[0] * (1 + row[2] / 100) for row in GRDP.values())
    sectors = [
        [name, number(b), number(n), share(n, b), share(n, now), number(plan, 1) + "%"]
        for name, (b, n, plan) in GRDP.items()
    ]
    total_plan = number(100 * (planned / before - 1), 1) + "%"
    sectors.append(
        ["Tổng số", number(before), number(now), share(now, before), "100,0%", total_plan]
    )
    crops = [
        [name, number(b), number(n), share(n, b), number(y, 1), number(n * y / 10)]
        for name, (b, n, _, y) in CROPS.items()
    ]
    rice = [row for name, row in CROPS.items() if name.startswith("Lúa")]
    harvest, harvest_before = (sum(r[k] * r[k + 2] / 10 for r in rice) for k in (1, 0))
    goods = [[n, u, number(b), number(a), share(a, b)] for n, (u, b, a) in INDUSTRY.items()]
    up = sum(a > b for _, b, a in INDUSTRY.values())
    farming = GRDP["Nông, lâm nghiệp và thủy sản"]
    factory = GRDP["Công nghiệp"]
    return f"""
== 2- Về kinh tế

=== 2.1- Tăng trưởng và cơ cấu kinh tế

Tăng trưởng được giữ ở cả năm khu vực; công nghiệp tiếp tục là động lực chính, đóng góp
{number(100 * (factory[1] - factory[0]) / (now - before), 1)}% mức tăng chung. Giá trị và tốc độ
phát triển từng khu vực (giá so sánh năm 2010, đơn vị: tỷ đồng) như sau:

{
        table(
            ["Khu vực", "Năm 2025", "Ước 2026", "So với 2025", "Tỷ trọng", "KH tăng"],
            sectors,
            "1fr, 20mm, 20mm, 21mm, 20mm, 18mm",
            bold=(-1 % len(sectors),),
        )
    }
So với kế hoạch tăng {total_plan}, kết quả cả năm {growth(now, before)}
{"vượt" if now > planned else "thấp hơn"} {number(abs(now - planned))} tỷ đồng. GRDP bình quân đầu
người theo giá so sánh đạt {number(now * 1000 / sum(p.people for p in PLACES), 1)} triệu đồng.

=== 2.2- Nông, lâm nghiệp, thủy sản và xây dựng nông thôn mới

Giá trị tăng thêm ước {number(farming[1])} tỷ đồng, {growth(farming[1], farming[0])}. Sản lượng lúa
cả năm {number(harvest)} tấn, {growth(harvest, harvest_before)} tuy diện tích gieo trồng giảm
{
        number(sum(r[0] - r[1] for r in rice))
    } ha do chuyển sang cây ăn quả. Diện tích sầu riêng tăng nhanh,
đã cấp 64 mã số vùng trồng với 3.912 ha.

{
        table(
            ["Cây trồng", "DT 2025 (ha)", "DT 2026 (ha)", "So với 2025", "NS (tạ)", "SL (tấn)"],
            crops,
            "1fr, 22mm, 22mm, 21mm, 21mm, 23mm",
        )
    }
Đàn gia súc, gia cầm phát triển ổn định; đã tiêm phòng dại cho 91,6% đàn chó, mèo. Tỷ lệ che phủ rừng
giữ ở mức 38,2%; trồng mới 1.046 ha rừng tập trung và 1,2 triệu cây phân tán. Toàn tỉnh có
{sum(p.criteria == 19 for p in PLACES)}/{sum(p.kind == "xã" for p in PLACES)} xã đạt đủ 19 tiêu chí
nông thôn mới (Phụ lục 6); 214 sản phẩm được công nhận OCOP từ 3 sao trở lên.

=== 2.3- Công nghiệp, xây dựng

Giá trị tăng thêm công nghiệp {growth(factory[1], factory[0])}; {up}/{
        len(INDUSTRY)
    } sản phẩm chủ yếu
tăng so với năm trước. Các khu công nghiệp thu hút thêm 27 dự án, vốn đăng ký 412 triệu đô la Mỹ và
3.180 tỷ đồng; tỷ lệ lấp đầy đạt 78,4%.

{
        table(
            ["Sản phẩm", "Đơn vị", "Năm 2025", "Ước 2026", "So với 2025"],
            goods,
            "1fr, 26mm, 26mm, 26mm, 26mm",
            left=(0, 1),
        )
    }
"""


def _trade_and_money() -> str:
    sold_before, sold = (sum(row[k] for row in TRADE.values()) for k in (0, 1))
    trade = [[n, number(b), number(a), share(a, b), share(a, sold)] for n, (b, a) in TRADE.items()]
    trade.append(["Tổng số", number(sold_before), number(sold), share(sold, sold_before), "100,0%"])
    plan, now, before = (sum(row[k] for row in REVENUE.values()) for k in range(3))
    money = [
        [n, number(p), number(a), share(a, p), share(a, b)] for n, (p, a, b) in REVENUE.items()
    ]
    money.append(["Tổng thu", number(plan), number(now), share(now, plan), share(now, before)])
    land = REVENUE["Thu tiền sử dụng đất"]
    works = [
        [str(at), name, owner, number(total), number(year), number(paid), share(paid, year)]
        for at, (name, owner, total, year, paid) in enumerate(PROJECTS, 1)
    ]
    year, paid = sum(row[3] for row in PROJECTS), sum(row[4] for row in PROJECTS)
    all_works = sum(row[2] for row in PROJECTS)
    works.append(
        ["", "Tổng số", "", number(all_works), number(year), number(paid), share(paid, year)]
    )
    slow = min(PROJECTS, key=lambda row: row[4] / row[3])
    return f"""
=== 2.4- Thương mại, dịch vụ, xuất khẩu

Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ tiêu dùng ước 42.760 tỷ đồng, tăng 11,2%. Kim ngạch
xuất khẩu {number(sold)} triệu đô la Mỹ, {growth(sold, sold_before)}; mặt hàng linh kiện điện tử
{growth(TRADE["Linh kiện điện tử"][1], TRADE["Linh kiện điện tử"][0])}. Khách du lịch đạt 1,86 triệu
lượt, doanh thu 1.340 tỷ đồng.

{
        table(
            ["Nhóm hàng xuất khẩu (triệu USD)", "2025", "Ước 2026", "So với 2025", "Tỷ trọng"],
            trade,
            "1fr, 22mm, 24mm, 25mm, 24mm",
            bold=(len(trade) - 1,),
        )
    }
=== 2.5- Thu, chi ngân sách

Thu ngân sách nhà nước trên địa bàn ước {number(now)} tỷ đồng, bằng {share(now, plan)} dự toán và
{growth(now, before)} so với năm 2025. Khoản thu tiền sử dụng đất chỉ đạt {share(land[1], land[0])}
dự toán, hụt {number(land[0] - land[1])} tỷ đồng do 05 khu đất chưa hoàn thành thủ tục đấu giá.

{
        table(
            ["Khoản thu (tỷ đồng)", "Dự toán", "Ước 2026", "So dự toán", "So 2025"],
            money,
            "1fr, 21mm, 23mm, 24mm, 22mm",
            bold=(len(money) - 1,),
        )
    }
Chi ngân sách địa phương ước 16.842 tỷ đồng, bằng 97,5% dự toán; bảo đảm chi lương, an sinh xã hội và
các nhiệm vụ cấp bách. Đã tiết kiệm 10% chi thường xuyên tăng thêm, tương ứng 214 tỷ đồng.

=== 2.6- Đầu tư công và các công trình trọng điểm

Đến ngày 30/11/2026, {len(PROJECTS)} công trình trọng điểm giải ngân {number(paid)}/{
        number(year)
    } tỷ
đồng, đạt {share(paid, year)} kế hoạch vốn. Công trình chậm nhất là {slow[0]} ({slow[1]}), mới đạt
{share(slow[4], slow[3])}. Phần vốn giao cho xã, phường giải ngân đạt
{share(sum(p.invest for p in PLACES), sum(p.invest_plan for p in PLACES))} (Phụ lục 3).

{
        table(
            ["TT", "Công trình", "Chủ đầu tư", "Tổng mức", "KH 2026", "Giải ngân", "Tỷ lệ"],
            works,
            "8mm, 1fr, 35mm, 16mm, 15mm, 17mm, 16mm",
            left=(1, 2),
            size=11,
            bold=(len(works) - 1,),
        )
    }
"""


def _society() -> str:
    schools = [
        [n, number(s), number(g), share(g, s), number(u)] for n, (s, g, u) in SCHOOLS.items()
    ]
    every, good, pupils = (sum(row[k] for row in SCHOOLS.values()) for k in range(3))
    schools.append(["Cộng", number(every), number(good), share(good, every), number(pupils)])
    homes, poor, poor_before = (sum(getattr(p, k) for p in PLACES) for k in _HOMES)
    people, insured = sum(p.people for p in PLACES), sum(p.insured for p in PLACES)
    worst = max(PLACES, key=lambda p: p.poor / p.homes)
    files, in_time, online = (sum(getattr(p, k) for p in PLACES) for k in _FILES)
    return f"""
== 3- Về văn hóa, xã hội

=== 3.1- Giáo dục và đào tạo

Quy mô trường lớp ổn định với {number(every)} trường, {number(pupils)} học sinh;
{
        share(good, every)
    } số trường đạt chuẩn quốc gia. Tỷ lệ tốt nghiệp trung học phổ thông đạt 99,1%; có
31 học sinh đạt giải học sinh giỏi quốc gia. Còn thiếu 418 giáo viên, nhiều nhất ở bậc mầm non và
các môn ngoại ngữ, tin học.

{
        table(
            ["Cấp học", "Số trường", "Đạt chuẩn", "Tỷ lệ", "Học sinh"],
            schools,
            "1fr, 26mm, 26mm, 24mm, 28mm",
            bold=(len(schools) - 1,),
        )
    }
=== 3.2- Y tế, bảo hiểm, giảm nghèo

Có {number(insured)}/{number(people)} người tham gia bảo hiểm y tế, đạt {share(insured, people)} dân
số. Toàn bộ {
        len(PLACES)
    } trạm y tế xã, phường đã kết nối hồ sơ sức khỏe điện tử. Dịch sốt xuất huyết
giảm 34,0% số ca mắc, không có ca tử vong.

Số hộ nghèo giảm từ {number(poor_before)} xuống còn {number(poor)} hộ, tương ứng
{share(poor, homes, 2)} tổng số hộ. Xã có tỷ lệ hộ nghèo cao nhất là {worst.name},
{share(worst.poor, worst.homes, 2)}. Đã hoàn thành xóa 1.126 nhà tạm, nhà dột nát; giải quyết việc
làm mới cho 24.310 lao động, trong đó 1.208 người đi làm việc ở nước ngoài theo hợp đồng.

=== 3.3- Văn hóa, thể thao, dân tộc, tôn giáo

Tổ chức tốt các ngày lễ lớn; 93,7% thôn, khu phố đạt danh hiệu văn hóa. Bảo tồn 07 nghề truyền thống
của đồng bào dân tộc thiểu số; phục dựng lễ mừng lúa mới tại xã Suối Nâu. Chính sách dân tộc được thực
hiện đầy đủ, các tôn giáo hoạt động đúng pháp luật.

=== 3.4- Tài nguyên, môi trường, phòng, chống thiên tai

Đã cấp 18.460 giấy chứng nhận quyền sử dụng đất; số hóa xong dữ liệu địa chính của 31/36 xã, phường,
bằng {share(31, 36)}. Tỷ lệ thu gom, xử lý chất thải rắn đô thị đạt 96,2%, nông thôn 81,5%. Đợt lũ
cuối tháng 10 làm ngập 2.140 ngôi nhà, thiệt hại khoảng 187 tỷ đồng; đã di dời an toàn 3.275 người,
không có thiệt hại về người.

=== 3.5- Cải cách hành chính, chuyển đổi số

Bộ phận một cửa xã, phường tiếp nhận {number(files)} hồ sơ, giải quyết đúng hạn
{share(in_time, files)}; tiếp nhận trực tuyến {
        share(online, files)
    } (Phụ lục 7). Hạ tầng mạng nội bộ
đã đến 100% xã, phường; tỷ lệ văn bản điện tử ký số đạt 96,4%.
"""


def _security_and_party() -> str:
    offences, before = sum(p.offences for p in PLACES), sum(p.offences_before for p in PLACES)
    cells, members, new = (sum(getattr(p, k) for p in PLACES) for k in _PARTY)
    return f"""
== 4- Về quốc phòng, an ninh, nội chính

Quốc phòng, an ninh được giữ vững. Hoàn thành 100% chỉ tiêu giao quân; tổ chức diễn tập khu vực phòng
thủ tại 06 xã, phường đạt loại giỏi. Lực lượng dân quân đạt 1,62% dân số. Đã xảy ra {number(offences)}
vụ phạm pháp hình sự, {growth(offences, before)} so với năm 2025; tỷ lệ điều tra, khám phá đạt 88,7%.
Tai nạn giao thông giảm cả ba tiêu chí.

Công tác tiếp công dân, giải quyết khiếu nại, tố cáo có tiến bộ: giải quyết xong 341/372 vụ việc thuộc
thẩm quyền, đạt {share(341, 372)}; còn 04 vụ việc phức tạp, kéo dài liên quan đến bồi thường, hỗ trợ
tái định cư.

== 5- Về công tác xây dựng Đảng trong khối chính quyền

Đảng bộ các xã, phường có {number(cells)} chi bộ với {number(members)} đảng viên; kết nạp
{number(new)} đảng viên mới, bằng {share(new, members, 2)} tổng số đảng viên. Việc học tập, quán triệt
nghị quyết được đổi mới bằng hình thức trực tuyến đến chi bộ, giảm 62 cuộc họp so với năm trước.

== 6- Hạn chế, khuyết điểm và nguyên nhân

(1) Giải ngân vốn đầu tư công chưa đạt yêu cầu; vướng mắc lớn nhất vẫn là giải phóng mặt bằng và
nguồn vật liệu đắp. (2) Thu tiền sử dụng đất hụt dự toán. (3) Một số xã chậm xây dựng nông thôn mới do
xuất phát điểm thấp. (4) Chất lượng nguồn nhân lực cấp xã chưa đồng đều, nhất là công chức phụ trách
công nghệ thông tin, địa chính, xây dựng. (5) Dữ liệu giữa các ngành còn phân tán, tài liệu họp vẫn
in nhiều bản giấy.

Nguyên nhân chủ quan chủ yếu là người đứng đầu ở một số nơi chưa quyết liệt; sự phối hợp giữa chủ đầu
tư và địa phương thiếu chặt chẽ; công tác kiểm tra, đôn đốc sau kết luận chưa thường xuyên.
"""


def _next_year() -> str:
    now = sum(row[1] for row in GRDP.values())
    money = sum(row[1] for row in REVENUE.values()) * 1.08
    sold = sum(row[1] for row in TRADE.values()) * 1.1
    fewer = sum(p.poor for p in PLACES) * 0.25
    reached = sum(p.criteria >= 17 for p in PLACES)
    aims = [
        ["1", "Tốc độ tăng GRDP", "%", "9,0 trở lên"],
        ["2", "GRDP (giá so sánh 2010)", "tỷ đồng", number(now * 1.09)],
        ["3", "Thu ngân sách trên địa bàn", "tỷ đồng", number(money)],
        ["4", "Kim ngạch xuất khẩu", "triệu USD", number(sold)],
        ["5", "Tỷ lệ giải ngân vốn đầu tư công", "%", "từ 95,0"],
        ["6", "Số hộ nghèo giảm thêm", "hộ", number(fewer)],
        ["7", "Tỷ lệ tham gia bảo hiểm y tế", "%", "96,5"],
        ["8", "Xã đạt chuẩn nông thôn mới (lũy kế)", "xã", number(reached)],
        ["9", "Hồ sơ tiếp nhận trực tuyến", "%", "85,0"],
        ["10", "Phiên họp không giấy ở cấp tỉnh", "%", "80,0"],
    ]
    return f"""
= II- PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM 2027

== 1- Mục tiêu và các chỉ tiêu chủ yếu

Giữ vững ổn định chính trị, xã hội; phấn đấu tăng trưởng cao hơn năm 2026; tạo chuyển biến rõ nét về
hạ tầng giao thông, chuyển đổi số và chất lượng phục vụ Nhân dân.

{table(["TT", "Chỉ tiêu", "Đơn vị", "Năm 2027"], aims, "10mm, 1fr, 26mm, 32mm", left=(1, 2))}
== 2- Nhiệm vụ và giải pháp trọng tâm

*2.1-* Tập trung tháo gỡ khó khăn cho sản xuất, kinh doanh; hoàn thành hạ tầng Khu công nghiệp Long
Thạnh trong quý III/2027. Mở rộng vùng chuyên canh cây ăn quả gắn với chế biến và mã số vùng trồng.

*2.2-* Giao kế hoạch vốn đầu tư công ngay từ đầu năm; mỗi công trình trọng điểm có một đồng chí Ủy viên
Ban Thường vụ Đảng ủy theo dõi. Trình Ban Thường vụ Tỉnh ủy chủ trương đầu tư đường kết nối
Bến Đá - Suối Nâu, khởi công trong năm 2027.

*2.3-* Tổ chức đấu giá 05 khu đất còn tồn đọng trong 6 tháng đầu năm; chống thất thu trong kinh doanh
trên nền tảng số; triệt để tiết kiệm chi thường xuyên.

*2.4-* Bảo đảm Nhân dân đón Tết Nguyên đán Đinh Mùi vui tươi, an toàn, tiết kiệm; chăm lo gia đình
chính sách, hộ nghèo, người lao động mất việc làm.

*2.5-* Triển khai Nghị quyết về chuyển đổi số trong các cơ quan đảng, Mặt trận Tổ quốc giai đoạn
2026 - 2030; chấm dứt in tài liệu họp ở cấp tỉnh từ ngày 01/7/2027, trừ tài liệu mật.

*2.6-* Nâng cao chất lượng diễn tập, tuyển quân; kéo giảm ít nhất 5% tội phạm về trật tự xã hội; giải
quyết dứt điểm 04 vụ việc khiếu nại phức tạp, kéo dài.

*2.7-* Siết chặt kỷ luật, kỷ cương hành chính; đánh giá cán bộ theo kết quả, sản phẩm cụ thể; kịp thời
thay thế cán bộ né tránh, đùn đẩy trách nhiệm.
"""


def _closing() -> str:
    return """
= III- KIẾN NGHỊ

Đảng ủy Ủy ban nhân dân tỉnh kính trình Ban Thường vụ Tỉnh ủy: (1) cho ý kiến về các chỉ tiêu năm
2027, trước hết là tốc độ tăng GRDP và thu ngân sách; (2) thống nhất chủ trương đầu tư đường kết nối
Bến Đá - Suối Nâu; (3) phân công các đồng chí Ủy viên Ban Thường vụ Tỉnh ủy theo dõi các công trình
trọng điểm.

#signing(([Ban Thường vụ Tỉnh ủy (để báo cáo),], [Các ban, cơ quan của Tỉnh ủy,],
  [Các sở, ban, ngành thuộc tỉnh,], [Đảng ủy các xã, phường,], [Lưu Văn phòng Đảng ủy.]),
  [T/M BAN THƯỜNG VỤ], [PHÓ BÍ THƯ], [Mai Trọng Nghĩa],
  around: "ĐẢNG ỦY UBND TỈNH THANH GIANG • ")

"""

"""The hub's pages name offices, papers and people; days stand as on paper; what cannot be undone is seen first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.app import Hub
from central_hub.cases.model import read_cases
from central_hub.erasure import orders
from central_hub.ingest.nodes import enrol_node
from central_hub.people.accounts import Account, Accounts
from sync_protocol.bodies import CopyCaptured, IdentityAsserted
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, NodeId, OfficeCode
from tests.browser.desk import CHEAP, Clock
from tests.browser.directory import fill_directory
from tests.browser.hub import client_of, make_hub
from tests.central_hub.cases.test_cases import double_filing
from tests.central_hub.cases.test_revoked_papers import Told
from tests.offices import reception, rid

BA_DINH, THAI_BINH = "Bảo hiểm xã hội cơ sở Ba Đình", "Bảo hiểm xã hội cơ sở Thái Bình"
PART = ComponentId(b"k" * 16)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    root: Path = tmp_path_factory.mktemp("named")
    one = make_hub(root / "hub", Clock())
    fill_directory(one, root)
    one.store.writer.run(lambda c: enrol_node(c, NodeId("n03401a"), OfficeCode("03401"), b"k" * 32, 1))
    double_filing(one)
    tell = Told(one)
    office = OfficeCode("07906")
    tell(7, office, reception(7, office, "Lê Thị Ổn", "001185000070"))
    tell(7, office, CopyCaptured(
        component_id=PART, document_id=DocumentId(b"p" * 16), pdf=BlobDigest(b"f" * 32), pdf_size=9, pages=1, images=1, officer="cb", signer_name="x", captured_ms=1,
    ))  # fmt: skip
    tell(7, office, IdentityAsserted(field="birth_date", value="1985-02-03", proof="căn cước", officer="cb"))
    event = one.store.readers.run(lambda c: orders.erasable(c, rid(2)))[0].event
    one.store.writer.run(lambda c: orders.ask(c, rid(2), [event], number="7/QĐ", reason="đơn", officer="conflict_officer", now_ms=one.now_ms()))
    yield one
    one.store.close()


def words(hub: Hub, path: str, account: str = "all") -> str:
    text = client_of(hub, account).get(path).text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text.partition('<main id="main"')[2]))


def test_the_list_of_cases_and_a_case_name_the_offices(hub: Hub) -> None:
    text = words(hub, "/cases")
    assert f"Có thể trùng hồ sơ với cơ quan 03401 · {THAI_BINH}" in text and text.count(BA_DINH) >= 2
    (case,) = [one for one in hub.store.readers.run(read_cases) if one.kind == "dossier"]
    text = words(hub, f"/cases/{case.rid.hex()}/{case.id.hex()}")
    assert re.search(rf"Cơ quan 00101 · {BA_DINH} +03401 · {THAI_BINH}", text) and "Hẹn trả – –" in text


def test_two_values_in_dispute_stand_as_on_paper_with_their_offices(hub: Hub) -> None:
    (case,) = [one for one in hub.store.readers.run(read_cases) if one.kind == "identity"]
    text = words(hub, f"/cases/{case.rid.hex()}/{case.id.hex()}")
    assert "03/02/1985" in text and "01/02/1985" in text and "1985-" not in text


def test_a_dossier_names_who_may_see_it(hub: Hub) -> None:
    assert f"Các cơ quan được xem 00101 · {BA_DINH}" in words(hub, f"/dossiers/{rid(1).hex()}")


def test_a_look_up_names_procedure_office_and_person_first(hub: Hub) -> None:
    client = client_of(hub, "all")
    asked = {"dossier": "00101-9", "reason": "giải quyết", "key": "personal_id", "value": "001185000001", "_csrf_token": client.cookies["form"]}
    answer = client.post("/lookup", data=asked).text
    assert f"1.014166 · Chế độ thai sản: sinh con, mang thai hộ · 00101 · {BA_DINH}" in answer
    opened = client.post("/lookup/open", data={**asked, "rid": rid(1).hex()}).text
    assert "<dd>1.014166 · Chế độ thai sản" in opened and f"<dd>00101 · {BA_DINH}</dd>" in opened
    assert opened.index("<dt>Họ tên</dt>") < opened.index("<dt>Ngày sinh</dt>") < opened.index("<dt>Số định danh cá nhân</dt>")


def test_an_account_is_shown_by_its_persons_name_and_a_renamed_one_at_once(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path, CHEAP)
    assert accounts.name_of("lan") == "lan"
    accounts.put(Account("lan", "Đỗ Thị Lan", ()), "một mật khẩu dài")
    assert accounts.name_of("lan") == "Đỗ Thị Lan" and accounts.name_of("khac") == "khac"
    accounts.change(Account("lan", "Đỗ Thị Lan Anh", ()))
    assert accounts.name_of("lan") == "Đỗ Thị Lan Anh"


def test_who_approves_an_erasure_sees_what_goes_and_that_it_does_not_come_back(hub: Hub) -> None:
    text = words(hub, "/erasures", "leader")
    assert "Chỉ conflict_officer, " in text and re.search(r"1 Tiếp nhận hồ sơ, \d\d/\d\d/\d{4}", text)
    assert re.search(r"Xem rồi phê duyệt : 7/QĐ Sau khi được phê duyệt, .*Không lấy lại được\. Phê duyệt và xóa", text)
    assert f"cb-03401, 03401 · {THAI_BINH}" in words(hub, f"/erasures/{rid(2).hex()}")


def test_who_looked_at_a_person_is_named_with_office_and_work(hub: Hub) -> None:
    client = client_of(hub, "all")
    asked = {"dossier": "00101-9", "reason": "giải quyết", "key": "personal_id", "value": "001185000001", "_csrf_token": client.cookies["form"]}
    client.post("/lookup/open", data={**asked, "rid": rid(1).hex()})
    text = re.sub(r"<[^>]*>", " ", client.post("/looks", data=asked).text.partition("<tbody>")[2])
    assert re.search(r"Trung tâm +Trần Văn Ộp +vận hành, giữ danh mục, đối chiếu, kiểm tra, lãnh đạo", text) and "Việc khác" not in text
    assert re.search(r"Chỉ conflict_officer +Lập lệnh xóa nội dung +7/QĐ: đơn", text)


def test_the_list_of_dossiers_names_who_may_see_each(hub: Hub) -> None:
    row = words(hub, "/dossiers").partition("00101-261122-0001")[2]
    assert re.match(rf".*? 00101 · {BA_DINH} +00101 · {BA_DINH} 0 trên 0", row)

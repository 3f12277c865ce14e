"""Directory problems: what stops a new catalogue from being published."""

from __future__ import annotations

from sync_protocol.errors import Problem


class CatalogueSourcesWrong(Problem):
    """The source files contradict themselves; `complaints` holds every finding."""

    code = "CAT-001"
    sentence = "Danh mục mới có {count} chỗ chưa đúng nên chưa được phát hành."
    next_step = "Sửa các dòng nêu dưới đây trong tệp nguồn rồi dựng lại danh mục."
    operator = "catalogue sources hold {count} contradictions; first in {first}"
    event = "catalogue.sources.wrong"
    http_status = 422


class CatalogueBuildFailed(Problem):
    """The process that writes the file ended without an answer."""

    code = "CAT-004"
    sentence = "Việc dựng tệp danh mục dừng giữa chừng. Danh mục đang dùng không thay đổi."
    next_step = "Kiểm tra chỗ trống trên đĩa rồi dựng lại; ghi lại mã CAT-004 nếu vẫn dừng."
    operator = "catalogue build process ended with status {status}: {what}"
    event = "catalogue.build.failed"
    http_status = 500


class NothingPublished(Problem):
    """There is no catalogue to start from."""

    code = "CAT-010"
    sentence = "Trung tâm chưa phát hành danh mục nào nên chưa có gì để soạn tiếp."
    next_step = "Nhờ người vận hành chạy “central-hub catalogue build” trên máy chủ để phát hành bản đầu tiên."
    operator = "no catalogue published yet"
    http_status = 409
    event = "catalogue.none"


class VersionUnknown(Problem):
    """No catalogue was published under this number."""

    code = "CAT-011"
    sentence = "Không có danh mục phiên bản {version}."
    next_step = "Chọn một phiên bản trong danh sách đã phát hành."
    operator = "catalogue version {version} was never published"
    http_status = 404
    event = "catalogue.version.unknown"


class DraftUnknown(Problem):
    """No draft has this number."""

    code = "CAT-012"
    sentence = "Không có bản nháp số {draft}."
    next_step = "Mở danh sách bản nháp và chọn lại."
    operator = "catalogue draft {draft} does not exist"
    http_status = 404
    event = "catalogue.draft.unknown"


class DraftNotOpen(Problem):
    """A step that does not fit where the draft stands."""

    code = "CAT-013"
    sentence = "Bản nháp số {draft} đang ở bước “{state}” nên chưa làm được việc này."
    next_step = "Mở lại bản nháp để xem bước hiện tại; bản đang chờ duyệt thì nhờ người duyệt trả lại trước khi sửa."
    operator = "catalogue draft {draft} is {state}"
    http_status = 409
    event = "catalogue.draft.step"


class SamePerson(Problem):
    """Whoever wrote in a draft does not approve it."""

    code = "CAT-014"
    sentence = "Bạn đã tham gia soạn bản nháp số {draft} nên không tự duyệt được."
    next_step = "Nhờ lãnh đạo hoặc một người giữ danh mục khác, chưa sửa gì trong bản nháp này, xem và duyệt."
    operator = "an author of catalogue draft {draft} tried to approve it"
    http_status = 403
    event = "catalogue.draft.same_person"


class CatalogueMoved(Problem):
    """Another draft was published since this one was begun."""

    code = "CAT-015"
    sentence = "Bản nháp số {draft} soạn trên danh mục phiên bản {base}, nay đã có phiên bản {newest}{entries}."
    next_step = "Trả bản nháp về bước soạn, bấm “Theo phiên bản mới”; mục nào vừa được người khác sửa thì bỏ khỏi bản nháp rồi sửa lại."
    operator = "catalogue draft {draft} is based on {base}, newest is {newest}"
    http_status = 409
    event = "catalogue.draft.moved"


class EntryMoved(Problem):
    """Somebody saved the same entry while it was open here."""

    code = "CAT-016"
    sentence = "Mục {key} vừa được người khác sửa trong bản nháp này."
    next_step = "Mở lại mục để thấy nội dung mới, rồi sửa tiếp trên đó."
    operator = "entry {key} of a draft changed under an editor"
    http_status = 409
    event = "catalogue.entry.moved"


class EntryUnreadable(Problem):
    """A form of an entry holds something that cannot be read; `complaints` names each box."""

    code = "CAT-017"
    sentence = "Mục này có {count} ô chưa đúng nên chưa được ghi."
    next_step = "Sửa các ô nêu dưới đây rồi ghi lại; những ô khác vẫn còn nguyên."
    operator = "{count} boxes of an entry are unreadable"
    http_status = 422
    event = "catalogue.entry.unreadable"


class EntryUnknown(Problem):
    """The draft and its base hold no such entry."""

    code = "CAT-018"
    sentence = "Danh mục không có mục {key}."
    next_step = "Tìm lại mục trong danh sách; có thể mục đã được bỏ trong bản nháp này."
    operator = "no entry {key} in {place}"
    http_status = 404
    event = "catalogue.entry.unknown"


class SheetWrong(Problem):
    """A spreadsheet that cannot be taken; `complaints` names row and column of each finding. Nothing of it was applied."""

    code = "CAT-019"
    sentence = "Bảng tính có {count} chỗ chưa đúng nên chưa nhập dòng nào."
    next_step = "Sửa các dòng và cột nêu dưới đây trong bảng tính rồi nhập lại cả bảng."
    operator = "spreadsheet for {sheet} refused with {count} findings"
    http_status = 422
    event = "catalogue.sheet.wrong"


class DraftContradicts(Problem):
    """The catalogue would contradict itself after this draft; `complaints` holds every finding."""

    code = "CAT-020"
    sentence = "Danh mục sau bản nháp số {draft} còn {count} chỗ mâu thuẫn nên chưa gửi duyệt, chưa phát hành được."
    next_step = "Xem các chỗ mâu thuẫn trên trang bản nháp, sửa xong rồi gửi lại."
    operator = "catalogue draft {draft} leaves {count} contradictions"
    http_status = 422
    event = "catalogue.draft.contradicts"


class DraftEmpty(Problem):
    """A draft that changes nothing."""

    code = "CAT-021"
    sentence = "Bản nháp số {draft} chưa thay đổi mục nào."
    next_step = "Sửa hoặc nhập ít nhất một mục, hoặc bỏ bản nháp này."
    operator = "catalogue draft {draft} changes nothing"
    http_status = 409
    event = "catalogue.draft.empty"


class SheetUnreadable(Problem):
    """The uploaded file is no spreadsheet that we read."""

    code = "CAT-022"
    sentence = "Tệp này không phải bảng tính .xlsx hoặc .csv đọc được."
    next_step = "Lưu bảng dưới dạng Excel (.xlsx) không đặt mật khẩu hoặc CSV mã UTF-8, rồi nhập lại."
    operator = "spreadsheet unreadable: {what}"
    http_status = 422
    event = "catalogue.sheet.unreadable"


class EntryTaken(Problem):
    """A new entry has the key of one that the catalogue holds."""

    code = "CAT-023"
    sentence = "Danh mục đã có mục {key}."
    next_step = "Mở mục đã có để sửa hoặc tạo phiên bản mới của nó, hoặc dùng mã khác."
    operator = "entry {key} exists already"
    http_status = 409
    event = "catalogue.entry.taken"


class ReorganisationRefused(Problem):
    """A merge, split, rename or transfer that cannot be what was meant."""

    code = "CAT-024"
    sentence = "Chưa sắp xếp được: {reason}."
    next_step = "Xem lại mã đơn vị, ngày và loại sắp xếp rồi làm lại; bản nháp chưa thay đổi gì."
    operator = "reorganisation refused: {rule}"
    http_status = 422
    event = "catalogue.reorganisation.refused"


class OfficeStands(Problem):
    """Dossiers are routed on only from an office that has ceased, and only to one that continues it."""

    code = "CAT-025"
    sentence = "Hồ sơ của {office} chưa chuyển được sang {successor}."
    next_step = "Chỉ chuyển hồ sơ của đơn vị đã hết hiệu lực, và chỉ sang đơn vị kế thừa theo danh mục. Tải lại trang rồi chọn lại."
    operator = "re-routing from {office} to {successor} refused: no succession in force"
    http_status = 409
    event = "catalogue.reroute.refused"


class NothingToRoute(Problem):
    """No dossier was chosen, or those chosen have moved on meanwhile."""

    code = "CAT-026"
    sentence = "Chưa chọn hồ sơ nào còn ở {office}."
    next_step = "Chọn ít nhất một hồ sơ trong danh sách rồi bấm chuyển."
    operator = "nothing to re-route from {office}"
    http_status = 409
    event = "catalogue.reroute.empty"

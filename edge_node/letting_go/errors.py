"""What can go wrong when a dossier is let go."""

from __future__ import annotations

from sync_protocol.errors import Problem


class StillConcerned(Problem):
    """The office received the dossier, has custody of it, or is party to something that is open."""

    code = "LET-001"
    sentence = "Chưa thôi theo dõi được hồ sơ này: {why}."
    next_step = "Xong việc đó thì xin lại. Trong lúc chờ, không cần làm gì thêm."
    operator = "office may not leave the scope of the dossier: {obstacle}"
    http_status = 409
    event = "letting_go.concerned"


class HubCannotJudge(Problem):
    """The hub was never greeted, or its version knows nothing of leaving."""

    code = "LET-002"
    sentence = "Trung tâm chưa nhận việc thôi theo dõi hồ sơ."
    next_step = "Kết nối mạng một lần rồi thử lại. Nếu vẫn vậy, Trung tâm cần nâng cấp trước."
    operator = "hub does not name the capability exit"
    http_status = 409
    event = "letting_go.hub"

"""The verbs of `edge-node`, in the order of the work."""

from __future__ import annotations

import cyclopts

from edge_node.cli import (
    account,
    backup,
    census,
    confirmation,
    courier,
    dossiers,
    init,
    paper,
    resolving,
    serve,
    status,
    synchronising,
    verify,
)

app = cyclopts.App(
    name="edge-node", help="Điểm Liên Thông: bộ phận một cửa làm việc được cả khi mất mạng.", version="0.1.0"
)
for verb in (
    init.init, account.account, serve.serve, dossiers.receive, dossiers.show_dossier, dossiers.reuse, dossiers.hand_over, paper.scan, paper.work, confirmation.review, confirmation.confirm,
    confirmation.slip, status.status, status.queue, synchronising.lookup, synchronising.sync, resolving.take, resolving.supplement,
    resolving.decide, resolving.seal, resolving.give_back, verify.verify, courier.export_courier, courier.import_courier, census.census,
    backup.backup, backup.restore,
):  # fmt: skip
    app.command(verb)

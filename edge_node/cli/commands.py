"""The verbs of `edge-node`, in the order of the work."""

from __future__ import annotations

import cyclopts

app = cyclopts.App(
    name="edge-node", help="Điểm Liên Thông: bộ phận một cửa làm việc được cả khi mất mạng.", version="0.1.0"
)
# By name: a command imports only what it needs itself, and the serving node neither the PDF library nor the typesetter.
VERBS = (
    "init:init", "renew:renew", "account:account", "serve:serve", "dossiers:receive", "endings:ask", "endings:refuse", "endings:accept", "dossiers:show_dossier", "dossiers:reuse", "dossiers:hand_over", "paper:scan",
    "paper:work", "confirmation:review", "confirmation:confirm", "confirmation:slip", "status:status", "status:queue", "synchronising:lookup",
    "synchronising:sync", "resolving:take", "resolving:supplement", "resolving:decide", "resolving:seal", "resolving:give_back", "verify:verify",
    "courier:export_courier", "courier:import_courier", "census:census", "doctor:doctor", "backup:backup", "backup:restore",
)  # fmt: skip
for verb in VERBS:
    app.command(f"edge_node.cli.{verb}")


def name_what_each_does() -> None:
    """Load every verb, so that the list of verbs says what each of them does."""
    for name in tuple(app):
        app[name]

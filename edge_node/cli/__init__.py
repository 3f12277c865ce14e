"""The command `edge-node`: one module per stretch of the clerk's day."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point."""
    from sync_protocol.adapters.bus.nats_import import import_client_alone

    import_client_alone()
    from edge_node.cli.commands import app, name_what_each_does
    from sync_protocol.adapters.terminal import run_app

    if set(sys.argv[1:]) <= {"--help", "-h"}:
        name_what_each_does()
    run_app(app)

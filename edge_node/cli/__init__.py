"""The command `edge-node`: one module per stretch of the clerk's day."""

from __future__ import annotations


def main() -> None:
    """Entry point."""
    from sync_protocol.adapters.bus.nats_import import import_client_alone

    import_client_alone()
    from edge_node.cli.commands import app
    from sync_protocol.adapters.terminal import run_app

    run_app(app)

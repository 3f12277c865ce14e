"""The command `central-hub`: one module per verb."""

from __future__ import annotations


def main() -> None:
    """Entry point."""
    from sync_protocol.adapters.bus.nats_import import import_client_alone

    import_client_alone()
    from central_hub.cli.commands import app
    from sync_protocol.adapters.terminal import run_app

    run_app(app)

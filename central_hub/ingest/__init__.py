"""What arrives from nodes: judged, committed, merged, acknowledged, and fed to the offices in scope."""

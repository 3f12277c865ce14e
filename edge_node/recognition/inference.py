"""How the first reader's networks are run: one thread, one pool of memory for both, no plans for shapes that never come again.

Measured with the detector at 1280 px and 41 lines of all widths (2026-11-28): without a pool 0.61 CPU seconds a page for detection and
5.3 for the lines, peaks 379 and 258 MB; with a pool and memory patterns 0.38 and 4.5 s, 474 and 268 MB, since every new shape
plans one block of its own; with a pool and no patterns 0.38 and 4.1 s, 314 and 207 MB. One pool for both is reused from page to page.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any


def session(model: Path | bytes) -> Any:
    """An ONNX Runtime session of a checked model: its file, or its bytes."""
    import onnxruntime

    _pool()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    options.add_session_config_entry("session.use_env_allocators", "1")
    return onnxruntime.InferenceSession(model if isinstance(model, bytes) else str(model), options, providers=["CPUExecutionProvider"])


@functools.cache
def giving_back() -> Any:
    """Run options under which the pool returns its free blocks to the system: for the detector, once a page."""
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


@functools.cache
def _pool() -> None:
    """Register the pool of this process, once: it grows by what is asked for, not by powers of two."""
    import onnxruntime

    memory = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    settings = {
        "max_mem": 0,
        "arena_extend_strategy": 1,
        "initial_chunk_size_bytes": -1,
        "max_dead_bytes_per_chunk": -1,
    }
    onnxruntime.create_and_register_allocator(memory, onnxruntime.OrtArenaCfg(settings))


def trim() -> None:
    """Give freed heap back to the system: what one page's lines leave behind must not stand beside the next page's detection."""
    import ctypes

    ctypes.CDLL(None).malloc_trim(0)

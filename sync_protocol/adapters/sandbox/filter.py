"""The system calls a sandboxed process may still make once its libraries are loaded.

Invariant: everything not listed is answered with EPERM. There is no call here that opens a socket to anywhere,
starts a program or a process, signals another process, changes a mount, or opens a file for writing. `socketpair` and
`epoll` stay because an asyncio loop cannot start without them and they reach nobody; threads because the HEIC decoder
always starts one: they share the limits and the filter.
"""

from __future__ import annotations

import errno
import functools
import os

_ALLOWED = (
    # memory
    "brk",
    "mmap",
    "munmap",
    "mremap",
    "mprotect",
    "madvise",
    "membarrier",
    # the two inherited streams, and files already open
    "read",
    "readv",
    "pread64",
    "write",
    "writev",
    "close",
    "lseek",
    "fstat",
    "dup",
    "fcntl",
    "ioctl",
    # asking about names; contents need openat
    "newfstatat",
    "stat",
    "lstat",
    "statx",
    "access",
    "faccessat",
    "faccessat2",
    "readlink",
    "readlinkat",
    "getcwd",
    "getdents64",
    # time, randomness, identity
    "clock_gettime",
    "clock_getres",
    "gettimeofday",
    "clock_nanosleep",
    "nanosleep",
    "getrandom",
    "getpid",
    "getppid",
    "gettid",
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "uname",
    "sysinfo",
    "getrusage",
    "times",
    "getpgrp",
    "sched_yield",
    "sched_getaffinity",
    "getcpu",
    # signals to oneself, locks, the end
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sigaltstack",
    "futex",
    "set_robust_list",
    "rseq",
    "restart_syscall",
    "exit",
    "exit_group",
    # an event loop that talks to itself
    "socketpair",
    "pipe2",
    "eventfd2",
    "epoll_create1",
    "epoll_ctl",
    "epoll_wait",
    "epoll_pwait",
    "poll",
    "ppoll",
    "select",
    "pselect6",
    "getsockname",
    "getsockopt",
    "setsockopt",
    "recvfrom",
    "sendto",
    "shutdown",
)
_CLONE_THREAD = 0x10000
_WRITING = os.O_ACCMODE | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@functools.cache
def compile_filter(*, may_read_files: bool) -> bytes:
    """Return the BPF program for this machine, ready for `PR_SET_SECCOMP`.

    Args:
        may_read_files: True where the mount namespace already holds nothing but libraries; False where the whole
            machine is visible, so that not even a read may be opened any more.

    Raises:
        OSError, RuntimeError: libseccomp is missing or refuses the rules; the caller turns this into SBX-001.
    """
    import pyseccomp  # its import runs ldconfig; only a process that opens a sandbox pays for it

    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in _ALLOWED:
        rules.add_rule(pyseccomp.ALLOW, name)
    # prlimit64 reads limits (glibc, numpy); a non-null second structure would set them.
    rules.add_rule(pyseccomp.ALLOW, "prlimit64", pyseccomp.Arg(2, pyseccomp.EQ, 0))
    rules.add_rule(pyseccomp.ALLOW, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, _CLONE_THREAD))
    # Its flags lie in memory where a filter cannot look; "not there" makes glibc fall back to clone.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    if may_read_files:
        rules.add_rule(pyseccomp.ALLOW, "openat", pyseccomp.Arg(2, pyseccomp.MASKED_EQ, _WRITING, os.O_RDONLY))
        rules.add_rule(pyseccomp.ALLOW, "open", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, _WRITING, os.O_RDONLY))
    descriptor = os.memfd_create("seccomp")
    try:
        with os.fdopen(descriptor, "r+b", closefd=False) as stream:
            rules.export_bpf(stream)
            stream.seek(0)
            return stream.read()
    finally:
        os.close(descriptor)

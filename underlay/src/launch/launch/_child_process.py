# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""One launched process: it has a session of its own, and dies with the launch."""

from __future__ import annotations

import asyncio
import ctypes
import os
import pty
import signal
import subprocess
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

PR_SET_PDEATHSIG = 1
# How long output may follow the exit of the process that a grandchild keeps open, s.
DRAIN_TIME = 0.2
_libc = ctypes.CDLL(None)


class ChildProcess:
    """
    A running process whose output is passed on as it comes.

    A session of its own keeps a ctrl-c in the terminal from reaching it before launch has
    decided what to do, and makes its descendants reachable as one process group.
    Raises OSError if it cannot be started.
    """

    def __init__(
        self,
        cmd: Sequence[str],
        *,
        shell: bool,
        cwd: str | None,
        env: Mapping[str, str] | None,
        emulate_tty: bool,
        on_output: Callable[[int, bytes], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._outputs = [_Output(self._loop, fd, on_output, emulate_tty) for fd in (1, 2)]
        launcher = os.getpid()
        try:
            self._popen = subprocess.Popen(
                ' '.join(cmd) if shell else cmd,
                shell=shell,
                cwd=cwd,
                env=env,
                stdin=subprocess.PIPE,
                stdout=self._outputs[0].write_end,
                stderr=self._outputs[1].write_end,
                start_new_session=True,
                preexec_fn=lambda: _die_with(launcher),
            )
        except BaseException:
            for output in self._outputs:
                output.close()
            raise
        finally:
            for output in self._outputs:
                os.close(output.write_end)
        self._exited: asyncio.Future[int] = self._loop.create_future()
        self._pidfd = os.pidfd_open(self._popen.pid)
        self._loop.add_reader(self._pidfd, self._on_exit)

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def returncode(self) -> int | None:
        return self._popen.returncode

    async def wait(self) -> int:
        """Return the exit code when the process has exited and its output has been passed on."""
        code = await asyncio.shield(self._exited)
        await asyncio.wait([output.ended for output in self._outputs], timeout=DRAIN_TIME)
        return code

    async def exits_within(self, seconds: float) -> bool:
        """Wait at most ``seconds``; return whether the process has exited."""
        await asyncio.wait([self._exited], timeout=seconds)
        return self._exited.done()

    def send_signal(self, number: int) -> None:
        """Send a signal to the process."""
        self._popen.send_signal(number)

    def send_signal_to_group(self, number: int) -> None:
        """Send a signal to the process and its descendants, as a terminal does at ctrl-c."""
        with suppress(ProcessLookupError):
            os.killpg(self._popen.pid, number)

    def close(self) -> None:
        """Stop listening to descendants that still have the output open."""
        for output in self._outputs:
            output.close()

    def _on_exit(self) -> None:
        self._loop.remove_reader(self._pidfd)
        os.close(self._pidfd)
        code = self._popen.wait()
        if self._popen.stdin is not None:
            self._popen.stdin.close()
        self._exited.set_result(code)


class _Output:
    """The reading end of one output stream of a process."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        fd: int,
        on_output: Callable[[int, bytes], None],
        emulate_tty: bool,
    ) -> None:
        self._loop = loop
        self._fd = fd
        self._on_output = on_output
        self._read_end, self.write_end = _open_tty() if emulate_tty else os.pipe()
        self.ended: asyncio.Future[None] = loop.create_future()
        loop.add_reader(self._read_end, self._read)

    def close(self) -> None:
        if not self.ended.done():
            self._loop.remove_reader(self._read_end)
            os.close(self._read_end)
            self.ended.set_result(None)

    def _read(self) -> None:
        try:
            data = os.read(self._read_end, 65536)
        except OSError:  # so a terminal says that nobody writes any more
            data = b''
        if data:
            self._on_output(self._fd, data)
        else:
            self.close()


def _open_tty() -> tuple[int, int]:
    """Return the two ends of a terminal that passes output on unchanged."""
    master, slave = pty.openpty()
    attributes = termios.tcgetattr(slave)
    attributes[1] &= ~termios.OPOST
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    return master, slave


def _die_with(launcher: int) -> None:
    """Let the kernel kill this process when the launcher dies, however it dies."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != launcher:
        os.kill(os.getpid(), signal.SIGKILL)

# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Two network namespaces as two computers, and what a network does to what is between them."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from types import TracebackType

from faults.fault import Fault
from faults.rig import Rig

HERE_ADDRESS, THERE_ADDRESS = '10.213.77.1', '10.213.77.2'
LINK = 'assist'
REMOTE_NODES = ('camera_node', 'detector_node')

CUT = 'rate 8kbit burst 60 limit 60'
"""A token bucket that no packet of DDS fits into."""

LOSSY = 'rate 96kbit burst 3000 limit 3000'
"""One that drops what comes too fast; the kernel here has no netem for random losses."""


class Namespaces:
    """A context manager: namespaces `here` and `there` with a cable between them."""

    def __init__(self) -> None:
        self.here, self.there = f'assist-h{os.getpid()}', f'assist-t{os.getpid()}'

    def __enter__(self) -> Namespaces:
        try:
            self._connect()
        except BaseException:
            self._delete()
            raise
        return self

    def _connect(self) -> None:
        for name in (self.here, self.there):
            _run('ip', 'netns', 'add', name)
        _run(*f'ip -n {self.here} link add {LINK} type veth peer {LINK} netns {self.there}'.split())
        for name, address in ((self.here, HERE_ADDRESS), (self.there, THERE_ADDRESS)):
            for command in (
                f'address add {address}/24 dev {LINK}',
                f'link set {LINK} up',
                'link set lo up',
                f'route add 224.0.0.0/4 dev {LINK}',
            ):
                _run('ip', '-n', name, *command.split())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._delete()

    def _delete(self) -> None:
        for name in (self.here, self.there):
            with suppress(OSError):
                subprocess.run(['ip', 'netns', 'delete', name], check=False)


def inside(namespace: str) -> list[str]:
    """Return the beginning of a command that runs on a computer of its own in a namespace."""
    # With the shared memory or the name of this one, DDS and the supervisor would not know it for
    # another computer.
    start = f'mount -t tmpfs tmpfs /dev/shm; hostname {namespace}; exec "$@"'
    isolated = ['unshare', '--ipc', '--mount', '--uts', 'sh', '-c', start, 'sh']
    return ['ip', 'netns', 'exec', namespace, *isolated]


class _Shaped(Fault):
    shape = ''

    def __init__(self, there: str) -> None:
        self._there = there

    def inject(self, rig: Rig) -> None:
        for side in ([], ['-n', self._there]):
            rule = f'qdisc replace dev {LINK} root tbf {self.shape}'
            _run('tc', *side, *rule.split())

    def heal(self, rig: Rig) -> None:
        for side in ([], ['-n', self._there]):
            _run('tc', *side, *f'qdisc del dev {LINK} root'.split())


class Cut(_Shaped):
    """The camera's computer can not be reached."""

    name = 'network cut between two computers'
    words = r'(camera|detector)_node.*(not heard|silent|not running)'
    shape = CUT
    hold = 4.0


class Loss(_Shaped):
    """What the computers send each other gets lost in part."""

    name = 'network loses packets between two computers'
    words = r'(camera|detector)_node.*(not heard|silent|no news)|stale|lost'
    shape = LOSSY
    hold = 8.0
    tolerable = True


def _run(*command: str) -> None:
    subprocess.run(command, check=True)

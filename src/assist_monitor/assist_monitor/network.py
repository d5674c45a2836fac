# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What goes through the network interfaces that DDS uses, and what is lost there."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from assist_common.memory import MEBIBYTE

UDP_COUNTERS = Path('/proc/net/snmp')
"""proc(5); the counters themselves are those of the UDP-MIB, RFC 4113, and Linux's own."""


@dataclass(frozen=True)
class NetworkSample:
    """One interface since the sample before."""

    name: str
    sent: float
    """MiB/s"""
    received: float
    """MiB/s"""
    lost: float
    """packets dropped or damaged, per s"""


def dds_interfaces(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the interfaces that the graph talks over; none named means all of them."""
    only_here = environment.get('ROS_AUTOMATIC_DISCOVERY_RANGE', '').upper() == 'LOCALHOST'
    path = environment.get('FASTDDS_DEFAULT_PROFILES_FILE', '')
    return ('lo',) if only_here or _allowed_addresses(path) == {'127.0.0.1'} else ()


def _allowed_addresses(profile: str) -> set[str]:
    """Return the addresses that a Fast DDS profile allows; none where it allows all."""
    try:
        text = Path(profile).read_text(encoding='utf-8', errors='replace')
    except (OSError, ValueError):
        return set()
    listed = re.findall(r'<interfaceWhiteList>(.*?)</interfaceWhiteList>', text, re.DOTALL)
    return set(re.findall(r'<address>\s*(.*?)\s*</address>', ' '.join(listed)))


class NetworkReader:
    """Turns the counters of the system into rates."""

    def __init__(self, interfaces: tuple[str, ...] = ()) -> None:
        """Watch these interfaces, or all when none is named."""
        self._interfaces = interfaces
        self._before = _counters()
        self._lost_before = _lost_datagrams()

    def read(self, seconds: float) -> tuple[tuple[NetworkSample, ...], float]:
        """Return each interface, and the UDP datagrams per s that found no room in a buffer.

        A datagram that is lost for want of a buffer is a message, or a part of an image, that no
        node hears of.

        Args:
            seconds: since the reading before; NaN where there was none.
        """
        before, self._before = self._before, _counters()
        lost_before, self._lost_before = self._lost_before, _lost_datagrams()
        samples = tuple(
            NetworkSample(
                name,
                (now.bytes_sent - before[name].bytes_sent) / MEBIBYTE / seconds,
                (now.bytes_recv - before[name].bytes_recv) / MEBIBYTE / seconds,
                (_lost(now) - _lost(before[name])) / seconds,
            )
            for name, now in sorted(self._before.items())
            if name in before and (not self._interfaces or name in self._interfaces)
        )
        return samples, (self._lost_before - lost_before) / seconds


def _counters() -> dict[str, Any]:
    return dict(psutil.net_io_counters(pernic=True))


def _lost(counters: Any) -> int:
    return int(counters.errin + counters.errout + counters.dropin + counters.dropout)


def _lost_datagrams() -> float:
    """Return the datagrams for which a buffer was full since the system started."""
    try:
        names, values = (
            line.split()
            for line in UDP_COUNTERS.read_text().splitlines()
            if line.startswith('Udp:')
        )
    except (OSError, ValueError):
        return math.nan
    counters = dict(zip(names, values, strict=False))
    full = (counters.get('RcvbufErrors'), counters.get('SndbufErrors'))
    return sum(float(count) for count in full if count is not None)

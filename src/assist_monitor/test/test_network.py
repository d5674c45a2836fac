# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math
import socket
from pathlib import Path

import pytest
from assist_common.memory import MEBIBYTE
from assist_monitor import network
from assist_monitor.network import NetworkReader, dds_interfaces

SNMP = 'Ip: Forwarding\nIp: 1\nUdp: InDatagrams RcvbufErrors SndbufErrors\nUdp: 9 {} {}\n'


@pytest.mark.parametrize(
    ('environment', 'interfaces'),
    [
        ({'ROS_AUTOMATIC_DISCOVERY_RANGE': 'LOCALHOST'}, ('lo',)),
        ({'ROS_AUTOMATIC_DISCOVERY_RANGE': 'SUBNET'}, ()),
        ({}, ()),
    ],
)
def test_dds_uses_the_interfaces_of_its_range(
    environment: dict[str, str], interfaces: tuple[str, ...]
) -> None:
    assert dds_interfaces(environment) == interfaces


def test_a_profile_that_allows_the_loopback_alone_uses_that_alone(tmp_path: Path) -> None:
    for name, addresses, interfaces in (
        ('local', '<address>127.0.0.1</address>', ('lo',)),
        ('both', '<address>127.0.0.1</address><address>10.0.0.2</address>', ()),
        ('all', '', ()),
    ):
        path = tmp_path / f'{name}.xml'
        path.write_text(f'<dds><interfaceWhiteList>{addresses}</interfaceWhiteList></dds>')
        assert dds_interfaces({'FASTDDS_DEFAULT_PROFILES_FILE': str(path)}) == interfaces
    assert dds_interfaces({'FASTDDS_DEFAULT_PROFILES_FILE': str(tmp_path)}) == ()


def test_what_is_sent_to_oneself_goes_through_the_loopback() -> None:
    reader = NetworkReader(('lo',))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(('127.0.0.1', 0))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for _ in range(64):
                sender.sendto(bytes(32768), receiver.getsockname())
    ((loopback,), _) = reader.read(2.0)
    assert loopback.name == 'lo'
    assert loopback.sent >= 64 * 32768 / MEBIBYTE / 2.0
    assert loopback.received >= loopback.sent * 0.9


def test_all_interfaces_are_read_when_none_is_named() -> None:
    samples, _ = NetworkReader().read(1.0)
    assert 'lo' in {sample.name for sample in samples}


def test_datagrams_without_room_are_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    counters = tmp_path / 'snmp'
    monkeypatch.setattr(network, 'UDP_COUNTERS', counters)
    counters.write_text(SNMP.format(100, 0))
    reader = NetworkReader(('lo',))
    counters.write_text(SNMP.format(150, 10))
    assert reader.read(2.0)[1] == 30.0
    counters.write_text('nothing of the kind')
    assert math.isnan(reader.read(2.0)[1])

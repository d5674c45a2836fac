# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from assist_common.errors import ConfigurationError
from assist_monitor.health import NodeHealth
from assist_monitor.member import MemberStatus
from assist_monitor.modes import Mode, NodeStatus, SystemMode, decide, judge, parse_abilities

ABILITIES = {
    'hearing': ('audio_node', 'stt_node'),
    'seeing': ('camera_node', 'detector_node'),
    'understanding': ('intent_node',),
}
NAMES = ('audio_node', 'stt_node', 'camera_node', 'detector_node', 'intent_node')


def nodes(**broken: tuple[bool, str]) -> list[NodeStatus]:
    return [
        NodeStatus(name, False, *broken[name]) if name in broken else NodeStatus(name, True, True)
        for name in NAMES
    ]


def test_all_well_is_normal() -> None:
    mode = decide(nodes(), ABILITIES, ['intent_node'])
    assert (mode.mode, mode.missing, mode.reason) == (Mode.NORMAL, (), '')


def test_missing_abilities_are_named() -> None:
    mode = decide(nodes(camera_node=(False, 'is not running')), ABILITIES, ['intent_node'])
    assert mode.mode == Mode.DEGRADED
    assert mode.missing == ('seeing',)
    assert mode.reason == 'camera_node is not running'


def test_an_active_node_that_reports_an_error_is_missed() -> None:
    mode = decide(nodes(stt_node=(True, 'reports: overflow')), ABILITIES, ['intent_node'])
    assert (mode.mode, mode.missing) == (Mode.DEGRADED, ('hearing',))


def test_without_safety_the_robot_stops() -> None:
    mode = decide(
        nodes(intent_node=(False, 'hangs'), camera_node=(False, 'is gone')),
        ABILITIES,
        ['intent_node'],
    )
    assert mode.mode == Mode.SAFE_STOP
    assert mode.missing == ('seeing', 'understanding')
    assert mode.reason == 'intent_node hangs'


def test_a_safety_node_that_complains_but_works_does_not_stop_the_robot() -> None:
    mode = decide(nodes(intent_node=(True, 'reports: slow')), ABILITIES, ['intent_node'])
    assert mode.mode == Mode.DEGRADED


def test_names_may_have_a_namespace() -> None:
    mode = decide(nodes(intent_node=(False, 'hangs')), {}, ['/robot/intent_node'])
    assert mode.mode == Mode.SAFE_STOP


def test_what_is_not_part_of_the_system_is_not_missed() -> None:
    only_sight = [NodeStatus('camera_node', True, True), NodeStatus('detector_node', True, True)]
    assert decide(only_sight, ABILITIES, ['intent_node']).mode == Mode.NORMAL


def test_a_broken_node_without_an_ability_degrades_too() -> None:
    mode = decide([NodeStatus('lamp', False, False, 'is dark')], ABILITIES, [])
    assert (mode.mode, mode.missing, mode.reason) == (Mode.DEGRADED, (), 'lamp is dark')


def test_abilities_are_read() -> None:
    assert parse_abilities(['hearing: audio_node  stt_node']) == {
        'hearing': ('audio_node', 'stt_node')
    }


@pytest.mark.parametrize('line', ['hearing', 'hearing:', ': stt_node', ''])
def test_an_unreadable_ability_is_refused(line: str) -> None:
    with pytest.raises(ConfigurationError, match="ability '.*' cannot be read"):
        parse_abilities([line])


def status(state: str = 'active', problem: str = '') -> MemberStatus:
    return MemberStatus('/robot/stt_node', state, 'closed', 0, problem)


def test_a_node_is_judged_by_its_supervision_first() -> None:
    judged = judge(status('hung', 'has been silent for 2.1 s'), None)
    assert judged == NodeStatus('stt_node', False, False, 'has been silent for 2.1 s')
    assert judge(status(), None) == NodeStatus('stt_node', True, True)


@pytest.mark.parametrize(
    ('state', 'level', 'works'), [('active', 2, False), ('active', 1, True), ('inactive', 2, True)]
)
def test_a_node_is_judged_by_what_the_monitor_says(state: str, level: int, works: bool) -> None:
    report = NodeHealth('/robot/stt_node', state, level, 'overflow.')
    judged = judge(status(), report)
    assert (judged.works, judged.active) == (works, True)
    assert judged.problem == ('' if works else 'reports: overflow')


def test_a_mode_tells_what_is_missing_and_why() -> None:
    assert SystemMode(Mode.NORMAL, (), '').text == 'Mode NORMAL.'
    mode = SystemMode(Mode.DEGRADED, ('seeing', 'hearing'), 'camera_node hangs')
    assert mode.text == 'Mode DEGRADED, missing seeing, hearing: camera_node hangs.'

# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from assist_common.errors import InputError
from assist_monitor import pings
from assist_monitor.actions import Change, End, Note, Query, State, Transition
from assist_monitor.health import Beat
from assist_monitor.supervision import Limits, Supervision
from world import HOST, FakeNode, World

CONFIGURE, CLEANUP = Transition.CONFIGURE, Transition.CLEANUP
ACTIVATE, DEACTIVATE = Transition.ACTIVATE, Transition.DEACTIVATE


def three(**of_b: object) -> World:
    return World(FakeNode('/a'), FakeNode('/b', **of_b), FakeNode('/c'))


def running(**of_b: object) -> World:
    world = three(**of_b)
    world.run(20)
    assert set(world.states().values()) == {'active'}
    world.actions.clear()
    return world


def test_configures_together_and_activates_in_order() -> None:
    world = World(
        FakeNode('/a', configure_seconds=4.0), FakeNode('/b'), FakeNode('/c', configure_seconds=2.0)
    )
    world.run(10)
    configured = [
        t for t, a in world.actions if isinstance(a, Change) and a.transition == CONFIGURE
    ]
    activated = [
        a.node for _, a in world.actions if isinstance(a, Change) and a.transition == ACTIVATE
    ]
    assert max(configured) - min(configured) < 0.6
    assert activated == ['/a', '/b', '/c']
    assert world.notes() == ['All 3 nodes active after 5.2 s.']


def test_counts_from_the_moment_that_it_is_told() -> None:
    world = World(FakeNode('/a'), started=98.0)
    world.run(5)
    assert world.notes() == ['All 1 nodes active after 3.7 s.']


def test_adopts_a_running_graph_without_touching_it() -> None:
    world = running()
    world.supervise()
    world.run(30)
    assert world.notes() == ['All 3 nodes active; they were found so.']
    assert not [a for _, a in world.actions if not isinstance(a, Note | Query)]


def test_adopts_the_active_and_brings_up_the_rest() -> None:
    world = running()
    world.nodes['/c'].state = State.INACTIVE
    world.supervise()
    world.run(5)
    assert world.states()['/c'] == 'active'
    assert not world.changes('/a') and not world.changes('/b')


def test_brings_back_a_node_that_died_within_ten_seconds() -> None:
    world = running(configure_seconds=4.0)
    world.nodes['/b'].kill(world.now)
    world.run(0.5)
    assert world.states()['/b'] == 'missing'
    assert 'b (process' in world.notes()[0] and world.notes()[0].endswith('has died.')
    world.run(9.5)
    assert world.states()['/b'] == 'active'
    assert any(note.startswith('b is active again after') for note in world.notes())
    assert world.changes('/a') == world.changes('/c') == []


def test_five_deaths_with_time_to_recover_never_open_the_breaker() -> None:
    world = running()
    for _ in range(5):
        world.nodes['/b'].kill(world.now)
        world.run(10)
        assert world.states()['/b'] == 'active'
        world.run(5)


def test_a_node_that_dies_whenever_it_is_set_up_causes_no_storm() -> None:
    world = three()
    world.run(0.6)
    crashes = 0
    for _ in range(6000):
        world.run(0.1)
        node = world.nodes['/b']
        if node.busy_with == CONFIGURE:
            node.kill(world.now)
            crashes += 1
    # Three in a row, then one a minute for ten minutes.
    assert 3 + 8 <= crashes <= 3 + 11
    assert world.states()['/a'] == world.states()['/c'] == 'active'
    assert world.status('/b').breaker in ('open', 'half-open')


def test_a_stopped_process_is_killed_within_three_seconds_and_comes_back() -> None:
    world = running()
    pid = world.nodes['/b'].pid
    world.nodes['/b'].stopped = True
    world.run(3)
    assert world.kills('/b') == [End('/b', pid, force=True)]
    assert any('has been silent for' in note and 'is killed' in note for note in world.notes())
    world.run(7)
    assert world.states()['/b'] == 'active'


def test_a_stuck_executor_is_a_hang() -> None:
    world = running()
    world.nodes['/b'].executor_age = 2.6
    world.run(1)
    assert len(world.kills('/b')) == 1
    assert any('its executor has stood still for 2.6 s' in note for note in world.notes())
    world.run(9)
    assert world.states()['/b'] == 'active'


def test_a_long_configure_is_no_hang() -> None:
    world = three(configure_seconds=30.0)
    world.run(2)
    world.nodes['/b'].executor_age = 20.0
    world.run(27)
    assert world.kills('/b') == []
    assert world.states()['/a'] == 'active'
    world.nodes['/b'].executor_age = 0.0
    world.run(5)
    assert world.states()['/b'] == 'active'


@pytest.mark.parametrize('seconds', [5.2, 5.3, 5.4, 5.5, 5.6])
def test_the_answer_to_a_long_configure_may_come_before_the_next_beat(seconds: float) -> None:
    world = three(configure_seconds=seconds)
    world.run(20)
    assert world.states()['/b'] == 'active'
    assert world.nodes['/b'].starts == 1


def test_all_end_one_after_the_other_the_last_first() -> None:
    world = running()
    world.supervision.request_end()
    world.run(3)
    *changes, _ = [action for _, action in world.actions]
    assert changes == [Change(name, DEACTIVATE) for name in ('/c', '/b', '/a')]
    assert world.notes() == ['3 nodes were deactivated within 0.6 s.']
    starts = [moment for moment, _ in world.actions[:-1]]
    assert min(after - before for before, after in zip(starts, starts[1:], strict=False)) >= 0.2
    assert world.supervision.active == []


@pytest.mark.parametrize('fault', ['deaf', 'stopped', 'dies'])
def test_who_does_not_end_holds_the_others_up_for_a_moment_only(fault: str) -> None:
    world = running(deaf={DEACTIVATE} if fault == 'deaf' else set())
    world.nodes['/b'].stopped = fault == 'stopped'
    if fault == 'dies':
        world.nodes['/b'].respawn = None
        world.nodes['/b'].kill(world.now)
    world.supervision.request_end()
    world.run(1.5)
    assert world.nodes['/a'].state == world.nodes['/c'].state == State.INACTIVE
    assert world.kills('/b') == []
    late = 'b is not deactivated 0.8 s after it was asked to; the others go on without it.'
    others = '2 nodes were deactivated within 0.4 s.'
    assert world.notes() == [others if fault == 'dies' else late]


def test_a_silent_configure_is_given_its_time_then_killed() -> None:
    world = World(
        FakeNode('/a'),
        FakeNode('/b', configure_seconds=1000.0),
        limits=Limits(configure_timeout=60.0),
    )
    world.run(59)
    assert world.kills('/b') == []
    world.run(3)
    assert len(world.kills('/b')) == 1


def test_a_node_elsewhere_is_never_killed() -> None:
    world = running(local=False, respawn=None)
    world.nodes['/b'].stopped = True
    world.run(30)
    assert world.kills('/b') == []
    assert world.states()['/b'] == 'missing'
    world.nodes['/b'].stopped = False
    world.run(5)
    assert world.states()['/b'] == 'active'


def test_a_stuck_executor_elsewhere_is_reported_once() -> None:
    world = running(local=False)
    world.nodes['/b'].executor_age = 9.0
    world.run(10)
    assert world.states()['/b'] == 'hung'
    assert len([note for note in world.notes() if 'on its own machine' in note]) == 1
    world.nodes['/b'].executor_age = 0.0
    world.run(1)
    assert world.states()['/b'] == 'active'


def test_a_failing_configure_backs_off_opens_and_is_tried_again() -> None:
    world = three(fails={CONFIGURE})
    world.run(30)
    assert world.changes('/b') == [CONFIGURE] * 3
    assert world.kills('/b') == []
    status = world.status('/b')
    assert (status.state, status.breaker, status.failures) == ('unconfigured', 'open', 3)
    assert status.problem == 'is unconfigured after 3 failures in a row'
    assert world.states()['/a'] == world.states()['/c'] == 'active'
    assert len([note for note in world.notes() if 'tried again in 60 s' in note]) == 1
    world.nodes['/b'].fails.clear()
    world.run(60)
    assert world.states()['/b'] == 'active'
    world.run(6)
    assert world.status('/b').breaker == 'closed'


def test_a_half_open_trial_that_fails_opens_again() -> None:
    world = three(fails={CONFIGURE})
    world.run(30 + 60)
    assert len(world.changes('/b')) == 4
    world.run(60)
    assert len(world.changes('/b')) == 5


def test_the_pauses_between_attempts_grow() -> None:
    world = World(FakeNode('/a', fails={CONFIGURE}), limits=Limits(failures=100))
    world.run(120)
    moments = [time for time, action in world.actions if isinstance(action, Change)]
    pauses = [after - before for before, after in zip(moments, moments[1:], strict=False)]
    assert pauses[0] < pauses[1] < pauses[2] < pauses[3]
    assert max(pauses) < 10 * 1.1 + 1.5


def test_a_failing_activate_climbs_the_ladder() -> None:
    world = three(fails={ACTIVATE})
    world.run(20)
    assert world.changes('/b') == [CONFIGURE, ACTIVATE, ACTIVATE, CLEANUP, CONFIGURE, ACTIVATE]
    assert world.kills('/b') == []
    world.nodes['/b'].fails.clear()
    world.run(60)
    assert world.kills('/b') == [End('/b', world.kills('/b')[0].pid, force=False)]
    assert world.nodes['/b'].starts == 2
    world.run(5)
    assert world.states()['/b'] == 'active'


def test_an_activate_that_never_ends_ends_the_process() -> None:
    world = three(activate_seconds=1000.0)
    world.run(12.5)
    assert len(world.kills('/b')) == 1
    assert any('did not activate within 10 s' in note for note in world.notes())
    world.nodes['/b'].activate_seconds = 0.2
    world.run(10)
    assert world.states()['/b'] == 'active'


def test_an_activate_that_never_ends_elsewhere_is_waited_for() -> None:
    world = three(activate_seconds=15.0, local=False)
    world.run(25)
    assert world.kills('/b') == []
    assert len([note for note in world.notes() if 'it is asked again later' in note]) == 1
    assert world.states()['/b'] == 'active'


def test_a_request_that_got_lost_is_repeated() -> None:
    world = three(deaf={CONFIGURE})
    world.run(1.5)
    world.nodes['/b'].deaf.clear()
    world.run(6)
    assert world.states()['/b'] == 'active'
    assert world.changes('/b') == [CONFIGURE, CONFIGURE, ACTIVATE]
    assert 'b: configure was asked for but not begun; it is asked again.' in world.notes()
    assert world.status('/b').failures == 0


def test_a_request_that_came_late_and_its_repetition_are_no_failure() -> None:
    world = three(deaf={CONFIGURE})
    world.run(1.5)
    node = world.nodes['/b']
    assert world.changes('/b') == [CONFIGURE]
    node.deaf.clear()
    while world.changes('/b') == [CONFIGURE]:
        world.run(0.1)
    # The first has just been done, so that the second fails: nothing to configure any more.
    node.state = State.INACTIVE
    world.run(4)
    assert world.states()['/b'] == 'active'
    assert world.changes('/b') == [CONFIGURE, CONFIGURE, ACTIVATE]
    assert world.status('/b').failures == 0


def test_a_configure_that_fails_after_a_lost_request_is_a_failure_in_the_end() -> None:
    world = three(deaf={CONFIGURE}, fails={CONFIGURE})
    world.run(2)
    world.nodes['/b'].deaf.clear()
    world.run(10)
    assert world.status('/b').failures >= 1


def test_a_deaf_node_is_restarted_and_back_within_ten_seconds() -> None:
    world = running()
    node, died = world.nodes['/b'], world.now
    node.kill(died)
    node.deaf = {CONFIGURE}
    world.run(1.2)
    deaf = node.pid
    while node.pid == deaf:
        world.run(0.1)
    node.deaf.clear()
    while world.states()['/b'] != 'active':
        world.run(0.1)
    assert f'b gets no requests; process {deaf} is restarted.' in world.notes()
    assert world.now - died < 10


def test_restarts_of_a_node_that_stays_deaf_are_no_storm() -> None:
    world = three(deaf={CONFIGURE})
    world.run(600)
    # Three in a row, then one a minute.
    assert 3 + 7 <= world.nodes['/b'].starts <= 3 + 11
    assert world.states()['/a'] == world.states()['/c'] == 'active'


def test_a_deaf_node_elsewhere_is_asked_again_later() -> None:
    world = three(deaf={CONFIGURE}, local=False)
    world.run(50)
    assert world.kills('/b') == []
    assert 3 <= len(world.changes('/b')) <= 5


def test_a_transition_that_could_not_be_sent_is_sent_later() -> None:
    world = World(FakeNode('/a'))
    world.run(0.6)
    world.nodes['/a'].busy_with = None
    world.supervision.not_sent('/a')
    world.run(4)
    assert world.states()['/a'] == 'active'
    assert world.status('/a').failures == 0


def test_a_lost_answer_does_no_harm() -> None:
    world = three()
    world.run(0.6)
    node = world.nodes['/b']
    assert node.busy_with == CONFIGURE
    node.busy_with = None
    node.state = State.INACTIVE
    world.run(6)
    assert world.states()['/b'] == 'active'
    assert world.changes('/b') == [CONFIGURE, ACTIVATE]


@pytest.mark.parametrize('lie', [CONFIGURE, ACTIVATE])
def test_a_peer_that_lies_is_only_its_own_problem(lie: Transition) -> None:
    world = three(lies={lie})
    world.run(40)
    assert world.states()['/a'] == world.states()['/c'] == 'active'
    assert world.status('/b').breaker == 'open'
    assert len(world.changes('/b')) <= 8


def test_a_lie_is_called_one() -> None:
    world = three(lies={ACTIVATE})
    world.run(10)
    assert any('was answered with yes but not done' in note for note in world.notes())


def test_a_node_deactivated_by_hand_is_left_for_a_while() -> None:
    world = running()
    world.nodes['/b'].state = State.INACTIVE
    world.run(4)
    assert world.changes('/b') == []
    assert world.status('/b').problem == 'is inactive, by no doing of the supervisor'
    world.run(4)
    assert world.changes('/b') == [ACTIVATE]
    assert world.states()['/b'] == 'active'


def test_a_node_deactivated_by_hand_can_be_left_for_ever() -> None:
    world = World(FakeNode('/a'), limits=Limits(manual_hold=-1.0))
    world.run(5)
    world.nodes['/a'].state = State.INACTIVE
    world.run(600)
    assert world.states()['/a'] == 'inactive'


def test_a_finalized_node_is_restarted_after_the_hold() -> None:
    world = running()
    world.nodes['/b'].state = State.FINALIZED
    world.run(4)
    assert world.kills('/b') == []
    world.run(8)
    assert len(world.kills('/b')) == 1
    assert world.states()['/b'] == 'active'


def test_a_restart_by_request_ends_the_process_gently() -> None:
    world = running()
    text = world.supervision.request_restart('b', world.now)
    assert text == f'b (process {world.nodes["/b"].pid}) is being restarted.'
    world.run(6)
    assert [end.force for end in world.kills('/b')] == [False]
    assert world.states()['/b'] == 'active'
    assert world.status('/b').failures == 0


def test_a_restart_by_request_uses_force_in_the_end() -> None:
    world = running(ignores_sigterm=True)
    world.supervision.request_restart('/b', world.now)
    world.run(10)
    assert [end.force for end in world.kills('/b')] == [False, True]
    assert world.states()['/b'] == 'active'


def test_a_restart_elsewhere_goes_through_all_states() -> None:
    world = running(local=False)
    assert 'elsewhere' in world.supervision.request_restart('b', world.now)
    world.run(6)
    assert world.changes('/b') == [DEACTIVATE, CLEANUP, CONFIGURE, ACTIVATE]
    assert world.states()['/b'] == 'active'


def test_a_restart_by_request_goes_past_an_open_breaker() -> None:
    world = three(fails={CONFIGURE})
    world.run(30)
    world.nodes['/b'].fails.clear()
    world.supervision.request_restart('b', world.now)
    world.run(6)
    assert world.states()['/b'] == 'active'


def test_a_restart_of_an_unknown_node_names_those_there_are() -> None:
    world = three()
    with pytest.raises(InputError, match="no node 'stt_node' here. Use one of: a, b, c"):
        world.supervision.request_restart('stt_node', world.now)


def test_a_node_that_is_never_started_holds_nobody_up_for_long() -> None:
    world = three(running=False, respawn=None)
    world.run(40)
    assert world.states() == {'/a': 'active', '/b': 'unknown', '/c': 'active'}
    assert len([note for note in world.notes() if 'nothing has started it' in note]) == 1
    assert world.notes()[-1] == '2 of 3 nodes active after 30.1 s: b is not running.'


def test_it_says_when_all_are_back() -> None:
    world = three(running=False, respawn=None)
    world.run(40)
    world.nodes['/b'].running = True
    world.run(5)
    assert world.notes()[-1] == 'All 3 nodes active again.'


def test_a_self_starting_node_is_left_alone_at_first() -> None:
    world = World(FakeNode('/a'), self_starting=['/a'])
    world.run(4)
    assert world.changes('/a') == []
    world.run(5)
    assert world.states()['/a'] == 'active'


def test_a_node_without_heartbeats_is_asked() -> None:
    world = three(beats=False)
    world.run(10)
    assert world.states()['/b'] == 'active'
    world.nodes['/b'].stopped = True
    world.run(6)
    assert world.states()['/b'] == 'missing'
    assert world.kills('/b') == []


def test_a_node_that_was_asked_before_it_beat_can_be_killed_all_the_same() -> None:
    world = three(beats=False)
    world.run(3)
    node = world.nodes['/b']
    assert world.supervision.is_new('/b', node.pid)
    node.beats = True
    world.run(3)
    assert not world.supervision.is_new('/b', node.pid)
    assert world.changes('/b') == [CONFIGURE, ACTIVATE]
    node.stopped = True
    world.run(3)
    assert len(world.kills('/b')) == 1


def test_an_impossible_state_is_reported_once_and_ignored() -> None:
    world = three(beats=False, running=False, respawn=None)
    for _ in range(3):
        world.supervision.state_answered('/b', 200, world.now)
    world.run(1)
    assert len([note for note in world.notes() if 'state is 200' in note]) == 1
    assert world.states()['/b'] == 'unknown'


def test_an_impossible_state_in_a_heartbeat_changes_nothing_for_the_others() -> None:
    world = running()
    beat = Beat('/b', world.nodes['/b'].pid, HOST, 99, False, 0.0, 0.0)
    world.supervision.heard(beat, world.now, local=True)
    world.run(8)
    assert set(world.states().values()) == {'active'}


def test_silence_counts_from_when_a_heartbeat_came() -> None:
    world = running()
    world.nodes['/b'].stopped = True
    beat = Beat('/b', world.nodes['/b'].pid, HOST, State.ACTIVE, False, 0.0, 0.0)
    world.supervision.heard(beat, world.now, local=True, age=0.4)
    world.run(1.6)
    assert world.states()['/b'] == 'active'
    world.run(0.1)
    assert world.states()['/b'] == 'hung'


def test_heartbeats_of_strangers_are_ignored() -> None:
    supervision = Supervision(['/a'], Limits(), 0.0)
    supervision.heard(Beat('/x', 1, HOST, 3, False, 0.0, 0.0), 0.1, local=True)
    assert [status.name for status in supervision.statuses(0.1)] == ['/a']


def test_its_own_absence_is_not_held_against_the_nodes() -> None:
    world = running()
    world.now += 30.0
    world.run(3)
    assert kills(world) == []
    assert set(world.states().values()) == {'active'}


def test_a_standstill_of_the_whole_graph_is_nobodys_fault() -> None:
    world = running()
    world.now += 60.0
    # The first heartbeat comes before the executor has had its turn.
    for node in world.nodes.values():
        node.executor_age = 59.5
    world.run(0.6)
    for node in world.nodes.values():
        node.executor_age = 0.0
    world.run(5)
    assert kills(world) == []
    assert world.notes() == []


def test_a_standstill_does_not_hide_a_hang_for_long() -> None:
    world = running()
    world.now += 60.0
    world.nodes['/b'].executor_age = 61.0
    world.run(3)
    assert len(world.kills('/b')) == len(kills(world)) == 1


def test_a_standstill_in_a_transition_is_no_failure() -> None:
    world = three(configure_seconds=3.0)
    world.run(1)
    world.now += 200.0
    world.nodes['/b'].busy_until += 200.0
    world.run(10)
    assert kills(world) == []
    assert world.status('/b').failures == 0
    assert set(world.states().values()) == {'active'}


def test_a_stuck_worker_is_a_hang() -> None:
    world = running()
    world.nodes['/b'].worker_age = 179.0
    world.run(1)
    assert kills(world) == []
    world.nodes['/b'].worker_age = 181.0
    world.run(1)
    assert len(world.kills('/b')) == 1
    assert any('one job has kept a worker busy for 181 s' in note for note in world.notes())
    world.run(9)
    assert world.states()['/b'] == 'active'


def test_a_standstill_is_no_job() -> None:
    world = running()
    world.nodes['/b'].worker_age = 5.0
    world.run(1)
    world.now += 600.0
    world.nodes['/b'].worker_age = 606.0
    world.run(5)
    assert kills(world) == []
    world.nodes['/b'].worker_age = 1.0
    world.run(1)
    world.nodes['/b'].worker_age = 181.0
    world.run(1)
    assert len(world.kills('/b')) == 1


def test_a_worker_may_take_long_in_a_transition() -> None:
    world = three(configure_seconds=30.0)
    world.run(2)
    world.nodes['/b'].worker_age = 200.0
    world.run(20)
    assert kills(world) == []


def kills(world: World) -> list[End]:
    return [action for _, action in world.actions if isinstance(action, End)]


def test_every_active_node_is_asked_now_and_then_whether_it_hears() -> None:
    world = running()
    world.run(30)
    asked = [action.node for _, action in world.actions if isinstance(action, Query)]
    assert set(asked) == {'/a', '/b', '/c'}
    assert all(one != next_one for one, next_one in zip(asked, asked[1:], strict=False))
    assert 9 <= len(asked) <= 11
    assert kills(world) == []


def test_an_active_node_that_gets_nothing_is_restarted() -> None:
    world = running()
    node = world.nodes['/b']
    pid, node.answers = node.pid, False
    world.run(3 * pings.PERIOD + 2 * pings.PATIENCE + 1)
    assert world.kills('/b') == [End('/b', pid, force=True)]
    assert f'b gets no requests; its process {pid} is killed.' in world.notes()
    world.run(5)
    assert world.states()['/b'] == 'active'
    world.run(60)
    assert len(kills(world)) == 1


def test_one_answer_that_is_lost_does_no_harm() -> None:
    world = running()
    node = world.nodes['/b']
    node.answers = False
    while not any(action == Query('/b') for _, action in world.actions):
        world.run(0.1)
    node.answers = True
    world.run(60)
    assert kills(world) == []


def test_an_active_node_elsewhere_that_gets_nothing_is_only_reported() -> None:
    world = running(local=False)
    world.nodes['/b'].answers = False
    world.run(60)
    assert kills(world) == []
    assert world.states()['/b'] == 'hung'
    assert world.notes().count('b gets no requests; restart it on its own machine.') == 1
    world.nodes['/b'].answers = True
    world.run(10)
    assert world.states()['/b'] == 'active'


def test_a_standstill_of_the_whole_graph_loses_no_answer() -> None:
    world = running()
    for _ in range(5):
        world.run(4)
        world.now += 60.0
    world.run(10)
    assert kills(world) == []

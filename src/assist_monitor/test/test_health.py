# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math
from dataclasses import replace

import pytest
from assist_common.errors import InputError
from assist_monitor.gpu import GpuSample
from assist_monitor.health import (
    CPU_WINDOW,
    HISTORY,
    MOST_NODES,
    MOST_TASKS,
    Beat,
    Health,
    HealthBook,
    Status,
    Task,
)
from assist_monitor.monitor_parameters import MonitorParameters, to_thresholds
from assist_monitor.sampling import ProcessSample, Sample
from assist_monitor.thresholds import Level, Threshold

MEMORY = Threshold('memory', 85, 95, 3, '%')


def make_sample(memory: float = 50.0, cpu: float = 10.0, **processes: ProcessSample) -> Sample:
    return Sample(
        cpu=cpu,
        cores=(10.0, 10.0),
        memory=memory,
        memory_available=1000.0,
        swap=0.0,
        disk=40.0,
        disk_free=5000.0,
        disk_written=0.0,
        temperature=math.nan,
        frequency=math.nan,
        processes={f'/assist/{name}': sample for name, sample in processes.items()},
    )


def make_beat(node: str = 'stt_node', state: int = 3, host: str = 'robot', pid: int = 7) -> Beat:
    return Beat(f'/assist/{node}', pid, host, state, False, 0.0, 0.0)


def make_task(
    level: Status, node: str = 'stt_node', name: str = 'input', text: str = 'bad'
) -> Task:
    return Task(node, name, level, text)


@pytest.fixture
def book() -> HealthBook:
    return HealthBook([MEMORY], heartbeat_timeout=2.0, stale_after=5.0)


def check(book: HealthBook, now: float = 0.0, sample: Sample | None = None) -> Health:
    return book.check(sample or make_sample(), now)


def test_nothing_known_is_healthy(book: HealthBook) -> None:
    health = check(book)
    assert (health.level, health.reasons, health.nodes) == (Level.HEALTHY, (), ())


@pytest.mark.parametrize(
    ('disk', 'disk_free', 'swap', 'level'),
    [
        (97.5, 30000.0, 0.0, Level.HEALTHY),
        (60.0, 900.0, 0.0, Level.HEALTHY),
        (93.0, 900.0, 0.0, Level.WARNING),
        (98.0, 4000.0, 0.0, Level.WARNING),
        (98.0, 900.0, 0.0, Level.CRITICAL),
        (40.0, 30000.0, 100.0, Level.WARNING),
    ],
)
def test_a_robot_stops_for_want_of_room_not_of_percents(
    disk: float, disk_free: float, swap: float, level: Level
) -> None:
    book = HealthBook(to_thresholds(MonitorParameters()), heartbeat_timeout=2.0, stale_after=5.0)
    sample = replace(make_sample(), disk=disk, disk_free=disk_free, swap=swap)
    health = book.check(sample, 0.0)
    assert health.level == level
    assert len(health.reasons) == (level > Level.HEALTHY)


def test_a_node_that_beats_is_well(book: HealthBook) -> None:
    book.heard(make_beat(), 0.0)
    used = ProcessSample(pid=7, cpu=12.5, memory=300.0, threads=9, files=20)
    (node,) = check(book, 1.0, make_sample(stt_node=used)).nodes
    assert (node.name, node.state, node.level) == ('/assist/stt_node', 'active', Status.OK)
    assert (node.pid, node.cpu, node.memory) == (7, 12.5, 300.0)


def test_a_silent_node_is_missing(book: HealthBook) -> None:
    book.heard(make_beat(), 0.0)
    health = check(book, 3.0)
    assert health.level == Level.WARNING
    assert health.reasons == ('stt_node: not heard for 3 s',)
    assert health.nodes[0].state == 'missing'
    assert math.isnan(health.nodes[0].cpu)


def test_a_node_that_comes_back_is_well_again(book: HealthBook) -> None:
    book.heard(make_beat(), 0.0)
    check(book, 3.0)
    book.heard(make_beat(pid=8), 3.5)
    assert check(book, 4.0).level == Level.HEALTHY


def test_thresholds_become_reasons(book: HealthBook) -> None:
    health = check(book, 0.0, make_sample(memory=96.0))
    assert health.level == Level.CRITICAL
    assert health.reasons == ('memory is 96 %: critical from 95',)


def test_the_fullest_of_all_nodes_and_gpus_counts() -> None:
    names = ('files', 'gpu_temperature')
    limits = [Threshold(name, 70, 90, 5, '%') for name in names]
    book = HealthBook(limits, heartbeat_timeout=2.0, stale_after=5.0)
    unknown = ProcessSample(pid=1, cpu=0, memory=1, threads=1, files=-1, file_limit=-1)
    full = ProcessSample(pid=2, cpu=0, memory=1, threads=1, files=95, file_limit=100)
    gpus = [
        GpuSample('a', math.nan, math.nan, math.nan, temperature, math.nan)
        for temperature in (math.nan, 75.0)
    ]
    sample = replace(make_sample(unknown=unknown, full=full), gpus=tuple(gpus))
    assert check(book, 0.0, sample).reasons == (
        'files is 95 %: critical from 90',
        'gpu_temperature is 75 %: warning from 70',
    )


def test_only_lasting_load_counts() -> None:
    book = HealthBook([Threshold('cpu', 80, 95, 5, '%')], heartbeat_timeout=2.0, stale_after=5.0)
    loads = [100.0] * (CPU_WINDOW - 1) + [40.0, 100.0]
    levels = [check(book, now, make_sample(cpu=load)).level for now, load in enumerate(loads)]
    assert levels == [Level.HEALTHY] * (CPU_WINDOW - 1) + [Level.WARNING] * 2
    assert check(book, 9.0, make_sample(cpu=10.0)).reasons == (
        'cpu is 75 %: not yet below 75 again',
    )


def test_the_worst_reason_comes_first(book: HealthBook) -> None:
    book.heard(make_beat('lost_node'), 0.0)
    health = check(book, 3.0, make_sample(memory=96.0))
    assert health.reasons[0] == 'memory is 96 %: critical from 95'
    assert 'lost_node: not heard for 3 s' in health.reasons


@pytest.mark.parametrize(
    ('status', 'level'),
    [
        (Status.OK, Level.HEALTHY),
        (Status.WARN, Level.WARNING),
        (Status.ERROR, Level.WARNING),
        (Status.STALE, Level.WARNING),
    ],
)
def test_diagnostics_count(book: HealthBook, status: Status, level: Level) -> None:
    book.heard(make_beat(), 0.0)
    book.diagnosed(make_task(status), 0.0)
    health = check(book, 1.0)
    assert health.level == level
    assert health.nodes[0].level == status
    assert health.nodes[0].message == ('' if status == Status.OK else 'input: bad')


def test_the_worst_task_speaks_for_a_node(book: HealthBook) -> None:
    book.heard(make_beat(), 0.0)
    book.diagnosed(make_task(Status.WARN, name='input'), 0.0)
    book.diagnosed(make_task(Status.STALE, name='latency', text='quiet'), 0.0)
    book.diagnosed(make_task(Status.ERROR, name='workers', text='overflow'), 0.0)
    assert check(book, 1.0).nodes[0].message == 'workers: overflow'


def test_a_task_that_is_not_renewed_is_stale(book: HealthBook) -> None:
    book.heard(make_beat(), 0.0)
    book.diagnosed(make_task(Status.OK), 0.0)
    book.heard(make_beat(), 6.0)
    health = check(book, 6.0)
    assert health.reasons == ('stt_node: input: no news for 6 s',)


def test_old_tasks_of_a_node_that_was_cleaned_up_are_forgotten(book: HealthBook) -> None:
    book.heard(make_beat(), 0.0)
    book.diagnosed(make_task(Status.ERROR), 0.0)
    book.heard(make_beat(state=1), 6.0)
    assert check(book, 6.0).level == Level.HEALTHY


def test_diagnostics_of_other_programs_count_too(book: HealthBook) -> None:
    book.diagnosed(make_task(Status.ERROR, node='battery', text='empty'), 0.0)
    book.diagnosed(Task('', 'joystick', Status.WARN, 'unplugged'), 0.0)
    assert check(book, 1.0).reasons == ('battery: empty', 'joystick: unplugged')


def test_what_it_says_itself_is_not_heard_again() -> None:
    book = HealthBook(
        [MEMORY], heartbeat_timeout=2.0, stale_after=5.0, own_tasks=[('monitor_node', 'memory')]
    )
    book.diagnosed(make_task(Status.ERROR, node='monitor_node', name='memory'), 0.0)
    assert check(book).level == Level.HEALTHY


def test_processes_of_other_machines_are_not_measured(book: HealthBook) -> None:
    book.heard(make_beat('a'), 0.0)
    book.heard(make_beat('b', host='laptop'), 0.0)
    assert book.pids('robot') == {'/assist/a': 7}


def test_history_is_bounded(book: HealthBook) -> None:
    for moment in range(HISTORY + 10):
        check(book, float(moment))
    assert len(book.history) == HISTORY


def test_the_history_is_as_long_as_wanted() -> None:
    book = HealthBook([MEMORY], heartbeat_timeout=2.0, stale_after=5.0, history=10)
    for moment in range(20):
        check(book, float(moment))
    assert len(book.history) == 10
    assert book.history.seconds == 9.0


def test_what_was_measured_is_told_as_a_range(book: HealthBook) -> None:
    for moment, memory in enumerate([40.0, 62.5, 55.0]):
        check(book, 60.0 * moment, make_sample(memory=memory))
    assert book.ranges()['memory'] == '40.0 to 62.5 % in the last 2 min'


def test_the_range_of_a_node_is_told_too(book: HealthBook) -> None:
    for moment, memory in enumerate([80.0, 90.0]):
        process = ProcessSample(pid=1, cpu=2.0, memory=memory, threads=3, files=4)
        check(book, 60.0 * moment, replace(make_sample(), processes={'/assist/a': process}))
    assert book.ranges()['/assist/a memory'] == '80.0 to 90.0 MiB in the last 1 min'
    assert book.ranges()['/assist/a cpu'] == '2.0 to 2.0 % of a core in the last 1 min'


def test_a_flood_of_names_is_refused_and_the_known_go_on(book: HealthBook) -> None:
    for index in range(MOST_NODES):
        book.heard(make_beat(f'n{index}'), 0.0)
    for index in range(MOST_TASKS):
        book.diagnosed(make_task(Status.OK, name=f't{index}'), 0.0)
    with pytest.raises(InputError, match='n_more is ignored'):
        book.heard(make_beat('n_more'), 0.0)
    with pytest.raises(InputError, match="'t_more' is ignored"):
        book.diagnosed(make_task(Status.OK, name='t_more'), 0.0)
    book.heard(make_beat('n0'), 1.0)
    assert len(check(book, 1.0).nodes) == MOST_NODES


def test_a_flood_of_names_shuts_no_expected_node_out() -> None:
    book = HealthBook(
        [MEMORY], heartbeat_timeout=2.0, stale_after=5.0, expected=['/assist/stt_node']
    )
    for index in range(MOST_NODES):
        book.heard(make_beat(f'n{index}'), 0.0)
    for index in range(MOST_TASKS):
        book.diagnosed(make_task(Status.OK, node=f'n{index}'), 0.0)
    book.heard(make_beat(), 0.1)
    book.diagnosed(make_task(Status.ERROR), 0.1)
    assert check(book, 0.2).reasons == ('stt_node: input: bad',)


def test_a_tool_that_has_ended_is_forgotten_but_no_expected_node() -> None:
    book = HealthBook(
        [MEMORY], heartbeat_timeout=2.0, stale_after=5.0, expected=['/assist/stt_node']
    )
    for name in ('stt_node', 'my_tool'):
        book.heard(make_beat(name), 0.0)
    book.diagnosed(make_task(Status.OK, node='joystick'), 0.0)
    assert len(check(book, 60.0).reasons) == 3
    assert check(book, 301.0).reasons == ('stt_node: not heard for 301 s',)


def test_two_processes_of_one_name_are_told(book: HealthBook) -> None:
    for half in range(4):
        book.heard(make_beat(pid=7), half / 2)
        book.heard(make_beat(pid=9, host='laptop'), half / 2 + 0.1)
    reason = (
        'stt_node runs more than once: process 7 on robot, process 9 on laptop; end all but one'
    )
    assert check(book, 2.0).reasons == (reason,)
    for half in range(4, 12):
        book.heard(make_beat(pid=9, host='laptop'), half / 2)
    assert check(book, 6.0).level == Level.HEALTHY


def test_a_process_that_was_started_anew_is_no_twin(book: HealthBook) -> None:
    for pid, begin in ((7, 0), (8, 1), (9, 2)):
        for half in range(2):
            book.heard(make_beat(pid=pid), begin + half / 2)
            assert check(book, begin + half / 2).level == Level.HEALTHY

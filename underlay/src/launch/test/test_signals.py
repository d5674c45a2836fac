# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Ending a launch by signals; no process may survive it."""

from __future__ import annotations

import re
import signal
import subprocess
import time

import pytest
from launch.actions import ExecuteProcess, LogInfo
from launched import is_alive, wait_until

SLEEPER = "ExecuteProcess(cmd=['sleep', '60'], name='sleeper')"

PROGRAM = """
import signal, time
for number in ({signals}): signal.signal(number, signal.SIG_IGN)
print('ready', flush=True)
time.sleep(60)
"""


def stubborn(*signals: str, **timeouts: str) -> str:
    """Return a process that prints 'ready' and ignores the signals."""
    program = PROGRAM.format(signals=''.join(f'signal.{name},' for name in signals))
    options = ''.join(f', {name}={value!r}' for name, value in timeouts.items())
    return f"ExecuteProcess(cmd=[sys.executable, '-c', {program!r}], output='screen'{options})"


def pids(output: str) -> list[int]:
    return [int(pid) for pid in re.findall(r'started with pid \[(\d+)\]', output)]


def printed_pids(output: str) -> list[int]:
    return [int(pid) for pid in re.findall(r'\] pid (\d+)', output)]


@pytest.mark.parametrize(
    ('number', 'message'),
    [
        (signal.SIGINT, '[WARNING] [launch]: user interrupted with ctrl-c (SIGINT)'),
        (signal.SIGTERM, '[WARNING] [launch]: terminated (SIGTERM)'),
    ],
)
def test_signal_ends_the_launch_with_0(launch_file, number, message):
    file = launch_file(f'{SLEEPER}, {SLEEPER}')
    wait_until(lambda: len(pids(file.output)) == 2)
    file.process.send_signal(number)
    assert file.wait() == 0
    assert message in file.output
    assert file.output.count('exit code -2') == 2
    assert not any(map(is_alive, pids(file.output)))


def test_signal_while_nothing_runs_yet(launch_file):
    file = launch_file('TimerAction(period=60.0, actions=[])')
    file.wait_for('Default logging verbosity')
    file.process.send_signal(signal.SIGINT)
    assert file.wait() == 0


def test_process_that_ignores_sigint_gets_sigterm(launch_file):
    file = launch_file(stubborn('SIGINT', sigterm_timeout='0.3', sigkill_timeout='10'))
    file.wait_for('] ready')
    file.process.send_signal(signal.SIGINT)
    assert file.wait() == 0
    assert "escalating to 'SIGTERM'" in file.output
    assert 'exit code -15' in file.output
    assert "escalating to 'SIGKILL'" not in file.output


def test_process_that_ignores_everything_is_killed(launch_file):
    file = launch_file(
        stubborn('SIGINT', 'SIGTERM', sigterm_timeout='0.2', sigkill_timeout='0.2')
    )
    file.wait_for('] ready')
    file.process.send_signal(signal.SIGINT)
    assert file.wait() == 0
    assert "escalating to 'SIGTERM'" in file.output
    assert "escalating to 'SIGKILL'" in file.output
    assert 'exit code -9' in file.output
    assert not any(map(is_alive, pids(file.output)))


def test_timeouts_are_launch_configurations(launch_file):
    file = launch_file(f"SetLaunchConfiguration('sigterm_timeout', '0.2'), {stubborn('SIGINT')}")
    file.wait_for('] ready')
    file.process.send_signal(signal.SIGINT)
    assert file.wait(timeout=4.0) == 0
    assert "failed to terminate '0.2' seconds after receiving 'SIGINT'" in file.output


def test_second_interrupt_escalates(launch_file):
    file = launch_file(stubborn('SIGINT', sigterm_timeout='60', sigkill_timeout='60'))
    file.wait_for('] ready')
    file.process.send_signal(signal.SIGINT)
    file.wait_for('(SIGINT)')
    time.sleep(1.1)
    file.process.send_signal(signal.SIGINT)
    assert file.wait() == 0
    assert '(SIGINT) again, sending SIGTERM' in file.output
    assert 'exit code -15' in file.output


def test_interrupt_that_comes_twice_at_once_counts_once(launch_file):
    file = launch_file(stubborn('SIGINT', sigterm_timeout='1.0', sigkill_timeout='60'))
    file.wait_for('] ready')
    file.process.send_signal(signal.SIGINT)
    file.wait_for('(SIGINT)')
    file.process.send_signal(signal.SIGINT)
    assert file.wait() == 0
    assert '(SIGINT) again, ignoring...' in file.output
    assert 'again, sending' not in file.output


def test_third_interrupt_kills(launch_file):
    file = launch_file(
        stubborn('SIGINT', 'SIGTERM', sigterm_timeout='60', sigkill_timeout='60')
    )
    file.wait_for('] ready')
    for expected in ('(SIGINT)', 'again, sending SIGTERM', 'again, sending SIGKILL'):
        file.process.send_signal(signal.SIGINT)
        file.wait_for(expected)
        time.sleep(1.1)
    assert file.wait() == 0
    assert 'exit code -9' in file.output


def test_interrupt_from_the_terminal_reaches_descendants(launch_file):
    file = launch_file(
        "ExecuteProcess(cmd=['sh -c \\'echo pid $$; exec sleep 60\\'; echo shell goes on'],"
        " shell=True, output='screen')"
    )
    wait_until(lambda: len(printed_pids(file.output)) == 1)
    file.process.send_signal(signal.SIGINT)
    assert file.wait() == 0
    assert not is_alive(printed_pids(file.output)[0])


@pytest.mark.parametrize(
    'command',
    [
        # a background process of a shell that has exited
        'sleep 60 & echo pid $!',
        # one in a session of its own, as a daemon
        "setsid sh -c 'echo pid $$; exec sleep 60' &",
        # one that has dropped the environment as well
        "setsid env -i sh -c 'echo pid $$; exec sleep 60' &",
        # one that ignores what can be ignored
        "setsid sh -c 'trap : INT TERM; echo pid $$; while :; do sleep 0.2; done' &",
    ],
)
def test_no_orphan_is_left(launch_file, command):
    file = launch_file(
        "SetLaunchConfiguration('sigkill_timeout', '0.5'),"
        f"ExecuteProcess(cmd=[{command!r}], shell=True, output='screen'), {SLEEPER}"
    )
    wait_until(lambda: len(printed_pids(file.output)) == 1, explain=lambda: file.output)
    (orphan,) = printed_pids(file.output)
    assert is_alive(orphan)
    file.process.send_signal(signal.SIGINT)
    assert file.wait() == 0
    assert not is_alive(orphan)


def test_what_a_dead_process_left_is_ended_before_a_respawn(launch_file):
    file = launch_file(
        "ExecuteProcess(cmd=['sleep 60 & echo pid $!'], shell=True, output='screen',"
        ' respawn=True, respawn_delay=0.1, respawn_max_retries=2)'
    )
    wait_until(lambda: len(printed_pids(file.output)) == 3, explain=lambda: file.output)
    assert file.wait() == 0
    assert not any(map(is_alive, printed_pids(file.output)))


def test_processes_die_with_a_killed_launch(launch_file):
    file = launch_file(
        stubborn('SIGINT', 'SIGTERM', sigterm_timeout='60', sigkill_timeout='60')
    )
    file.wait_for('] ready')
    file.process.kill()
    file.process.wait()
    wait_until(lambda: not any(map(is_alive, pids(file.output))))


def test_own_processes_of_the_program_are_left_alone(run):
    own = subprocess.Popen(['sleep', '60'])
    try:
        code, _ = run(ExecuteProcess(cmd=['true']))
        assert code == 0
        assert own.poll() is None
    finally:
        own.kill()
        own.wait()


def test_handlers_of_signals_are_restored(run):
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    run(LogInfo(msg='hello'))
    assert {number: signal.getsignal(number) for number in before} == before

# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Starting, watching and respawning processes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import launch
import pytest
from launch.actions import (
    EmitEvent,
    ExecuteProcess,
    GroupAction,
    LogInfo,
    RegisterEventHandler,
    SetEnvironmentVariable,
    SetLaunchConfiguration,
    Shutdown,
    TimerAction,
)
from launch.event_handlers import OnProcessExit, OnProcessIO, OnProcessStart
from launch.events import matches_action
from launch.events.process import ProcessStarted, ShutdownProcess, SignalProcess, matches_name
from launch.substitutions import LaunchConfiguration, LocalSubstitution


def python(program: str, **options) -> ExecuteProcess:
    options = {'output': 'screen', 'name': 'child', **options}
    return ExecuteProcess(cmd=[sys.executable, '-c', program], **options)


def launch_log() -> str:
    return Path(launch.logging.launch_config.log_dir, 'launch.log').read_text()


def test_log_lines(run):
    code, output = run(python("print('hello')"))
    assert code == 0
    lines = output.splitlines()
    assert lines[0].startswith('[INFO] [launch]: All log files can be found below ')
    assert lines[1] == '[INFO] [launch]: Default logging verbosity is set to INFO'
    name = lines[2].split(']')[1].removeprefix(' [')
    pid = lines[2].split('[')[-1].removesuffix(']')
    assert name.startswith('child-')
    assert lines[2:] == [
        f'[INFO] [{name}]: process started with pid [{pid}]',
        f'[{name}] hello',
        f'[INFO] [{name}]: process has finished cleanly [pid {pid}]',
    ]


def test_death_is_an_error_but_not_of_the_launch(run):
    code, output = run(ExecuteProcess(cmd=['sh', '-c', 'exit 3']))
    assert code == 0
    assert 'process has died [pid ' in output
    assert "exit code 3, cmd 'sh -c exit 3']." in output


def test_missing_executable_is_one_line(run):
    code, output = run(ExecuteProcess(cmd=['launch_test_absent']), LogInfo(msg='the rest runs'))
    assert code == 0
    assert 'the rest runs' in output
    (line,) = [line for line in output.splitlines() if line.startswith('[ERROR]')]
    assert 'launch_test_absent' in line


def test_output_unfinished_and_with_format_characters(run):
    _, output = run(python("import sys; sys.stdout.write('50 % {x}\\nno end'); sys.exit(1)"))
    assert '] 50 % {x}\n' in output
    assert '] no end\n' in output
    assert output.index('no end') < output.index('process has died')


def test_large_output_is_complete(run):
    _, output = run(python("for i in range(20000): print('line', i)"))
    assert output.count('] line ') == 20000
    assert '] line 19999\n' in output


PRINT_BOTH = "import sys; print('to out'); print('to err', file=sys.stderr)"


@pytest.mark.parametrize(
    ('output', 'on_screen', 'in_log'),
    [
        ('screen', ['to out', 'to err'], []),
        ('log', ['to err'], ['to out', 'to err']),
        ('both', ['to out', 'to err'], ['to out', 'to err']),
        ({'stdout': 'log', 'stderr': ['screen']}, ['to err'], ['to out']),
        ('own_log', [], []),
        (LaunchConfiguration('absent', default='screen'), ['to out', 'to err'], []),
    ],
)
def test_where_output_goes(run, output, on_screen, in_log):
    _, screen = run(python(PRINT_BOTH, output=output))
    assert [text for text in ('to out', 'to err') if text in screen] == on_screen
    assert [text for text in ('to out', 'to err') if text in launch_log()] == in_log


def test_own_log_files(run):
    action = python(PRINT_BOTH, output='own_log')
    run(action)
    folder = Path(launch.logging.launch_config.log_dir)
    assert 'to out' in (folder / f'{action.name}-stdout.log').read_text()
    assert 'to err' in (folder / f'{action.name}-stderr.log').read_text()
    assert 'to out' in (folder / f'{action.name}.log').read_text()


@pytest.mark.parametrize('output', ['nowhere', {'stdin': 'screen'}, {'stdout': 'nowhere'}])
def test_wrong_output_is_named(run, output):
    code, text = run(python('pass', output=output))
    assert code == 1
    assert 'output must' in text


def test_output_format(run):
    _, output = run(python("print('hello')", output_format='<{this.name}> {line}'))
    assert '> hello\n' in output


def test_wrong_output_format_is_an_error_at_once(run):
    code, output = run(python("print('hello')", output_format='<{absent}>'))
    assert code == 1
    assert "output_format '<{absent}>'" in output
    assert 'process started' not in output


def test_emulated_terminal(run):
    _, output = run(python('import os; print(os.isatty(1), os.isatty(2))', emulate_tty=True))
    assert '] True True\n' in output
    _, output = run(python('import os; print(os.isatty(1))'))
    assert '] False\n' in output


def test_working_folder_and_environment(run, tmp_path):
    program = "import os; print(os.getcwd(), os.environ.get('A'), os.environ.get('B'))"
    _, output = run(
        SetEnvironmentVariable('A', '1'),
        SetLaunchConfiguration('b', '2'),
        python(program, cwd=str(tmp_path), additional_env={'B': LaunchConfiguration('b')}),
    )
    assert f'] {tmp_path} 1 2\n' in output
    _, output = run(python(program, env={'B': '3'}))
    assert f'] {os.getcwd()} None 3\n' in output


def test_shell(run):
    _, output = run(ExecuteProcess(cmd=['echo $((1 + 1)) | cat'], shell=True, output='screen'))
    assert '[INFO] [echo-' in output
    assert '] 2\n' in output


def test_prefix(run):
    _, output = run(ExecuteProcess(cmd=['b'], prefix='echo "a c"', output='screen'))
    assert '[INFO] [b-' in output
    assert '] a c b\n' in output
    _, output = run(
        SetLaunchConfiguration('launch-prefix', 'echo'),
        ExecuteProcess(cmd=['b'], output='screen'),
    )
    assert '] b\n' in output


def test_command_must_be_a_list():
    with pytest.raises(TypeError, match='cmd of ExecuteProcess must be a list'):
        ExecuteProcess(cmd='ls')
    with pytest.raises(ValueError, match='cmd of ExecuteProcess must not be empty'):
        ExecuteProcess(cmd=[])


def test_action_runs_once_only(run):
    action = python('pass')
    code, output = run(action, action)
    assert code == 1
    assert 'more than once' in output


def test_respawn_until_retries_are_used_up(run, tmp_path):
    count = tmp_path / 'count'
    code, output = run(
        python(
            f"open({str(count)!r}, 'a').write('x')",
            respawn=True,
            respawn_delay=0.05,
            respawn_max_retries=2,
        )
    )
    assert code == 0
    assert count.read_text() == 'xxx'
    assert output.count('process started') == 3


def test_respawn_is_a_substitution_and_ends_with_the_launch(run):
    action = python('pass', respawn=LaunchConfiguration('again'), respawn_delay=60.0)
    code, output = run(
        SetLaunchConfiguration('again', 'true'),
        RegisterEventHandler(
            OnProcessExit(
                target_action=action, on_exit=TimerAction(period=0.2, actions=[Shutdown()])
            )
        ),
        action,
    )
    assert code == 0
    assert output.count('process started') == 1


def test_respawned_process_keeps_scope(run):
    _, output = run(
        GroupAction(
            [
                SetEnvironmentVariable('LAUNCH_TEST', 'scoped'),
                python(
                    "import os; print(os.environ['LAUNCH_TEST'])",
                    respawn=True,
                    respawn_max_retries=1,
                ),
            ]
        )
    )
    assert output.count('] scoped\n') == 2


def test_start_and_exit_events(run):
    action = python('raise SystemExit(4)')
    seen = []

    def on_start(event, context):
        assert isinstance(event, ProcessStarted)
        seen.append(('started', event.pid, event.action is action))

    _, output = run(
        RegisterEventHandler(OnProcessStart(target_action=action, on_start=on_start)),
        RegisterEventHandler(
            OnProcessExit(
                target_action=action,
                on_exit=[LogInfo(msg=['exited with ', LocalSubstitution('event.returncode')])],
            )
        ),
        RegisterEventHandler(
            OnProcessExit(
                target_action=lambda other: other is not action, on_exit=LogInfo(msg='not this')
            )
        ),
        action,
    )
    assert seen == [('started', action.process_details['pid'], True)]
    assert 'exited with 4' in output
    assert 'not this' not in output
    assert action.return_code == 4


def test_processes_start_one_after_the_other(run):
    first = python("print('first')")
    second = python("print('second')")
    _, output = run(
        RegisterEventHandler(OnProcessExit(target_action=first, on_exit=second)), first
    )
    assert output.index('first') < output.index('second')


def test_required_process_ends_the_launch(run):
    code, output = run(
        ExecuteProcess(cmd=['sleep', '60'], name='sleeper'),
        python('raise SystemExit(1)', on_exit=Shutdown()),
    )
    assert code == 0
    assert 'was required: shutting down launched system' in output
    assert '[INFO] [sleeper-' in output
    assert 'exit code -2' in output


def test_output_events(run):
    texts = {'out': b'', 'err': b''}

    def collect(stream, event):
        assert event.action is action
        texts[stream] += event.text

    action = python(PRINT_BOTH)
    run(
        RegisterEventHandler(
            OnProcessIO(
                target_action=action,
                on_stdout=lambda event: collect('out', event),
                on_stderr=lambda event: collect('err', event),
            )
        ),
        action,
    )
    assert texts == {'out': b'to out\n', 'err': b'to err\n'}


def test_signal_and_shutdown_of_a_process(run):
    signalled = ExecuteProcess(cmd=['sleep', '60'], name='signalled')
    stopped = ExecuteProcess(cmd=['sleep', '60'], respawn=True, name='stopped')
    code, output = run(
        signalled,
        stopped,
        TimerAction(
            period=0.2,
            actions=[
                EmitEvent(
                    event=SignalProcess(
                        signal_number='SIGTERM', process_matcher=matches_action(signalled)
                    )
                ),
                EmitEvent(
                    event=ShutdownProcess(
                        process_matcher=lambda action: matches_name(stopped.name)(action)
                    )
                ),
            ],
        ),
    )
    assert code == 0
    assert f"sending signal 'SIGTERM' to process[{signalled.name}]" in output
    assert 'exit code -15' in output
    assert f"sending signal 'SIGINT' to process[{stopped.name}]" in output
    assert output.count('process started') == 2


def test_wrong_signal_is_named():
    with pytest.raises(ValueError, match='SIGNOTHING'):
        SignalProcess(signal_number='SIGNOTHING', process_matcher=lambda action: True)


def test_grandchild_with_open_output_does_not_hold_up_the_exit(run):
    code, output = run(
        ExecuteProcess(cmd=['sleep 60 & echo done'], shell=True, output='screen')
    )
    assert code == 0
    assert '] done\n' in output
    assert 'ending what launched processes left running: sleep' in output


def test_reader_of_the_output_that_leaves_early(launch_file):
    file = launch_file("ExecuteProcess(cmd=['seq', '100000'], output='screen')", pipe_to='head -1')
    assert file.wait() == 0
    assert file.output.count('\n') == 1

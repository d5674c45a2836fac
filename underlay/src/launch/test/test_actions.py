# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Groups, configurations, environment, conditions, timers and event handlers."""

from __future__ import annotations

import asyncio
import os
import threading

import pytest
from launch import Event, EventHandler, LaunchDescription, LaunchService
from launch.actions import (
    AppendEnvironmentVariable,
    EmitEvent,
    ExecuteProcess,
    GroupAction,
    LogInfo,
    OpaqueCoroutine,
    OpaqueFunction,
    PopLaunchConfigurations,
    PushLaunchConfigurations,
    RegisterEventHandler,
    ResetLaunchConfigurations,
    SetEnvironmentVariable,
    SetLaunchConfiguration,
    Shutdown,
    TimerAction,
    UnregisterEventHandler,
    UnsetEnvironmentVariable,
    UnsetLaunchConfiguration,
)
from launch.conditions import (
    IfCondition,
    LaunchConfigurationEquals,
    LaunchConfigurationNotEquals,
    UnlessCondition,
)
from launch.event_handlers import OnExecutionComplete, OnShutdown
from launch.events import Shutdown as ShutdownEvent
from launch.substitutions import EnvironmentVariable, LaunchConfiguration


def log_configuration(name: str) -> LogInfo:
    return LogInfo(msg=[f'{name}=', LaunchConfiguration(name, default='none')])


def log_environment(name: str) -> LogInfo:
    return LogInfo(msg=[f'{name}=', EnvironmentVariable(name, default_value='none')])


def logged(output: str) -> list[str]:
    """Return what LogInfo has logged."""
    head = '[INFO] [launch.user]: '
    return [line.removeprefix(head) for line in output.splitlines() if line.startswith(head)]


def test_group_is_a_scope(run):
    code, output = run(
        SetLaunchConfiguration('x', 'outer'),
        GroupAction(
            [
                SetLaunchConfiguration('x', 'inner'),
                SetEnvironmentVariable('LAUNCH_TEST', 'inner'),
                log_configuration('x'),
                log_environment('LAUNCH_TEST'),
            ]
        ),
        log_configuration('x'),
        log_environment('LAUNCH_TEST'),
    )
    assert code == 0
    assert logged(output) == ['x=inner', 'LAUNCH_TEST=inner', 'x=outer', 'LAUNCH_TEST=none']


def test_unscoped_group_changes_what_is_around_it(run):
    _, output = run(
        GroupAction([SetLaunchConfiguration('x', 'inner')], scoped=False), log_configuration('x')
    )
    assert logged(output) == ['x=inner']


def test_group_with_configurations(run):
    _, output = run(
        GroupAction([log_configuration('x')], launch_configurations={'x': '1'}),
        log_configuration('x'),
    )
    assert logged(output) == ['x=1', 'x=none']


def test_group_that_does_not_forward(run):
    _, output = run(
        SetLaunchConfiguration('x', 'outer'),
        SetLaunchConfiguration('y', 'outer'),
        SetEnvironmentVariable('LAUNCH_TEST', 'outer'),
        GroupAction(
            [log_configuration('x'), log_configuration('y'), log_environment('LAUNCH_TEST')],
            forwarding=False,
            launch_configurations={'y': [LaunchConfiguration('y'), ' kept']},
        ),
        log_configuration('x'),
    )
    assert logged(output) == ['x=none', 'y=outer kept', 'LAUNCH_TEST=none', 'x=outer']


def test_push_pop_reset_unset_configurations(run):
    _, output = run(
        SetLaunchConfiguration('x', '1'),
        PushLaunchConfigurations(),
        UnsetLaunchConfiguration('x'),
        log_configuration('x'),
        PopLaunchConfigurations(),
        log_configuration('x'),
        ResetLaunchConfigurations({'y': LaunchConfiguration('x')}),
        log_configuration('x'),
        log_configuration('y'),
    )
    assert logged(output) == ['x=none', 'x=1', 'x=none', 'y=1']


def test_pop_without_push(run):
    code, output = run(PopLaunchConfigurations())
    assert code == 1
    assert 'PopLaunchConfigurations without PushLaunchConfigurations' in output


def test_environment(run):
    name = 'LAUNCH_TEST'
    _, output = run(
        AppendEnvironmentVariable(name, 'b'),
        AppendEnvironmentVariable(name, 'c'),
        AppendEnvironmentVariable(name, 'a', prepend=True),
        log_environment(name),
        AppendEnvironmentVariable(name, 'd', separator=','),
        log_environment(name),
        UnsetEnvironmentVariable(name),
        UnsetEnvironmentVariable(name),
        log_environment(name),
    )
    sep = os.pathsep
    assert logged(output) == [
        f'{name}=a{sep}b{sep}c',
        f'{name}=a{sep}b{sep}c,d',
        f'{name}=none',
    ]


@pytest.mark.parametrize(
    ('condition', 'holds'),
    [
        (IfCondition('true'), True),
        (IfCondition(' TRUE '), True),
        (IfCondition('1'), True),
        (IfCondition('False'), False),
        (UnlessCondition('0'), True),
        (UnlessCondition(LaunchConfiguration('yes')), False),
        (LaunchConfigurationEquals('yes', 'true'), True),
        (LaunchConfigurationEquals('yes', 'false'), False),
        (LaunchConfigurationEquals('other', None), True),
        (LaunchConfigurationNotEquals('yes', 'true'), False),
        (LaunchConfigurationNotEquals('yes', None), True),
    ],
)
def test_conditions(run, condition, holds):
    code, output = run(
        SetLaunchConfiguration('yes', 'true'), LogInfo(msg='executed', condition=condition)
    )
    assert code == 0
    assert logged(output) == (['executed'] if holds else [])


def test_condition_that_is_no_truth_value(run):
    code, output = run(LogInfo(msg='executed', condition=IfCondition('maybe')))
    assert code == 1
    assert "'maybe'" in output
    assert logged(output) == []


def test_opaque_function_gets_context_and_yields_actions(run):
    def function(context, text, *, suffix):
        return [LogInfo(msg=context.launch_configurations['x'] + text + suffix)]

    _, output = run(
        SetLaunchConfiguration('x', 'a'),
        OpaqueFunction(function=function, args=['b'], kwargs={'suffix': 'c'}),
    )
    assert logged(output) == ['abc']


def test_opaque_coroutine_runs_and_is_cancelled(run):
    done = []

    async def quick(context):
        await asyncio.sleep(0.01)
        done.append('quick')

    async def endless():
        try:
            await asyncio.sleep(60.0)
        except asyncio.CancelledError:
            done.append('cancelled')
            raise

    code, _ = run(
        OpaqueCoroutine(coroutine=quick),
        OpaqueCoroutine(coroutine=endless, ignore_context=True),
        TimerAction(period=0.1, actions=[Shutdown()]),
    )
    assert code == 0
    assert done == ['quick', 'cancelled']


def test_error_in_an_action_ends_the_launch_with_1(run):
    def function(context):
        raise ValueError('what went wrong')

    code, output = run(
        ExecuteProcess(cmd=['sleep', '60']), OpaqueFunction(function=function)
    )
    assert code == 1
    assert output.count('what went wrong') == 1
    assert 'Traceback' not in output


def test_error_in_a_callback_ends_the_launch_with_1(run):
    def function(context):
        context.asyncio_loop.call_soon(int, 'what went wrong')

    code, output = run(OpaqueFunction(function=function), ExecuteProcess(cmd=['sleep', '60']))
    assert code == 1
    assert 'what went wrong' in output
    assert 'Traceback' not in output


def test_debug_shows_the_traceback(run):
    def function(context):
        raise ValueError('what went wrong')

    _, output = run(OpaqueFunction(function=function), debug=True)
    assert 'Traceback' in output


def test_timers_fire_in_order(run):
    _, output = run(
        TimerAction(period=0.2, actions=[LogInfo(msg='second')]),
        TimerAction(
            period=LaunchConfiguration('p', default='0.1'), actions=[LogInfo(msg='first')]
        ),
        LogInfo(msg='at once'),
    )
    assert logged(output) == ['at once', 'first', 'second']


def test_timer_is_cancelled(run):
    timer = TimerAction(period=0.1, actions=[LogInfo(msg='fired')])
    endless = TimerAction(period=60.0, actions=[LogInfo(msg='fired')])
    code, output = run(
        timer,
        endless,
        OpaqueFunction(function=lambda context: timer.cancel()),
        TimerAction(period=0.2, actions=[Shutdown()]),
    )
    assert code == 0
    assert logged(output) == []


@pytest.mark.parametrize('period', ['soon', -1.0])
def test_wrong_period_is_named(run, period):
    code, output = run(TimerAction(period=period, actions=[]))
    assert code == 1
    assert 'period of TimerAction' in output


class _Ping(Event):
    name = 'test.Ping'


def test_event_handlers(run):
    always = EventHandler(
        matcher=lambda event: isinstance(event, _Ping), entities=LogInfo(msg='always')
    )
    once = EventHandler(
        matcher=lambda event: isinstance(event, _Ping),
        entities=LogInfo(msg='once'),
        handle_once=True,
    )
    _, output = run(
        RegisterEventHandler(always),
        RegisterEventHandler(once),
        EmitEvent(event=_Ping()),
        EmitEvent(event=_Ping()),
        TimerAction(
            period=0.1, actions=[UnregisterEventHandler(always), EmitEvent(event=_Ping())]
        ),
    )
    assert logged(output) == ['once', 'always', 'always']


def test_on_execution_complete(run):
    first = LogInfo(msg='first')
    timer = TimerAction(period=0.1, actions=[])
    _, output = run(
        RegisterEventHandler(
            OnExecutionComplete(target_action=timer, on_completion=LogInfo(msg='timer done'))
        ),
        RegisterEventHandler(
            OnExecutionComplete(target_action=first, on_completion=LogInfo(msg='first done'))
        ),
        timer,
        first,
    )
    assert logged(output) == ['first', 'first done', 'timer done']


def test_on_shutdown_gets_the_reason(run):
    _, output = run(
        RegisterEventHandler(
            OnShutdown(on_shutdown=lambda event, context: LogInfo(msg=event.reason))
        ),
        Shutdown(reason='enough'),
    )
    assert logged(output) == ['enough']


def test_shutdown_by_event(run):
    code, output = run(
        ExecuteProcess(cmd=['sleep', '60']),
        TimerAction(period=0.1, actions=[EmitEvent(event=ShutdownEvent(reason='enough'))]),
    )
    assert code == 0
    assert "sending signal 'SIGINT'" in output


def test_service_without_work_ends():
    assert LaunchService().run() == 0


def test_service_is_shut_down_from_another_thread():
    service = LaunchService()
    service.include_launch_description(
        LaunchDescription([ExecuteProcess(cmd=['sleep', '60'])])
    )
    timer = threading.Timer(0.3, service.shutdown)
    timer.start()
    assert service.run() == 0
    timer.join()


def test_service_runs_in_another_thread_until_shut_down():
    service = LaunchService()
    started = threading.Event()
    codes = []
    service.include_launch_description(
        LaunchDescription([OpaqueFunction(function=lambda context: started.set())])
    )
    thread = threading.Thread(
        target=lambda: codes.append(service.run(shutdown_when_idle=False))
    )
    thread.start()
    assert started.wait(10.0)
    assert thread.is_alive()
    service.shutdown()
    thread.join(10.0)
    assert codes == [0]

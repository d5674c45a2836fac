# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Run a component as a process: spin it, and shut it down in order on SIGINT or SIGTERM."""

from __future__ import annotations

import dataclasses
import signal
import sys
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, get_type_hints

import rclpy
from rclpy.signals import SignalHandlerOptions

from assist_common import garbage
from assist_common.component import Component, default_name, describe
from assist_common.last_resort import exit_after
from assist_common.parameters import constraint_of
from assist_common.spinner import Spinner

TURN_TIMEOUT = 2.0
"""Seconds that a node waits for its turn when the whole graph ends."""

END_TIMEOUT = 4.0
"""Seconds from the signal that a node has to end; the whole graph has five."""

MIDDLEWARE_TIMEOUT = 1.0
"""Seconds that the middleware has to end, once the node has done all that it had to do."""

_LEFT = 'the middleware does not end, so the process leaves it as it is. All else has ended.'

_LOOK_PERIOD, _WAKE_PERIOD = 0.02, 0.2
"""Seconds between two looks for a signal: as the graph ends, and while it runs."""


def run(node_class: type[Component], args: list[str] | None = None) -> int:
    """Run a node until it is told to end; return the exit code of the process."""
    arguments = sys.argv if args is None else args
    if {'-h', '--help'} & set(arguments[1:]):
        print(help_text(node_class))
        return 0
    # Not an event: its lock would block a handler that interrupts another one for ever.
    ended: SimpleQueue[int] = SimpleQueue()
    _leave_out_code_generation()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: ended.put(number))
    try:
        # rclpy's own handlers would take the context away before the node has shut down.
        rclpy.init(args=arguments, signal_handler_options=SignalHandlerOptions.NO)
        node = node_class()
    except Exception as error:
        # What rclpy raises for wrong arguments, names or files has many types and many lines.
        reason = ' '.join(str(error).split()) if str(error) else describe(error)
        print(f'{default_name(node_class)} did not start: {reason}', file=sys.stderr)
        rclpy.try_shutdown()
        return 1
    if not _spin(node, ended):
        rclpy.try_shutdown()
        return 1
    with exit_after(MIDDLEWARE_TIMEOUT, f'{node.get_name()}: {_LEFT}'):
        node.destroy_node()
        rclpy.try_shutdown()
        # The middleware ends with the last reference, its threads before the interpreter.
        del node
        garbage.collect()
    return 0


def _leave_out_code_generation() -> None:
    """Keep the generator of message code with its parser, 6 MB, out of a node.

    The module that loads the messages imports it too, unless that fails
    (rosidl_generator_py/__init__.py).
    """
    sys.modules['rosidl_generator_py.generate_py_impl'] = None  # type: ignore[assignment]


def _spin(node: Component, ended: SimpleQueue[int]) -> bool:
    """Spin until the node is to end; return whether it was finalized in time."""
    spinner = Spinner(node, on_end=lambda: ended.put(0))
    number = _wait_for_end(ended)
    deadline = time.monotonic() + END_TIMEOUT
    if number == signal.SIGINT:
        _wait_for_turn(node, spinner, ended)
    return spinner.shut_down(deadline - time.monotonic())


def _wait_for_end(ended: SimpleQueue[int]) -> int:
    """Return the signal that ends the node, or 0.

    A signal that another thread takes as it starts a program does not wake the main thread, and
    its handler runs in no other: so the main thread looks now and then.
    """
    while True:
        with suppress(Empty):
            return ended.get(timeout=_WAKE_PERIOD)


def _wait_for_turn(node: Component, spinner: Spinner, ended: SimpleQueue[int]) -> None:
    """Stay until it is the node's turn: SIGINT goes to the whole graph, SIGTERM to one node."""
    spinner.post(node.on_interrupt)
    deadline = time.monotonic() + TURN_TIMEOUT
    while node.awaits_turn and time.monotonic() < deadline:
        with suppress(Empty):
            if ended.get(timeout=_LOOK_PERIOD) != signal.SIGINT:
                return


def help_text(node_class: type[Component]) -> str:
    """Return what the node is for and its parameters."""
    name = default_name(node_class)
    lines = [
        f'{name}: {(node_class.__doc__ or "").strip().splitlines()[0]}',
        '',
        f'usage: {name} [--ros-args [-r __ns:=/assist] [--params-file FILE] [-p NAME:=VALUE ...]]',
        '',
        'parameters:',
        '  autostart: configure and activate by itself at the start (False)',
    ]
    cls: Any = get_type_hints(node_class).get('parameters')
    for field in dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else ():
        lines.append(f'  {field.name}: {constraint_of(field).description} ({field.default!r})')
    return '\n'.join(lines)

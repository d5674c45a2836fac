# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Show the whole graph at work on packaged input: a spoken dialogue and real photographs."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import psutil
from assist_common.errors import AssistError

from assist.dialogue import DIALOGUE, VOICE_RATE, Line, picture, speak
from assist.nodes import NODES
from assist.observer import Event, Observations, Observer
from assist.person import Person
from assist.session import Session
from assist.summary import checks, render

START_TIMEOUT = 60.0
ANSWER_TIMEOUT = 15.0
SETTLE_TIMEOUT = 15.0
BREATH = 1.0
"""Seconds between the answer of the robot and the next sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; return 0 only if every stage really happened."""
    options = _parse(sys.argv[1:] if arguments is None else arguments)
    # Else what it started, in a session of its own, would go on without it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return run(options.output)
    except AssistError as error:
        print(f'demo: {error}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print('demo: interrupted; everything that it started has ended.', file=sys.stderr)
        return 130


def run(output: Path) -> int:
    """Bring the graph up on the demo input, watch it and sum up."""
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix='assist_demo_') as folder:
        voices = speak(DIALOGUE, Path(folder))
        inputs = launch_arguments(Path(folder))
        inputs['log_directory'] = str(output / 'logs')
        print(f'Starting the graph; its output goes to {output / "launch.log"}')
        print('To look inside from a second terminal: source setup.bash && ros2 topic list\n')
        with (
            Observer(on_event=show) as observer,
            Person(observer.node, VOICE_RATE) as person,
            Session(inputs, output / 'launch.log') as session,
        ):
            converse(observer, session, person, list(zip(DIALOGUE, voices, strict=True)))
            memory = _memory(session)
            exit_code = session.stop()
    annotated = output / 'annotated.jpg'
    saved = annotated if observer.save_picture(annotated) else None
    results = checks(observer.seen, DIALOGUE, list(NODES), saved)
    print(render(results, observer.seen, memory))
    failed = [check.stage for check in results if not check.passed]
    if exit_code or session.orphans:
        failed.append(f'shutdown (exit code {exit_code}, left running: {session.orphans})')
    if failed:
        print(f'\nFailed: {", ".join(failed)}. See {output / "launch.log"}.')
        return 1
    print('\nEvery stage happened.')
    return 0


def launch_arguments(folder: Path) -> dict[str, str]:
    """Put the picture into a folder; return the launch arguments of the demo."""
    return {
        'profile': 'demo',
        'audio_source': 'topic',
        'camera_source': str(picture(folder / 'picture.png')),
        'audit_folder': str(folder / 'audit'),
    }


def converse(
    observer: Observer,
    session: Session,
    person: Person,
    lines: Sequence[tuple[Line, Path | None]],
) -> None:
    """Speak the dialogue, each line when the one before has been answered, until all reported.

    A line that meets no decision in time is given up, so that the rest still happens.
    """
    if not _until(observer, session, lambda seen: seen.active_after is not None, START_TIMEOUT):
        return
    # The detector needs a frame to say what it sees.
    _until(observer, session, lambda seen: seen.scenes > 0, SETTLE_TIMEOUT)
    for line, voice in lines:
        if line.interrupts:
            time.sleep(BREATH)
        else:
            observer.wait_for_turn(BREATH, ANSWER_TIMEOUT)
        answered = partial(_is_answered, len(observer.seen.decisions), observer.seen.replies)
        if voice:
            person.say(voice)
        _until(observer, session, answered, ANSWER_TIMEOUT)
    _until(observer, session, _all_reported, SETTLE_TIMEOUT)


def show(event: Event) -> None:
    """Print one event as it happens."""
    delay = '' if event.delay is None else f'  [{event.delay * 1000:.0f} ms after the speech]'
    print(f'{event.seconds:6.1f} s  {event.who:<7}{event.text}{delay}', flush=True)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    home = Path(os.environ.get('ROS_HOME', Path.home() / '.ros'))
    parser = argparse.ArgumentParser(prog='demo', description=__doc__)
    parser.add_argument(
        '--output',
        type=Path,
        default=home / 'assist' / 'demo',
        help='folder for the picture and the logs (%(default)s)',
    )
    return parser.parse_args(arguments)


def _until(observer: Observer, session: Session, condition: object, timeout: float) -> bool:
    """Wait for the condition as long as the launch runs."""
    for _ in range(round(timeout)):
        if observer.wait_for(condition, 1.0):  # type: ignore[arg-type]
            return True
        if not session.is_running:
            return False
    return False


def _is_answered(decisions: int, replies: int, seen: Observations) -> bool:
    """Return whether something was decided and the robot has spoken since, and is silent again."""
    return len(seen.decisions) > decisions and seen.replies > replies and not seen.speaking


def _all_reported(seen: Observations) -> bool:
    reported = all(f'{name}: lifecycle' in seen.statuses for name in NODES)
    return reported and seen.health is not None and bool(seen.latency) and seen.picture is not None


def _memory(session: Session) -> dict[str, float]:
    sizes = {}
    for name, process in session.processes().items():
        try:
            sizes[name] = process.memory_info().rss / 2**20
        except psutil.Error:
            continue
    return sizes


if __name__ == '__main__':
    sys.exit(main())

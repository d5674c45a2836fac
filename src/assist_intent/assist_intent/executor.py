# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What a robot team derives from: one Python method for each intent that the robot can do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from assist_intent.types import Outcome, Scene, Understanding

Handler = TypeVar('Handler', bound=Callable[..., Any])

_MARK = '_assist_intents'


def handles(*intents: str, moves: bool = True) -> Callable[[Handler], Handler]:
    """Mark a method of an Executor as the one that does these intents.

    Args:
        moves: whether anything of the robot moves: then it is refused while the stop is latched,
            and ends as soon as another such task begins.
    """

    def mark(method: Handler) -> Handler:
        setattr(method, _MARK, dict.fromkeys(intents, moves))
        return method

    return mark


class Halted(Exception):
    """Raised in a handler that has to end at once: cancelled, stopped, or safety is lost."""


class Failed(Exception):
    """Raised by a handler that can not do it; the text tells the person why."""


@dataclass(frozen=True)
class Result:
    """How a task ended.

    message: what to tell the person; the reason, for engineers, where it was halted. Where it is
    empty and the outcome bad, the dialogue says so in its own words.
    """

    outcome: Outcome
    message: str = ''


class Task:
    """One act while it is done; what a handler works with.

    Args:
        feedback: called with what is being done now and the progress, 0 to 1.
        say: called with a sentence for the person.
        scene: returns what the camera sees now, or None when there is no fresh scene.
    """

    def __init__(
        self,
        meaning: Understanding,
        *,
        feedback: Callable[[str, float], None] = lambda phase, progress: None,
        say: Callable[[str], None] = lambda text: None,
        scene: Callable[[], Scene | None] = lambda: None,
    ) -> None:
        self.meaning = meaning
        self.intent = meaning.name
        self.feedback = feedback
        self.say = say
        self.scene = scene
        self.halt_reason = ''
        self._halted = threading.Event()

    def slot(self, name: str) -> str:
        """Return the value of a slot, such as kitchen of place; empty when it was not said."""
        return self.meaning.value(name)

    def wait(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            Halted: at once when the task has to end.
        """
        if self._halted.wait(seconds):
            raise Halted(self.halt_reason)

    def check(self) -> None:
        """Raise Halted when the task has to end; call it in every loop."""
        self.wait(0.0)

    @property
    def halted(self) -> bool:
        """Return whether the task has to end."""
        return self._halted.is_set()

    def halt(self, reason: str) -> None:
        """Tell the task to end."""
        self.halt_reason = self.halt_reason or reason
        self._halted.set()


class Executor:
    """The abilities of a robot.

    A method marked with `@handles('go_to')` gets a Task, on a thread of its own, and returns what
    to tell the person. It calls `task.wait` or `task.check` so often that a halt takes effect at
    once, and puts what stops the motors into a `finally`.
    """

    def __init__(self) -> None:
        self._handlers: dict[str, Callable[[Task], str | None]] = {}
        self._moving: set[str] = set()
        for intent, moves, handler in _handlers(self):
            self._handlers[intent] = handler
            if moves:
                self._moving.add(intent)

    def setup(self, node: Any) -> None:
        """Create clients and publishers on the node (an rclpy node), when it is configured."""

    def teardown(self) -> None:
        """Undo setup."""

    def halt(self) -> None:
        """Stop all motion at once; called from another thread when safety is lost or at a stop."""

    @property
    def intents(self) -> tuple[str, ...]:
        """Return what the robot can do."""
        return tuple(sorted(self._handlers))

    def moves(self, intent: str) -> bool:
        """Return whether doing this moves the robot."""
        return intent in self._moving

    def run(self, task: Task) -> Result:
        """Do a task and return how it ended; never raises."""
        handler = self._handlers.get(task.intent)
        if handler is None:
            return Result(Outcome.UNSUPPORTED)
        try:
            task.check()
            return Result(Outcome.SUCCEEDED, handler(task) or '')
        except Halted as halt:
            return Result(Outcome.CANCELED, str(halt))
        except Failed as failure:
            return Result(Outcome.FAILED, str(failure))
        except TimeoutError as error:
            return Result(Outcome.TIMED_OUT, str(error))


def _handlers(executor: Executor) -> Iterator[tuple[str, bool, Callable[[Task], str | None]]]:
    for name in dir(type(executor)):
        for intent, moves in getattr(getattr(type(executor), name), _MARK, {}).items():
            yield intent, moves, getattr(executor, name)

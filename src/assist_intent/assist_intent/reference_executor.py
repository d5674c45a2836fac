# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The executor for a machine without a robot: it really looks, and simulates motion."""

from __future__ import annotations

from assist_intent.executor import Executor, Failed, Task, handles
from assist_intent.replies import Replies
from assist_intent.types import Scene

STEP = 0.1
"""Seconds between two steps of a simulated motion."""
SEARCH = 5.0
"""Seconds that an object is looked for in fresh scenes."""


class ReferenceExecutor(Executor):
    """Answers questions about the scene from what the camera sees; motion is simulated.

    Args:
        travel: seconds that one simulated way takes.
    """

    def __init__(self, replies: Replies, *, travel: float = 6.0) -> None:
        super().__init__()
        self._replies = replies
        self._travel = travel

    @handles('describe_scene', moves=False)
    def describe_scene(self, task: Task) -> str:
        """Tell what the camera sees."""
        return self._replies.description(self._see(task))

    @handles('where_is', moves=False)
    def where_is(self, task: Task) -> str:
        """Tell where an object is."""
        return self._replies.where(task.slot('object'), self._see(task))

    @handles('count', moves=False)
    def count(self, task: Task) -> str:
        """Tell how many there are."""
        label = task.slot('object')
        return self._replies.count(label, len(self._see(task).labelled(label)))

    @handles('find', moves=False)
    def find(self, task: Task) -> str:
        """Look at fresh scenes until the object is there."""
        label = task.slot('object')
        self._see(task)
        for step in range(int(SEARCH / STEP)):
            task.feedback(f'looking for the {label}', step * STEP / SEARCH)
            scene = task.scene()
            if scene and scene.labelled(label):
                return self._replies.found(label, scene)
            task.wait(STEP)
        raise Failed(self._replies.not_seen(label, looked=True))

    @handles('go_to')
    def go_to(self, task: Task) -> str:
        """Simulate the way to a place or object."""
        goal = task.slot('place') or task.slot('object')
        self._drive(task, f'driving to the {goal}', 0.0, 1.0)
        return self._replies.say('arrived', place=goal)

    @handles('come_here')
    def come_here(self, task: Task) -> str:
        """Simulate the way to the person."""
        self._drive(task, 'driving to the person', 0.0, 1.0)
        return self._replies.say('come')

    @handles('follow')
    def follow(self, task: Task) -> str:
        """Simulate following the person for one way."""
        self._drive(task, 'following the person', 0.0, 1.0)
        return self._replies.say('followed')

    @handles('pick')
    def pick(self, task: Task) -> str:
        """Simulate picking up an object."""
        thing = task.slot('object')
        self._drive(task, f'picking up the {thing}', 0.0, 1.0)
        return self._replies.say('picked', object=thing)

    @handles('bring')
    def bring(self, task: Task) -> str:
        """Simulate the way to an object, taking it, and the way back."""
        thing = task.slot('object')
        self._drive(task, f'driving to the {thing}', 0.0, 0.4)
        self._drive(task, f'picking up the {thing}', 0.4, 0.6)
        task.say(self._replies.say('picked', object=thing))
        self._drive(task, f'bringing the {thing}', 0.6, 1.0)
        return self._replies.say('brought', object=thing)

    def _see(self, task: Task) -> Scene:
        scene = task.scene()
        if scene is None:
            raise Failed(self._replies.say('blind'))
        return scene

    def _drive(self, task: Task, phase: str, begin: float, end: float) -> None:
        steps = max(1, round(self._travel * (end - begin) / STEP))
        for step in range(steps):
            task.feedback(phase, begin + (end - begin) * step / steps)
            task.wait(STEP)
        task.feedback(phase, end)

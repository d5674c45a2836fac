# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The executor for a machine without a robot: it really looks and talks, and simulates motion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from assist_intent import grounding
from assist_intent.executor import Executor, Failed, Task, handles
from assist_intent.replies import Replies
from assist_intent.robot_state import RobotState
from assist_intent.types import Health, Scene, SceneObject, Slot

STEP = 0.1
"""Seconds between two steps of a simulated motion."""
SEARCH = 5.0
"""Seconds that an object is looked for in fresh scenes."""
SHORT = 0.5
"""Part of a simulated way that a motion on the spot takes."""


class ReferenceExecutor(Executor):
    """Answers questions from what is seen and known, speaks, and simulates all motion.

    Args:
        travel: seconds that one simulated way takes.
        state: what the robot knows of itself.
        steady: returns the steady time, s.
        call: called with whom to call for help, or nothing.
    """

    def __init__(
        self,
        replies: Replies,
        *,
        travel: float = 6.0,
        state: RobotState | None = None,
        steady: Callable[[], float] = lambda: 0.0,
        clock: Callable[[], datetime] = datetime.now,
        call: Callable[[str], None] = lambda person: None,
    ) -> None:
        super().__init__()
        self._replies = replies
        self._travel = travel
        self._state = state or RobotState()
        self._steady = steady
        self._clock = clock
        self._call = call

    # Questions.

    @handles('describe_scene', moves=False)
    def describe_scene(self, task: Task) -> str:
        """Tell what the camera sees."""
        return self._replies.description(self._see(task))

    @handles('where_is', moves=False)
    def where_is(self, task: Task) -> str:
        """Tell where an object is."""
        scene = self._see(task)
        return self._replies.where(_label(task), _only(scene, _matching(task, scene)))

    @handles('count', moves=False)
    def count(self, task: Task) -> str:
        """Tell how many there are."""
        self._must_be_here(task)
        return self._replies.count(_label(task), len(_matching(task, self._see(task))))

    @handles('find', moves=False)
    def find(self, task: Task) -> str:
        """Look at fresh scenes until the object is there."""
        label, phase = _label(task), self._replies.action(task.meaning)
        self._must_be_here(task)
        self._see(task)
        for step in range(int(SEARCH / STEP)):
            task.feedback(phase, step * STEP / SEARCH)
            scene = task.scene()
            if scene and (found := _matching(task, scene)):
                return self._replies.found(label, _only(scene, found))
            task.wait(STEP)
        raise Failed(self._replies.not_seen(label, looked=True))

    @handles('identify', moves=False)
    def identify(self, task: Task) -> str:
        """Tell what is at a side of the picture, or beside something."""
        scene = self._see(task)
        if task.slot('relation'):
            labels = {item.label for item in scene.objects}
            found = [item for label in sorted(labels) for item in _matching(task, scene, label)]
        else:
            position = task.slot('position') or 'nearest'
            found = list(grounding.choose(scene.objects, position))
        if not found:
            raise Failed(self._replies.say('nothing_there'))
        things = [self._replies.number(1, item.label) for item in found]
        return self._replies.say('identified', things=self._replies.listed(things))

    @handles('read_state', moves=False)
    def read_state(self, task: Task) -> str:
        """Tell the time, or how battery and health are, as far as somebody reports them."""
        topic = task.slot('topic')
        if topic == 'time':
            return self._replies.say('time', time=self._clock().strftime('%H:%M'))
        if topic == 'battery':
            return self._battery()
        return self._health()

    def _battery(self) -> str:
        known = self._state.battery(self._steady())
        if known is None:
            return self._replies.say('battery_unknown')
        percent, charging = known
        sentence = 'battery_charging' if charging else 'battery'
        return self._replies.say(sentence, percent=str(percent))

    def _health(self) -> str:
        known = self._state.health(self._steady())
        if known is None:
            return self._replies.say('health_unknown')
        level, reasons = known
        if level == Health.HEALTHY:
            return self._replies.say('healthy')
        return self._replies.say('unwell', reasons=self._replies.listed(reasons))

    # Talking.

    @handles('greet', moves=False)
    def greet(self, task: Task) -> str:
        """Greet somebody."""
        return self._replies.say('hello', person=_spoken(task, 'person'))

    @handles('tell', moves=False)
    def tell(self, task: Task) -> str:
        """Say aloud what somebody is to be told."""
        what = _spoken(task, 'text') or _spoken(task, 'topic')
        return self._replies.say('told', person=_spoken(task, 'person'), text=what)

    @handles('answer', moves=False)
    def answer(self, task: Task) -> str:
        """Tell which questions it answers."""
        return self._replies.say('ask_me')

    @handles('call_for_help', moves=False)
    def call_for_help(self, task: Task) -> str:
        """Call aloud, and tell whoever listens to the topic `help_call`."""
        self._call(task.slot('person'))
        return self._replies.say('called', person=_spoken(task, 'person'))

    # Motion, all of it simulated.

    @handles('go_to')
    def go_to(self, task: Task) -> str:
        """Simulate the way to a place or object."""
        self._drive(task)
        goal = _spoken(task, 'place') or _spoken(task, 'object')
        return self._replies.say('arrived', place=goal)

    @handles('come_here')
    def come_here(self, task: Task) -> str:
        """Simulate the way to the person."""
        self._drive(task)
        return self._replies.say('come')

    @handles('follow')
    def follow(self, task: Task) -> str:
        """Simulate following the person for one way."""
        self._drive(task)
        return self._replies.say('followed')

    @handles('stop_following', moves=False)
    def stop_following(self, task: Task) -> str:
        """Tell that it follows no more; whoever sent this has cancelled the following."""
        return self._replies.say('unfollowed')

    @handles('turn', 'move', 'look_at')
    def move(self, task: Task) -> str:
        """Simulate a motion on the spot."""
        phase = self._replies.doing(task.meaning)
        self._simulate(task, phase, 0.0, SHORT)
        task.feedback(phase, 1.0)
        return self._done(task)

    @handles('place', 'give', 'guide', 'open', 'close', 'pour')
    def handle(self, task: Task) -> str:
        """Simulate the work of an arm, or the way with a person."""
        self._drive(task)
        return self._done(task)

    @handles('pick')
    def pick(self, task: Task) -> str:
        """Simulate picking up an object."""
        self._drive(task)
        return self._replies.say('picked', object=_spoken(task, 'object'))

    @handles('bring')
    def bring(self, task: Task) -> str:
        """Simulate the way to an object, taking it, and the way back."""
        thing = _spoken(task, 'object')
        self._simulate(task, self._replies.say('driving', goal=thing), 0.0, 0.4)
        self._simulate(task, self._replies.say('picking', object=thing), 0.4, 0.6)
        task.say(self._replies.say('picked', object=thing))
        self._simulate(task, self._replies.doing(task.meaning), 0.6, 1.0)
        return self._replies.say('brought', object=thing)

    def _done(self, task: Task) -> str:
        return self._replies.say('done', action=self._replies.action(task.meaning))

    def _must_be_here(self, task: Task) -> None:
        if place := task.slot('place'):
            raise Failed(self._replies.say('only_here', place=place))

    def _see(self, task: Task) -> Scene:
        scene = task.scene()
        if scene is None:
            raise Failed(self._replies.say('blind'))
        return scene

    def _drive(self, task: Task) -> None:
        self._simulate(task, self._replies.doing(task.meaning), 0.0, 1.0)

    def _simulate(self, task: Task, phase: str, begin: float, end: float) -> None:
        steps = max(1, round(self._travel * (end - begin) / STEP))
        for step in range(steps):
            task.feedback(phase, begin + (end - begin) * step / steps)
            task.wait(STEP)
        task.feedback(phase, end)


def _label(task: Task) -> str:
    """Return what to look for; a detector can not tell one person from another."""
    return task.slot('object') or 'person'


def _matching(task: Task, scene: Scene, label: str = '') -> tuple[SceneObject, ...]:
    """Return the objects of the scene that fit the slots, of one label."""
    slots = tuple(slot for slot in task.meaning.slots if slot.name != 'object')
    wanted = replace(task.meaning, slots=(Slot('object', label or _label(task)), *slots))
    return grounding.ground(wanted, scene, scene.seen_at, 1.0).objects


def _only(scene: Scene, objects: tuple[SceneObject, ...]) -> Scene:
    """Return the scene with all else of these objects' kind left out."""
    labels = {item.label for item in objects}
    kept = tuple(item for item in scene.objects if item.label not in labels or item in objects)
    return replace(scene, objects=kept)


def _spoken(task: Task, slot: str) -> str:
    return task.meaning.texts().get(slot, '')

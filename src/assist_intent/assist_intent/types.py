# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The value types that the engines share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

NEVER = float('-inf')
"""A steady time before all others."""


OWN_INTENTS = frozenset(
    ('stop', 'pause', 'resume', 'cancel', 'yes', 'no', 'repeat', 'retry', 'skip', 'help',
     'what_can_you_do', 'select')
)
"""The intents that the dialogue answers itself, whatever the policy says."""


WHERE_TO = ('place', 'pour')
"""The intents whose reference says where to, not which one."""
OF_OBJECT = (
    'object', 'colour', 'size', 'position', 'relation', 'reference', 'second_relation',
    'second_reference',
)  # fmt: skip
"""The slots that say which object is meant."""


class Match(IntEnum):
    """How the words fit the grammar; the values of assist_msgs/Intent."""

    EXACT = 0
    FUZZY = 1


class Source(IntEnum):
    """Where the words come from; the values of assist_msgs/Intent."""

    VOICE = 0
    TEXT = 1


class Risk(IntEnum):
    """How much can go wrong; the values of assist_msgs/Decision."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2
    FORBIDDEN = 3


class Verdict(IntEnum):
    """What was decided; the values of assist_msgs/Decision."""

    EXECUTE = 0
    CONFIRM = 1
    ASK = 2
    REFUSE = 3
    ANSWER = 4
    STOP = 5
    EXPIRE = 6


class Mode(IntEnum):
    """What the system can do; the values of assist_msgs/SystemMode."""

    NORMAL = 0
    DEGRADED = 1
    SAFE_STOP = 2


class Health(IntEnum):
    """How the system is; the values of assist_msgs/SystemHealth."""

    HEALTHY = 0
    WARNING = 1
    CRITICAL = 2


class Outcome(IntEnum):
    """How an act ended; the values of assist_msgs/action/ExecuteCommand."""

    SUCCEEDED = 0
    FAILED = 1
    CANCELED = 2
    TIMED_OUT = 3
    UNSUPPORTED = 4


@dataclass(frozen=True)
class Slot:
    """One argument of an intent; `object_id` once it was found in the scene."""

    name: str
    value: str
    text: str = ''
    object_id: str = ''


_MAIN_SLOTS = ('object', 'place', 'person')


@dataclass(frozen=True)
class Step:
    """One act of those that a sentence asks for, in their order."""

    name: str
    slots: tuple[Slot, ...] = ()

    def values(self) -> dict[str, str]:
        """Return the normalised values by the names of the slots."""
        return {slot.name: slot.value for slot in self.slots}

    def repeats(self, other: Step) -> bool:
        """Return whether these words name the same act: all that they say is the same, and they
        say what it is done to."""
        mine, theirs = self.values(), other.values()
        named = all(theirs.get(name) == mine.get(name) for name in _MAIN_SLOTS)
        return self.name == other.name and named and mine.items() <= theirs.items()


@dataclass(frozen=True)
class Understanding:
    """What a sentence means; `name` is empty when nothing was understood.

    `name` and `slots` are those of the first step.
    """

    text: str
    name: str = ''
    slots: tuple[Slot, ...] = ()
    match: Match = Match.EXACT
    score: float = 0.0
    tail: Understanding | None = None
    """What followed a leading yes or no."""
    unknown: str = ''
    """A word where an object or place was expected, that the grammar does not know."""

    negated: bool = False
    """Whether words that were not understood hold a not."""

    later: tuple[Step, ...] = ()
    """What is to be done after the first step, in order."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return all steps in their order; none when nothing was understood."""
        return (Step(self.name, self.slots), *self.later) if self.name else ()

    @property
    def is_plan(self) -> bool:
        """Return whether there is more than one step."""
        return bool(self.later)

    def single(self, step: Step) -> Understanding:
        """Return the understanding of one of its steps alone."""
        return replace(self, name=step.name, slots=step.slots, later=())

    def with_steps(self, steps: Sequence[Step]) -> Understanding:
        """Return the same words with other steps, at least one."""
        first, *later = steps
        return replace(self, name=first.name, slots=first.slots, later=tuple(later))

    def value(self, slot: str) -> str:
        """Return the value of a slot, or an empty text."""
        return next((item.value for item in self.slots if item.name == slot), '')

    def texts(self) -> dict[str, str]:
        """Return the slots as they were said."""
        return {slot.name: slot.text or slot.value for slot in self.slots}

    def repeats(self, other: Understanding) -> bool:
        """Return whether these words name the same acts in the same order."""
        mine, theirs = self.steps, other.steps
        return len(mine) == len(theirs) and all(
            step.repeats(wanted) for step, wanted in zip(mine, theirs, strict=True)
        )


@dataclass(frozen=True)
class Heard:
    """The words of a person, and what is known of how they came."""

    text: str
    source: Source = Source.TEXT
    begun: float = NEVER
    """Steady time when the person began to say it, s."""
    confidence: float = 1.0
    stamp: float = 0.0
    """ROS time of the same, s."""
    duration: float = 0.0
    """How long it took to say, s."""
    alternatives: tuple[str, ...] = ()
    """Other readings of doubtful speech, the likeliest first; they may only be asked about."""
    stop_only: bool = False
    """Nothing but a stop in it counts: the robot spoke meanwhile, or was not spoken to."""


COLOURS = frozenset(
    ('red', 'green', 'blue', 'yellow', 'orange', 'purple', 'pink', 'brown', 'black', 'white',
     'grey')
)
"""Attributes of which an object has one at most, so that another one excludes it."""


@dataclass(frozen=True)
class SceneObject:
    """One object that the camera sees; centre and size of its box in pixels."""

    id: str
    label: str
    confidence: float
    x: float
    y: float
    width: float
    height: float
    attributes: tuple[str, ...] = ()
    """What is seen beyond the class, such as red; empty when not sure."""
    distance: float | None = None
    """From the robot or its camera, m; None where nobody measured it."""
    extent: float | None = None
    """The longest side of its visible part, m; None likewise."""

    @property
    def area(self) -> float:
        """Return the area of the box in square pixels."""
        return self.width * self.height

    @property
    def colour(self) -> str:
        """Return the colour; empty when it is not known."""
        return next((name for name in self.attributes if name in COLOURS), '')


@dataclass(frozen=True)
class Relation:
    """How one object lies to another, in the viewer's frame."""

    subject_id: str
    predicate: str
    object_id: str
    confidence: float = 1.0


@dataclass(frozen=True)
class Scene:
    """What the camera saw at `seen_at`, steady seconds."""

    objects: tuple[SceneObject, ...] = ()
    relations: tuple[Relation, ...] = ()
    width: int = 640
    height: int = 480
    seen_at: float = NEVER

    def labelled(self, label: str) -> tuple[SceneObject, ...]:
        """Return the objects of one class, from left to right."""
        found = (item for item in self.objects if item.label == label)
        return tuple(sorted(found, key=lambda item: (item.x, item.id)))


class Sight(IntEnum):
    """What the scene is worth, from best to worst."""

    FRESH = 0
    STALE = 1
    MISSING = 2


@dataclass(frozen=True)
class Situation:
    """All that a decision depends on beside the words."""

    scene: Scene | None = None
    mode: Mode = Mode.NORMAL
    mode_reason: str = ''
    missing: tuple[str, ...] = ()
    """Abilities that are missing, as SystemMode names them."""
    health: Health = Health.HEALTHY
    hour: int = 12
    """Local hour of the day."""
    logged: bool = True
    """Whether what is decided can be written down."""


@dataclass(frozen=True)
class Request:
    """One wish of a person, from the words to the end."""

    id: str
    understanding: Understanding
    heard: Heard
    risk: Risk = Risk.LOW
    """The highest of its steps."""
    reasons: tuple[str, ...] = ()
    risks: tuple[Risk, ...] = ()
    """Of each step, where there are several."""
    plan: str = ''
    """The id of the request of which this is one step; empty when it stands for itself."""
    step: int = 0
    """Which step of the plan it is, from 1."""
    answer: Heard | None = None
    """What approved it, where anything had to."""

    def to_repeat(self, least: Risk) -> Understanding:
        """Return those of its steps that are at least so risky; all where none is."""
        meaning = self.understanding
        pairs = zip(meaning.steps, self.risks or (self.risk,), strict=True)
        risky = [step for step, risk in pairs if risk >= least]
        return meaning.with_steps(risky) if risky else meaning


@dataclass(frozen=True)
class Decision:
    """What was decided about one request, and all that led to it."""

    request: Request
    verdict: Verdict
    reply: str = ''
    confirmation: str = ''
    """How it was confirmed: yes, repeated or button; empty when it was not."""
    sight: Sight = Sight.MISSING
    stopped: bool = False
    """Whether the stop is latched after this decision."""
    situation: Situation | None = None
    """What it was judged by; None where the situation did not matter, as for a stop."""


@dataclass(frozen=True)
class Say:
    """Effect: say something."""

    text: str
    urgent: bool = False


@dataclass(frozen=True)
class Decided:
    """Effect: publish and log a decision."""

    decision: Decision


@dataclass(frozen=True)
class Start:
    """Effect: send a request to the executor."""

    request: Request


@dataclass(frozen=True)
class Cancel:
    """Effect: cancel what is being executed."""

    request_ids: tuple[str, ...]


@dataclass(frozen=True)
class Latch:
    """Effect: set or release the stop."""

    stopped: bool
    reason: str = ''


@dataclass(frozen=True)
class Ended:
    """Effect: log how an act ended."""

    request: Request
    outcome: Outcome
    message: str = ''
    stopped: bool = False
    """Whether the stop is latched meanwhile."""


Effect = Say | Decided | Start | Cancel | Latch | Ended


@dataclass(frozen=True)
class Grounding:
    """Which objects of the scene a slot can mean."""

    objects: tuple[SceneObject, ...] = ()
    sight: Sight = Sight.FRESH
    needed: bool = True
    slot: str = 'object'


@dataclass(frozen=True)
class Choices:
    """The objects of which one is meant, and the slot that is to name it; false where none is."""

    objects: tuple[SceneObject, ...] = ()
    slot: str = 'object'

    def __bool__(self) -> bool:
        return bool(self.objects)


NO_CHOICES = Choices()


@dataclass(frozen=True)
class Mark:
    """What tells one object from others of its kind: a slot that an answer can name."""

    name: str
    """position, colour or relation."""
    value: str
    reference: str = ''
    """For a relation: the class of the object that it is to."""

# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The demo's input: sentences that are spoken to sound files, and a picture to look at."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from assist_common.errors import ConfigurationError
from assist_msgs.msg import Decision

VOICE = ('-v', 'en-gb', '-s', '130', '-p', '30')
"""The voice, speed (words a minute) and pitch of espeak-ng that Whisper tiny.en hears best."""

VOICE_RATE = 22050
"""Samples a second that espeak-ng writes."""

HEIGHT = 480
"""Height of the picture, pixels."""


@dataclass(frozen=True)
class Line:
    """One sentence of the person, and what must come of it.

    Attributes:
        text: empty where the person keeps silent.
        interrupts: whether it is said while the robot is at work.
    """

    text: str
    intent: str
    verdicts: tuple[int, ...]
    interrupts: bool = False


DIALOGUE = (
    Line('What do you see?', 'describe_scene', (Decision.EXECUTE,)),
    Line('Bring me the cup left of the bus.', 'bring', (Decision.CONFIRM,)),
    Line('Yes.', 'bring', (Decision.EXECUTE,)),
    Line('Bring me the bus.', 'bring', (Decision.REFUSE,)),
    Line('Go to the person.', 'go_to', (Decision.ASK,)),
    Line('The left one.', 'go_to', (Decision.CONFIRM,)),
    Line('', 'go_to', (Decision.EXPIRE,)),
    Line('Bring me the coffee from the kitchen.', 'bring', (Decision.CONFIRM,)),
    Line('Yes, bring me the coffee from the kitchen.', 'bring', (Decision.EXECUTE,)),
    Line('Stop!', 'stop', (Decision.STOP,), interrupts=True),
    Line('Resume.', 'resume', (Decision.ANSWER,)),
    Line('No.', 'bring', (Decision.EXPIRE,)),
)


def speak(lines: Sequence[Line], folder: Path) -> list[Path | None]:
    """Write each sentence as a WAV file and return the files; None for silence.

    Raises:
        ConfigurationError: espeak-ng is missing.
    """
    return [
        speak_text(line.text, folder / f'{number:02d}.wav') if line.text else None
        for number, line in enumerate(lines, 1)
    ]


def speak_text(text: str, path: Path) -> Path:
    """Write one sentence as a WAV file and return that.

    Raises:
        ConfigurationError: espeak-ng is missing.
    """
    if shutil.which('espeak-ng') is None:
        raise ConfigurationError(
            'espeak-ng is missing, so the person has no voice', 'sudo apt-get install espeak-ng'
        )
    subprocess.run(['espeak-ng', *VOICE, '-w', str(path), text], check=True)
    return path


def picture(path: Path) -> Path:
    """Put two photographs beside each other: a cup, and a street with a bus and people.

    Raises:
        ConfigurationError: the package that carries the second one is missing.
    """
    cup = Path(__file__).parent / 'photographs' / 'coffee.jpg'
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.hstack([_of_height(cup), _of_height(_street())]))
    return path


def street(path: Path) -> Path:
    """Write the photograph of the street alone.

    Raises:
        ConfigurationError: the package that carries it is missing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), _of_height(_street()))
    return path


def _street() -> Path:
    found = importlib.util.find_spec('ultralytics')
    if found is None or not found.submodule_search_locations:
        raise ConfigurationError(
            'ultralytics is missing, so the demo has no photographs',
            'pip install -r requirements.txt',
        )
    return Path(found.submodule_search_locations[0]) / 'assets' / 'bus.jpg'


def _of_height(path: Path) -> np.ndarray:
    image = cv2.imread(str(path))
    if image is None:
        raise ConfigurationError(f'{path} can not be read', 'install assist again')
    width = round(image.shape[1] * HEIGHT / image.shape[0])
    return cv2.resize(image, (width, HEIGHT), interpolation=cv2.INTER_AREA)

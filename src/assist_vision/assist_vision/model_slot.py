# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The model in use, and another that is loaded beside it and then takes its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assist_common import models
from assist_common.worker import Worker

from assist_vision.detector import USUAL_IMAGE, Detector, is_downloadable, load


@dataclass(frozen=True)
class ModelChoice:
    """Which model, and how it runs; the fields are those of `detector.load`."""

    model: str
    device: str = 'auto'
    threads: int = 0
    input_size: int = 640
    precision: str = 'fp32'
    calibration: str = ''


def load_choice(
    choice: ModelChoice, log: Any = None, image_size: tuple[int, int] = USUAL_IMAGE
) -> Detector:
    """Return the detector of a choice, warm for images of that width and height.

    Raises:
        ModelError: missing, damaged, or not a detection model.
        ConfigurationError: int8 without what it needs.
    """
    known = [choice.model] if is_downloadable(choice.model) else []
    return load(
        models.resolve(choice.model, known=known),
        device=choice.device,
        threads=choice.threads,
        size=choice.input_size,
        precision=choice.precision,
        calibration=choice.calibration,
        image_size=image_size,
        log=log,
    )


class ModelSlot:
    """Holds the detector in use; loads the next one on a thread of its own.

    `want` and `refusal` belong to one thread, `renew` and the use of `detector` to another.
    """

    def __init__(self, choice: ModelChoice, load: Callable[[ModelChoice], Detector]) -> None:
        """Load the first detector at once; raises what `load` raises."""
        self.choice = choice
        self.detector = load(choice)
        self.problem = ''
        """Why the last other choice was refused."""
        self._load = load
        self._wanted = choice
        self._ready: tuple[ModelChoice, Detector] | None = None
        self._refused: ModelChoice | None = None
        self._worker: Worker[ModelChoice] = Worker(self._prepare, newest_only=True, name='model')
        self._worker.start()

    @property
    def awaited(self) -> str:
        """Return the name of the model that is to take over; empty if none is."""
        wanted = self._wanted
        return '' if wanted in (self.choice, self._refused) else wanted.model

    def want(self, choice: ModelChoice) -> None:
        """Load another choice; the newest one counts, also where that is the one in use."""
        if choice == self._wanted:
            return
        self._wanted = choice
        self._refused = None
        if choice != self.choice:
            self.problem = ''
            self._worker.put(choice)

    def renew(self) -> bool:
        """Take the new detector if one is ready; to be called between two images."""
        ready, self._ready = self._ready, None
        if ready is None or ready[0] != self._wanted:
            return False
        self.choice, self.detector = ready
        return True

    def refusal(self) -> ModelChoice | None:
        """Return the choice that turned out not to work, once; the one in use is wanted again."""
        refused = self._refused
        if refused is None or refused != self._wanted:
            return None
        self._wanted, self._refused = self.choice, None
        return refused

    def close(self) -> None:
        """Take no more; what is being loaded is thrown away."""
        self._worker.stop(timeout=0.0)

    def _prepare(self, choice: ModelChoice) -> None:
        if choice != self._wanted:
            return
        try:
            self._ready = (choice, self._load(choice))
        except Exception as error:  # whatever it is, the model in use stays
            self.problem = f'{choice.model} was refused: {error}'
            self._refused = choice

# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Compare int8 with fp32 of the packaged YOLOv8s: time of an image, size, export and detections.

Both are exported as `ros2 run assist_vision export` does it, and see the same images of 640x480 in
turn. For the detections int8 is exported twice: fitted to pictures of each of the two photographs
that Ultralytics ships, it is compared on pictures of the other one, which it has not seen. Lines to
meet: int8 is not slower, and each finds at least 95 % of the boxes that the other is sure of
(confidence above 0.5), of the same class and with an intersection over union of 0.7.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from assist_common import models
from assist_vision import detector, export, model_cache
from assist_vision.detector import Detector
from assist_vision.model_cache import Recipe
from assist_vision.scene import Detection
from assist_vision.tracker import iou
from shared import pictures, report

MODEL = 'fall-detection.pt'
SURE, OVERLAP = 0.5, 0.7
FASTER, AGREEMENT = 1.0, 0.95  # the lines
PHOTOGRAPHS = ('bus.jpg', 'zidane.jpg')
LIGHTS = (0.6, 1.0, 1.4)
MEGABYTE = 1e6
WARM = 5  # images


@dataclass(frozen=True)
class Export:
    """A model that is ready, and what it took: seconds and MB."""

    model: Detector
    seconds: float
    size: float


def main() -> int:
    """Measure, print and write."""
    options = report.parser(__doc__, runs=10).parse_args()
    runs, fitted_to, seen = (2, 12, 12) if options.quick else (options.runs, 120, 60)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ['XDG_CACHE_HOME'] = str(folder / 'cache')
        plain = exported('fp32')
        fitted = {
            photograph: exported('int8', calibration(folder, photograph, fitted_to))
            for photograph in PHOTOGRAPHS
        }
        result = compare(plain, fitted, runs, seen)
    head = {'runs': runs, 'calibration pictures': fitted_to}
    return report.finish(__file__, head | result, quick=options.quick)


def compare(plain: Export, fitted: dict[str, Export], runs: int, seen: int) -> dict[str, Any]:
    """Return all figures of a model in fp32 and of those in int8 by what they were fitted to."""
    first, second = (fitted[name] for name in PHOTOGRAPHS)
    times = in_turn({'fp32': plain.model, 'int8': first.model}, runs, seen)
    ratios = [one / two for one, two in zip(times['fp32'], times['int8'], strict=True)]
    agreement = {
        f'fitted to {known}, on {other}': agree(plain.model, fitted[known].model, other, seen)
        for known, other in (PHOTOGRAPHS, PHOTOGRAPHS[::-1])
    }
    shares = {
        kind: sum(each[kind][0] for each in agreement.values())
        / sum(each[kind][1] for each in agreement.values())
        for kind in ('of fp32 found by int8', 'of int8 found by fp32')
    }
    return {
        'lines': {
            'int8, times as fast as fp32': report.line(
                round(statistics.median(ratios), 2), FASTER, at_least=True
            ),
            **{
                f'sure boxes {kind}': report.line(round(share, 3), AGREEMENT, at_least=True)
                for kind, share in shares.items()
            },
        },
        'fp32 is computed in': computed_in(),
        'milliseconds an image': {kind: report.spread(values, 1) for kind, values in times.items()},
        'times as fast': report.spread(ratios),
        'MB': {'fp32': plain.size, 'int8': first.size},
        'seconds of the export': {'fp32': plain.seconds, 'int8': [first.seconds, second.seconds]},
        'sure boxes, found and all': agreement,
    }


def exported(precision: str, calibration: Path | str = '') -> Export:
    """Export the model and load it."""
    model = Path(models.resolve(MODEL))
    recipe = Recipe(precision=precision, calibration=str(calibration))
    begin = time.perf_counter()
    made = export.export(model, recipe)
    seconds = time.perf_counter() - begin
    size = sum(each.stat().st_size for each in made.parent.iterdir()) / MEGABYTE
    loaded = detector.load(
        str(model), device='cpu', precision=precision, calibration=recipe.calibration
    )
    assert model_cache.place_of(model, recipe) == made.parent
    return Export(loaded, round(seconds, 1), round(size, 1))


def calibration(folder: Path, photograph: str, count: int) -> Path:
    """Write pictures of a camera that moves over a photograph, also mirrored, in several lights."""
    place = folder / f'of {photograph}'
    place.mkdir()
    for number, frame in enumerate(pictures.moving_camera(count, photograph)):
        turned = frame[:, ::-1] if number % 2 else frame
        lit = cv2.convertScaleAbs(turned, alpha=LIGHTS[number % len(LIGHTS)])
        cv2.imwrite(str(place / f'{number:03}.jpg'), lit)
    return place


def in_turn(detectors: dict[str, Detector], runs: int, seen: int) -> dict[str, list[float]]:
    """Return the median milliseconds an image of each run; each image is for all in turn."""
    frames = pictures.moving_camera(seen)
    medians: dict[str, list[float]] = {name: [] for name in detectors}
    for _ in range(runs):
        times: dict[str, list[float]] = {name: [] for name in detectors}
        for frame in frames[:WARM] + frames:
            for name, model in detectors.items():
                begin = time.perf_counter()
                model.detect(frame)
                times[name].append(1000 * (time.perf_counter() - begin))
        for name, values in times.items():
            medians[name].append(statistics.median(values[WARM:]))
    return medians


def agree(plain: Detector, fitted: Detector, photograph: str, count: int) -> dict[str, list[int]]:
    """Return how many sure boxes of each the other one finds, and how many there are."""
    counts = np.zeros((2, 2), int)
    for frame in pictures.moving_camera(count, photograph):
        both = [model.detect(frame) for model in (plain, fitted)]
        for row, (one, other) in enumerate((both, both[::-1])):
            sure = [each for each in one if each.confidence > SURE]
            counts[row] += sum(has(other, each) for each in sure), len(sure)
    kinds = ('of fp32 found by int8', 'of int8 found by fp32')
    return dict(zip(kinds, counts.tolist(), strict=True))


def has(given: list[Detection], wanted: Detection) -> bool:
    """Tell whether a detection is among others: the same class, and nearly the same box."""
    return any(
        each.label == wanted.label and iou(boxes(each), boxes(wanted)).item() >= OVERLAP
        for each in given
    )


def boxes(one: Detection) -> np.ndarray:
    """Return the box as (1, 4)."""
    return np.array([one.box])


def computed_in() -> str:
    """Return the type that OpenVINO computes in on this processor where it may choose."""
    import openvino

    return openvino.Core().get_property('CPU', 'INFERENCE_PRECISION_HINT').get_type_name()


if __name__ == '__main__':
    sys.exit(main())

# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The command export: make a model ready, as detector_node does at its first start with it."""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import time

import numpy as np
from assist_common.errors import AssistError

from assist_vision.detector import USUAL_IMAGE, Detector
from assist_vision.model_slot import ModelChoice, load_choice

_IMAGES = 20


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code: 1 when the model cannot be used."""
    logging.basicConfig(format='export: %(message)s', level=logging.INFO)
    options = _parser().parse_args(arguments)
    choice = ModelChoice(
        options.model,
        device=options.device,
        input_size=options.size,
        precision=options.precision,
        calibration=options.calibration,
    )
    image_size = (options.width, options.height)
    try:
        detector = load_choice(choice, image_size=image_size)
    except AssistError as error:
        print(f'export: {error}', file=sys.stderr)
        return 1
    milliseconds = 1000 * _seconds_an_image(detector, image_size)
    print(
        f'{detector.name} is ready: {len(detector.labels)} classes, {detector.device}, '
        f'{milliseconds:.0f} ms an image of {options.width}x{options.height}'
    )
    return 0


def _seconds_an_image(detector: Detector, size: tuple[int, int]) -> float:
    image = np.random.default_rng(0).integers(0, 256, (*size[::-1], 3), np.uint8)
    times = []
    for _ in range(_IMAGES):
        begin = time.perf_counter()
        detector.detect(image)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='export',
        description='Export a model once, so that detector_node finds it at its next start, and '
        'tell how fast it is. The options are the parameters of detector_node.',
    )
    parser.add_argument('model', help='path, or a name that Ultralytics downloads')
    parser.add_argument('--device', default='auto', help='(%(default)s)')
    parser.add_argument('--size', type=int, default=640, help='longest side of its input')
    parser.add_argument(
        '--precision', choices=('fp32', 'int8'), default='fp32', help='int8 needs nncf'
    )
    parser.add_argument(
        '--calibration', default='', metavar='FOLDER', help='a hundred pictures or more, for int8'
    )
    parser.add_argument('--width', type=int, default=USUAL_IMAGE[0], help='of the camera')
    parser.add_argument('--height', type=int, default=USUAL_IMAGE[1], help='of the camera')
    return parser


if __name__ == '__main__':
    sys.exit(main())

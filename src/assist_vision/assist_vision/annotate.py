# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The command annotate: draw what is seen into pictures and videos, without a running graph."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path

import cv2
import numpy as np
from assist_common import models
from assist_common.errors import AssistError, ConfigurationError

from assist_vision import camera, detector, draw, scene_json
from assist_vision.colours import name_once
from assist_vision.describe import describe
from assist_vision.pipeline import UNSURE, ScenePipeline, build_scene, single_image
from assist_vision.scene import Scene
from assist_vision.stabiliser import StabiliserOptions
from assist_vision.tracker import TrackerOptions

DEFAULT_MODEL = 'yolov3-tiny-coco.onnx'


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code: 1 when anything could not be annotated."""
    logging.basicConfig(format='annotate: %(message)s')
    options = _parser().parse_args(arguments)
    try:
        annotator = Annotator(options.model, options.confidence, options.overlap, options.device)
        options.output.mkdir(parents=True, exist_ok=True)
    except (AssistError, OSError) as error:
        print(f'annotate: {error}', file=sys.stderr)
        return 1
    failed = 0
    for path in options.files:
        try:
            print(annotator.annotate(path, options.output))
        except (AssistError, OSError) as error:
            print(f'annotate: {error}', file=sys.stderr)
            failed += 1
    return 1 if failed else 0


class Annotator:
    """Writes NAME.annotated.EXT and NAME.json for every picture or video."""

    def __init__(self, model: str, confidence: float, overlap: float, device: str) -> None:
        known = [model] if detector.is_downloadable(model) else []
        self._detector = detector.load(models.resolve(model, known=known), device=device)
        self._confidence = confidence
        self._overlap = overlap
        self._written: set[Path] = set()

    def annotate(self, path: Path, folder: Path) -> str:
        """Annotate one file and return a line on what is seen and where the picture is."""
        camera.check_source(str(path))
        if path.is_dir():
            raise ConfigurationError(f"'{path}' is a folder", 'name the files in it')
        if path.suffix.lower() in camera.IMAGE_SUFFIXES:
            return self._picture(path, folder)
        return self._video(path, folder)

    def _picture(self, path: Path, folder: Path) -> str:
        image = camera.read_picture(path)
        found = self._detector.detect(image, confidence=UNSURE, overlap=self._overlap)
        objects = name_once(single_image(found, self._confidence), image)
        scene = build_scene(objects, image.shape[1], image.shape[0])
        text = describe(scene)
        target = self._target(folder, path, path.suffix)
        if not cv2.imwrite(str(target), draw.annotate(image, scene, text)):
            raise OSError(f'{target} cannot be written.')
        content = scene_json.from_scene(scene, description=text)
        _json_beside(target).write_text(json.dumps(content, indent=2) + '\n', encoding='utf-8')
        return f'{target}: {text}'

    def _video(self, path: Path, folder: Path) -> str:
        source = camera.open_source(str(path), camera.CameraOptions(loop=False))
        rate = source.rate or 30.0
        target = self._target(folder, path, '.mp4')
        pipeline = ScenePipeline(TrackerOptions(sure=self._confidence), StabiliserOptions())
        writer: cv2.VideoWriter | None = None
        frames, progress = 0, _Progress(path)
        with _json_beside(target).open('w', encoding='utf-8') as lines:
            while (frame := source.read(frames / rate)) is not None:
                scene = self._look(pipeline, frame, frames / rate)
                text = describe(scene)
                writer = writer or _open_writer(target, frame, rate)
                writer.write(draw.annotate(frame, scene, text))
                content = scene_json.from_scene(scene, time=frames / rate, description=text)
                lines.write(json.dumps(content) + '\n')
                frames += 1
                progress.show(frames)
        progress.end()
        source.close()
        if writer is None:
            raise ConfigurationError(f"'{path}' has no frames", 'give another video')
        writer.release()
        return f'{target}: {frames} frames'

    def _look(self, pipeline: ScenePipeline, frame: np.ndarray, time: float) -> Scene:
        found = self._detector.detect(frame, confidence=UNSURE, overlap=self._overlap)
        tracks, objects = pipeline.track(found, time, frame)
        return pipeline.build(objects, tracks, frame)

    def _target(self, folder: Path, path: Path, suffix: str) -> Path:
        """Return a name that no other file of this run has."""
        stem, number = path.stem, 1
        while (target := folder / f'{stem}.annotated{suffix}') in self._written:
            number += 1
            stem = f'{path.stem}-{number}'
        self._written.add(target)
        return target


class _Progress:
    """Says on a terminal how many frames of a video are done."""

    def __init__(self, path: Path) -> None:
        capture = cv2.VideoCapture(str(path))
        total = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
        capture.release()
        self._name = path.name
        self._total = f' of {total}' if total > 0 else ''
        self._shown = sys.stderr.isatty()

    def show(self, frames: int) -> None:
        if self._shown and frames % 10 == 0:
            print(f'\r{self._name}: {frames}{self._total} frames', end='', file=sys.stderr)

    def end(self) -> None:
        if self._shown:
            print('\r\033[K', end='', file=sys.stderr)


def _json_beside(target: Path) -> Path:
    return target.with_name(f'{target.name.rsplit(".annotated", 1)[0]}.json')


def _open_writer(target: Path, frame: np.ndarray, rate: float) -> cv2.VideoWriter:
    size = (frame.shape[1], frame.shape[0])
    writer = cv2.VideoWriter(str(target), cv2.VideoWriter.fourcc(*'mp4v'), rate, size)
    if not writer.isOpened():
        raise OSError(f'{target} cannot be written.')
    return writer


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog='annotate', description=__doc__)
    parser.add_argument('files', nargs='+', type=Path, metavar='IMAGE_OR_VIDEO')
    parser.add_argument('--model', default=DEFAULT_MODEL, help='name or path (%(default)s)')
    parser.add_argument(
        '--output', type=Path, default=Path(), metavar='DIR', help='folder (the current one)'
    )
    parser.add_argument('--confidence', type=float, default=0.25, help='least (%(default)s)')
    parser.add_argument(
        '--overlap',
        type=float,
        default=0.4,
        help='intersection over union above which two boxes are one object (%(default)s)',
    )
    parser.add_argument('--device', default='auto', help='auto, cpu, cuda:0 (%(default)s)')
    return parser

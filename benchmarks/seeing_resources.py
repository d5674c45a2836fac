# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Weigh detector_node with and without torch, and let it see as many frames as in two hours.

YOLOv8n as in seeing_speed.py, beside a 30 Hz camera (camera_node on a video). Lines to meet:
resident at most 900 MB with torch in the process, 350 MB with the model exported to OpenVINO. Torch
runs a TorchScript model, and, as where no export works, a .pt: OpenVINO and ONNX Runtime are hidden
from that node. Then the tracker, the stabiliser, the colours, the notice of changes and the
relations take the 216,000 frames of two hours, with made detections whose things come and go before
pictures of a moving camera, and the node takes real frames as fast as it can: memory grows by less
than 20 MB, no id comes back, and none shows another object within 60 s.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import seeing_speed
from assist_common import memory, qos
from assist_msgs.msg import Scene
from assist_vision.pipeline import ScenePipeline
from assist_vision.stabiliser import StabiliserOptions
from assist_vision.tracker import TrackerOptions
from seeing_tracking import Owners, match, sequence
from shared import nodes, pictures, report

MEGABYTE = 1e6
RATE = 30.0
HOURS = 2.0
WITH_TORCH, WITHOUT_TORCH, GROWTH = 900.0, 350.0, 20.0  # the lines, MB
SETTLE = 10.0
LOADING = 180.0  # s, where exports are tried in vain
TORCHSCRIPT, TORCH_PT, WITHOUT = 'TorchScript on torch', '.pt on torch', 'without torch'
WARM = 0.1  # of the frames, before memory is called grown
FAST = 60.0  # frames a second that the camera of the endurance run offers


def main() -> int:
    """Measure, print and write."""
    options = report.parser(__doc__, runs=3).parse_args()
    runs, hours, seconds = (1, 0.05, 10.0) if options.quick else (options.runs, HOURS, 180.0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frames = pictures.moving_camera(120)
        np.save(folder / 'frames.npy', np.stack(frames))
        original, model = pictures.yolov8n(folder, frames)
        torch_model = pictures.torchscript(original)
        video = pictures.video(folder, frames, RATE)
        sizes: dict[str, list[float]] = {TORCHSCRIPT: [], TORCH_PT: [], WITHOUT: []}
        for _ in range(runs):
            for kind, path in ((TORCHSCRIPT, torch_model), (TORCH_PT, original), (WITHOUT, model)):
                hidden = hide(folder, 'openvino', 'onnxruntime') if kind == TORCH_PT else None
                sizes[kind].append(weigh(path, video, torch=kind != WITHOUT, hidden=hidden))
            print({kind: values[-1] for kind, values in sizes.items()}, flush=True)
        node = endure(folder, model, seconds)
    engine = engines(hours)
    result = {
        'runs': runs,
        'lines': {
            'detector_node with torch, MB': report.line(
                max(sizes[TORCHSCRIPT] + sizes[TORCH_PT]), WITH_TORCH
            ),
            'detector_node without torch, MB': report.line(max(sizes[WITHOUT]), WITHOUT_TORCH),
            'two hours, engines: memory growth, MB': report.line(
                engine['memory growth, MB'], GROWTH
            ),
            'node at full speed: memory growth, MB': report.line(node['memory growth, MB'], GROWTH),
            'ids that came back': report.line(engine['ids that came back'], 0),
            'ids that showed another object within 60 s': report.line(
                engine['ids that showed another object within 60 s'], 0
            ),
        },
        'resident, MB': {kind: report.spread(values, 1) for kind, values in sizes.items()},
        'engines': engine,
        'node': node,
    }
    return report.finish(__file__, result, quick=options.quick)


def hide(folder: Path, *packages: str) -> Path:
    """Return a folder for PYTHONPATH from which the packages are found, but cannot be imported."""
    place = folder / 'hidden'
    for package in packages:
        (place / package).mkdir(parents=True, exist_ok=True)
        (place / package / '__init__.py').write_text('raise ImportError(__name__)\n')
    return place


@contextmanager
def searched_first(place: Path | None) -> Iterator[None]:
    """Let the nodes that are started meanwhile look for packages there, and keep no export."""
    before = dict(os.environ)
    if place:
        found = before.get('PYTHONPATH')
        os.environ['PYTHONPATH'] = os.pathsep.join(filter(None, (str(place), found)))
        os.environ['XDG_CACHE_HOME'] = str(place / 'cache')
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def weigh(model: Path, video: Path, *, torch: bool, hidden: Path | None = None) -> float:
    """Return the resident memory of detector_node at a camera, MB."""
    with (
        searched_first(hidden),
        nodes.graph() as probe,
        nodes.started('assist_vision', 'detector_node', model=model, idle_rate=0.0) as process,
        nodes.started('assist_vision', 'camera_node', source=video),
    ):
        scenes: list[bytes] = []
        probe.create_subscription(Scene, 'scene', scenes.append, qos.RELIABLE, raw=True)
        probe.spin_until(lambda: bool(scenes), 'a scene', LOADING)
        probe.spin_for(SETTLE)
        loaded = any('libtorch_cpu' in each.path for each in process.memory_maps())
        if loaded != torch:
            raise SystemExit(f'torch is {"" if loaded else "not "}loaded; the figure would be void')
        return round(process.memory_info().rss / MEGABYTE, 1)


def endure(folder: Path, model: Path, seconds: float) -> dict[str, float]:
    """Return how the memory of detector_node grows while frames come as fast as it takes them."""
    with seeing_speed.detector(model) as (probe, scenes):
        process = next(
            each
            for each in psutil.Process().children(recursive=True)
            if any('detector_node' in part for part in each.cmdline())
        )
        seeing_speed.change(probe, seeing_speed.Transition.TRANSITION_ACTIVATE)
        with seeing_speed.publisher(folder, FAST):
            probe.spin_for(max(SETTLE, WARM * seconds))
            begin, frames = time.monotonic(), len(scenes)
            sizes = [process.memory_info().rss / MEGABYTE]
            for _ in range(2):
                probe.spin_for(seconds / 2)
                sizes.append(process.memory_info().rss / MEGABYTE)
            passed = time.monotonic() - begin
    return {
        'frames': len(scenes) - frames,
        'seconds': round(passed, 1),
        'memory growth, MB': round(sizes[2] - sizes[0], 1),
        'memory growth in the second half, MB': round(sizes[2] - sizes[1], 1),
    }


def engines(hours: float) -> dict[str, float]:
    """Return what so many hours of frames do to everything between detector and message."""
    frames = round(hours * 3600 * RATE)
    made = [(seed, frame) for seed in range(3) for frame in sequence('jumping camera', seed)]
    names = ('bus.jpg', 'zidane.jpg')
    views = [pictures.moving_camera(60, name) for name in names]
    views.append([np.ascontiguousarray(view[:, ::-1]) for view in views[0]])
    owners: Owners[tuple[int, int]] = Owners()
    moved = 0
    shown: dict[int, int] = {}
    pipeline = ScenePipeline(TrackerOptions(sure=0.25), StabiliserOptions())
    last_seen: dict[str, float] = {}
    back = 0
    begin, warm = time.monotonic(), 0.0
    for number in range(frames):
        now = number / RATE
        seed, frame = made[number % len(made)]
        turned = frame.jumped * len(views[seed]) // 2
        image = views[seed][(number + turned) % len(views[seed])]
        tracks, objects = pipeline.track(frame.found, now, image)
        pipeline.build(objects, tracks, image)
        outputs = [(int(each.id), each.box) for each in objects]
        for thing, index in match(frame.truth, outputs, shown).items():
            shown[thing] = outputs[index][0]
            moved += owners.show(shown[thing], (seed, thing), now) is not None
        for id in {str(track.id) for track in tracks} | {each.id for each in objects}:
            # An id may be missing for as long as the tracker remembers it, no longer.
            back += now - last_seen.get(id, now) > TrackerOptions().memory + 1 / RATE
            last_seen[id] = now
        if number % 1000 == 0:
            last_seen = {id: seen for id, seen in last_seen.items() if now - seen < 60}
            owners.forget(now)
        if number == int(WARM * frames):
            warm = _resident()
    return {
        'frames': frames,
        'hours': hours,
        'seconds taken': round(time.monotonic() - begin, 1),
        'ids that came back': int(back),
        'ids that showed another object within 60 s': moved,
        'memory when warm, MB': round(warm, 1),
        'memory growth, MB': round(_resident() - warm, 1),
    }


def _resident() -> float:
    gc.collect()
    return memory.resident() / MEGABYTE


if __name__ == '__main__':
    sys.exit(main())

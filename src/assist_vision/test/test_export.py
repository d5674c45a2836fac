# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from assist_common import models
from assist_common.errors import ConfigurationError, ModelError
from assist_common.testing import wait_until
from assist_vision import detector, export, model_cache, runtimes
from assist_vision.model_cache import Recipe
from assist_vision.scene import Detection

LOOK = """
import json, logging, sys, cv2
logging.basicConfig(level=logging.INFO, format='%(message)s')
from assist_vision import detector
model = detector.load(sys.argv[1], device='cpu')
found = [(each.label, each.confidence, each.box) for each in model.detect(cv2.imread(sys.argv[2]))]
with open('/proc/self/maps') as maps:
    print(json.dumps({'device': model.device, 'found': found, 'torch': 'torch' in maps.read()}))
"""


def look(
    model: object, picture: Path, folder: Path, **environment: str
) -> tuple[dict[str, object], str]:
    """Return what a process of its own says of a picture, and its log."""
    result = subprocess.run(
        [sys.executable, '-c', LOOK, str(model), str(picture)],
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
        cwd=folder,
        env=os.environ | environment,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1]), result.stderr


class Log:
    """Keeps what is said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def info(self, text: str) -> None:
        self.lines.append(text)

    warning = info


@pytest.fixture
def fall() -> Path:
    return Path(models.resolve('fall-detection.pt'))


def test_a_pt_is_exported_once_and_then_found_without_torch(
    cache: Path, photographs: Path, tmp_path: Path, fall: Path
) -> None:
    whole = model_cache.place_of(fall, Recipe())
    shutil.rmtree(whole, ignore_errors=True)  # Another test may have exported it already.
    half = Path(f'{whole}.part')
    half.mkdir(parents=True)
    (half / 'rest').write_text('of a process that was killed')
    first, log = look(fall, photographs / 'bus.jpg', tmp_path)
    assert log.count('Exporting fall-detection.pt to OpenVINO, once') == 1
    second, log = look(fall, photographs / 'bus.jpg', tmp_path)
    assert log == ''
    assert first == second
    assert first['device'] == 'CPU, OpenVINO' and first['torch'] is False
    assert len(first['found']) >= 3  # type: ignore[arg-type]
    assert not half.exists()
    assert list(tmp_path.iterdir()) == []


def test_the_export_sees_what_torch_sees(cache: Path, fall: Path, photographs: Path) -> None:
    code = (
        'import sys, cv2, json; from assist_vision.ultralytics_detector import UltralyticsDetector;'
        'found = UltralyticsDetector(sys.argv[1], device="cpu").detect(cv2.imread(sys.argv[2]));'
        'print(json.dumps([(each.label, each.confidence, each.box) for each in found]))'
    )
    picture = photographs / 'zidane.jpg'
    command = [sys.executable, '-c', code, str(fall), str(picture)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout
    expected = [Detection(*row) for row in json.loads(said.splitlines()[-1])]
    found = runtimes.load(str(fall), Recipe()).detect(cv2.imread(str(picture)))
    assert expected
    assert_alike(found, expected)


def assert_alike(found: list[Detection], expected: list[Detection]) -> None:
    """Check that both are the same objects; OpenVINO may compute in bfloat16."""
    # Boxes whose confidences are almost the same may change places.
    found, expected = (sorted(each, key=lambda one: one.box) for each in (found, expected))
    assert [each.label for each in found] == [each.label for each in expected]
    for one, two in zip(found, expected, strict=True):
        assert one.confidence == pytest.approx(two.confidence, abs=0.05)
        assert np.allclose(one.box, two.box, atol=12)


def test_a_damaged_export_is_made_anew(cache: Path, untrained: Path) -> None:
    model, log = untrained / 'yolov8n.pt', Log()
    made = export.export(model, Recipe(), log)
    made.write_text('<net damaged')
    assert runtimes.load(str(model), Recipe(), log=log).device == 'CPU, OpenVINO'
    assert any('is damaged and is made anew' in line for line in log.lines)
    assert sum('Exporting' in line for line in log.lines) == 2


def test_without_openvino_onnx_runtime_is_next(
    cache: Path, fall: Path, bus: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = runtimes.load(str(fall), Recipe()).detect(bus)
    monkeypatch.setitem(sys.modules, 'openvino', None)
    log = Log()
    model = runtimes.load(str(fall), Recipe(), log=log)
    assert (model.name, model.device) == ('fall-detection.pt', 'CPU, ONNX Runtime')
    assert 'openvino is not installed; ONNX is tried.' in log.lines[0]
    assert_alike(model.detect(bus), expected)


def test_where_no_export_works_torch_is_left(
    cache: Path, untrained: Path, photographs: Path, tmp_path: Path
) -> None:
    broken = tmp_path / 'broken'
    for name in ('openvino', 'onnx'):
        (broken / name).mkdir(parents=True)
        (broken / name / '__init__.py').write_text(f"raise ImportError('{name} is broken')")
    path = f'{broken}{os.pathsep}{os.environ.get("PYTHONPATH", "")}'
    said, log = look(
        untrained / 'yolov8n.pt', photographs / 'bus.jpg', tmp_path,
        PYTHONPATH=path, XDG_CACHE_HOME=str(tmp_path / 'empty'),
    )  # fmt: skip
    assert said['device'] == 'CPU, torch'
    assert 'could not be exported to OpenVINO: openvino is broken; ONNX is tried.' in log
    assert 'could not be exported to ONNX: onnx is broken; torch is tried.' in log


@pytest.fixture
def child(cache: Path, tmp_path: Path) -> object:
    """Start the process that exports while the test holds the lock of what it makes."""
    place = tmp_path / 'place'
    lock = (tmp_path / 'place.lock').open('w')
    fcntl.flock(lock, fcntl.LOCK_EX)
    command = [
        sys.executable,
        '-m',
        'assist_vision.export_command',
        'export',
        'none.pt',
        str(place),
    ]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    wait_until(lambda: waits_for_a_lock(process.pid), 'a process that waits', 60)
    yield place, lock, process
    lock.close()
    process.kill()
    process.communicate()


def waits_for_a_lock(pid: int) -> bool:
    """Tell whether the kernel lists the process as one that waits, as with `->`."""
    listed = Path('/proc/locks').read_text().splitlines()
    return any('->' in line and f' {pid} ' in line for line in listed)


def test_a_second_process_waits_and_takes_what_the_first_made(child: object) -> None:
    place, lock, process = child  # type: ignore[misc]
    place.mkdir()
    (place / 'model.xml').write_text('made by the first')
    lock.close()
    assert process.wait(60) == 0
    assert (place / 'model.xml').read_text() == 'made by the first'


def test_the_process_ends_with_the_one_that_started_it(child: object) -> None:
    _, _, process = child  # type: ignore[misc]
    process.stdin.close()
    assert process.wait(60) != 0
    process.stdin = None


@pytest.mark.parametrize('content', [b'', b'this is no model', None])
def test_damaged_models_are_refused_without_a_detour(
    cache: Path, untrained: Path, tmp_path: Path, content: bytes | None
) -> None:
    path, log = tmp_path / 'best.pt', Log()
    whole = (untrained / 'yolov8n.pt').read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(ModelError, match=r"'.*best\.pt' cannot be read, it is damaged") as error:
        runtimes.load(str(path), Recipe(), log=log)
    assert 'Traceback' not in str(error.value) and '\n' not in str(error.value)
    assert len(log.lines) == 1


@pytest.mark.parametrize(('kind', 'task'), [('seg', 'segment'), ('cls', 'classify')])
def test_other_tasks_are_refused(cache: Path, untrained: Path, kind: str, task: str) -> None:
    with pytest.raises(ModelError, match=f"yolov8n-{kind}.pt' is made for '{task}'"):
        detector.load(str(untrained / f'yolov8n-{kind}.pt'), device='cpu')


def test_a_missing_model_is_named(cache: Path) -> None:
    with pytest.raises(ModelError, match=r"no model 'absent\.pt'"):
        detector.load('absent.pt', device='cpu')


def test_the_key_is_the_content_and_the_recipe(
    cache: Path, tmp_path: Path, bus: np.ndarray
) -> None:
    model, other = tmp_path / 'a.pt', tmp_path / 'b' / 'a.pt'
    other.parent.mkdir()
    model.write_bytes(b'one')
    other.write_bytes(b'two')
    pictures = tmp_path / 'pictures'
    pictures.mkdir()
    cv2.imwrite(str(pictures / '1.jpg'), bus)
    int8 = Recipe(precision='int8', calibration=str(pictures))
    wanted = [(model, Recipe()), (other, Recipe()), (model, Recipe(size=320)),
              (model, Recipe('onnx')), (model, int8)]  # fmt: skip
    places = [model_cache.place_of(*each) for each in wanted]
    cv2.imwrite(str(pictures / '2.jpg'), bus)
    places.append(model_cache.place_of(model, int8))
    assert len(set(places)) == 6
    shutil.copy(model, tmp_path / 'copy.pt')
    assert model_cache.place_of(tmp_path / 'copy.pt', Recipe()).name.endswith(
        places[0].name.rsplit('-', 1)[1]
    )


def test_int8_says_what_it_needs(cache: Path, fall: Path, model_path: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match='int8 is for a .pt on the processor'):
        detector.load(str(model_path), precision='int8')
    with pytest.raises(ConfigurationError, match=f"needs pictures and '{tmp_path}' has none"):
        model_cache.place_of(fall, Recipe(precision='int8', calibration=str(tmp_path)))
    (tmp_path / 'folder.jpg').mkdir()
    with pytest.raises(ConfigurationError, match=r"folder\.jpg' cannot be read: .*\. Remove it"):
        model_cache.place_of(fall, Recipe(precision='int8', calibration=str(tmp_path)))

# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tracemalloc
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import openvino
import pytest
from assist_common import models
from assist_common.errors import ConfigurationError, ModelError
from assist_vision import detector, letterbox
from assist_vision.exported import suppress
from assist_vision.scene import Detection
from constant_model import exported
from hypothesis import given
from hypothesis import strategies as st
from openvino import opset13 as ops


def test_bus_has_a_bus_and_three_persons(coco: detector.Detector, bus: np.ndarray) -> None:
    found = coco.detect(bus, overlap=0.4)
    counts = Counter(each.label for each in found)
    assert counts['bus'] == 1 and counts['person'] >= 3
    assert [each.confidence for each in found] == sorted(
        (each.confidence for each in found), reverse=True
    )
    box = next(each.box for each in found if each.label == 'bus')
    assert np.allclose(box, (10, 225, 800, 745), atol=25)


def test_zidane_has_two_persons_with_ties(coco: detector.Detector, zidane: np.ndarray) -> None:
    counts = Counter(each.label for each in coco.detect(zidane, overlap=0.4))
    assert counts == {'person': 2, 'tie': 2}


def test_only_the_wanted_classes(coco: detector.Detector, bus: np.ndarray) -> None:
    found = coco.detect(bus, labels=frozenset({'bus'}))
    assert [each.label for each in found] == ['bus']


def test_confidence_is_a_lower_bound(coco: detector.Detector, bus: np.ndarray) -> None:
    assert {each.label for each in coco.detect(bus, confidence=0.9)} == {'person'}
    assert len(coco.detect(bus, confidence=0.1)) > len(coco.detect(bus))


@pytest.mark.parametrize('shape', [(1, 1, 3), (3, 900, 3), (4320, 7680, 3)])
def test_images_of_any_size(coco: detector.Detector, shape: tuple[int, ...]) -> None:
    assert coco.detect(np.full(shape, 128, np.uint8)) == []


def test_boxes_stay_in_the_image(coco: detector.Detector, bus: np.ndarray) -> None:
    for each in coco.detect(bus, confidence=0.1):
        x0, y0, x1, y1 = each.box
        assert 0 <= x0 < x1 <= bus.shape[1] and 0 <= y0 < y1 <= bus.shape[0]


def test_onnx_runtime_sees_the_same(
    coco: detector.Detector, model_path: Path, bus: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, 'openvino', None)
    other = detector.load(str(model_path))
    assert (coco.device, other.device) == ('CPU, OpenVINO', 'CPU, ONNX Runtime')
    for one, two in zip(coco.detect(bus), other.detect(bus), strict=True):
        assert one.label == two.label
        assert one.confidence == pytest.approx(two.confidence, abs=0.03)
        assert np.allclose(one.box, two.box, atol=4)


def test_exported_models_run_without_torch(model_path: Path) -> None:
    code = (
        'import sys, numpy; from assist_vision import detector;'
        'd = detector.load(sys.argv[1]); d.detect(numpy.zeros((480, 640, 3), numpy.uint8));'
        "sys.exit('torch' in sys.modules or 'ultralytics' in sys.modules)"
    )
    command = [sys.executable, '-c', code, str(model_path)]
    assert subprocess.run(command, timeout=60, check=False).returncode == 0


def seen_by_ultralytics(model: str, picture: np.ndarray, folder: Path) -> list[str]:
    """Return the classes and device of a model, what it sees and whether torchvision is loaded.

    In a process of its own: the library changes the environment and reads it only once.
    """
    code = (
        'import sys, cv2; from assist_vision.ultralytics_detector import UltralyticsDetector;'
        'd = UltralyticsDetector(sys.argv[1]); print(d.labels, d.device);'
        'print([each.label for each in d.detect(cv2.imread(sys.argv[2]))]);'
        "print('torchvision' in sys.modules)"
    )
    path = folder / 'picture.png'
    cv2.imwrite(str(path), picture)
    work = folder / 'work'
    work.mkdir()
    result = subprocess.run(
        [sys.executable, '-c', code, model, str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd=work,
        env=os.environ | {'XDG_CACHE_HOME': str(folder / 'cache')},
    )
    assert list(work.iterdir()) == []
    return result.stdout.splitlines()[-3:]


def test_ultralytics_runs_its_own_models(bus: np.ndarray, tmp_path: Path) -> None:
    model = models.resolve('fall-detection.pt')
    first, second, has_torchvision = seen_by_ultralytics(model, bus, tmp_path)
    assert first == "('Normal', 'Fall') CPU, torch"
    assert second.count('Normal') >= 3
    assert has_torchvision == 'False', 'it takes 160 MB that nothing needs without a GPU'


@pytest.mark.parametrize('needs_torchvision', [False, True])
def test_torchscript(needs_torchvision: bool, bus: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / 'one_cup.torchscript'
    write_torchscript(path, needs_torchvision)
    first, second, has_torchvision = seen_by_ultralytics(str(path), bus, tmp_path)
    assert (first, second) == ("('cup', 'bowl') CPU, torchscript", "['cup']")
    assert has_torchvision == str(needs_torchvision)


def write_torchscript(path: Path, needs_torchvision: bool) -> None:
    """Write a model that always sees one cup; with a layer of torchvision if that is wanted."""
    code = """if True:
        import json, sys, torch, torchvision
        class OneCup(torch.nn.Module):
            def forward(self, images):
                rows = torch.zeros(1, 6, 8) + 0 * images.mean()
                rows[0, :5, 3] = torch.tensor([100.0, 100.0, 40.0, 40.0, 0.9])
                if sys.argv[2] == 'True':
                    kept = torchvision.ops.nms(rows[0, :4].T, rows[0, 4], 1.0)
                    rows = rows[:, :, kept.sort().values]
                return rows
        about = {'task': 'detect', 'names': {0: 'cup', 1: 'bowl'}, 'stride': 32, 'batch': 1,
                 'imgsz': [640, 640]}
        model = torch.jit.trace(OneCup(), torch.zeros(1, 3, 640, 640), check_trace=False)
        torch.jit.save(model, sys.argv[1], _extra_files={'config.txt': json.dumps(about)})
    """
    command = [sys.executable, '-c', code, str(path), str(needs_torchvision)]
    subprocess.run(command, check=True, timeout=120)


def test_end_to_end_layout(tmp_path: Path) -> None:
    rows = np.zeros((1, 300, 6))
    rows[0, 0] = (4, 8, 20, 24, 0.9, 1)
    rows[0, 1] = (0, 0, 9, 9, 0.2, 0)
    model = detector.load(exported(tmp_path / 'm', rows, {0: 'cup', 1: 'bowl'}))
    found = model.detect(np.zeros((64, 64, 3), np.uint8))
    assert [(each.label, each.box) for each in found] == [('bowl', (8.0, 16.0, 40.0, 48.0))]


def test_columns_layout_and_letterbox(tmp_path: Path) -> None:
    columns = np.zeros((1, 6, 50))
    columns[0, :, 7] = (16, 16, 8, 4, 0.1, 0.8)
    model = detector.load(exported(tmp_path / 'm', columns, {0: 'cup', 1: 'bowl'}))
    (found,) = model.detect(np.zeros((32, 64, 3), np.uint8))
    # 64x32 becomes 32x16 with 8 rows of border above and below.
    assert found.box == pytest.approx((24, 12, 40, 20))
    assert (found.label, found.confidence) == ('bowl', pytest.approx(0.8, abs=1e-3))


def shape_teller(folder: Path, *, flexible: bool) -> str:
    """Write a model for 64x64 that finds a cup in the middle half of whatever shape it is given.

    One that is not flexible claims to take any shape and works with 64x64 only.
    """
    image = ops.parameter([1, 3, -1, -1], dtype=np.float32, name='images')
    shape = ops.convert(ops.shape_of(image), np.float32)
    height, width = (ops.gather(shape, ops.constant([i]), ops.constant(0)) for i in (2, 3))
    half = ops.constant(np.float32(0.5))
    sides = [ops.multiply(side, half) for side in (width, height, width, height)]
    row = ops.concat([*sides, ops.constant(np.array([0.9], np.float32))], 0)
    if not flexible:
        rigid = ops.add(image, ops.constant(np.ones((1, 3, 64, 64), np.float32)))
        total = ops.reduce_sum(rigid, ops.constant([0, 1, 2, 3]))
        nothing = ops.multiply(total, ops.constant(np.float32(1e-9)))
        row = ops.add(row, nothing)
    answer = ops.reshape(row, ops.constant([1, 5, 1]), special_zero=False)
    folder.mkdir()
    model = openvino.Model([answer], [image])
    openvino.save_model(model, folder / 'model.xml', compress_to_fp16=False)
    (folder / 'metadata.yaml').write_text(
        'task: detect\nimgsz: [64, 64]\nstride: 32\nnames: {0: cup}\n'
    )
    return str(folder)


@pytest.mark.parametrize(
    ('flexible', 'shape', 'box'),
    [
        (True, (64, 64), (16, 16, 48, 48)),
        (True, (48, 96), (24, 8, 72, 40)),  # the input is 64x32, with no border to speak of
        (True, (300, 100), (17, 75, 83, 225)),
        (False, (64, 64), (16, 16, 48, 48)),
        (False, (48, 96), (24, 0, 72, 48)),  # the input is 64x64, half of it border
    ],
)
def test_the_input_fits_the_image_where_the_model_allows(
    tmp_path: Path, flexible: bool, shape: tuple[int, int], box: tuple[float, ...]
) -> None:
    model = detector.load(shape_teller(tmp_path / 'm', flexible=flexible))
    for _ in range(2):
        (found,) = model.detect(np.zeros((*shape, 3), np.uint8))
        assert found.box == pytest.approx(box, abs=9)


def test_it_is_ready_for_the_images_that_were_announced(tmp_path: Path) -> None:
    path = shape_teller(tmp_path / 'm', flexible=True)
    model = detector.load(path, image_size=(96, 48))
    assert model._prepare.cache_info().misses == 1
    model.detect(np.zeros((48, 96, 3), np.uint8))
    assert model._prepare.cache_info().misses == 1
    model.detect(np.zeros((480, 640, 3), np.uint8))
    assert model._prepare.cache_info().misses == 2


def test_a_fitting_input_finds_the_same_objects(cache: Path, zidane: np.ndarray) -> None:
    model = detector.load(models.resolve('fall-detection.pt'), device='cpu')
    rows, columns = zidane.shape[:2]
    top = (columns - rows) // 2
    square = cv2.copyMakeBorder(zidane, top, top, 0, 0, cv2.BORDER_CONSTANT, value=(114,) * 3)
    fitted = from_the_left(model.detect(zidane))
    bordered = from_the_left(model.detect(square))
    assert [each.label for each in fitted] == [each.label for each in bordered] != []
    for one, two in zip(fitted, bordered, strict=True):
        assert shared(np.array(one.box), np.array(two.box) - (0, top, 0, top)) > 0.9


def shared(one: np.ndarray, two: np.ndarray) -> float:
    """Return the intersection over union of two boxes."""
    low, high = np.maximum(one[:2], two[:2]), np.minimum(one[2:], two[2:])
    both = np.clip(high - low, 0, None).prod()
    return float(both / (sum((box[2:] - box[:2]).prod() for box in (one, two)) - both))


def from_the_left(found: list[Detection]) -> list[Detection]:
    return sorted(found, key=lambda each: each.box)


@given(columns=st.integers(1, 8000), rows=st.integers(1, 8000), stride=st.sampled_from([32, 64]))
def test_the_smallest_input_that_fits(columns: int, rows: int, stride: int) -> None:
    width, height = letterbox.input_size(columns, rows, 640, stride)
    scale = 640 / max(columns, rows)
    for side, inner in ((width, columns * scale), (height, rows * scale)):
        assert side % stride == 0 and inner - 0.5 <= side < max(inner, 1) + stride + 0.5
    assert max(width, height) == 640


def test_usual_cameras_need_no_border() -> None:
    assert letterbox.input_size(640, 480, 640, 32) == (640, 480)
    assert letterbox.input_size(1280, 720, 640, 32) == (640, 384)
    assert letterbox.input_size(480, 640, 640, 32) == (480, 640)


def test_an_image_is_drawn_over_the_one_before_border_included() -> None:
    noise = np.random.default_rng(1)
    canvas = np.zeros((64, 96, 3), np.uint8)
    for rows, columns in ((32, 96), (64, 40), (480, 640), (64, 96), (1, 500)):
        image = noise.integers(0, 256, (rows, columns, 3), np.uint8)
        fresh, lie = letterbox.fit(image, 96, 64)
        drawn, same = letterbox.fit(image, 96, 64, canvas)
        assert same == lie and np.array_equal(drawn, fresh)
        assert drawn is (image if (rows, columns) == (64, 96) else canvas)
        outside = fresh.copy()
        inside = (round(rows * lie.scale) or 1, round(columns * lie.scale) or 1)
        outside[lie.top :, lie.left :][: inside[0], : inside[1]] = 114
        assert (outside == 114).all()


INPUT_BYTES = 416 * 416 * 3


def test_images_of_one_size_take_no_new_memory(coco: detector.Detector, bus: np.ndarray) -> None:
    coco.detect(bus)
    tracemalloc.start()
    try:
        coco.detect(bus)
        assert tracemalloc.get_traced_memory()[1] < INPUT_BYTES / 2
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize('task', ['segment', 'pose', 'classify', 'obb'])
def test_other_tasks_are_refused(tmp_path: Path, task: str) -> None:
    with pytest.raises(ModelError, match=f"made for '{task}'"):
        detector.load(exported(tmp_path / 'm', np.zeros((1, 5, 9)), {0: 'cup'}, task))


def test_a_model_must_say_its_task_and_fit_its_names(tmp_path: Path) -> None:
    folder = Path(exported(tmp_path / 'm', np.zeros((1, 5, 9)), {0: 'cup', 1: 'bowl'}))
    with pytest.raises(ModelError, match=r'output of shape \(1, 5, 9\)'):
        detector.load(str(folder))
    (folder / 'metadata.yaml').unlink()
    with pytest.raises(ModelError, match='does not say what it was made for'):
        detector.load(str(folder))


def test_damaged_files_are_refused(tmp_path: Path, model_path: Path) -> None:
    text = tmp_path / 'text.onnx'
    text.write_text('this is no model')
    cut = tmp_path / 'cut.onnx'
    cut.write_bytes(model_path.read_bytes()[:200_000])
    empty = tmp_path / 'empty.onnx'
    empty.touch()
    for path in (text, cut, empty):
        with pytest.raises(ModelError, match=f'{path.name}.*(damaged|does not)'):
            detector.load(str(path))
    with pytest.raises(ModelError, match='There is no model'):
        detector.load(str(tmp_path / 'absent.onnx'))


def test_damaged_openvino_folders_are_refused(tmp_path: Path) -> None:
    whole = Path(exported(tmp_path / 'whole', np.ones((1, 5, 9)), {0: 'cup'}))
    for name, length in (('model.xml', 900), ('model.bin', 4)):
        folder = tmp_path / name.replace('.', '_')
        shutil.copytree(whole, folder)
        os.truncate(folder / name, length)
        with pytest.raises(ModelError, match=r'model\.xml.*it is damaged') as error:
            detector.load(str(folder))
        assert '\n' not in str(error.value)
    (tmp_path / 'empty').mkdir()
    with pytest.raises(ModelError, match='has no model'):
        detector.load(str(tmp_path / 'empty'))


def test_a_damaged_engine_is_refused(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / 'model.engine'
    path.write_bytes(bytes(5000))
    # In a process of its own, since Ultralytics is asked.
    code = (
        'import sys; from assist_common.errors import ModelError\n'
        'from assist_vision import detector\n'
        'try: detector.load(sys.argv[1])\n'
        "except ModelError as error: print(f'refused: {error}')\n"
    )
    command = [sys.executable, '-c', code, str(path)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout
    assert said.splitlines()[-1].startswith(f"refused: Model '{path}' ")


def test_an_unknown_device_is_refused(model_path: Path) -> None:
    with pytest.raises(ModelError, match="'cuda:7'"):
        detector.load(str(model_path), device='cuda:7')


def test_unknown_classes_are_refused(coco: detector.Detector) -> None:
    assert detector.check_labels(coco, ['cup']) == {'cup'}
    with pytest.raises(ConfigurationError, match='no class unicorn'):
        detector.check_labels(coco, ['cup', 'unicorn'])


def test_names_that_ultralytics_downloads() -> None:
    for name in ('yolo11n.pt', 'yolov8x.pt', 'yolo26s.pt', 'rtdetr-l.pt'):
        assert detector.is_downloadable(name)
    for name in ('yolo11n-seg.pt', 'yolo11n', 'best.pt', 'folder/yolo11n.pt'):
        assert not detector.is_downloadable(name)


def test_exported_is_told_by_the_file(tmp_path: Path, model_path: Path) -> None:
    assert detector.is_exported(str(model_path))
    assert not detector.is_exported('best.pt')
    assert not detector.is_exported(str(tmp_path))
    shutil.copy(model_path, tmp_path / 'a.xml')
    assert detector.is_exported(str(tmp_path))


BOXES = st.lists(
    st.tuples(
        st.floats(0, 100), st.floats(0, 100), st.floats(1, 100), st.floats(1, 100),
        st.floats(0.1, 1), st.integers(0, 2),
    ),
    max_size=12,
)  # fmt: skip


@given(rows=BOXES)
def test_suppression_keeps_no_two_that_overlap(rows: list[tuple[float, ...]]) -> None:
    table = np.array(rows, dtype=float).reshape(-1, 6)
    boxes = np.concatenate([table[:, :2], table[:, :2] + table[:, 2:4]], axis=1)
    kept = suppress(boxes, table[:, 4], table[:, 5].astype(int), 0.5)
    for position, i in enumerate(kept):
        for j in kept[:position]:
            low, high = (
                np.maximum(boxes[i, :2], boxes[j, :2]),
                np.minimum(boxes[i, 2:], boxes[j, 2:]),
            )
            shared = np.clip(high - low, 0, None).prod()
            union = sum(np.prod(boxes[k, 2:] - boxes[k, :2]) for k in (i, j)) - shared
            assert table[i, 5] != table[j, 5] or shared / union <= 0.5 + 1e-4
    if rows:
        assert table[:, 4].argmax() in kept


def test_an_image_that_fits_is_taken_as_it_is_also_as_a_part_of_another(
    coco: detector.Detector, bus: np.ndarray
) -> None:
    image = cv2.resize(bus, (416, 416))
    picture, lie = letterbox.fit(image, 416, 416)
    assert picture is image and (lie.scale, lie.left, lie.top) == (1.0, 0, 0)
    found = coco.detect(image)
    assert 'person' in [each.label for each in found]
    wide = np.zeros((416, 500, 3), np.uint8)
    wide[:, :416] = image
    part = wide[:, :416]
    part.flags.writeable = False
    assert coco.detect(part) == found

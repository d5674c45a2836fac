# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The process that exports a model, or downloads one; `export` starts it.

It alone holds the lock of what it makes, and makes it under another name first: an export that
exists is whole. Its standard output is one JSON object when it fails, else nothing.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assist_common.errors import AssistError, ConfigurationError

from assist_vision import model_cache
from assist_vision.model_cache import Recipe

_NICENESS = 10
_MOST_PICTURES = 300
"""So many NNCF looks at when it is not told otherwise."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = _parser().parse_args(arguments)
    answer = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)  # Ultralytics talks on standard output
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(_NICENESS)  # the graph goes on meanwhile
    try:
        options.run(options)
    except AssistError as error:
        kind = 'configuration' if isinstance(error, ConfigurationError) else 'model'
        return _fail(answer, kind, error.cause, error.remedy)
    except Exception as error:  # the libraries beneath raise errors of every kind
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return _fail(answer, 'failed', lines[0][:200], '')
    return 0


def _fail(answer: Any, kind: str, cause: str, remedy: str) -> int:
    json.dump({'kind': kind, 'cause': cause, 'remedy': remedy}, answer)
    answer.close()
    return 1


def _end_with_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGKILL)


def _fetch(options: argparse.Namespace) -> None:
    target = model_cache.downloaded(options.name)
    with _lock(target):
        if not target.exists():
            from assist_vision.ultralytics_detector import open_model

            open_model(options.name)


def _export(options: argparse.Namespace) -> None:
    recipe = Recipe(options.runtime, options.size, options.precision, options.calibration)
    place = Path(options.place)
    with _lock(place):
        if place.exists():
            return
        if recipe.precision == 'int8':
            _check_int8(recipe.calibration)
        work = place.with_name(f'{place.name}.part')
        shutil.rmtree(work, ignore_errors=True)  # of a process that was killed
        work.mkdir()
        try:
            made = _make(Path(options.model), work, recipe)
            made.rename(place)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _check_int8(calibration: str) -> None:
    """Raise a ConfigurationError, before the export takes its time, if int8 lacks something."""
    from assist_vision.camera import read_picture

    pictures, bad = _chosen_pictures(calibration), []
    for each in pictures:
        try:
            read_picture(each)
        except ConfigurationError:
            bad.append(each.name)
    if bad:
        raise ConfigurationError(
            f"{len(bad)} of {len(pictures)} pictures in '{calibration}' cannot be read, "
            f"'{bad[0]}' for one",
            'replace or remove them',
        )
    try:
        import nncf  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(
            f'precision int8 needs NNCF: {error}', 'install the Python package nncf, or use fp32'
        ) from error


def _chosen_pictures(calibration: str) -> list[Path]:
    return model_cache.calibration_pictures(calibration)[:_MOST_PICTURES]


def _make(model: Path, work: Path, recipe: Recipe) -> Path:
    from assist_vision.ultralytics_detector import open_model

    copy = work / 'model.pt'  # Ultralytics writes beside the model
    shutil.copyfile(model, copy)
    network = open_model(str(copy), called=str(model))
    options = {'format': recipe.runtime, 'imgsz': recipe.size, 'device': 'cpu', 'verbose': False}
    try:
        exported = Path(network.export(dynamic=True, **options))
    except Exception:  # not every architecture can be traced for images of any shape
        exported = Path(network.export(dynamic=False, **options))
    made = work / 'made'
    if recipe.runtime == 'openvino':
        exported.rename(made)
        if recipe.precision == 'int8':
            _quantise(made / recipe.file, recipe)
    else:
        made.mkdir()
        exported.rename(made / recipe.file)
    return made


def _quantise(path: Path, recipe: Recipe) -> None:
    """Replace a model by one in int8, but for what turns its output into boxes and scores.

    Eight bits are too few for pixels: the edges of boxes would be thrice as far off.
    """
    import nncf
    import openvino

    model = openvino.Core().read_model(path)
    operations = model.get_ordered_ops()
    sigmoids = [each for each in operations if each.get_type_name() == 'Sigmoid']
    # The class scores leave by the last one; what directly follows its prefix makes the boxes.
    head = sigmoids[-1].get_friendly_name().split('/', 1)[0]
    kept = [
        each.get_friendly_name()
        for each in operations
        if each in sigmoids or each.get_friendly_name().startswith((f'{head}/', f'{head}.dfl'))
    ]
    pictures = _chosen_pictures(recipe.calibration)
    quantised = nncf.quantize(
        model,
        nncf.Dataset(pictures, lambda picture: _blob(picture, recipe.size)),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(pictures),
        ignored_scope=nncf.IgnoredScope(names=kept),
    )
    openvino.save_model(quantised, path.with_name('int8.xml'), compress_to_fp16=False)
    del model  # its weights are mapped from the file that is replaced
    for suffix in ('.bin', '.xml'):
        path.with_name(f'int8{suffix}').replace(path.with_suffix(suffix))


def _blob(picture: Path, size: int) -> Any:
    from assist_vision import letterbox
    from assist_vision.camera import read_picture

    fitted, _ = letterbox.fit(read_picture(picture), size, size)
    return letterbox.to_blob(fitted)


@contextmanager
def _lock(target: Path) -> Iterator[None]:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name(f'{target.name}.lock').open('w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog='export_command', description=__doc__)
    commands = parser.add_subparsers(required=True)
    fetch = commands.add_parser('fetch', help='download a model')
    fetch.add_argument('name')
    fetch.set_defaults(run=_fetch)
    export = commands.add_parser('export', help='export a model')
    export.add_argument('model')
    export.add_argument('place')
    export.add_argument('--runtime', choices=('openvino', 'onnx'), default='openvino')
    export.add_argument('--size', type=int, default=640)
    export.add_argument('--precision', choices=('fp32', 'int8'), default='fp32')
    export.add_argument('--calibration', default='')
    export.set_defaults(run=_export)
    return parser


if __name__ == '__main__':
    sys.exit(main())

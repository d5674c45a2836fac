# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Export a model in Ultralytics' format once, in a process of its own, for a faster runtime.

The process is short-lived, so that neither torch nor Ultralytics stays in the memory of the node.
"""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from assist_common.errors import AssistError, ConfigurationError, ModelError

from assist_vision import model_cache
from assist_vision.model_cache import Recipe

TITLES = {'openvino': 'OpenVINO', 'onnx': 'ONNX', 'torch': 'torch'}
_TIME_LIMIT = 900.0
_KINDS: dict[str, type[AssistError]] = {'configuration': ConfigurationError, 'model': ModelError}


class ExportError(Exception):
    """The model may be good; the export of it did not work."""


def fetch(name: str, log: Any = None) -> Path:
    """Return the file of a model that Ultralytics downloads; downloaded only when it is missing.

    Raises:
        ModelError: it cannot be downloaded.
    """
    path = model_cache.downloaded(name)
    if not path.exists():
        _log(log).info(f'Downloading {name}, once.')
        try:
            _run('fetch', name)
        except ExportError as error:
            raise ModelError(f"model '{name}' cannot be downloaded: {error}") from error
    return path


def export(model: Path, recipe: Recipe, log: Any = None) -> Path:
    """Return the file of the exported model; exported only when the cache has none.

    Raises:
        ExportError: it did not work.
        ModelError: the model is damaged or not for detection.
        ConfigurationError: int8 without what it needs.
    """
    place = model_cache.place_of(model, recipe)
    if not place.exists():
        title = TITLES[recipe.runtime]
        _log(log).info(f'Exporting {model.name} to {title}, once; this takes about a minute.')
        begin = time.monotonic()
        _run('export', str(model), str(place), *_arguments(recipe))
        _log(log).info(f'{model.name} was exported to {title} in {time.monotonic() - begin:.0f} s.')
    return place / recipe.file


def forget(model: Path, recipe: Recipe) -> None:
    """Delete an export that turned out to be damaged."""
    shutil.rmtree(model_cache.place_of(model, recipe), ignore_errors=True)


def _log(log: Any) -> Any:
    return log or logging.getLogger(__name__)


def _arguments(recipe: Recipe) -> list[str]:
    return [f'--{name}={value}' for name, value in vars(recipe).items()]


def _run(*arguments: str) -> None:
    command = [sys.executable, '-m', 'assist_vision.export_command', *arguments]
    # It ends when its standard input does: should this process die, it does not stay behind.
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors='replace',
    ) as process:
        try:
            answer, chatter = _wait(process)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        _raise(answer, chatter, process.returncode)


def _wait(process: subprocess.Popen[str]) -> tuple[str, str]:
    # `communicate` closes the standard input at once, which would be the word to end.
    stdin, process.stdin = process.stdin, None
    try:
        return process.communicate(timeout=_TIME_LIMIT)
    except subprocess.TimeoutExpired as error:
        raise ExportError(f'it took longer than {_TIME_LIMIT:g} s') from error
    finally:
        if stdin:
            stdin.close()


def _raise(answer: str, chatter: str, code: int) -> None:
    try:
        fault = json.loads(answer)
    except ValueError:
        lines = [line.strip() for line in chatter.splitlines() if line.strip()]
        last = lines[-1][:200] if lines else 'it said nothing'
        raise ExportError(f'it ended with code {code}: {last}') from None
    if fault['kind'] in _KINDS:
        raise _KINDS[fault['kind']](fault['cause'], fault['remedy'])
    raise ExportError(fault['cause'])

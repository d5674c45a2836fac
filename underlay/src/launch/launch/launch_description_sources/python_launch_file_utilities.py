# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Functions for Python launch files."""

from __future__ import annotations

import importlib.util
import traceback
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

from ..invalid_launch_file_error import InvalidLaunchFileError
from ..launch_description import LaunchDescription


class InvalidPythonLaunchFileError(InvalidLaunchFileError):
    """A Python launch file cannot be used; the message names the file, the line and the reason."""


def load_python_launch_file_as_module(python_launch_file_path: str | Path) -> ModuleType:
    """Return the launch file as a module."""
    path = str(python_launch_file_path)
    loader = SourceFileLoader('python_launch_file', path)
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    # Launch files often live in folders that are installed or read-only: leave no cache there.
    code = compile(loader.get_data(path), path, 'exec', dont_inherit=True)
    exec(code, module.__dict__)
    return module


def get_launch_description_from_python_launch_file(
    python_launch_file_path: str | Path,
) -> LaunchDescription:
    """Return what generate_launch_description() of the launch file returns."""
    path = Path(python_launch_file_path)
    if not path.is_file():
        raise FileNotFoundError(f'launch file {path} does not exist')
    try:
        module = load_python_launch_file_as_module(path)
        generate = getattr(module, 'generate_launch_description', None)
        description = None if generate is None else generate()
    except InvalidLaunchFileError:
        raise
    except Exception as error:
        raise InvalidPythonLaunchFileError(
            f'{path}{_line(path, error)}: {type(error).__name__}: {_message(error)}'
        ) from error
    if generate is None:
        raise InvalidPythonLaunchFileError(
            f'{path}: does not contain the required function generate_launch_description()'
        )
    if not isinstance(description, LaunchDescription):
        raise InvalidPythonLaunchFileError(
            f'{path}: generate_launch_description() must return a launch.LaunchDescription, '
            f'not {type(description).__name__}'
        )
    return description


def _line(path: Path, error: Exception) -> str:
    """Return where in the launch file the error is."""
    if isinstance(error, SyntaxError):
        return f', line {error.lineno}'
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    return f', line {lines[-1]}' if lines else ''


def _message(error: Exception) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)

# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""From the name of a model to what its library can load."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from assist_common.errors import ModelError

SEARCH_PATH = 'ASSIST_MODEL_PATH'
"""Environment variable: folders with packaged models, separated by colons."""


def resolve(name: str, known: Iterable[str] = ()) -> str:
    """Return the path of a model, or its name where the library itself downloads it.

    A name is tried as a file or folder, then with and without its suffix in every folder of
    ASSIST_MODEL_PATH, then among `known`, the names that the library can download.

    Raises:
        ModelError: the name is none of these.
    """
    if not name.strip():
        raise ModelError('the model has no name', _remedy(known))
    path = Path(name).expanduser()
    if path.exists():
        return str(path)
    for folder in folders():
        for candidate in _candidates(folder, name):
            return str(candidate)
    if name in known:
        return name
    raise ModelError(
        f"model '{name}' is neither a file or folder nor a packaged model", _remedy(known)
    )


def packaged() -> list[str]:
    """Return the names of all packaged models."""
    return sorted({entry.name for folder in folders() for entry in folder.iterdir()})


def folders() -> list[Path]:
    """Return the folders of ASSIST_MODEL_PATH that exist."""
    listed = os.environ.get(SEARCH_PATH, '').split(os.pathsep)
    return [Path(entry) for entry in listed if entry and Path(entry).is_dir()]


def _candidates(folder: Path, name: str) -> Iterator[Path]:
    if Path(name).is_absolute() or '..' in Path(name).parts:
        return
    if (folder / name).exists():
        yield folder / name
    yield from sorted(entry for entry in folder.iterdir() if entry.stem == name)


def _remedy(known: Iterable[str]) -> str:
    names = [*packaged(), *known]
    if not names:
        return f'give the path of a model file, or set {SEARCH_PATH} to a folder with models'
    return f'give a path or one of: {", ".join(names)}'

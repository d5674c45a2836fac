# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Where models are kept that were downloaded, or exported from others."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from assist_common.errors import ConfigurationError, ModelError

_RECIPE = 1
"""Part of every key; raised when what an older version exported must not be used again."""

_PICTURES = ('.bmp', '.jpeg', '.jpg', '.png', '.webp')


@dataclass(frozen=True)
class Recipe:
    """What a model in Ultralytics' format is exported to.

    Attributes:
        runtime: 'openvino' or 'onnx'.
        size: longest side of the input, pixels.
        precision: 'fp32' or 'int8'.
        calibration: folder with pictures that int8 is fitted to.
    """

    runtime: str = 'openvino'
    size: int = 640
    precision: str = 'fp32'
    calibration: str = ''

    @property
    def file(self) -> str:
        """Return the name of the file that the runtime loads."""
        return 'model.xml' if self.runtime == 'openvino' else 'model.onnx'


def folder() -> Path:
    """Return the folder of all that is kept; it may be deleted at any time."""
    base = os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache'
    return Path(base) / 'assist'


def downloaded(name: str) -> Path:
    """Return where a model is that Ultralytics downloads, or will be."""
    return folder() / 'models' / name


def place_of(model: Path, recipe: Recipe) -> Path:
    """Return the folder of an export; it exists when the export was made, and then it is whole.

    The key is the content of the model and the recipe, so that another file of the same name is
    another model.

    Raises:
        ModelError: the model cannot be read.
        ConfigurationError: int8 without pictures, or one of them cannot be read.
    """
    try:
        key = hashlib.sha256(model.read_bytes())
    except OSError as error:
        raise ModelError(f"model '{model}' cannot be read: {error.strerror}") from error
    key.update(f'{_RECIPE} {recipe.runtime} {recipe.size} {recipe.precision}'.encode())
    if recipe.precision == 'int8':
        for picture in calibration_pictures(recipe.calibration):
            key.update(_content(picture))
    name = f'{model.stem}-{recipe.runtime}-{recipe.size}-{recipe.precision}-{key.hexdigest()[:16]}'
    return folder() / 'exported' / name


def _content(picture: Path) -> bytes:
    try:
        return picture.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"'{picture}' cannot be read: {error.strerror}", 'remove it from the pictures for int8'
        ) from error


def calibration_pictures(place: str) -> list[Path]:
    """Return the pictures of a folder, in the order of their names.

    Raises:
        ConfigurationError: there are none.
    """
    path = Path(place).expanduser()
    listed = sorted(path.iterdir()) if place and path.is_dir() else []
    pictures = [each for each in listed if each.suffix.lower() in _PICTURES]
    if not pictures:
        raise ConfigurationError(
            f"precision int8 needs pictures and '{place}' has none",
            'set calibration to a folder with a hundred or more that the camera took',
        )
    return pictures

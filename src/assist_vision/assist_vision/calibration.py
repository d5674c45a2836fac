# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The calibration of a camera from the YAML file that ROS calibrators write."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from assist_common.errors import ConfigurationError

_IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Calibration:
    """The fields of sensor_msgs/CameraInfo with their meaning; matrices row by row."""

    width: int
    height: int
    model: str
    distortion: tuple[float, ...]
    camera: tuple[float, ...]
    rectification: tuple[float, ...]
    projection: tuple[float, ...]


DISTORTIONS = {
    '': (0, 4, 5, 8),
    'plumb_bob': (0, 4, 5),
    'rational_polynomial': (0, 8, 12, 14),
    'equidistant': (0, 4),
}
"""Models of sensor_msgs/distortion_models, and how many coefficients each has."""


def load(path: str) -> Calibration:
    """Return the calibration in a file.

    Raises:
        ConfigurationError: it is missing, or not such a file.
    """
    try:
        return _read(Path(path).expanduser())
    except _Fault as fault:
        raise ConfigurationError(
            f"the calibration '{path}' {fault}", 'give a file of camera_calibration'
        ) from fault


class _Fault(Exception):
    """What is wrong with a file, as the end of a sentence that begins with its name."""


def _read(path: Path) -> Calibration:
    try:
        content = yaml.safe_load(path.read_text(encoding='utf-8'))
    except OSError as error:
        raise _Fault('cannot be read') from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _Fault('is not YAML') from error
    if not isinstance(content, dict):
        raise _Fault('holds no names with values')
    calibration = Calibration(
        width=_pixels(content, 'image_width'),
        height=_pixels(content, 'image_height'),
        model=str(content.get('distortion_model', 'plumb_bob')),
        distortion=_numbers(content, 'distortion_coefficients'),
        camera=_numbers(content, 'camera_matrix', 9),
        rectification=_numbers(content, 'rectification_matrix', 9, _IDENTITY),
        projection=_numbers(content, 'projection_matrix', 12),
    )
    for name, matrix in (('camera', calibration.camera), ('projection', calibration.projection)):
        if matrix[0] <= 0 or matrix[len(matrix) // 3 + 1] <= 0:
            raise _Fault(f'has no focal length in {name}_matrix')
    count, model = len(calibration.distortion), calibration.model
    if model not in DISTORTIONS:
        known = ', '.join(filter(None, DISTORTIONS))
        raise _Fault(f"has the distortion_model '{model}', which is none of: {known}")
    if count not in DISTORTIONS[model]:
        raise _Fault(f'has {count} distortion_coefficients, which do not fit {model}')
    return calibration


def _pixels(content: dict[str, Any], key: str) -> int:
    value = content.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _Fault(f'has no {key} in whole pixels')
    return value


def _numbers(
    content: dict[str, Any], key: str, count: int = 0, default: tuple[float, ...] = ()
) -> tuple[float, ...]:
    if key not in content and default:
        return default
    values = content.get(key)
    data = values.get('data') if isinstance(values, dict) else None
    if not isinstance(data, list) or not all(_is_number(value) for value in data):
        raise _Fault(f'has no {key} of numbers')
    if count and len(data) != count:
        raise _Fault(f'has a {key} of {len(data)} numbers instead of {count}')
    return tuple(float(value) for value in data)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)

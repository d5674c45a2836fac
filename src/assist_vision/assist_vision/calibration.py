# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The calibration of a camera from the YAML file that ROS calibrators write."""

from __future__ import annotations

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


def load(path: str) -> Calibration:
    """Return the calibration in a file.

    Raises:
        ConfigurationError: it is missing, or not such a file.
    """
    try:
        content = yaml.safe_load(Path(path).expanduser().read_text(encoding='utf-8'))
        return Calibration(
            width=int(content['image_width']),
            height=int(content['image_height']),
            model=str(content.get('distortion_model', 'plumb_bob')),
            distortion=_numbers(content, 'distortion_coefficients'),
            camera=_numbers(content, 'camera_matrix', 9),
            rectification=_numbers(content, 'rectification_matrix', 9, _IDENTITY),
            projection=_numbers(content, 'projection_matrix', 12),
        )
    except OSError as error:
        raise ConfigurationError(
            f"the calibration '{path}' cannot be read", 'give a file of camera_calibration'
        ) from error
    except (
        yaml.YAMLError,
        UnicodeDecodeError,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:
        raise ConfigurationError(
            f"the calibration '{path}' lacks or garbles {error}",
            'give a file of camera_calibration',
        ) from error


def _numbers(
    content: dict[str, Any], key: str, count: int = 0, default: tuple[float, ...] = ()
) -> tuple[float, ...]:
    if key not in content and default:
        return default
    values = tuple(float(value) for value in content[key]['data'])
    if count and len(values) != count:
        raise ValueError(f'{key} of {len(values)} numbers instead of {count}')
    return values

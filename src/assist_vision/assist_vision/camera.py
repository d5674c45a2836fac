# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Where frames come from: a device, a stream on the network, a video or pictures."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from assist_common.errors import ConfigurationError, DeviceError

IMAGE_SUFFIXES = ('.bmp', '.jpeg', '.jpg', '.png', '.tif', '.tiff', '.webp')
_PICTURE_RATE = 10.0  # frames/s; what does not move needs no more


@dataclass(frozen=True)
class CameraOptions:
    """What is wanted of a source."""

    width: int = 0
    """Of a device: the resolution to ask for; of files: frames are fitted into it. 0: as it is."""
    height: int = 0
    rate: float = 0.0
    """Frames per second to ask a device for; 0: as it is."""
    loop: bool = True
    """Files begin anew at their end."""
    seconds_per_image: float = 3.0
    timeout: float = 5.0
    """Of an address: seconds to open and to wait for a frame; OpenCV's own are 30."""


class Source(Protocol):
    """An open source of frames."""

    name: str
    """For people."""
    live: bool
    """It sets the pace itself; else the reader does."""
    rate: float
    """Frames per second of its own; 0: unknown."""

    def read(self, elapsed: float) -> np.ndarray | None:
        """Return the BGR frame at so many seconds since the start; None at the end.

        Raises:
            DeviceError: it stopped.
        """
        ...

    def close(self) -> None:
        """Let go of the device or file."""
        ...


def is_live(source: str) -> bool:
    """Tell whether a source can come back: a device or an address, not a file."""
    return source.isdecimal() or source.startswith('/dev/') or '://' in source


def check_source(source: str) -> None:
    """Raise a ConfigurationError unless a file or folder of frames is there; devices may come."""
    if not source:
        raise ConfigurationError(
            'the camera has no source',
            'give a device (0), an address (rtsp://...), a video or a folder of pictures',
        )
    if is_live(source):
        return
    path = Path(source).expanduser()
    if not path.exists():
        raise ConfigurationError(
            f"the camera source '{source}' does not exist",
            'give a device (0), an address (rtsp://...), a video or a folder of pictures',
        )
    if path.is_dir() and not pictures_in(path):
        raise ConfigurationError(
            f"the folder '{source}' has no pictures", f'put in some of {", ".join(IMAGE_SUFFIXES)}'
        )


def open_source(
    source: str, options: CameraOptions, warn: Callable[[str], object] = lambda _: None
) -> Source:
    """Open a source of frames.

    Args:
        source: index or path of a device, an address, a video, a picture or a folder of pictures.
        warn: told which pictures of a folder cannot be read; they are skipped.

    Raises:
        ConfigurationError: a file that is missing or not a picture or video.
        DeviceError: a device or address that does not answer.
    """
    check_source(source)
    if is_live(source):
        return _Device(source, options)
    path = Path(source).expanduser()
    if path.is_dir() or path.suffix.lower() in IMAGE_SUFFIXES:
        return _Pictures(path, options, warn)
    return _Video(path, options)


def pictures_in(folder: Path) -> list[Path]:
    """Return the pictures of a folder by name."""
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.suffix.lower() in IMAGE_SUFFIXES and entry.is_file()
    )


def read_picture(path: Path) -> np.ndarray:
    """Return a picture file as BGR.

    Raises:
        ConfigurationError: it is missing, damaged or not a picture.
    """
    try:
        image = cv2.imdecode(np.fromfile(path, dtype=np.uint8), cv2.IMREAD_COLOR)
    except (OSError, cv2.error):
        image = None
    if image is None:
        raise ConfigurationError(f"'{path}' is not a picture that can be read", 'remove it')
    return image


def fit_within(image: np.ndarray, width: int, height: int) -> np.ndarray:
    """Return the image scaled into width x height with its shape kept; 0: any."""
    rows, columns = image.shape[:2]
    scale = min((width or columns) / columns, (height or rows) / rows)
    if (width or height) and scale != 1:
        size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        return cv2.resize(image, size, interpolation=method)
    return image


class _Device:
    live = True

    def __init__(self, source: str, options: CameraOptions) -> None:
        self.name = f'/dev/video{source}' if source.isdecimal() else source
        if '://' not in source:
            _check_device(self.name)
        self._capture = cv2.VideoCapture()
        limit = round(1000 * options.timeout)
        timeouts = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, limit, cv2.CAP_PROP_READ_TIMEOUT_MSEC, limit]
        opened = (
            self._capture.open(source, cv2.CAP_FFMPEG, timeouts)
            if '://' in source
            else self._capture.open(self.name, cv2.CAP_V4L2)
        )
        if not opened:
            raise DeviceError(f"camera '{self.name}' does not open", 'look whether it is in use')
        for key, value in (
            (cv2.CAP_PROP_FRAME_WIDTH, options.width),
            (cv2.CAP_PROP_FRAME_HEIGHT, options.height),
            (cv2.CAP_PROP_FPS, options.rate),
            # A frame that waits in a buffer is old when it is read.
            (cv2.CAP_PROP_BUFFERSIZE, 1),
        ):
            if value:
                self._capture.set(key, value)
        self.rate = _rate(self._capture)

    def read(self, elapsed: float) -> np.ndarray | None:
        good, frame = self._capture.read()
        if not good:
            raise DeviceError(f"camera '{self.name}' stopped", 'look at its cable or network')
        return frame

    def close(self) -> None:
        self._capture.release()


class _Video:
    live = False

    def __init__(self, path: Path, options: CameraOptions) -> None:
        self.name = path.name
        self._path = path
        self._options = options
        self._capture = cv2.VideoCapture(str(path))
        if not self._capture.isOpened():
            raise ConfigurationError(f"'{path}' is not a video that can be read", 'give another')
        self.rate = _rate(self._capture)

    def read(self, elapsed: float) -> np.ndarray | None:
        good, frame = self._capture.read()
        if not good and self._options.loop:
            self._capture.release()
            self._capture = cv2.VideoCapture(str(self._path))
            good, frame = self._capture.read()
        if not good:
            return None
        return fit_within(frame, self._options.width, self._options.height)

    def close(self) -> None:
        self._capture.release()


class _Pictures:
    live = False
    rate = _PICTURE_RATE

    def __init__(self, path: Path, options: CameraOptions, warn: Callable[[str], object]) -> None:
        self.name = path.name
        self._paths = pictures_in(path) if path.is_dir() else [path]
        self._folder = path if path.is_dir() else None
        self._options = options
        self._warn = warn
        self._shown: Path | None = None
        self._frame = np.empty((0, 0, 3), np.uint8)
        self.read(0.0)

    def read(self, elapsed: float) -> np.ndarray | None:
        number = int(elapsed / self._options.seconds_per_image)
        while number < len(self._paths) or (self._options.loop and self._paths):
            path = self._paths[number % len(self._paths)]
            if path == self._shown or self._load(path):
                return self._frame
            self._paths.remove(path)
        if not self._paths:
            raise ConfigurationError(
                f"none of the pictures in '{self._folder}' can be read", 'put in others'
            )
        return None

    def close(self) -> None:
        self._shown = None

    def _load(self, path: Path) -> bool:
        """Read a picture; False when it is one of a folder and cannot be read."""
        try:
            picture = read_picture(path)
        except ConfigurationError as error:
            if self._folder is None:
                raise
            self._warn(f'{error} It is skipped.')
            return False
        self._frame = fit_within(picture, self._options.width, self._options.height)
        self._shown = path
        return True


def _check_device(name: str) -> None:
    # OpenCV's own words about a missing device say neither its name nor what to do.
    path = Path(name)
    if not path.exists():
        raise DeviceError(f"camera '{name}' is not there", 'connect it, or set another source')
    if not stat.S_ISCHR(path.stat().st_mode):
        raise DeviceError(f"'{name}' is not a camera", 'set another source')


def _rate(capture: cv2.VideoCapture) -> float:
    rate = float(capture.get(cv2.CAP_PROP_FPS))
    return rate if 0 < rate < 1000 else 0.0

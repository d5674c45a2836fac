# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Logging to the screen and to the files of one launch."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TextIO, Union

from ._unsupported import named_import_error

Sinks = Union[str, Iterable[str]]  # noqa: UP007

ROOT = 'launch'
OUTPUT_ROOT = 'launch_output'

# Which of a process's streams goes where, for each value of output=; 'both' is both streams.
OUTPUT_MODES: dict[str, dict[str, set[str]]] = {
    'screen': {'both': {'screen'}},
    'log': {'both': {'log'}, 'stderr': {'screen'}},
    'both': {'both': {'log', 'screen'}},
    'own_log': {'both': {'own_log'}, 'stdout': {'own_log'}, 'stderr': {'own_log'}},
    'full': {
        'both': {'screen', 'log', 'own_log'},
        'stdout': {'own_log'},
        'stderr': {'own_log'},
    },
}


class _Formatter(logging.Formatter):
    """Formats what launch says as '[INFO] [name]: text', and output of processes as it is."""

    def __init__(self, *, timestamp: bool) -> None:
        super().__init__()
        self._timestamp = timestamp

    def format(self, record: logging.LogRecord) -> str:
        text = record.getMessage()
        root, _, name = record.name.partition('.')
        if root == ROOT:
            text = f'[{record.levelname}] [{name}]: {text}'
        return f'{record.created} {text}' if self._timestamp else text


class _ScreenHandler(logging.StreamHandler):
    """Writes to whatever sys.stdout is at the moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.setFormatter(_Formatter(timestamp=False))

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stdout

    def handleError(self, record: logging.LogRecord) -> None:
        if isinstance(sys.exc_info()[1], BrokenPipeError):
            # Who has read enough (head, less) does not want to hear more, nor of the end of that.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        else:
            super().handleError(record)


class LaunchConfig:
    """The folder, files and level of the log of this launch."""

    def __init__(self) -> None:
        self._log_dir: str | None = None
        self._screen = _ScreenHandler()
        self._files: dict[str, logging.Handler] = {}
        self.level = logging.INFO

    @property
    def level(self) -> int:
        return logging.getLogger(ROOT).level

    @level.setter
    def level(self, level: int) -> None:
        logging.getLogger(ROOT).setLevel(level)

    @property
    def log_dir(self) -> str:
        """The folder of this launch; it is made when it is first asked for."""
        if self._log_dir is None:
            self._log_dir = _make_log_dir()
        return self._log_dir

    @log_dir.setter
    def log_dir(self, path: str) -> None:
        self._log_dir = path

    def get_screen_handler(self) -> logging.Handler:
        return self._screen

    def get_log_file_handler(self, file_name: str = 'launch.log') -> logging.Handler:
        if file_name not in self._files:
            path = os.path.join(self.log_dir, file_name)
            handler = logging.FileHandler(path, delay=True, encoding='utf-8')
            handler.setFormatter(_Formatter(timestamp=True))
            self._files[file_name] = handler
        return self._files[file_name]

    def reset(self) -> None:
        """Forget the folder and the files, as if nothing had been launched yet."""
        for handler in self._files.values():
            handler.close()
        self._log_dir = None
        self.level = logging.INFO
        for handler in (self._screen, *self._files.values()):
            logging.getLogger(ROOT).removeHandler(handler)
        self._files.clear()


def _make_log_dir() -> str:
    """Make ~/.ros/log/<time>-<host>-<pid>, or the like as ROS_LOG_DIR and ROS_HOME say."""
    base = os.environ.get('ROS_LOG_DIR') or os.path.join(
        os.environ.get('ROS_HOME') or os.path.join('~', '.ros'), 'log'
    )
    now = datetime.now().strftime('%Y-%m-%d-%H-%M-%S-%f')
    path = Path(base).expanduser() / f'{now}-{socket.gethostname()}-{os.getpid()}'
    try:
        path.mkdir(parents=True)
    except OSError as error:
        raise RuntimeError(
            f'cannot make the log folder {path} ({error.strerror}): '
            'set ROS_LOG_DIR to a folder that can be written'
        ) from error
    return str(path)


launch_config = LaunchConfig()


def get_logger(name: str | None = None) -> logging.Logger:
    """Return the logger whose lines say ``name``."""
    root = logging.getLogger(ROOT)
    if launch_config.get_screen_handler() not in root.handlers:
        root.propagate = False
        root.addHandler(launch_config.get_screen_handler())
        root.addHandler(launch_config.get_log_file_handler())
    return root.getChild(name or 'root')


def get_output_loggers(
    process_name: str, output: str | Mapping[str, Sinks]
) -> tuple[logging.Logger, logging.Logger]:
    """
    Return the loggers for the lines that a process writes to stdout and stderr.

    ``output`` is one of OUTPUT_MODES, or tells for 'stdout', 'stderr' and 'both' the sinks
    'screen', 'log' and 'own_log'.
    """
    sinks = _normalize_output(output)
    return (
        _output_logger(process_name, 'stdout', sinks),
        _output_logger(process_name, 'stderr', sinks),
    )


def _normalize_output(output: str | Mapping[str, Sinks]) -> dict[str, set[str]]:
    if isinstance(output, str):
        if output not in OUTPUT_MODES:
            raise ValueError(f"output must be one of {list(OUTPUT_MODES)}, not '{output}'")
        return OUTPUT_MODES[output]
    result = {
        stream: {sinks} if isinstance(sinks, str) else set(sinks)
        for stream, sinks in output.items()
    }
    if not result.keys() <= {'stdout', 'stderr', 'both'}:
        raise ValueError(f"output must be for 'stdout', 'stderr' or 'both', not {list(output)}")
    if not set().union(*result.values()) <= {'screen', 'log', 'own_log'}:
        raise ValueError(f"output must go to 'screen', 'log' or 'own_log', not {output}")
    return result


def _output_logger(
    process_name: str, stream: str, sinks: Mapping[str, set[str]]
) -> logging.Logger:
    logger = logging.getLogger(f'{OUTPUT_ROOT}.{process_name}-{stream}')
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.handlers.clear()
    both, own = sinks.get('both', set()), sinks.get(stream, set())
    if 'screen' in both | own:
        logger.addHandler(launch_config.get_screen_handler())
    if 'log' in both | own:
        logger.addHandler(launch_config.get_log_file_handler())
    if 'own_log' in both:
        logger.addHandler(launch_config.get_log_file_handler(f'{process_name}.log'))
    if 'own_log' in own:
        logger.addHandler(launch_config.get_log_file_handler(f'{process_name}-{stream}.log'))
    return logger


__getattr__ = named_import_error(__name__)

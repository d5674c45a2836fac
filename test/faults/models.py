# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Models that are damaged on the disk."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

from faults.fault import Fault
from faults.rig import Rig


class DamagedModel(Fault):
    """The file of the speech model is damaged when a new process loads it."""

    name = 'speech model damaged at its reload'
    words = r'stt_node.*model'
    detect_within = 6.0

    def __init__(self, folder: Path) -> None:
        """Take the folder of a copy of the model."""
        self._file = folder / 'model.bin'
        self._whole = folder / 'whole.bin'

    def inject(self, rig: Rig) -> None:
        # Another file: the one that a running process has mapped must stay as it is.
        self._file.rename(self._whole)
        self._file.write_bytes(b'\x00damaged' * 1000)
        rig.process('stt_node').send_signal(signal.SIGKILL)

    def heal(self, rig: Rig) -> None:
        if self._whole.exists():
            self._whole.replace(self._file)


def copy_of(model: Path, folder: Path) -> Path:
    """Copy the folder of a model; return the copy."""
    return Path(shutil.copytree(model, folder / 'model'))

# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Where a Whisper model can run, and how it gets there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assist_common.errors import ConfigurationError, ModelError

_FILES = ('config.json', 'model.bin', 'tokenizer.json')


def placements(device: str, compute_type: str) -> list[tuple[str, str]]:
    """Return the (device, compute type) pairs to try, the preferred one first.

    Args:
        device: 'auto', 'cuda' or 'cpu'.
        compute_type: 'auto' (float16 on a GPU, int8 on a CPU) or one of CTranslate2.
    """
    gpu = [('cuda', 'float16'), ('cuda', 'int8_float16')]
    cpu = [('cpu', 'int8')]
    if compute_type != 'auto':
        gpu, cpu = [('cuda', compute_type), *gpu], [('cpu', compute_type), *cpu]
    if device == 'cuda' or (device == 'auto' and _has_gpu()):
        cpu = gpu + cpu
    return list(dict.fromkeys(cpu))


def downloadable_models() -> list[str]:
    """Return the names that faster-whisper can download."""
    from faster_whisper import available_models

    return list(available_models())


def check_language(language: str, known: Sequence[str]) -> None:
    """Raise a ConfigurationError for a language that is not known; empty is detection."""
    if language not in ('', *known):
        raise ConfigurationError(
            f"the model does not know the language '{language}'",
            f'use one of {", ".join(known)}; a model whose name ends in .en knows only English',
        )


def load_model(path: str, device: str, compute_type: str, threads: int) -> Any:
    """Return the WhisperModel of faster-whisper.

    Args:
        path: a CTranslate2 folder, or a name that faster-whisper downloads.
        threads: on a CPU.

    Raises:
        ModelError: the model is missing, damaged or cannot run there.
    """
    folder = Path(path)
    if folder.is_file():
        raise ModelError(f'{path} is a file', 'give the folder of a CTranslate2 Whisper model')
    if folder.is_dir():
        missing = [name for name in _FILES if not (folder / name).is_file()]
        if missing:
            raise ModelError(
                f'the Whisper model {path} has no {" and no ".join(missing)}',
                'copy or download the model anew',
            )
    from faster_whisper import WhisperModel

    try:
        return WhisperModel(path, device=device, compute_type=compute_type, cpu_threads=threads)
    except Exception as error:  # of CTranslate2, tokenizers and the download alike
        raise ModelError(
            f"the Whisper model '{path}' could not be loaded on {device} as {compute_type} "
            f'({_first_line(error)})',
            'give the folder of a CTranslate2 Whisper model, or connect to download it',
        ) from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _has_gpu() -> bool:
    import ctranslate2

    return bool(ctranslate2.get_cuda_device_count())

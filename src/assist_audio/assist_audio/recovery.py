# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Recognition that goes on when a decode hangs or a device runs out of memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from assist_common.errors import InputError, ModelError
from assist_common.resilience import BreakerOpenError, CircuitBreaker

from assist_audio.audio import Samples, seconds_of
from assist_audio.transcriber import (
    LONGEST,
    Decoding,
    Transcriber,
    Transcription,
    check_language,
)

T = TypeVar('T')
Load = Callable[[str, str], Transcriber]


class RecoveringTranscriber:
    """A transcriber that is replaced when it fails.

    In this order: once more with a model that is loaded anew, smaller precision, the CPU; when
    all fail the breaker opens after a few segments and is tried again later. Each step is
    reported. A decode that hangs cannot be stopped: it is left behind on its thread.
    """

    def __init__(
        self,
        load: Load,
        places: Sequence[tuple[str, str]],
        report: Callable[[str], object],
        breaker: CircuitBreaker | None = None,
    ) -> None:
        """Load the model at the first place that works.

        Args:
            load: returns a transcriber for a device and a compute type.
            places: pairs of them, the preferred one first.
            report: told each failure in one sentence.

        Raises:
            ModelError: it cannot be loaded anywhere.
        """
        self._load = load
        self._places = list(places)
        self._report = report
        self._breaker = breaker or CircuitBreaker('speech recognition')
        self._position = 0
        self._current: Transcriber | None = None
        self._languages: tuple[str, ...] = ()
        self.failures = 0
        self._load_somewhere()

    @property
    def place(self) -> str:
        """Return where it runs, such as 'cpu int8'."""
        return ' '.join(self._places[self._position])

    @property
    def is_degraded(self) -> bool:
        """Return whether it does not run where it was meant to, or not at all."""
        return self._position > 0 or self._breaker.state != 'closed'

    def warm_up(self, decoding: Decoding) -> None:
        """Decode a second of silence; see `Transcriber.warm_up`."""
        self._running().warm_up(decoding)

    def check(self, decoding: Decoding) -> None:
        """See `Transcriber.check`; no model is loaded for it."""
        check_language(decoding.language, self._languages)

    def unload(self) -> None:
        """Give the memory back; see `Transcriber.unload`."""
        if self._current:
            self._current.unload()

    def transcribe(self, samples: Samples, decoding: Decoding, time_limit: float) -> Transcription:
        """Return what is said; see `Transcriber.transcribe`.

        Args:
            time_limit: seconds after which a decode is abandoned.

        Raises:
            InputError: the speech is too long. ModelError: recognition fails everywhere.
        """
        if seconds_of(len(samples)) > LONGEST:
            raise InputError(
                f'{seconds_of(len(samples)):.1f} s of speech came at once',
                f'send at most {LONGEST:g} s',
            )
        try:
            return self._breaker.call(lambda: self._attempt(samples, decoding, time_limit))
        except BreakerOpenError as error:
            raise ModelError(
                'speech recognition failed too often and rests', 'see the errors before this one'
            ) from error

    def _attempt(self, samples: Samples, decoding: Decoding, time_limit: float) -> Transcription:
        while self._position < len(self._places):
            for _ in ('first', 'again'):
                try:
                    return call_within(
                        time_limit, lambda: self._running().transcribe(samples, decoding)
                    )
                except Exception as error:  # of CTranslate2: RuntimeError, ValueError, MemoryError
                    self._fail(f'Recognition failed on {self.place}: {error}')
            self._position += 1
        self._position = 0
        raise ModelError('speech recognition fails on every device', 'see the errors before')

    def _fail(self, sentence: str) -> None:
        self.failures += 1
        self._current = None
        self._report(sentence)

    def _running(self) -> Transcriber:
        if self._current is None:
            self._current = self._load(*self._places[self._position])
            self._languages = self._current.languages
        return self._current

    def _load_somewhere(self) -> None:
        while self._current is None:
            try:
                self._running()
            except ModelError as error:
                if self._position == len(self._places) - 1:
                    raise
                self._position += 1
                self._report(f'{error} Trying {self.place}.')


def call_within(seconds: float, function: Callable[[], T]) -> T:
    """Return the result of a function that may take so long; leave it behind when it does not end.

    Raises:
        TimeoutError: it took longer. Else what the function raised.
    """
    results: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(function())
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run, name='decode', daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise TimeoutError(f'it took longer than {seconds:g} s')
    if errors:
        raise errors[0]
    return results[0]

# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Recognition that goes on when a decode hangs or a device runs out of memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from assist_common import garbage, memory
from assist_common.errors import InputError, ModelError
from assist_common.resilience import Backoff, BreakerOpenError, CircuitBreaker

from assist_audio.audio import Samples, seconds_of
from assist_audio.placements import check_language
from assist_audio.timed_calls import TimedCalls
from assist_audio.transcriber import Transcriber
from assist_audio.transcription import LONGEST, Decoding, Transcription

T = TypeVar('T')
Load = Callable[[str, str], Transcriber]

MOST_HANGING = 3
"""Decodes that may hang at a time: each keeps its model in memory."""

_RETURN_SECONDS = 300.0
_LONGEST_RETURN = 3600.0


class RecoveringTranscriber:
    """A transcriber that is replaced when it fails.

    In this order: once more with a model that is loaded anew, smaller precision, the CPU; when
    all fail it rests after a few segments and is tried again later. Each step is reported. A
    decode that hangs cannot be stopped: it is left behind on its thread. Some minutes after it has
    left the preferred place it tries that once more, ever more seldom while it fails.
    """

    def __init__(
        self,
        load: Load,
        places: Sequence[tuple[str, str]],
        report: Callable[[str], object],
        *,
        failures: int = 3,
        rest: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Load the model at the first place that works.

        Args:
            load: returns a transcriber for a device and a compute type.
            places: pairs of them, the preferred one first.
            report: told each failure in one sentence.
            failures: segments that fail everywhere, in a row, before it rests.
            rest: how long it does, s.
            clock: seconds on a clock that never jumps.

        Raises:
            ModelError: it cannot be loaded anywhere.
        """
        self._load = load
        self._places = list(places)
        self._report = report
        self._rest = rest
        self._clock = clock
        self._breaker = CircuitBreaker(
            'speech recognition', failures=failures, recovery=rest, clock=clock
        )
        self._rests_until = 0.0
        self._calls = TimedCalls('decode')
        self._position = 0
        self._return = Backoff(_RETURN_SECONDS, maximum=_LONGEST_RETURN)
        self._return_at = 0.0
        self._current: Transcriber | None = None
        self._generation = 0  # of the current transcriber; one that comes later is thrown away
        self._lock = threading.Lock()
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

    @property
    def fault(self) -> str:
        """Return why nothing is recognised at present; empty where it is."""
        hanging = self._calls.left_behind
        if hanging >= MOST_HANGING:
            return f'{hanging} decodes hang and keep their memory'
        if self._breaker.state != 'open':
            return ''
        left = self._rests_until - self._clock()
        until = f'for {left:.0f} s more' if left > 0.0 else 'until somebody speaks'
        return f'speech recognition failed too often and rests {until}'

    def warm_up(self, decoding: Decoding, time_limit: float) -> None:
        """Decode a second of silence where it works; see `Transcriber.warm_up`.

        Raises:
            ConfigurationError: the model does not know the language. ModelError: it works nowhere.
        """

        def decode(model: Transcriber) -> bool:
            model.warm_up(decoding)
            return True

        self.check(decoding)
        self._attempt(decode, time_limit)

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
            return self._breaker.call(
                lambda: self._attempt(lambda model: model.transcribe(samples, decoding), time_limit)
            )
        except BreakerOpenError as error:
            raise ModelError(self.fault, 'see the errors before this one') from error
        except ModelError:
            self._rests_until = self._clock() + self._rest
            raise

    def _attempt(self, function: Callable[[Transcriber], T], time_limit: float) -> T:
        """Return what the function makes of a transcriber, at the first place where it works."""
        tries = 1 if self._go_back() else 2
        while True:
            for _ in range(tries):
                result = self._try(function, time_limit)
                if result is not None:
                    return result
            if self._position == len(self._places) - 1:
                break
            self._move_on()
            tries = 2
        self._position = 0
        raise ModelError('speech recognition fails on every device', 'see the errors before')

    def _try(self, function: Callable[[Transcriber], T], time_limit: float) -> T | None:
        hanging = self._calls.left_behind
        if hanging >= MOST_HANGING:
            raise ModelError(f'{hanging} decodes hang and keep their memory', 'restart stt_node')
        generation, place = self._generation, self._places[self._position]
        try:
            result = self._calls.call(
                time_limit, lambda: function(self._running(generation, place))
            )
        except Exception as error:  # of CTranslate2: RuntimeError, ValueError, MemoryError
            fault, hangs = str(error), isinstance(error, TimeoutError)
        else:
            if not self._position:
                self._return.reset()
            return result
        # Not while the error is handled: its frames hold the model, whose memory is needed now.
        self.failures += 1
        self._drop(unload=not hangs)
        self._report(f'Recognition failed on {self.place}: {fault}')
        return None

    def _go_back(self) -> bool:
        """Return to the preferred place when it is time, unless decodes hang there perhaps."""
        is_due = self._position > 0 and self._clock() >= self._return_at
        if not is_due or self._calls.left_behind:
            return False
        self._drop(unload=True)
        self._position = 0
        return True

    def _move_on(self) -> None:
        self._position += 1
        if self._position == 1:
            self._return_at = self._clock() + self._return.next()

    def _drop(self, *, unload: bool) -> None:
        """Give the model up, and its memory back, before another one is loaded."""
        with self._lock:
            current, self._current = self._current, None
            self._generation += 1
        if current and unload:
            # A device that has just failed may fail at this, too.
            with suppress(Exception):
                current.unload()
        del current
        garbage.collect()
        memory.trim()

    def _running(self, generation: int, place: tuple[str, str]) -> Transcriber:
        """Return the current transcriber, loaded where there is none."""
        with self._lock:
            if generation == self._generation and self._current:
                return self._current
        loaded = self._load(*place)
        with self._lock:
            if generation != self._generation:
                raise ModelError(f'the model was loaded too late on {" ".join(place)}')
            self._current, self._languages = loaded, loaded.languages
        return loaded

    def _load_somewhere(self) -> None:
        while True:
            try:
                self._running(self._generation, self._places[self._position])
                return
            except ModelError as error:
                if self._position == len(self._places) - 1:
                    raise
                fault = str(error)
            self._move_on()
            self._report(f'{fault} Trying {self.place}.')

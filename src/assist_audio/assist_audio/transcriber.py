# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Speech to text with Whisper, on as much of its window as the speech needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from assist_common.errors import InputError
from assist_common.threads import pool

from assist_audio.audio import SAMPLE_RATE, Samples, Waveform, seconds_of, to_waveform
from assist_audio.gates import is_suspect, reason_to_reject, repeats, words_of
from assist_audio.placements import check_language, load_model
from assist_audio.transcription import (
    LONGEST,
    Decoding,
    Hypothesis,
    Sound,
    SpokenWord,
    Transcription,
)

FULL_WINDOW = 30.0
"""Seconds of sound that Whisper was trained on."""

_TOKENS_PER_SECOND = 8  # more than anybody speaks
_SPARE_TOKENS = 12
_FRAMES_PER_SECOND = 100  # of the spectrogram


class Transcriber:
    """A Whisper model on one device. Not for several threads at once."""

    def __init__(self, path: str, device: str, compute_type: str, threads: int = 0) -> None:
        """Load the model.

        Args:
            path: a CTranslate2 folder, or a name that faster-whisper downloads.
            device: 'cpu' or 'cuda'.
            compute_type: of CTranslate2, such as int8 or float16.
            threads: on a CPU; 0 takes all cores, at most four.

        Raises:
            ModelError: the model is missing, damaged or cannot run there.
        """
        self.device = device
        self.compute_type = compute_type
        self._model = load_model(path, device, compute_type, threads or min(4, pool()))
        self.languages: tuple[str, ...] = tuple(self._model.supported_languages)
        self._tokenizers: dict[str, Any] = {}

    @property
    def is_multilingual(self) -> bool:
        """Return whether the model knows more than English."""
        return bool(self._model.model.is_multilingual)

    def check(self, decoding: Decoding) -> None:
        """Raise a ConfigurationError when the model cannot do what is asked."""
        check_language(decoding.language, self.languages)

    def warm_up(self, decoding: Decoding) -> None:
        """Decode a second of silence, so that the first command does not wait."""
        self.check(decoding)
        self._decode(np.zeros(SAMPLE_RATE, np.float32), decoding.window, decoding)

    def unload(self) -> None:
        """Give the model's memory back; the next decode loads it again."""
        self._model.model.unload_model()

    def transcribe(self, samples: Samples, decoding: Decoding) -> Transcription:
        """Return what is said in at most 29 s of 16 kHz mono sound.

        A text that repeats itself is decoded anew from the full window. What still does, or is
        improbable, or may be nothing but an echo of the prompt, is decoded without the prompt. Of
        what is doubtful, other readings are looked for.
        """
        duration = seconds_of(len(samples))
        if duration > LONGEST:
            raise InputError(
                f'{duration:.1f} s of speech came at once', f'send at most {LONGEST:g} s'
            )
        if not samples.any():
            return Transcription('', decoding.language, 0.0, 1.0, duration, 0.0, (), 'silence')
        waveform = to_waveform(samples)
        self._ensure_loaded()
        result = self._decode_guarded(waveform, duration, decoding)
        reason = reason_to_reject(result, duration, decoding)
        if reason:
            return _transcription(result, duration, rejected=reason)
        others: list[Hypothesis] = []
        if decoding.alternatives and result.confidence < decoding.doubt:
            result, *others = self._readings(result, duration, decoding)
        words = self._align(result, duration) if decoding.word_times else ()
        return _transcription(result, duration, words, _different(result, others))

    def _decode_guarded(
        self, waveform: Waveform, duration: float, decoding: Decoding
    ) -> Hypothesis:
        window = min(FULL_WINDOW, max(decoding.window, math.ceil(duration + decoding.margin)))
        result = self._decode(waveform, window, decoding)
        if window < FULL_WINDOW and repeats(result, duration):
            window = FULL_WINDOW
            result = self._decode(waveform, window, decoding)
        is_plain = window == FULL_WINDOW and not decoding.prompt
        if not is_plain and is_suspect(result, duration, decoding):
            result = self._decode(waveform, FULL_WINDOW, replace(decoding, prompt=''))
        return result

    def _readings(
        self, doubtful: Hypothesis, duration: float, decoding: Decoding
    ) -> list[Hypothesis]:
        """Return what else it may be, the likeliest first; what is doubtful where that is best."""
        count = 1 + decoding.alternatives
        found = [
            reading
            for reading in self._generate(doubtful.sound, max(count, decoding.beam_size), count)
            if not repeats(reading, duration)
        ]
        if not found or reason_to_reject(found[0], duration, decoding):
            return [doubtful]
        return found

    def _ensure_loaded(self) -> None:
        if not self._model.model.model_is_loaded:
            self._model.model.load_model()

    def _decode(self, waveform: Waveform, window: float, decoding: Decoding) -> Hypothesis:
        missing = max(0, round(window * SAMPLE_RATE) - len(waveform))
        features = self._model.feature_extractor(np.pad(waveform, (0, missing)))
        encoded = self._model.encode(features[:, : round(window * _FRAMES_PER_SECOND)])
        sound = Sound(
            encoded,
            decoding.language or self._detect(encoded),
            decoding.prompt,
            window,
            room=int(_SPARE_TOKENS + _TOKENS_PER_SECOND * len(waveform) / SAMPLE_RATE),
        )
        return self._generate(sound, decoding.beam_size, 1)[0]

    def _generate(self, sound: Sound, beam_size: int, count: int) -> list[Hypothesis]:
        """Return so many readings of a sound, the likeliest first."""
        tokenizer = self._tokenizer(sound.language)
        prompt = self._model.get_prompt(
            tokenizer, [], without_timestamps=True, hotwords=sound.prompt.strip() or None
        )
        result = self._model.model.generate(
            sound.encoded,
            [prompt],
            beam_size=beam_size,
            num_hypotheses=count,
            max_length=min(self._model.max_length, len(prompt) + sound.room),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        return [
            Hypothesis(
                text=_tidy(tokenizer.decode(tokens)),
                tokens=[token for token in tokens if token < tokenizer.eot],
                log_probability=score * len(tokens) / (len(tokens) + 1),
                no_speech=result.no_speech_prob,
                complete=len(tokens) < sound.room,
                sound=sound,
            )
            for tokens, score in zip(result.sequences_ids, result.scores, strict=True)
        ]

    def _detect(self, encoded: Any) -> str:
        if not self.is_multilingual:
            return 'en'
        best: str = self._model.model.detect_language(encoded)[0][0][0]
        return best.strip('<|>')

    def _tokenizer(self, language: str) -> Any:
        if language not in self._tokenizers:
            from faster_whisper.tokenizer import Tokenizer

            self._tokenizers[language] = Tokenizer(
                self._model.hf_tokenizer, self.is_multilingual, 'transcribe', language
            )
        return self._tokenizers[language]

    def _align(self, result: Hypothesis, duration: float) -> tuple[SpokenWord, ...]:
        sound = result.sound
        frames = round(sound.window * _FRAMES_PER_SECOND)
        tokenizer = self._tokenizer(sound.language)
        found = self._model.find_alignment(tokenizer, [result.tokens], sound.encoded, frames)
        words: list[SpokenWord] = []
        for entry in found[0] if found else ():
            text = entry['word'].strip()
            if words and not words_of(text):
                words[-1] = replace(words[-1], text=words[-1].text + text)
            elif text:
                start, end = (min(duration, float(entry[key])) for key in ('start', 'end'))
                words.append(SpokenWord(text, start, end, float(entry['probability'])))
        return tuple(words)


def _transcription(
    result: Hypothesis,
    duration: float,
    words: tuple[SpokenWord, ...] = (),
    alternatives: tuple[str, ...] = (),
    rejected: str = '',
) -> Transcription:
    return Transcription(
        text='' if rejected else result.text,
        language=result.sound.language,
        confidence=result.confidence,
        no_speech_probability=result.no_speech,
        duration=duration,
        window=result.sound.window,
        words=words,
        rejected=rejected,
        alternatives=alternatives,
    )


def _different(best: Hypothesis, others: Sequence[Hypothesis]) -> tuple[str, ...]:
    """Return the texts of others as far as their words differ, from the best and each other."""
    known: dict[tuple[str, ...], str] = {(): '', tuple(words_of(best.text)): ''}
    for one in others:
        known.setdefault(tuple(words_of(one.text)), one.text)
    return tuple(filter(None, known.values()))


def _tidy(text: str) -> str:
    return ' '.join(text.split())

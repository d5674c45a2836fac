# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Speech to text with Whisper, on as much of its window as the speech needs."""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from assist_common.errors import ConfigurationError, InputError, ModelError
from assist_common.threads import pool

from assist_audio.audio import SAMPLE_RATE, Samples, Waveform, seconds_of, to_waveform

FULL_WINDOW = 30.0
"""Seconds of sound that Whisper was trained on."""

LONGEST = 29.0
"""Seconds of speech that are taken at once."""

# Whisper's own limits between a good and a failed decode (Radford et al. 2022, section 4.5).
_COMPRESSION_LIMIT = 2.4
_LOG_PROBABILITY_LIMIT = -1.0
_NO_SPEECH_LIMIT = 0.6

_TOKENS_PER_SECOND = 8  # more than anybody speaks
_SPARE_TOKENS = 12
_WORDS_PER_SECOND = 7.0
_FRAMES_PER_SECOND = 100  # of the spectrogram
_FILES = ('config.json', 'model.bin', 'tokenizer.json')

DEFAULT_PROMPT = (
    'Stop. Resume. Come here. Go to the kitchen. Bring me the cup. Find the bus. '
    'Where is the knife? What do you see?'
)
"""Sentences, because a list of words without full stops makes Whisper repeat itself.

No answer and no approval is among them: what is in the prompt is heard more easily.
"""

# What Whisper writes where nobody speaks: captions of its training data.
_CAPTIONS = frozenset(
    (
        'you',
        'thank you',
        'thanks',
        'thank you for watching',
        'thank you so much for watching',
        'thanks for watching',
        'please subscribe',
        'bye',
        'bye bye',
        'the end',
        'music',
        'applause',
    )
)


@dataclass(frozen=True)
class Decoding:
    """How speech is decoded.

    language: ISO 639-1, or empty to detect it. prompt: sentences that are likely to be said.
    window: least seconds that are encoded; 30 is all that Whisper can take. margin: seconds of
    silence that follow the speech at least. confidence: a text below it is no text. An echo of the
    prompt needs `echo_confidence`: in mere noise Whisper writes what it was led to expect.
    """

    language: str = 'en'
    beam_size: int = 1
    prompt: str = ''
    word_times: bool = False
    window: float = 10.0
    margin: float = 4.0
    confidence: float = 0.3
    caption_confidence: float = 0.75
    echo_confidence: float = 0.55


@dataclass(frozen=True)
class SpokenWord:
    """One word; times in seconds from the first sample."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True)
class Transcription:
    """What was said in some samples.

    The text is empty where nobody said anything; `rejected` then says why a text was dropped.
    confidence: geometric mean of the token probabilities. window: seconds that were encoded.
    """

    text: str
    language: str
    confidence: float
    no_speech_probability: float
    duration: float
    window: float
    words: tuple[SpokenWord, ...] = field(default=())
    rejected: str = ''


@dataclass(frozen=True)
class _Hypothesis:
    text: str
    tokens: list[int]
    log_probability: float
    no_speech: float
    window: float
    complete: bool
    encoded: Any
    language: str

    @property
    def confidence(self) -> float:
        return math.exp(min(0.0, self.log_probability))


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
        self._model = _load(path, device, compute_type, threads or min(4, pool()))
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
        improbable, or may be nothing but an echo of the prompt, is decoded without the prompt.
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
        window = min(FULL_WINDOW, max(decoding.window, math.ceil(duration + decoding.margin)))
        result = self._decode(waveform, window, decoding)
        if window < FULL_WINDOW and _repeats(result, duration):
            window = FULL_WINDOW
            result = self._decode(waveform, window, decoding)
        is_plain = window == FULL_WINDOW and not decoding.prompt
        if not is_plain and _is_suspect(result, duration, decoding):
            result = self._decode(waveform, FULL_WINDOW, replace(decoding, prompt=''))
        return self._judge(result, duration, decoding)

    def _ensure_loaded(self) -> None:
        if not self._model.model.model_is_loaded:
            self._model.model.load_model()

    def _decode(self, waveform: Waveform, window: float, decoding: Decoding) -> _Hypothesis:
        missing = max(0, round(window * SAMPLE_RATE) - len(waveform))
        features = self._model.feature_extractor(np.pad(waveform, (0, missing)))
        encoded = self._model.encode(features[:, : round(window * _FRAMES_PER_SECOND)])
        language = decoding.language or self._detect(encoded)
        tokenizer = self._tokenizer(language)
        prompt = self._model.get_prompt(
            tokenizer, [], without_timestamps=True, hotwords=decoding.prompt.strip() or None
        )
        room = int(_SPARE_TOKENS + _TOKENS_PER_SECOND * len(waveform) / SAMPLE_RATE)
        result = self._model.model.generate(
            encoded,
            [prompt],
            beam_size=decoding.beam_size,
            max_length=min(self._model.max_length, len(prompt) + room),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = list(result.sequences_ids[0])
        return _Hypothesis(
            text=_tidy(tokenizer.decode(tokens)),
            tokens=[token for token in tokens if token < tokenizer.eot],
            log_probability=result.scores[0] * len(tokens) / (len(tokens) + 1),
            no_speech=result.no_speech_prob,
            window=window,
            complete=len(tokens) < room,
            encoded=encoded,
            language=language,
        )

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

    def _judge(self, result: _Hypothesis, duration: float, decoding: Decoding) -> Transcription:
        reason = _reason_to_reject(result, duration, decoding)
        judged = Transcription(
            text='' if reason else result.text,
            language=result.language,
            confidence=result.confidence,
            no_speech_probability=result.no_speech,
            duration=duration,
            window=result.window,
            rejected=reason,
        )
        if judged.text and decoding.word_times:
            return replace(judged, words=self._align(result, duration))
        return judged

    def _align(self, result: _Hypothesis, duration: float) -> tuple[SpokenWord, ...]:
        frames = round(result.window * _FRAMES_PER_SECOND)
        tokenizer = self._tokenizer(result.language)
        found = self._model.find_alignment(tokenizer, [result.tokens], result.encoded, frames)
        words: list[SpokenWord] = []
        for entry in found[0] if found else ():
            text = entry['word'].strip()
            if words and not _words(text):
                words[-1] = replace(words[-1], text=words[-1].text + text)
            elif text:
                start, end = (min(duration, float(entry[key])) for key in ('start', 'end'))
                words.append(SpokenWord(text, start, end, float(entry['probability'])))
        return tuple(words)


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


def check_language(language: str, known: Sequence[str]) -> None:
    """Raise a ConfigurationError for a language that is not known; empty is detection."""
    if language not in ('', *known):
        raise ConfigurationError(
            f"the model does not know the language '{language}'",
            f'use one of {", ".join(known)}; a model whose name ends in .en knows only English',
        )


def downloadable_models() -> list[str]:
    """Return the names that faster-whisper can download."""
    from faster_whisper import available_models

    return list(available_models())


def compression_ratio(text: str) -> float:
    """Return how much shorter the text gets by zlib: high for text that repeats itself."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


def is_repetitive(text: str) -> bool:
    """Return whether the text ends with a phrase said twice."""
    words = _words(text)
    return any(words[-2 * n : -n] == words[-n:] for n in range(1, len(words) // 2 + 1))


def _has_gpu() -> bool:
    import ctranslate2

    return bool(ctranslate2.get_cuda_device_count())


def _load(path: str, device: str, compute_type: str, threads: int) -> Any:
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


def is_echo(text: str, prompt: str) -> bool:
    """Return whether there is no word in a text but those of the prompt."""
    return set(_words(text)) <= set(_words(prompt))


def _is_suspect(result: _Hypothesis, duration: float, decoding: Decoding) -> bool:
    doubtful = result.confidence < decoding.echo_confidence
    return (
        _repeats(result, duration)
        or result.log_probability < _LOG_PROBABILITY_LIMIT
        or (doubtful and is_echo(result.text, decoding.prompt))
    )


def _repeats(result: _Hypothesis, duration: float) -> bool:
    return (
        not result.complete or is_repetitive(result.text) or _is_implausible(result.text, duration)
    )


def _is_implausible(text: str, duration: float) -> bool:
    too_fast = len(_words(text)) > 2 + _WORDS_PER_SECOND * duration
    return too_fast or compression_ratio(text) > _COMPRESSION_LIMIT


def _reason_to_reject(result: _Hypothesis, duration: float, decoding: Decoding) -> str:
    words = _words(result.text)
    if not words:
        return 'no words'
    improbable = result.log_probability < _LOG_PROBABILITY_LIMIT
    if improbable and result.no_speech > _NO_SPEECH_LIMIT:
        return 'no speech'
    if not result.complete or _is_implausible(result.text, duration):
        return 'repetition'
    if result.confidence < decoding.confidence:
        return 'improbable'
    if ' '.join(words) in _CAPTIONS and result.confidence < decoding.caption_confidence:
        return 'caption'
    return ''


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())


def _tidy(text: str) -> str:
    return ' '.join(text.split())

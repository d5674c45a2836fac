# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Compare Transcriber with WhisperModel.transcribe: decode time and word error rate of commands.

Both use the same model, threads and sound; each is timed with and without the prompt, in turn,
utterance by utterance. Transcriber is also timed as stt_node uses it, where it looks for other
readings of what is doubtful, which the peer has no equal of. 72 utterances are made by espeak-ng
(six voices; clear, in noise, in a room, by telephone), 7 are human (the set-up unpacks them), 70
are a woman's announcements in telephone quality (a Debian package, fetched into a cache with
apt-get). Lines to meet: Transcriber at least 3 times faster than WhisperModel.transcribe with its
defaults, words wrong at most 0.5 points more.

Writes recognition.json.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from assist_audio import audio_file
from assist_audio.audio import Waveform, to_samples, to_waveform
from assist_audio.stt_parameters import SttParameters
from assist_audio.transcriber import Transcriber
from assist_audio.transcription import DEFAULT_PROMPT, Decoding
from assist_common import models
from faster_whisper import WhisperModel
from shared import recordings, report, sounds

COMMANDS = (
    'stop',
    'come here',
    'go to the kitchen',
    'bring me the cup',
    'where is the knife',
    'what do you see',
    'yes bring the knife',
    'resume',
    'follow me to the bedroom please',
    'put the bottle on the table',
    'turn left and wait at the door',
    'pick up the book next to the laptop',
    'please call the nurse i need some help',
    'can you open the window in the living room',
    'how many people are in front of you',
    'bring me a glass of water and my medicine',
    'go back to the charging station',
    'move a little closer to the bed',
    'no do not take that one',
    'tell me when somebody comes in',
    'is the chair behind the table free',
    'give the remote control to my daughter',
    'cancel that and come back to me',
    'drive slowly to the front door',
)
VOICES = (
    ('en-us', 150, 40),
    ('en-us+f3', 140, 60),
    ('en-gb', 160, 45),
    ('en-gb-x-rp+f5', 130, 55),
    ('en-gb-scotland', 150, 35),
    ('en-us+m3', 175, 50),
)
CONDITIONS: dict[str, Callable[[Waveform, int], Waveform]] = {
    'clear': lambda sound, _: sound,
    'noise 20 dB': lambda sound, seed: _in_noise(sound, seed, 20.0),
    'noise 10 dB': lambda sound, seed: _in_noise(sound, seed, 10.0),
    'noise 5 dB': lambda sound, seed: _in_noise(sound, seed, 5.0),
    'room': lambda sound, seed: sounds.reverberate(sound, seed),
    'telephone': lambda sound, _: sounds.telephone(sound),
}
LEAD, TAIL = 0.3, 0.21  # s: what the segmenter keeps before speech and waits for after it
_READING = 'librivox/sense_and_sensibility_01_austen_64kb'
RECORDINGS = {
    f'{_READING}-0880': 'he was not an ill disposed young man',
    f'{_READING}-0890': 'unless to be rather cold hearted and rather selfish is to be ill disposed',
    f'{_READING}-0920': 'had he married a more amiable woman he might have been made still more '
    'respectable than he was',
    f'{_READING}-0930': 'he might even have been made amiable himself',
    'cards/001': 'ten of clubs',
    'cards/003': 'seven of clubs',
    'cards/005': 'eight of spades four of clubs seven of hearts',
}
NUMBERS = ('zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten')
_DIGITS = {str(number) for number in range(len(NUMBERS))}


@dataclass(frozen=True)
class Utterance:
    """A sound, what is said in it, and how it was made."""

    text: str
    kind: str
    waveform: Waveform


def main() -> int:
    """Measure, print and write."""
    options = report.parser(__doc__, runs=3).parse_args()
    utterances = synthetic(8 if options.quick else len(COMMANDS)) + human()
    utterances += announcements()[: 8 if options.quick else None]
    contenders = load()
    times: dict[str, list[list[float]]] = {name: [] for name in contenders}
    texts: dict[str, list[str]] = {}
    for number in range(1 if options.quick else options.runs):
        spent, texts = measure(contenders, utterances, reverse=bool(number % 2))
        for name, seconds in spent.items():
            times[name].append(seconds)
        print(f'run {number + 1}:', {k: f'{sum(v):.1f} s' for k, v in spent.items()}, flush=True)
    return report.finish(__file__, summarise(utterances, times, texts), quick=options.quick)


def synthetic(sentences: int) -> list[Utterance]:
    """Return each sentence three times, in other voices and conditions."""
    made = []
    kinds = list(CONDITIONS)
    for index in range(3 * sentences):
        text, turn = COMMANDS[index % sentences], index // sentences
        kind = kinds[(index + 2 * turn) % len(kinds)]
        voice = VOICES[(index + index // len(kinds) + turn) % len(VOICES)]
        speech = sounds.speak(text, *voice)
        padded = np.concatenate((sounds.silence(LEAD), speech, sounds.silence(TAIL)))
        made.append(Utterance(text, kind, CONDITIONS[kind](padded, index)))
    return made


def human() -> list[Utterance]:
    """Return the recordings of human voices that the set-up unpacks, as far as they are there."""
    found = []
    for folder in models.folders():
        for name, text in RECORDINGS.items():
            path = folder.parent / 'samples' / 'human-voice' / f'{name}.wav'
            if path.is_file():
                samples = [frame.samples for frame in audio_file.frames(str(path))]
                found.append(Utterance(text, 'human', to_waveform(np.concatenate(samples))))
    return found


def announcements() -> list[Utterance]:
    """Return what a human voice says on the telephone."""
    edges = sounds.silence(LEAD), sounds.silence(TAIL)
    return [
        Utterance(text, 'announcements', np.concatenate((edges[0], sound, edges[1])))
        for text, sound in recordings.prompts()
    ]


def load() -> dict[str, Callable[[Waveform], str]]:
    """Return what is compared, by name; all take a waveform and return a text."""
    path, threads = models.resolve('tiny.en'), min(4, os.cpu_count() or 1)
    ours = Transcriber(path, 'cpu', 'int8', threads)
    peer = WhisperModel(path, device='cpu', compute_type='int8', cpu_threads=threads)

    def transcribe(prompt: str, alternatives: int = 0) -> Callable[[Waveform], str]:
        decoding = Decoding(prompt=prompt, alternatives=alternatives)
        return lambda waveform: ours.transcribe(to_samples(waveform), decoding).text

    def whisper(**options: Any) -> Callable[[Waveform], str]:
        return lambda waveform: ''.join(one.text for one in peer.transcribe(waveform, **options)[0])

    return {
        'Transcriber': transcribe(DEFAULT_PROMPT),
        'Transcriber without prompt': transcribe(''),
        'Transcriber with other readings': transcribe(
            DEFAULT_PROMPT, SttParameters().alternatives
        ),
        'WhisperModel.transcribe': whisper(),
        'WhisperModel.transcribe with prompt': whisper(hotwords=DEFAULT_PROMPT),
    }


def measure(
    contenders: dict[str, Callable[[Waveform], str]], utterances: list[Utterance], reverse: bool
) -> tuple[dict[str, list[float]], dict[str, list[str]]]:
    """Return seconds and texts of all utterances for each contender."""
    order = list(contenders)[::-1] if reverse else list(contenders)
    for name in order:
        contenders[name](utterances[0].waveform)
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    texts: dict[str, list[str]] = {name: [] for name in contenders}
    for utterance in utterances:
        for name in order:
            begin = time.perf_counter()
            texts[name].append(contenders[name](utterance.waveform))
            spent[name].append(time.perf_counter() - begin)
    return spent, texts


def summarise(
    utterances: list[Utterance], times: dict[str, list[list[float]]], texts: dict[str, list[str]]
) -> dict[str, Any]:
    """Return the figures of the report."""
    peer = 'WhisperModel.transcribe'
    contenders = {}
    for name, runs in times.items():
        ratios = [sum(other) / sum(own) for own, other in zip(runs, times[peer], strict=True)]
        contenders[name] = {
            'decode_ms': report.percentiles([t for run in runs for t in run]),
            'times_faster_than_peer': report.spread(ratios),
            'word_error_rate': error_rates(utterances, texts[name]),
        }
    faster = contenders['Transcriber']['times_faster_than_peer']['median']
    plain = contenders['Transcriber without prompt']
    rates = {name: each['word_error_rate']['all'] for name, each in contenders.items()}
    return {
        'model': 'tiny.en, int8',
        'utterances': len(utterances),
        'audio_seconds': round(sum(len(one.waveform) for one in utterances) / 16000, 1),
        'runs': len(times[peer]),
        'peer': peer,
        'lines': {
            'times faster': report.line(faster, 3.0, at_least=True),
            'times faster, no prompt': report.line(
                plain['times_faster_than_peer']['median'], 3.0, at_least=True
            ),
            'word error points': report.line(round(rates['Transcriber'] - rates[peer], 2), 0.5),
            'word error points, no prompt': report.line(
                round(rates['Transcriber without prompt'] - rates[peer], 2), 0.5
            ),
            'word error points, both with prompt': report.line(
                round(rates['Transcriber'] - rates[f'{peer} with prompt'], 2), 0.5
            ),
        },
        'contenders': contenders,
    }


def error_rates(utterances: list[Utterance], texts: list[str]) -> dict[str, float]:
    """Return the word error rate in percent: of all, by kind, and of what the prompt lacks."""
    groups: dict[str, list[tuple[int, int]]] = {}
    prompt = ' '.join(words_of(DEFAULT_PROMPT))
    for utterance, text in zip(utterances, texts, strict=True):
        spoken = words_of(utterance.text)
        errors = (distance(spoken, words_of(text)), len(spoken))
        where = 'in the prompt' if ' '.join(spoken) in prompt else 'not in the prompt'
        for group in ('all', utterance.kind, where):
            groups.setdefault(group, []).append(errors)
    return {
        group: round(100 * sum(e for e, _ in pairs) / sum(n for _, n in pairs), 2)
        for group, pairs in groups.items()
    }


def words_of(text: str) -> list[str]:
    """Return the words in lower case, numbers up to ten written out."""
    words = re.findall(r"[a-z']+|\d+", text.lower())
    return [NUMBERS[int(word)] if word in _DIGITS else word for word in words]


def distance(wanted: list[str], given: list[str]) -> int:
    """Return how many words must be changed, added or removed (Levenshtein)."""
    row = list(range(len(given) + 1))
    for i, word in enumerate(wanted, 1):
        previous, row[0] = row[0], i
        for j, other in enumerate(given, 1):
            cost = min(row[j] + 1, row[j - 1] + 1, previous + (word != other))
            previous, row[j] = row[j], cost
    return row[-1]


def _in_noise(sound: Waveform, seed: int, ratio: float) -> Waveform:
    make = (sounds.pink, sounds.fan)[seed % 2]
    return sounds.with_noise(sound, make(len(sound) / 16000 + 0.1, seed), ratio)


if __name__ == '__main__':
    sys.exit(main())

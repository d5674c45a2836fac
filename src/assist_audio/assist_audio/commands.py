# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Commands that need no running graph: transcribe, vad, devices."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from assist_common import models
from assist_common.errors import AssistError

from assist_audio import offline, sound_device
from assist_audio.assembler import Speech
from assist_audio.listener import Listener
from assist_audio.placements import downloadable_models, placements
from assist_audio.recogniser import Recognised
from assist_audio.transcriber import Transcriber
from assist_audio.transcription import DEFAULT_PROMPT, Decoding
from assist_audio.vad import KINDS, make_detector


def transcribe(arguments: list[str] | None = None) -> int:
    """Print what is said in files."""
    parser = _file_parser('transcribe', transcribe.__doc__)
    parser.add_argument('--model', default='tiny.en', help='Whisper model (%(default)s)')
    parser.add_argument('--device', default='auto', choices=('auto', 'cpu', 'cuda'))
    parser.add_argument('--language', default='en', help='ISO 639-1; empty: detect (%(default)s)')
    parser.add_argument('--beam-size', type=int, default=1, help='%(default)s')
    parser.add_argument('--prompt', default=DEFAULT_PROMPT, help='sentences that are likely')
    parser.add_argument('--words', action='store_true', help='print times of words, too')
    options = parser.parse_args(arguments)
    decoding = Decoding(
        language=options.language,
        beam_size=options.beam_size,
        prompt=options.prompt,
        word_times=options.words or options.json,
    )
    try:
        path = models.resolve(options.model, known=downloadable_models())
        transcriber = Transcriber(path, *placements(options.device, 'auto')[0])
        transcriber.check(decoding)
    except AssistError as error:
        return _refuse('transcribe', error)

    def report(file: str, listener: Listener) -> None:
        result = offline.transcribe_file(
            file, listener, lambda samples: transcriber.transcribe(samples, decoding)
        )
        if options.json:
            print(json.dumps(_transcription_record(file, result)), flush=True)
        else:
            _print_transcription(file, result, options.words)

    return _for_each_file('transcribe', options, report)


def vad(arguments: list[str] | None = None) -> int:
    """Print where somebody speaks in files."""
    options = _file_parser('vad', vad.__doc__).parse_args(arguments)

    def report(file: str, listener: Listener) -> None:
        found = offline.find_speech(file, listener)
        if options.json:
            segments = [_span(speech) for speech in found.segments]
            record = {
                'file': file,
                'segments': segments,
                'audio_seconds': round(found.audio_seconds, 3),
            }
            print(json.dumps(record), flush=True)
        else:
            print(f'{file}: {found.audio_seconds:.1f} s')
            for speech in found.segments:
                print(f'  {offline.start_of(speech):8.2f} - {offline.end_of(speech):8.2f}')

    return _for_each_file('vad', options, report)


def devices(arguments: list[str] | None = None) -> int:
    """Print the sound devices of this machine."""
    parser = argparse.ArgumentParser(prog='devices', description=devices.__doc__)
    parser.parse_args(arguments)
    try:
        for kind in ('input', 'output'):
            known = sound_device.devices(kind)
            print(f'{kind}:' if known else f'{kind}: none')
            for device in known:
                mark = '*' if device.is_default else ' '
                channels = device.inputs if kind == 'input' else device.outputs
                print(f'{mark} {device.index:3} {device.name} ({channels} x {device.rate} Hz)')
    except AssistError as error:
        return _refuse('devices', error)
    return 0


def _file_parser(name: str, description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=name, description=description)
    parser.add_argument('files', metavar='FILE', nargs='+', help='WAV, FLAC or MP3')
    parser.add_argument('--json', action='store_true', help='print one line of JSON a file')
    parser.add_argument('--vad', default='hybrid', choices=KINDS, help='%(default)s')
    return parser


def _for_each_file(
    name: str, options: argparse.Namespace, report: Callable[[str, Listener], None]
) -> int:
    failures = 0
    for file in options.files:
        try:
            report(file, Listener(make_detector(options.vad)))
        except AssistError as error:
            failures += _refuse(name, error)
    return 1 if failures else 0


def _refuse(name: str, error: AssistError) -> int:
    print(f'{name}: {error}', file=sys.stderr)
    return 1


def _span(speech: Speech) -> dict[str, float]:
    return {
        'start': round(offline.start_of(speech), 3),
        'end': round(offline.end_of(speech), 3),
    }


def _transcription_record(file: str, result: offline.FileTranscription) -> dict[str, Any]:
    return {
        'file': file,
        'text': result.text,
        'segments': [_segment_record(one) for one in result.results],
        'audio_seconds': round(result.audio_seconds, 3),
        'decode_seconds': round(result.decode_seconds, 3),
    }


def _segment_record(one: Recognised) -> dict[str, Any]:
    start = offline.start_of(one.speech)
    words = [
        {
            'word': word.text,
            'start': round(start + word.start, 3),
            'end': round(start + word.end, 3),
            'probability': round(word.probability, 3),
        }
        for word in one.transcription.words
    ]
    return {
        **_span(one.speech),
        'text': one.transcription.text,
        'confidence': round(one.transcription.confidence, 3),
        'words': words,
    }


def _print_transcription(file: str, result: offline.FileTranscription, words: bool) -> None:
    print(f'{file}: {result.audio_seconds:.1f} s, decoded in {result.decode_seconds:.2f} s')
    for one in result.results:
        start, end = offline.start_of(one.speech), offline.end_of(one.speech)
        text, confidence = one.transcription.text, one.transcription.confidence
        print(f'  {start:8.2f} - {end:8.2f}  {text}  ({confidence:.2f})')
        for word in one.transcription.words if words else ():
            print(f'    {start + word.start:8.2f} {word.text}  ({word.probability:.2f})')

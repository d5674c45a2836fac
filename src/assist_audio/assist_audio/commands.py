# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Commands that need no running graph: transcribe, vad, devices."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from assist_common import models
from assist_common.errors import AssistError
from assist_common.parameters import check, constraint_of

from assist_audio import offline, sound_device
from assist_audio.assembler import Speech
from assist_audio.audio_parameters import AudioParameters, segmentation
from assist_audio.listener import Listener
from assist_audio.placements import downloadable_models, placements
from assist_audio.recogniser import Recognised
from assist_audio.recovery import RecoveringTranscriber
from assist_audio.stt_parameters import SttParameters, decoding
from assist_audio.transcriber import Transcriber
from assist_audio.transcription import DEFAULT_PROMPT
from assist_audio.vad import make_detector

P = TypeVar('P')

_RECOGNITION = (
    'model',
    'device',
    'compute_type',
    'threads',
    'language',
    'beam_size',
    'doubt',
    'alternatives',
    'window',
    'minimum_confidence',
    'time_limit',
)
_DETECTION = (
    'vad',
    'aggressiveness',
    'start_threshold',
    'end_threshold',
    'noise_margin',
    'pause',
    'hang_over',
    'minimum_speech',
    'maximum_segment',
)


def transcribe(arguments: list[str] | None = None) -> int:
    """Print what is said in files."""
    parser = _file_parser('transcribe', transcribe.__doc__)
    _add_options(parser, SttParameters, _RECOGNITION)
    parser.add_argument(
        '--prompt', default=DEFAULT_PROMPT, help='sentences that are likely; empty: none'
    )
    parser.add_argument('--words', action='store_true', help='print times of words, too')
    options = parser.parse_args(arguments)
    try:
        values = _checked(SttParameters, _RECOGNITION, options)
        how = replace(
            decoding(values), prompt=options.prompt, word_times=options.words or options.json
        )
        transcriber = _load(values)
        transcriber.check(how)
    except AssistError as error:
        return _refuse('transcribe', error)

    def report(file: str, listener: Listener) -> None:
        result = offline.transcribe_file(
            file,
            listener,
            lambda samples: transcriber.transcribe(samples, how, values.time_limit),
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
    _add_options(parser, AudioParameters, _DETECTION)
    return parser


def _add_options(parser: argparse.ArgumentParser, parameters: type, names: Sequence[str]) -> None:
    """Add an option for each of these parameters of a node, with its default and choices."""
    for field in dataclasses.fields(parameters):
        if field.name in names:
            constraint = constraint_of(field)
            parser.add_argument(
                f'--{field.name.replace("_", "-")}',
                type=type(field.default),
                default=field.default,
                choices=constraint.choices or None,
                help=f'{constraint.description.replace("%", "%%")} (%(default)s)',
            )


def _checked(parameters: type[P], names: Sequence[str], options: argparse.Namespace) -> P:
    """Return the parameters with what the options say.

    Raises:
        ConfigurationError: a value is out of its range.
    """
    return parameters(**{name: check(parameters, name, getattr(options, name)) for name in names})


def _load(values: SttParameters) -> RecoveringTranscriber:
    path = models.resolve(values.model, known=downloadable_models())
    return RecoveringTranscriber(
        lambda device, kind: Transcriber(path, device, kind, values.threads),
        placements(values.device, values.compute_type),
        lambda sentence: print(f'transcribe: {sentence}', file=sys.stderr),
    )


def _for_each_file(
    name: str, options: argparse.Namespace, report: Callable[[str, Listener], None]
) -> int:
    try:
        values = _checked(AudioParameters, _DETECTION, options)
        settings = segmentation(values)
    except AssistError as error:
        return _refuse(name, error)
    failures = 0
    for file in options.files:
        try:
            report(file, Listener(make_detector(values.vad, values.aggressiveness), settings))
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

# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The models and the engine of each node, on a sample."""

from __future__ import annotations

import importlib.util
import subprocess
import tempfile
import time
from collections.abc import Container
from pathlib import Path
from typing import Any

from assist_common import models
from assist_common.errors import ConfigurationError, ModelError

from assist.dialogue import VOICE
from assist.preflight.check import Skipped
from assist.preflight.subject import Subject

SENTENCE = 'Bring me the cup left of the bus.'
PHOTOGRAPHS = Path(__file__).parents[1] / 'photographs'
SAMPLES = {'bus.jpg': ('bus', 'person'), 'coffee.jpg': ('cup',)}
"""Photographs, and what a detector that knows it must find in them."""


def speech_model(subject: Subject) -> str:
    """Find and load the model that recognises speech."""
    from assist_audio.placements import downloadable_models, placements
    from assist_audio.stt_parameters import decoding
    from assist_audio.transcriber import Transcriber

    chosen = subject.parameters('stt_node')
    path = models.resolve(chosen.model, known=downloadable_models())
    device, compute_type = placements(chosen.device, chosen.compute_type)[0]
    transcriber = Transcriber(path, device, compute_type, chosen.threads)
    transcriber.check(decoding(chosen))
    subject.shared['transcriber'] = transcriber
    return f'{chosen.model} on {device} as {compute_type}'


def vision_model(subject: Subject) -> str:
    """Find and load the model that detects objects."""
    from assist_vision.detector import check_labels
    from assist_vision.detector_parameters import to_choice
    from assist_vision.model_slot import load_choice

    chosen = subject.parameters('detector_node')
    detector = load_choice(to_choice(chosen))
    check_labels(detector, chosen.classes)
    subject.shared['detector'] = detector
    return f'{detector.name} on {detector.device}, {len(detector.labels)} classes'


def voice_model(subject: Subject) -> str:
    """Load the detector of speech."""
    from assist_audio.listener import Listener
    from assist_audio.vad import make_detector

    chosen = subject.parameters('audio_node')
    notes: list[str] = []
    subject.shared['listener'] = Listener(
        make_detector(chosen.vad, chosen.aggressiveness, notes.append)
    )
    return ' '.join([chosen.vad, *notes])


def synthesis(subject: Subject) -> str:
    """Speak a sentence into memory."""
    from assist_audio.speech_synthesis import make_synthesiser

    chosen = subject.parameters('speaker_node')
    synthesiser = make_synthesiser(chosen.engine, chosen.voice, chosen.speed, chosen.pitch)
    try:
        sound = synthesiser.speak('Hello.')
    finally:
        synthesiser.close()
    if not sound.samples.any():
        raise ConfigurationError(f'{synthesiser.name} speaks nothing', 'choose another voice')
    return f'{synthesiser.name}, {sound.seconds:.1f} s of sound at {sound.rate} Hz'


def hearing(subject: Subject) -> str:
    """Find the speech in a sample and recognise it."""
    from assist_audio.offline import transcribe_file
    from assist_audio.stt_parameters import decoding

    chosen = subject.parameters('stt_node')
    if chosen.language not in ('', 'en'):
        raise Skipped(f"the sample is English and the language is '{chosen.language}'")
    how = decoding(chosen)
    transcriber, listener = subject.shared['transcriber'], subject.shared['listener']
    with tempfile.TemporaryDirectory(prefix='preflight_') as folder:
        sample = _speak(Path(folder) / 'sample.wav')
        result = transcribe_file(
            str(sample), listener, lambda samples: transcriber.transcribe(samples, how)
        )
    heard = result.text.strip()
    if not heard:
        raise ModelError(
            f"nothing was recognised in the sample '{SENTENCE}'",
            'use speech_model:=tiny.en, and vad and thresholds as they come',
        )
    return f"'{heard}' in {result.decode_seconds:.1f} s for {result.audio_seconds:.1f} s of sound"


def seeing(subject: Subject) -> str:
    """Detect the objects in a photograph."""
    from assist_vision.camera import read_picture

    chosen, detector = subject.parameters('detector_node'), subject.shared['detector']
    path = _photograph()
    image = read_picture(path)
    began = time.monotonic()
    found = detector.detect(image, confidence=chosen.confidence, overlap=chosen.overlap)
    milliseconds = 1000 * (time.monotonic() - began)
    labels = sorted({one.label for one in found})
    expected = set(SAMPLES[path.name]) & set(detector.labels)
    if expected and not expected & set(labels):
        raise ModelError(
            f'{detector.name} finds no {" and no ".join(sorted(expected))} in {path.name}',
            'use another vision_model, or a lower confidence',
        )
    return f'{", ".join(labels) or "nothing"} in {path.name} within {milliseconds:.0f} ms'


def understanding(subject: Subject) -> str:
    """Parse a sentence of the grammar and decide on it by the policy."""
    from assist_intent import policy_file, resources
    from assist_intent.dialogue import Dialogue
    from assist_intent.grammar import Grammar
    from assist_intent.parse import parse
    from assist_intent.replies import Replies
    from assist_intent.types import OWN_INTENTS

    chosen = subject.parameters('intent_node')
    grammar = Grammar.load(
        resources.grammar_path(chosen.grammar, chosen.language), *chosen.grammar_extensions
    )
    rules = policy_file.load(resources.policy_path(chosen.policy))
    dialogue = Dialogue(rules, Replies(grammar.responses), str, unseen=grammar.unseen)
    sentence = _command(grammar, rules.intents)
    result: dict[str, Any] = parse(grammar, dialogue, sentence, None)
    unruled = set(grammar.intents) - set(rules.intents) - OWN_INTENTS
    note = f'; always refused, without a risk: {", ".join(sorted(unruled))}' if unruled else ''
    decided = f'{result["intent"]}, {result["verdict"]}'
    return f"'{sentence}' is {decided}; policy {rules.version}{note}"


def _command(grammar: Any, ruled: Container[str]) -> str:
    """Return a sentence of the grammar that is a command and not a stop or an answer."""
    sentences, objects = grammar.examples()
    for template in sentences:
        sentence = str(template.replace('{object}', next(iter(objects), '')))
        if grammar.understand(sentence).name in ruled:
            return sentence
    raise ConfigurationError(
        'the grammar understands no command of its own that the policy has a risk for',
        "compare the intents of both: ros2 run assist_intent parse 'what do you see'",
    )


def _speak(path: Path) -> Path:
    try:
        subprocess.run(
            ['espeak-ng', *VOICE, '-w', str(path), SENTENCE], check=True, capture_output=True
        )
    except FileNotFoundError:
        raise Skipped('espeak-ng, which would speak the sample, is not installed') from None
    return path


def _photograph() -> Path:
    found = importlib.util.find_spec('ultralytics')
    for folder in found.submodule_search_locations or () if found else ():
        path = Path(folder) / 'assets' / 'bus.jpg'
        if path.is_file():
            return path
    return PHOTOGRAPHS / 'coffee.jpg'

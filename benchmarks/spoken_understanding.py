# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Score understanding of sentences that are spoken, recognised and understood.

Every so many sentences of data/understanding_test.yaml are spoken by voices of espeak-ng in turn,
clear, and recognised offline with the prompt that the grammar gives. An intent counts as right when
all steps have the right ones, also where it was understood nearly, so that the robot asks.
Line to meet: 85 %. Writes spoken_understanding.json.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from typing import Any

import numpy as np
from assist_audio.audio import to_samples
from assist_audio.prompt import Prompt
from assist_audio.stt_parameters import SttParameters
from assist_audio.transcriber import Transcriber
from assist_audio.transcription import DEFAULT_PROMPT, Decoding
from assist_common import models
from assist_intent import resources
from assist_intent.grammar import Grammar
from assist_intent.types import Match
from recognition import LEAD, TAIL, VOICES
from shared import report, sounds
from understanding import load, percent

SENTENCES = 150


def main() -> int:
    """Speak, recognise and understand, and write the figures."""
    arguments = report.parser(__doc__, runs=1)
    arguments.add_argument('--errors', action='store_true', help='print what was heard wrong')
    options = arguments.parse_args()
    rows = load('understanding_dev' if options.quick else 'understanding_test')
    rows = [row for row in rows if row['intent']]
    rows = rows[:: max(1, len(rows) // SENTENCES)][:SENTENCES]
    counts, wrong = score(rows)
    if options.errors:
        print(*wrong, sep='\n')
    result = {
        'intents_right_percent': report.line(
            percent(counts['right'], len(rows)), 85.0, at_least=True
        ),
        'understood_nearly': counts['nearly'],
        'not_understood': counts['nothing'],
        'understood_wrongly': counts['wrong'],
        'understood_wrongly_word_for_word': counts['wrong for certain'],
        'sentences': len(rows),
        'voices': len(VOICES),
    }
    return report.finish(__file__, result, quick=options.quick)


def score(rows: list[dict[str, Any]]) -> tuple[Counter[str], list[str]]:
    """Return how many were right, and what was heard where it was not."""
    grammar = Grammar.load(resources.grammar_path())
    prompt = Prompt(DEFAULT_PROMPT)
    prompt.expect(*grammar.expected())
    threads = min(4, os.cpu_count() or 1)
    transcriber = Transcriber(models.resolve('tiny.en'), 'cpu', 'int8', threads)
    decoding = Decoding(prompt=prompt.text, alternatives=SttParameters().alternatives)
    counts: Counter[str] = Counter()
    wrong = []
    for index, row in enumerate(rows):
        speech = sounds.speak(row['text'], *VOICES[index % len(VOICES)])
        padded = np.concatenate((sounds.silence(LEAD), speech, sounds.silence(TAIL)))
        transcription = transcriber.transcribe(to_samples(padded), decoding)
        heard = transcription.text
        meaning = grammar.understand(heard, transcription.alternatives)
        wanted = [step['intent'] for step in row.get('steps') or [row]]
        right = [step.name for step in meaning.steps] == wanted
        counts['right'] += right
        counts['nearly'] += right and meaning.match == Match.FUZZY
        if not right:
            counts['wrong' if meaning.name else 'nothing'] += 1
            counts['wrong for certain'] += bool(meaning.name) and meaning.match == Match.EXACT
            wrong.append(f'{row["text"]} | heard: {heard} | {meaning.name}')
    return counts, wrong


if __name__ == '__main__':
    sys.exit(main())

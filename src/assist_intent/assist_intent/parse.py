# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""`ros2 run assist_intent parse`: what would be understood and decided."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from assist_common.errors import AssistError, InputError

from assist_intent import policy_file, resources
from assist_intent.dialogue import Dialogue
from assist_intent.document import Document
from assist_intent.grammar import Grammar
from assist_intent.replies import Replies
from assist_intent.types import (
    Decision,
    Heard,
    Relation,
    Scene,
    SceneObject,
    Situation,
)


def main(arguments: list[str] | None = None) -> int:
    """Print what would be made of each sentence; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except AssistError as error:
        print(f'parse: {error}', file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _run(options: argparse.Namespace) -> int:
    grammar = Grammar.load(
        resources.grammar_path(options.grammar, options.language), *options.extension
    )
    rules = policy_file.load(resources.policy_path(options.policy), objects=grammar.objects)
    scene = load_scene(options.scene) if options.scene else None
    if scene:
        grammar.know_labels(item.label for item in scene.objects)
    dialogue = Dialogue(rules, Replies(grammar.responses), str, unseen=grammar.unseen)
    for sentence in _sentences(options.sentence):
        result = parse(grammar, dialogue, sentence, scene)
        print(json.dumps(result) if options.json else _for_people(result), flush=True)
    return 0


def parse(
    grammar: Grammar, dialogue: Dialogue, sentence: str, scene: Scene | None
) -> dict[str, Any]:
    """Return what would be understood and decided, for JSON."""
    meaning = grammar.understand(sentence)
    if meaning.name == 'yes' and meaning.tail:
        # Nothing waits for a yes here, so the rest is what is wanted.
        meaning = meaning.tail
    decision = dialogue.preview(meaning, Heard(sentence), Situation(scene), 0.0)
    return _as_dict(sentence, decision)


def load_scene(path: str) -> Scene:
    """Read a scene: YAML or JSON with `objects: [{id, label, x, y, width, height}]`.

    `relations: [[cup_1, on, table_1]]`, `attributes: [red]` of an object, `width` and `height` of
    the image may be left out.

    Raises:
        ConfigurationError, InputError: names the file and what is wrong.
    """
    document = Document(Path(path).expanduser())
    data = document.data
    try:
        objects = tuple(_object(number, item) for number, item in enumerate(data['objects'], 1))
        relations = tuple(_relation(item) for item in data.get('relations', ()))
        size = int(data.get('width', 640)), int(data.get('height', 480))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"'{path}' is no scene: {type(error).__name__} {error}",
            'write objects: [{label: cup, x: 100, y: 80, width: 40, height: 50}]',
        ) from error
    return Scene(objects, relations, *size, seen_at=0.0)


def _object(number: int, item: dict[str, Any]) -> SceneObject:
    label = str(item['label'])
    x, y, width, height = (float(item.get(key, 0.0)) for key in ('x', 'y', 'width', 'height'))
    confidence = float(item.get('confidence', 1.0))
    attributes = tuple(str(name) for name in item.get('attributes', ()))
    name = str(item.get('id', f'{label}_{number}'))
    return SceneObject(name, label, confidence, x, y, width, height, attributes)


def _relation(item: Sequence[Any]) -> Relation:
    subject, predicate, reference = item
    # YAML 1.1 takes the word on for true.
    return Relation(str(subject), 'on' if predicate is True else str(predicate), str(reference))


def _sentences(given: Iterable[str]) -> Iterator[str]:
    """Yield each argument, the words of one sentence without quotes, or each line of stdin."""
    # What is no text is not understood; it must not end the sentences after it.
    given = [argument.encode(errors='replace').decode() for argument in given]
    if given:
        quoted = any(' ' in argument for argument in given)
        yield from given if quoted else [' '.join(given)]
        return
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors='replace')
    for line in sys.stdin:
        yield line.rstrip('\n')


def _as_dict(sentence: str, decision: Decision) -> dict[str, Any]:
    request = decision.request
    meaning = request.understanding
    return {
        'text': sentence,
        'intent': meaning.name or None,
        'slots': meaning.steps[0].values() if meaning.steps else {},
        'steps': [{'intent': step.name, 'slots': step.values()} for step in meaning.steps],
        'match': meaning.match.name if meaning.name else None,
        'score': meaning.score,
        'risk': request.risk.name,
        'verdict': decision.verdict.name,
        'reasons': list(request.reasons),
        'reply': decision.reply,
        # Which object of the scene is meant, by its id.
        'grounded': {slot.name: slot.object_id for slot in meaning.slots if slot.object_id},
    }


def _for_people(result: dict[str, Any]) -> str:
    steps = [_step(step) for step in result['steps']] or ['not understood']
    lines = [
        result['text'],
        f'  intent   {steps[0]}',
        *(f'  then     {step}' for step in steps[1:]),
        f'  verdict  {result["verdict"]}, risk {result["risk"]}',
    ]
    if result['match'] == 'FUZZY':
        lines.insert(-1, f'  match    FUZZY, score {result["score"]:.2f}')
    if result['reasons']:
        lines.append(f'  because  {"; ".join(result["reasons"])}')
    if result['reply']:
        lines.append(f'  reply    {result["reply"]}')
    return '\n'.join(lines)


def _step(step: dict[str, Any]) -> str:
    slots = ', '.join(f'{name}: {value}' for name, value in step['slots'].items())
    return step['intent'] + (f' ({slots})' if slots else '')


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='parse', description='Print what would be understood and decided.'
    )
    parser.add_argument(
        'sentence',
        nargs='*',
        help='quoted sentences, or the words of one; none: a sentence a line on standard input',
    )
    parser.add_argument('--json', action='store_true', help='one JSON object a line')
    parser.add_argument('--scene', metavar='FILE', help='objects that are seen, YAML or JSON')
    parser.add_argument('--language', default='en', help='of the packaged grammar (%(default)s)')
    parser.add_argument('--grammar', metavar='FILE', default='', help='instead of the packaged one')
    parser.add_argument('--extension', metavar='FILE', action='append', default=[])
    parser.add_argument('--policy', metavar='FILE', default='', help='instead of the packaged one')
    return parser

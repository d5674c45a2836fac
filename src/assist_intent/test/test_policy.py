# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The policy: every combination of its facts, and files with mistakes."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from assist_common.errors import ConfigurationError
from assist_intent import policy_file
from assist_intent.grammar import Grammar
from assist_intent.policy import Facts, Policy, Ruling
from assist_intent.types import OWN_INTENTS, Health, Match, Mode, Risk, Sight, Source, Verdict
from conftest import POLICY, Conversation, conversation

OBJECTS = ('', 'cup', 'knife', 'person', 'microwave')
CONFIDENCES = (1.0, 0.45, 0.1)
STATES = list(itertools.product(Sight, Mode, Health, Match, CONFIDENCES, (False, True), (0.0, 0.9)))


def privilege(ruling: Ruling) -> int:
    """Return how much a ruling lets a person do: more is more."""
    if ruling.verdict == Verdict.EXECUTE:
        return 4
    if ruling.verdict == Verdict.CONFIRM:
        return 3 if ruling.risk == Risk.MEDIUM else 2
    return 1 if ruling.verdict == Verdict.ASK else 0


def facts_of(intent: str, thing: str, state: tuple[Any, ...]) -> Facts:
    sight, mode, health, match, confidence, stopped, fills = state
    slots = {'object': thing} if thing else {}
    return Facts(
        intent, slots, match, confidence, sight=sight, person_fills=fills, mode=mode,
        health=health, stopped=stopped,
    )  # fmt: skip


def every_case(rules: Policy) -> Any:
    for intent, thing in itertools.product((*rules.intents, 'unheard_of'), OBJECTS):
        for state in STATES:
            yield facts_of(intent, thing, state)


def worse(facts: Facts) -> Any:
    """Yield the same facts, each with one thing worse."""
    if facts.sight < Sight.MISSING:
        yield replace(facts, sight=Sight(facts.sight + 1))
    if facts.mode < Mode.SAFE_STOP:
        yield replace(facts, mode=Mode(facts.mode + 1))
    if facts.health < Health.CRITICAL:
        yield replace(facts, health=Health(facts.health + 1))
    if facts.match == Match.EXACT:
        yield replace(facts, match=Match.FUZZY)
    for confidence in CONFIDENCES:
        if confidence < facts.confidence:
            yield replace(facts, confidence=confidence)
    yield replace(facts, stopped=True)
    yield replace(facts, logged=False)
    yield replace(facts, person_fills=0.9)
    yield replace(facts, missing=('acting', 'seeing'))
    yield replace(facts, recent=(1.0,) * 1000)


def test_whatever_gets_worse_nothing_more_is_allowed(rules: Policy) -> None:
    for facts in every_case(rules):
        before = rules.evaluate(facts)
        for other in worse(facts):
            after = rules.evaluate(other)
            assert privilege(after) <= privilege(before), (facts, other)
            assert after.risk >= before.risk


def test_every_ruling_is_sound(rules: Policy) -> None:
    for facts in every_case(rules):
        ruling = rules.evaluate(facts)
        assert ruling == rules.evaluate(facts)
        if ruling.verdict == Verdict.EXECUTE:
            assert ruling.risk == Risk.LOW
            assert facts.match == Match.EXACT
        if ruling.risk == Risk.FORBIDDEN or ruling.verdict == Verdict.REFUSE:
            assert ruling.verdict == Verdict.REFUSE
            assert ruling.reasons
        moves = facts.intent in rules.intents and rules.intents[facts.intent].moves
        if moves and (facts.stopped or facts.mode == Mode.SAFE_STOP):
            assert ruling.verdict == Verdict.REFUSE


@pytest.mark.parametrize(
    ('facts', 'verdict', 'risk'),
    [
        (Facts('describe_scene'), Verdict.EXECUTE, Risk.LOW),
        (Facts('go_to', {'place': 'kitchen'}), Verdict.CONFIRM, Risk.MEDIUM),
        (Facts('bring', {'object': 'cup'}), Verdict.CONFIRM, Risk.MEDIUM),
        (Facts('bring', {'object': 'knife'}), Verdict.CONFIRM, Risk.HIGH),
        (Facts('bring', {'object': 'person'}), Verdict.REFUSE, Risk.FORBIDDEN),
        (Facts('bring', {'object': 'bus'}), Verdict.REFUSE, Risk.FORBIDDEN),
        (Facts('open', {'object': 'person'}), Verdict.REFUSE, Risk.FORBIDDEN),
        (
            Facts('pour', {'object': 'coffee', 'reference': 'cat'}),
            Verdict.REFUSE, Risk.FORBIDDEN,
        ),
        (
            Facts('place', {'object': 'knife', 'relation': 'on', 'reference': 'person'}),
            Verdict.REFUSE, Risk.FORBIDDEN,
        ),
        (
            Facts('place', {'object': 'cup', 'relation': 'left_of', 'reference': 'person'}),
            Verdict.CONFIRM, Risk.MEDIUM,
        ),
        (
            Facts('pour', {'object': 'tea', 'reference': 'cup'}), Verdict.CONFIRM, Risk.HIGH,
        ),
        (Facts('go_to', person_fills=0.8), Verdict.CONFIRM, Risk.HIGH),
        (Facts('go_to', sight=Sight.MISSING), Verdict.CONFIRM, Risk.HIGH),
        (Facts('describe_scene', confidence=0.45), Verdict.CONFIRM, Risk.MEDIUM),
        (Facts('describe_scene', confidence=0.1), Verdict.ASK, Risk.MEDIUM),
        (Facts('describe_scene', match=Match.FUZZY), Verdict.CONFIRM, Risk.MEDIUM),
        (Facts('go_to', health=Health.CRITICAL), Verdict.REFUSE, Risk.FORBIDDEN),
        (Facts('launch_rocket'), Verdict.REFUSE, Risk.FORBIDDEN),
    ],
)
def test_the_packaged_policy(rules: Policy, facts: Facts, verdict: Verdict, risk: Risk) -> None:
    ruling = rules.evaluate(facts)
    assert (ruling.verdict, ruling.risk) == (verdict, risk)


def test_reasons_are_plain_words(rules: Policy) -> None:
    ruling = rules.evaluate(Facts('bring', {'object': 'knife'}))
    assert ruling.reasons == ('the knife is sharp',)


def test_hours_may_pass_midnight(tmp_path: Path) -> None:
    rules = changed(tmp_path, lambda data: data['rules'].append(
        {'name': 'night', 'when': {'hours': [22, 6]}, 'at_least': 'high', 'reason': 'it is night'}
    ))  # fmt: skip
    risks = {hour: rules.evaluate(Facts('count', hour=hour)).risk for hour in (21, 22, 5, 6)}
    assert risks == {21: Risk.LOW, 22: Risk.HIGH, 5: Risk.HIGH, 6: Risk.LOW}


@pytest.mark.parametrize(
    ('condition', 'slot', 'value'),
    [
        ('place', 'place', 'garage'), ('place', 'destination', 'garage'),
        ('destination', 'destination', 'garage'), ('origin', 'origin', 'garage'),
        ('person', 'person', 'maria'), ('reference', 'reference', 'cup'),
        ('reference', 'second_reference', 'cup'), ('relation', 'relation', 'left_of'),
    ],
)  # fmt: skip
def test_a_rule_may_name_whatever_a_sentence_names(
    tmp_path: Path, condition: str, slot: str, value: str
) -> None:
    rules = changed(tmp_path, lambda data: data['rules'].append(
        {'name': 'no', 'when': {condition: [value, 'x']}, 'forbid': True, 'reason': 'no'}
    ))  # fmt: skip
    assert rules.evaluate(Facts('bring', {slot: value})).verdict == Verdict.REFUSE
    assert rules.evaluate(Facts('bring', {slot: 'y', 'object': value})).verdict != Verdict.REFUSE


def test_the_packaged_policy_names_what_the_grammar_knows(grammar: Grammar) -> None:
    policy_file.load(POLICY, objects=grammar.objects)


def test_an_object_that_nobody_can_name_is_refused(tmp_path: Path, grammar: Grammar) -> None:
    path = tmp_path / 'policy.yaml'
    path.write_text(POLICY.read_text().replace('[knife, scissors', '[knive, scissors'))
    with pytest.raises(ConfigurationError, match=r"policy.yaml:\d+: 'object' names 'knive'"):
        policy_file.load(path, objects=grammar.objects)
    path.write_text(path.read_text() + '\nobjects: [knive]\n')
    policy_file.load(path, objects=grammar.objects)


def test_the_dialogue_answers_its_own_intents(talk: Conversation) -> None:
    assert talk.dialogue._answers.of.keys() == OWN_INTENTS


def test_somebody_must_be_able_to_approve(tmp_path: Path) -> None:
    ways = dict.fromkeys(('voice', 'typed', 'button'), 'low')
    with pytest.raises(ConfigurationError, match='nobody may approve anything'):
        changed(tmp_path, lambda data: data.update(approval=ways))


def test_a_way_of_answering_approves_as_much_as_the_policy_lets_it(
    tmp_path: Path, grammar: Grammar
) -> None:
    rules = changed(tmp_path, lambda data: data.update(approval={'voice': 'low', 'button': 'low'}))
    talk = conversation(grammar, rules)
    talk.hear('go to the kitchen')
    assert not talk.press(True)
    assert 'in another way' in talk.hear('yes').reply
    assert not talk.started
    assert talk.hear('yes', source=Source.TEXT).verdict == Verdict.EXECUTE


def test_a_policy_may_have_medium_risks_repeated(tmp_path: Path, grammar: Grammar) -> None:
    style = {'medium': 'repeat', 'high': 'repeat'}
    rules = changed(tmp_path, lambda data: data['confirmation'].update(style=style))
    talk = conversation(grammar, rules)
    assert talk.hear('go to the kitchen').reply == (
        'Careful. To go ahead, say: yes, go to the kitchen.'
    )
    talk.hear('yes')
    assert not talk.press(True)
    assert not talk.started
    assert talk.hear('yes, go to the kitchen').confirmation == 'repeated'


def test_a_plain_yes_of_yaml_is_a_yes(tmp_path: Path) -> None:
    path = tmp_path / 'policy.yaml'
    path.write_text(POLICY.read_text().replace("    medium: 'yes'", '    medium: yes'))
    assert policy_file.load(path).repeat_from == Risk.HIGH


def changed(tmp_path: Path, change: Any) -> Policy:
    data = yaml.safe_load(POLICY.read_text())
    change(data)
    path = tmp_path / 'policy.yaml'
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    return policy_file.load(path)


@pytest.mark.parametrize(
    ('old', 'new', 'words'),
    [
        ('risk: low', 'risk: tiny', "'risk' is 'tiny'"),
        ('moves: true,', 'moves: maybe,', "'moves' is 'maybe'"),
        ('needs: [acting]', 'needs: [flying]', "'flying'"),
        ('timeout: 10}', 'timeout: -1}', "'timeout' is -1"),
        ('timeout: 10}', 'timeout: .nan}', "'timeout' is nan"),
        ('timeout: 10}', 'time: 10}', "'time' is unknown"),
        ('    raise: 1', '    raise: -1', "'raise' is -1"),
        ('    raise: 1', '    lower: 1', "'lower' is unknown"),
        ('    forbid: true', '    forbid: false', 'forbid can only be true'),
        ('    forbid: true', '    forbid: true\n    raise: 1', 'must have one effect'),
        ('mode: degraded', 'mode: normal', "'mode' is 'normal'"),
        ('match: fuzzy', 'match: exact', "'match' is 'exact'"),
        ('person_fills: 0.7', 'person_fills: 7', "'person_fills' is 7"),
        ('person_fills: 0.7', 'persons: 7', "no condition 'persons'"),
        ('intent: [bring, pick, place, give], object: [knife',
         'intent: [brong], object: [knife', "'brong'"),
        ('  reprompts: 1', '  reprompts: many', "'reprompts' is 'many'"),
        ('rules:', 'rulez:', "'rulez' is unknown"),
        ('  find: {', '  find: {risk: low}\n  find: {', "'find' is there twice"),
        ('    reason: my condition is critical', '', 'has no reason'),
        ('    when: {match: fuzzy}', '    when: {}', "rule 'near miss' has no condition"),
        ('    when: {match: fuzzy}', '    when: {hours: [5, 5]}', 'both hours are the same'),
        ('    when: {match: fuzzy}', '    when: {object: []}', "'object' names nothing"),
        ('    high: repeat', "    high: 'yes'", 'what is of high risk has to be repeated'),
        ("    medium: 'yes'", '    medium: nod', "'medium' is 'nod'"),
        ('  voice: high', '  voice: forbidden', "'voice' is 'forbidden'"),
        ('  voice: high', '  smoke: high', "'smoke' is unknown"),
        ('name: near miss', 'name: sharp', "two rules have the name 'sharp'"),
        ('  approve: 0.45', '  approve: 0', "'approve' is 0"),
        ('  find: {risk: low', '  stop: {risk: forbidden', "'stop' is always answered"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    lines = POLICY.read_text().splitlines(keepends=True)
    index = next(i for i, line in enumerate(lines) if old in line and not line.startswith('#'))
    lines[index] = lines[index].replace(old, new)
    path = tmp_path / 'policy.yaml'
    path.write_text(''.join(lines))
    with pytest.raises(ConfigurationError) as raised:
        policy_file.load(path)
    place, _, what = str(raised.value).partition(': ')
    assert words in what
    assert abs(int(place.rpartition(':')[2]) - (index + 1)) <= 4


def test_broken_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / 'policy.yaml'
    path.write_text(POLICY.read_text() + '\n  {{{')
    with pytest.raises(ConfigurationError, match=r'policy.yaml:\d+: this is not valid YAML'):
        policy_file.load(path)

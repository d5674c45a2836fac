# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""German, which is data only: the same engine, another file."""

from __future__ import annotations

import itertools

import pytest
from assist_intent.dialogue import Dialogue
from assist_intent.grammar import Grammar
from assist_intent.policy import Policy
from assist_intent.replies import Replies
from assist_intent.types import Match, Situation, Verdict
from conftest import GRAMMAR, KITCHEN, STREET, Conversation

GERMAN = GRAMMAR.with_name('de.yaml')


@pytest.fixture(scope='module')
def german() -> Grammar:
    """Return the German grammar."""
    return Grammar.load(GERMAN)


@pytest.fixture
def gespraech(german: Grammar, rules: Policy) -> Conversation:
    """Return a conversation in German."""
    numbers = itertools.count(1)
    dialogue = Dialogue(
        rules,
        Replies(german.responses),
        lambda: f'r{next(numbers)}',
        unseen=german.unseen,
    )
    return Conversation(german, dialogue)


@pytest.mark.parametrize(
    ('text', 'intent', 'slots'),
    [
        ('Stopp!', 'stop', {}),
        ('Halt an', 'stop', {}),
        ('Warte mal kurz', 'pause', {}),
        ('Einen Moment bitte', 'pause', {}),
        ('Mach weiter', 'resume', {}),
        ('Vergiss es', 'cancel', {}),
        ('Abbrechen', 'cancel', {}),
        ('Ja, bitte', 'yes', {}),
        ('Jawohl', 'yes', {}),
        ('Nein, danke.', 'no', {}),
        ('Lieber nicht', 'no', {}),
        ('Wie bitte?', 'repeat', {}),
        ('Hilfe', 'help', {}),
        ('Was kannst du alles?', 'what_can_you_do', {}),
        ('die linke', 'select', {'position': 'left'}),
        ('Ich meine die rote', 'select', {'colour': 'red'}),
        ('Geh bitte in die Küche.', 'go_to', {'place': 'kitchen'}),
        ('Kannst du ins Wohnzimmer fahren?', 'go_to', {'place': 'living room'}),
        ('Fahr zum Tisch', 'go_to', {'object': 'dining table'}),
        ('Komm her', 'come_here', {}),
        ('Könntest du bitte zu mir kommen', 'come_here', {}),
        ('Folge mir', 'follow', {'person': 'me'}),
        ('Folge bitte Anna', 'follow', {'person': 'anna'}),
        ('Hör auf mir zu folgen', 'stop_following', {}),
        ('Dreh dich um neunzig Grad nach links', 'turn', {'direction': 'left', 'angle': '90'}),
        ('Dreh dich um', 'turn', {'direction': 'around'}),
        ('Dreh dich um 45° nach rechts', 'turn', {'direction': 'right', 'angle': '45'}),
        ('Fahr einen halben Meter zurück', 'move', {'direction': 'backward', 'distance': '0.5'}),
        ('Fahr 30cm vor', 'move', {'direction': 'forward', 'distance': '0.3'}),
        ('Schau die Lampe an', 'look_at', {'object': 'lamp'}),
        ('Such bitte meine Fernbedienung', 'find', {'object': 'remote'}),
        ('Such Anna im Garten', 'find', {'person': 'anna', 'place': 'garden'}),
        ('Wo ist mein Handy?', 'where_is', {'object': 'cell phone'}),
        ('Weißt du wo die Katze ist', 'where_is', {'object': 'cat'}),
        ('Wo ist die Schwester?', 'where_is', {'person': 'nurse'}),
        ('Was siehst du?', 'describe_scene', {}),
        ('Beschreib den Raum', 'describe_scene', {}),
        ('Wie viele Stühle siehst du?', 'count', {'object': 'chair'}),
        ('Zähl die Äpfel', 'count', {'object': 'apple'}),
        ('Was ist das?', 'identify', {}),
        ('Was liegt neben dem Laptop', 'identify', {'relation': 'next_to', 'reference': 'laptop'}),
        ('Wie voll ist dein Akku?', 'read_state', {'topic': 'battery'}),
        ('Wie spät ist es', 'read_state', {'topic': 'time'}),
        ('Wie geht es dir?', 'read_state', {'topic': 'health'}),
        ('Bring mir die Tasse', 'bring', {'object': 'cup'}),
        ('Ich hätte gern einen Kaffee', 'bring', {'object': 'coffee'}),
        ('Äh, bring mir bitte das äh das Buch', 'bring', {'object': 'book'}),
        ('Hol mir den Apfel aus der Küche', 'bring', {'object': 'apple', 'origin': 'kitchen'}),
        ('Kannst du Anna das Buch bringen', 'bring', {'object': 'book', 'person': 'anna'}),
        ('Bring mir die weiße Tasse', 'bring', {'object': 'cup', 'colour': 'white'}),
        ('Heb das Messer auf', 'pick', {'object': 'knife'}),
        ('Stell die Tasse auf den Tisch', 'place',
         {'object': 'cup', 'relation': 'on', 'reference': 'dining table'}),
        ('Leg es dorthin', 'place', {'object': 'it', 'place': 'there'}),
        ('Gib es Anna', 'give', {'object': 'it', 'person': 'anna'}),
        ('Gib dem Arzt das Buch', 'give', {'object': 'book', 'person': 'doctor'}),
        ('Führe mich ins Bad', 'guide', {'person': 'me', 'place': 'bathroom'}),
        ('Sag Anna, dass das Essen fertig ist', 'tell',
         {'person': 'anna', 'text': 'das essen fertig ist'}),
        ('Öffne die Tür', 'open', {'object': 'door'}),
        ('Mach das Fenster zu', 'close', {'object': 'window'}),
        ('Gieß das Wasser in das Glas', 'pour', {'object': 'water', 'reference': 'wine glass'}),
        ('Ich habe eine Frage', 'answer', {}),
        ('Guten Morgen!', 'greet', {}),
        ('Sag hallo zu Peter', 'greet', {'person': 'peter'}),
        ('Ich bin gestürzt', 'call_for_help', {}),
        ('Ruf den Arzt', 'call_for_help', {'person': 'doctor'}),
    ],
)  # fmt: skip
def test_german_is_understood(
    german: Grammar, text: str, intent: str, slots: dict[str, str]
) -> None:
    meaning = german.understand(text)
    assert meaning.name == intent
    assert {slot.name: slot.value for slot in meaning.slots} == slots
    assert meaning.match == Match.EXACT


def test_relations_and_steps(german: Grammar) -> None:
    meaning = german.understand('Bring mir die rote Tasse auf dem Tisch links von der Schüssel')
    assert meaning.steps[0].values() == {
        'object': 'cup', 'colour': 'red', 'relation': 'on', 'reference': 'dining table',
        'second_relation': 'left_of', 'second_reference': 'bowl',
    }  # fmt: skip
    plan = german.understand('Geh in die Küche, such die Tasse und bring sie zu mir')
    assert [step.name for step in plan.steps] == ['go_to', 'find', 'bring']
    both = german.understand('Bring mir die Gabel und das Messer')
    assert [step.values()['object'] for step in both.steps] == ['fork', 'knife']


@pytest.mark.parametrize(
    'text',
    ['Bring mir bitte nicht das Messer', 'Geh nicht in die Küche', 'Das Wetter ist heute schön',
     'Er hat mir die Tasse gebracht', 'Go to the kitchen', 'Öffne die'],
)  # fmt: skip
def test_what_is_no_command_is_rejected(german: Grammar, text: str) -> None:
    assert german.understand(text).name in ('', 'no')


GUESSED = {
    'wärst du so nett und bringst mir die Tasse': ('bring', {'object': 'cup'}),
    'es wäre schön wenn du mir ein Glas Wasser bringen könntest': ('bring', {'object': 'water'}),
    'bring mir doch mal fix die karierte Tasse': ('bring', {'object': 'cup'}),
    'sei so lieb und hol mir mal eben das Buch rüber': ('bring', {'object': 'book'}),
    'hol doch mal eben die Banane aus der Küche':
        ('bring', {'object': 'banana', 'origin': 'kitchen'}),
    'ich möchte dass du mir die Tasse bringst': ('bring', {'object': 'cup'}),
    'mach dich auf den Weg in die Küche': ('go_to', {'place': 'kitchen'}),
    'es wäre lieb wenn du in die Küche fährst': ('go_to', {'place': 'kitchen'}),
    'mach doch bitte mal die knarrende Tür auf': ('open', {'object': 'door'}),
    'mach bitte endlich das Fenster zu': ('close', {'object': 'window'}),
    'gib der Anna doch mal das Buch': ('give', {'person': 'anna', 'object': 'book'}),
    'wo steckt denn bloß meine Fernbedienung': ('where_is', {'object': 'remote'}),
    'heb mal fix den Löffel auf': ('pick', {'object': 'spoon'}),
    'schau dir mal genau die Pflanze an': ('look_at', {'object': 'potted plant'}),
    'stell die Tasse doch einfach auf den Tisch':
        ('place', {'object': 'cup', 'relation': 'on', 'reference': 'dining table'}),
}  # fmt: skip
"""Sentences whose islands make sense, whatever stands between them."""

SMALL_TALK = """
bring mir nicht alles durcheinander
hast du an die milch gedacht
in der flasche ist noch ein rest wein
meine schwester hat einen neuen hund
der hund bellt schon wieder
wer hat eigentlich den fernseher angelassen
ich sitze gerade im garten und trinke kaffee
nimm dir ein beispiel an deinem bruder
nimm platz
nimm deine tabletten
gib gas
gib acht auf die kinder
reich und schön das möchte jeder sein
stell dich nicht so an
stell die heizung höher
leg los
leg dich nicht mit ihm an
setz dich
komm mir bloß nicht so
komm doch am sonntag zum kaffee
geh zum teufel
geh du schon mal vor ich komme nach
fahr zur hölle
hol der teufel das ding
wo wir gerade dabei sind
wo gehobelt wird fallen späne
such das weite
find ich gut
finde dich damit ab
schau nicht so böse
schau dir das an die haben schon wieder gewonnen
guck dir den an mit seinem hut
sieh mal einer an
mach die musik leiser
mach mir einen tee
mach auf
mach zu wir müssen los
öffnen sie ihr buch auf seite zwölf
bitte schließen sie die türen der zug fährt ab
schließ doch endlich frieden mit ihr
kannst du mir geld leihen
kannst du mir sagen wie man zum bahnhof kommt
könntest du mir einen gefallen tun
würdest du mich heiraten
wenn du mir noch einmal das auto zerkratzt
wenn du in die stadt fährst nimm mich mit
ich hätte gern zwei kilo äpfel und eine banane
ich hätte gern den schlüssel für zimmer zehn
ich bräuchte dringend eine neue brille
ich brauche mal wieder ein gutes buch für den urlaub
die bank im park ist frisch gestrichen
im wohnzimmer steht jetzt ein neues sofa
der stuhl wackelt
das messer ist stumpf
zwei äpfel und eine orange machen drei
am fenster saß eine alte frau
willkommen zu den nachrichten
tor für bayern
das war knapp
morgen wird es wieder wärmer
kannst du mir mal erklären wie das buch ausgeht
könntest du mir das buch bis montag leihen
öffne dein herz
reich mir deine hand
hol dir doch einen kaffee
ich brauche einen neuen fernseher
bring nicht die Tasse mit den karierten Punkten
""".strip().splitlines()
"""What people and television say around a robot."""


@pytest.mark.parametrize('text', GUESSED)
def test_a_request_between_unknown_words_is_only_guessed(german: Grammar, text: str) -> None:
    meaning = german.understand(text)
    assert (meaning.name, meaning.steps[0].values()) == GUESSED[text]
    assert meaning.match == Match.FUZZY


def test_small_talk_is_no_request(german: Grammar) -> None:
    assert [text for text in SMALL_TALK if german.understand(text).name] == []


def test_a_near_miss_is_asked_about(gespraech: Conversation) -> None:
    decision = gespraech.hear('geh in die küsche')
    assert decision.request.understanding.match == Match.FUZZY
    assert decision.reply == 'Meinten Sie: küche ansteuern?'


def test_the_robot_answers_in_german(gespraech: Conversation) -> None:
    assert gespraech.hear('Blubber').reply == 'Das habe ich leider nicht verstanden.'
    gespraech.situation = Situation(KITCHEN)
    assert gespraech.hear('Bring mir die Schüssel').reply == 'Soll ich das tun: schüssel bringen?'
    assert gespraech.hear('Nein').reply == 'Gut, ich lasse das: schüssel bringen.'
    assert gespraech.hear('Bring mir das Messer').reply == (
        'Vorsicht: Messer ist scharf. Wenn ich es tun soll, sagen Sie: Ja, messer bringen.'
    )
    assert gespraech.hear('Ja, bring mir das Messer').verdict == Verdict.EXECUTE
    assert gespraech.hear('Bring mir die Tasse').reply == (
        'Ich sehe zwei Tassen: das linke und das rechte. Was ist gemeint?'
    )
    assert gespraech.hear('Was kannst du?').reply.startswith('Ich kann an einen Ort fahren')


def test_the_scene_is_told_in_german(german: Grammar) -> None:
    replies = Replies(german.responses)
    assert replies.description(STREET) == 'Ich sehe zwei Personen und einen Bus.'
    assert replies.where('knife', KITCHEN) == 'Das Messer ist in der Mitte.'
    assert replies.count('cup', 2) == 'Ich sehe zwei Tassen.'


def test_both_languages_have_the_same_intents_and_sentences(
    german: Grammar, grammar: Grammar
) -> None:
    assert set(german.intents) == set(grammar.intents)
    for section in ('sentences', 'actions', 'choices'):
        assert set(german.responses[section]) == set(grammar.responses[section])
    for sentence in (*german.examples()[0], *german.expected()[0]):
        assert german.understand(sentence.replace('{object}', 'tasse')).match == Match.EXACT

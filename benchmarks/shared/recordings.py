# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Recordings that Debian packages hold, unpacked into a cache without installing the packages."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from assist_audio import audio_file
from assist_audio.audio import Waveform, to_waveform

PROMPTS = {
    'agent-loginok': 'agent logged in',
    'all-circuits-busy-now': 'all circuits are busy now',
    'cannot-complete-as-dialed': 'your call cannot be completed as dialed',
    'check-number-dial-again': 'please check the number and dial again',
    'conf-extended': 'the conference has been extended',
    'conf-full': 'that conference is full',
    'conf-getpin': 'please enter the conference pin number',
    'conf-invalid': 'that is not a valid conference number please try again',
    'conf-kicked': 'you have been kicked from this conference',
    'conf-leaderhasleft': 'the leader has left the conference',
    'conf-locked': 'this conference is locked',
    'conf-noempty': 'no empty conferences currently exist',
    'conf-now-recording': 'the conference is now being recorded',
    'conf-onlyone': 'there is currently one other participant in the conference',
    'conf-onlyperson': 'you are currently the only person in this conference',
    'conf-placeintoconf': 'you will now be placed into the conference',
    'conf-unlockednow': 'the conference is now unlocked',
    'conf-waitforleader': 'the conference will begin when the leader arrives',
    'confbridge-conf-end': 'the conference has ended',
    'confbridge-invalid': 'you have entered an invalid option',
    'confbridge-muted': 'you are now muted',
    'confbridge-unmuted': 'you are no longer muted',
    'demo-echodone': 'the echo test has been completed',
    'demo-nomatch': "i'm sorry there are no matches for those keywords",
    'dir-nomatch': 'no directory entries match your search',
    'dir-nomore': 'there are no more compatible entries in the directory',
    'dir-welcome': 'welcome to the directory',
    'do-not-disturb': 'do not disturb',
    'enter-num-blacklist': 'please enter the number to be blacklisted',
    'feature-not-avail-line': 'that feature is not available on this line',
    'from-unknown-caller': 'from an unknown caller',
    'hello-world': 'hello world',
    'info-about-last-call': 'information about your last call',
    'number-not-answering': 'the number is not answering',
    'one-moment-please': 'one moment please',
    'please-try-again': 'please try again',
    'pls-hold-while-try': 'please hold while we try to connect you',
    'privacy-incorrect': "i'm sorry that number is not valid",
    'priv-recordintro': 'at the tone please say your name',
    'queue-callswaiting': 'waiting to speak with a representative',
    'queue-holdtime': 'the estimated hold time is currently',
    'queue-thankyou': 'thank you for your patience',
    'queue-thereare': 'you are currently caller number',
    'simul-call-limit-reached': 'simultaneous call limit reached',
    'something-terribly-wrong': 'something is terribly wrong',
    'sorry-youre-having-problems': "sorry you're having problems",
    'speed-dial-empty': "the speed dial entry you've accessed is empty",
    'transfer': 'please hold while i try that extension',
    'tt-monkeysintro': 'they have been carried away by monkeys',
    'tt-weasels': 'weasels have eaten our phone system',
    'vm-changeto': 'change to which folder',
    'vm-deleted': 'message deleted',
    'vm-dialout': 'please wait while i connect your call',
    'vm-enter-num-to-call': 'please enter the number you wish to call',
    'vm-isonphone': 'is on the phone',
    'vm-marked-urgent': 'message marked urgent',
    'vm-msgforwarded': 'your message has been successfully forwarded',
    'vm-msgsaved': 'your message has been saved',
    'vm-nobodyavail': 'nobody is available to take your call at the moment',
    'vm-nomore': 'no more messages',
    'vm-nonumber': "i'm afraid i don't know who sent this message",
    'vm-num-i-have': 'the number i have is',
    'vm-passchanged': 'your passwords have been changed',
    'vm-savefolder': 'which folder should i save the message to',
    'vm-sorry': "i'm sorry i did not understand your response",
    'vm-starmain': 'press star to return to the main menu',
    'vm-tempgreetactive': 'your temporary greeting is currently active',
    'vm-tempremoved': 'your temporary greeting has been removed',
    'vm-tooshort': 'your message is too short',
    'vm-tocancelmsg': 'press star to cancel this message',
}
"""What Allison Smith says in files of asterisk-core-sounds-en-wav (CC-BY-SA-3.0, Digium), after the
core-sounds-en.txt of its source."""

_PROMPTS = 'asterisk-core-sounds-en-wav', 'usr/share/asterisk/sounds/en_US_f_Allison'
_MUSIC = 'asterisk-moh-opsound-wav', 'usr/share/asterisk/moh'


def prompts() -> list[tuple[str, Waveform]]:
    """Return what is said and how it sounds, by telephone."""
    folder = unpacked(*_PROMPTS)
    return [(text, _read(folder / f'{name}.wav')) for name, text in PROMPTS.items()]


def music() -> dict[str, Waveform]:
    """Return pieces by name: music on hold, by telephone (asterisk-moh-opsound-wav)."""
    return {path.stem: _read(path) for path in sorted(unpacked(*_MUSIC).glob('*.wav'))}


def unpacked(package: str, folder: str) -> Path:
    """Return a folder of a Debian package; downloads and unpacks the package once."""
    cache = Path(os.environ.get('XDG_CACHE_HOME', Path.home() / '.cache'), 'assist', 'benchmarks')
    target = cache / package
    if not target.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as work:
            _run(['apt-get', 'download', package], work)
            (archive,) = Path(work).glob('*.deb')
            _run(['dpkg', '-x', str(archive), f'{work}/unpacked'], work)
            Path(work, 'unpacked').rename(target)
    return target / folder


def _run(command: list[str], folder: str) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        raise SystemExit(f'{error}\nRun `sudo apt-get update`, on Debian or Ubuntu.') from error


def _read(path: Path) -> Waveform:
    return to_waveform(np.concatenate([frame.samples for frame in audio_file.frames(str(path))]))

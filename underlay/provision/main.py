# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Makes, or completes, the environment outside the checkout, and lets the checkout point at it.

The environment's folder is named after its requirement files and the Python version, so that every
checkout with the same requirements uses the same one:
`${ASSIST_ENV_ROOT:-${XDG_CACHE_HOME:-~/.cache}/assist}/env-<hash>`.
"""
from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path
from typing import Callable

from . import activation, models, samples
from .errors import CommandFailed, Refusal
from .gaps import Overlay, find_packages
from .machine import (
    Interpreter,
    check_disk,
    check_platform,
    debian_packages,
    find_interpreter,
    provide_debian_packages,
)
from .process import Processes
from .steps import Progress, Step, digest, exclusive, run_steps, say
from .wheels import Environment

CHECKOUT = Path(__file__).resolve().parents[2]
_FAMILIES = ('ros', 'torch', 'python', 'models')


def environment_root() -> Path:
    """The folder of all environments: it may be set by ASSIST_ENV_ROOT."""
    chosen = os.environ.get('ASSIST_ENV_ROOT')
    if chosen:
        return Path(chosen).expanduser().absolute()
    cache = os.environ.get('XDG_CACHE_HOME')
    return (Path(cache) if cache else Path.home() / '.cache') / 'assist'


class SetUp:
    """One run of the set-up for one checkout."""

    def __init__(self, checkout: Path, root: Path, python: Interpreter) -> None:
        self._checkout = checkout
        self._root = root
        self._python = python
        self._underlay = checkout / 'underlay'
        name = digest(python.release, python.executable,
                      *(self._requirements(family) for family in _FAMILIES))
        self._scratch = root / f'scratch-{name}'
        self._processes = Processes(root / f'setup-{name}.log')
        self.prefix = root / f'env-{name}'
        self._environment = Environment(self.prefix, python, self._processes, self._scratch)
        messages, modules = find_packages(self._underlay / 'src')
        self._messages = Overlay(self._environment, 'messages', messages)
        self._modules = Overlay(self._environment, 'modules', modules)
        self.steps = [
            self._step('venv', f'virtual environment of Python {python.release}', '1',
                       self._environment.create),
            self._wheels('ros', 'ROS 2 wheels'),
            self._wheels('python', 'Python packages'),
            self._wheels('torch', 'PyTorch'),
            self._step('repair', 'repair of the ROS 2 wheels', '1', self._environment.repair),
            self._step('compile', 'byte code of all modules', '1', self._environment.compile),
            self._models(),
            self._samples(),
            self._overlay('messages without wheels, from underlay/src', self._messages),
            self._overlay('Python packages without wheels, from underlay/src', self._modules),
        ]

    def _requirements(self, family: str) -> Path:
        return self._underlay / f'requirements-{family}.txt'

    def _step(self, name: str, title: str, key: str, action: Callable[[Progress], None]) -> Step:
        return Step(title, self.prefix / '.stamps' / name, key, action)

    def _wheels(self, family: str, title: str) -> Step:
        requirements = self._requirements(family)
        return self._step(family, title, digest(requirements),
                          lambda progress: self._environment.install(requirements, progress))

    def _overlay(self, title: str, overlay: Overlay) -> Step:
        return Step(title, overlay.stamp, '1', lambda progress: overlay.build(
            self._processes, self._scratch, progress))

    def _models(self) -> Step:
        requirements = self._requirements('models')
        recipe = (Path(models.__file__), self._underlay / 'convert_darknet.py')
        return self._step('models', 'default models', digest(requirements, *recipe),
                          lambda progress: models.provide(self._environment, requirements,
                                                          self._processes, progress))

    def _samples(self) -> Step:
        # Not among the families: other recordings are no reason for a new environment.
        requirements = self._requirements('samples')
        return self._step('samples', 'recordings of human voices',
                          digest(requirements, Path(samples.__file__)),
                          lambda progress: samples.provide(self._environment, requirements,
                                                           progress))

    @property
    def complete(self) -> bool:
        """Whether there is nothing to do."""
        return (self._environment.executable.exists() and all(step.done for step in self.steps)
                and all(package.present() for package in debian_packages(self._python)
                        if package.required))

    def run(self) -> None:
        """Do what is missing, holding the lock."""
        self._root.mkdir(parents=True, exist_ok=True)
        with exclusive(self._root / 'lock') as lock:
            self._processes.hold(lock)
            provide_debian_packages(self._python, self._processes, say)
            if not self._environment.executable.exists():
                shutil.rmtree(self.prefix, ignore_errors=True)
                check_disk(self._root)
                self._hint_at_others()
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch.mkdir()
            run_steps(self.steps)
            shutil.rmtree(self._scratch, ignore_errors=True)

    def point(self) -> None:
        """Let the checkout use this environment."""
        for overlay in (self._messages, self._modules):
            os.utime(str(overlay.stamp))  # those unused for longest are removed one day
        activation.write(self._environment, self._messages.prefix, self._modules.prefix,
                         self._checkout)

    def _hint_at_others(self) -> None:
        for other in sorted(self._root.glob('env-*')):
            say(f'{other} is an environment of another version; `rm -r` frees its 7 GB.')


def set_up(checkout: Path) -> None:
    """Make or complete the environment for `checkout`. Raises Refusal."""
    check_platform()
    run = SetUp(checkout, environment_root(), find_interpreter())
    if run.complete:
        run.point()
        say(f'the environment is ready: {run.prefix}')
        return
    start = time.monotonic()
    say(f'setting up {run.prefix}')
    run.run()
    run.point()
    say(f'the environment is ready after {time.monotonic() - start:.0f} s: {run.prefix}')


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main(checkout: Path = CHECKOUT) -> int:
    """The command. Its exit code is 1 where set-up cannot go on, 130 where it was interrupted."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        set_up(checkout)
    except Refusal as refusal:
        say(str(refusal))
    except CommandFailed as failure:
        say(f'{failure}: {failure.lines[-1] if failure.lines else "it printed nothing"}')
    except OSError as error:
        say(f'{error.strerror} ({error.filename}): see to that and run this again; it resumes.')
    except KeyboardInterrupt:
        say('interrupted; the same command resumes.')
        return 130
    else:
        return 0
    return 1

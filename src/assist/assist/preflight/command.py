# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""`ros2 run assist preflight`: check this machine before the graph is started."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import TextIO

from assist_common.errors import AssistError, ConfigurationError

from assist.preflight import report
from assist.preflight.catalogue import CHECKS
from assist.preflight.check import Check, Outcome, run
from assist.preflight.subject import Subject
from assist.settings import ARGUMENTS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all checks; return 0 only if none that is required failed."""
    options = _parse(sys.argv[1:] if arguments is None else arguments)
    if options.checklist:
        sys.stdout.write(report.checklist(CHECKS))
        return 0
    try:
        subject = Subject(_launch_arguments(options), dict(os.environ))
        outcomes = _run(subject, options)
    except AssistError as error:
        print(f'preflight: {error}', file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print('preflight: interrupted.', file=sys.stderr)
        return 130
    return 1 if any(one.is_bad for one in outcomes) else 0


def _run(subject: Subject, options: argparse.Namespace) -> list[Outcome]:
    with _variables(subject.variables), _alone_on_stdout(options.verbose) as output:

        def tell(outcome: Outcome) -> None:
            if not options.json:
                print(report.line(outcome), file=output, flush=True)

        outcomes = run(_chosen(options.only), subject, tell, strict=options.strict)
        if options.json:
            print(report.as_json(outcomes, subject.given), file=output, flush=True)
        else:
            print(f'\n{report.closing(outcomes)}', file=output, flush=True)
    return outcomes


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog='preflight', description=main.__doc__)
    parser.add_argument(
        'arguments',
        nargs='*',
        metavar='NAME:=VALUE',
        help='what the launch will be given, such as camera_source:=photo.jpg or profile:=cpu',
    )
    parser.add_argument('--config-file', metavar='PATH', help='the same as config_file:=PATH')
    parser.add_argument('--profile', metavar='NAME', help='the same as profile:=NAME')
    parser.add_argument(
        '--strict',
        action='store_true',
        help='a device that is not there is a failure, too: for a robot that needs all of them',
    )
    parser.add_argument(
        '--only',
        action='append',
        default=[],
        metavar='CHECK',
        help='this check alone, and what it needs; may be given again',
    )
    parser.add_argument('--json', action='store_true', help='print one JSON object')
    parser.add_argument(
        '--checklist', action='store_true', help='print the deployment checklist and check nothing'
    )
    parser.add_argument(
        '--verbose', action='store_true', help='show what the libraries print, on stderr'
    )
    return parser.parse_args(arguments)


def _chosen(names: Sequence[str]) -> list[Check]:
    """Return the checks of these names and those that they need, in order; all for none."""
    known = {check.name: check for check in CHECKS}
    wanted = list(names or known)
    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise ConfigurationError(
                f"there is no check '{name}'",
                f"did you mean '{near[0]}'?" if near else f'use one of: {", ".join(known)}',
            )
        wanted += known[name].needs
    return [check for check in CHECKS if check.name in wanted]


def _launch_arguments(options: argparse.Namespace) -> dict[str, str]:
    given = {}
    for argument in options.arguments:
        name, assigned, value = argument.partition(':=')
        if not assigned or name not in ARGUMENTS:
            near = difflib.get_close_matches(name, ARGUMENTS, n=1)
            raise ConfigurationError(
                f"'{argument}' is no launch argument",
                f'did you mean {near[0]}:=?' if near else f'use {":=, ".join(ARGUMENTS)}:=',
            )
        given[name] = value
    for name in ('config_file', 'profile'):
        if value := getattr(options, name):
            given[name] = value
    return given


@contextmanager
def _variables(added: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in added}
    os.environ.update(added)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _alone_on_stdout(verbose: bool) -> Iterator[TextIO]:
    """Keep what libraries print, in Python or C, out of the report."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = {number: os.dup(number) for number in (1, 2)}
    with (
        open(os.dup(1), 'w', encoding='utf-8') as output,
        open(os.dup(2) if verbose else os.devnull, 'w', encoding='utf-8') as noise,
        redirect_stdout(noise),
        redirect_stderr(noise),
    ):
        try:
            for number in kept:
                os.dup2(noise.fileno(), number)
            yield output
        finally:
            for number, copy in kept.items():
                os.dup2(copy, number)
                os.close(copy)


if __name__ == '__main__':
    sys.exit(main())

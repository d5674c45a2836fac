# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the SubstitutionFailure class."""


class SubstitutionFailure(RuntimeError):
    """A substitution cannot be performed; the message says why."""

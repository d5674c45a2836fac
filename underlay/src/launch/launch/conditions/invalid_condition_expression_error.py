# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the InvalidConditionExpressionError class."""


class InvalidConditionExpressionError(RuntimeError):
    """A text that should be a truth value is none; the message names it."""

# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Why a transform cannot be told; the genuine ones come from tf2_py."""


class TransformException(Exception):
    """A transform cannot be told."""


class LookupException(TransformException):
    """A frame is unknown."""


class ConnectivityException(TransformException):
    """Two frames are in trees of their own."""


class ExtrapolationException(TransformException):
    """The time is before or after all that is known of a frame."""


class InvalidArgumentException(TransformException):
    """A name or a transform is not valid."""

# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Helpers of the ROS actions."""

from launch._unsupported import named_import_error

from .evaluate_parameters import (
    evaluate_parameter_dict,
    evaluate_parameter_value,
    evaluate_parameters,
)
from .namespace_utils import (
    is_namespace_absolute,
    is_root_namespace,
    make_namespace_absolute,
    prefix_namespace,
    validate_namespace,
    validate_node_name,
)
from .normalize_parameters import normalize_parameter_dict, normalize_parameters
from .parse_substitutions import parse_substitutions
from .yaml_text import to_yaml

__all__ = [
    'evaluate_parameter_dict',
    'evaluate_parameter_value',
    'evaluate_parameters',
    'is_namespace_absolute',
    'is_root_namespace',
    'make_namespace_absolute',
    'normalize_parameter_dict',
    'normalize_parameters',
    'parse_substitutions',
    'prefix_namespace',
    'to_yaml',
    'validate_namespace',
    'validate_node_name',
]

__getattr__ = named_import_error(__name__)

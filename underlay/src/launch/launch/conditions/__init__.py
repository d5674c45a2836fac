# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""What decides whether an action is executed."""

from .._unsupported import named_import_error
from .evaluate_condition_expression import evaluate_condition_expression
from .if_condition import IfCondition
from .invalid_condition_expression_error import InvalidConditionExpressionError
from .launch_configuration_equals import LaunchConfigurationEquals
from .launch_configuration_not_equals import LaunchConfigurationNotEquals
from .unless_condition import UnlessCondition

__all__ = [
    'IfCondition',
    'InvalidConditionExpressionError',
    'LaunchConfigurationEquals',
    'LaunchConfigurationNotEquals',
    'UnlessCondition',
    'evaluate_condition_expression',
]

__getattr__ = named_import_error(__name__)

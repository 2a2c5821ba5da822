"""Extractive summaries: which sentences of an English text say most.

A method rates sentences, each as one unit: a finite number for each, higher for more important, on
a scale of its own. The same sentences get the same ratings; none get none. A new method is a
function and an entry point in the group `pipeline.summaries`, or `my_module.my_method`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Method = Callable[[Sequence[str]], Sequence[float]]

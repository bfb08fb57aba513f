"""Runs Rasa's prediction graph node by node.

Rasa builds a new task graph for dask on every message and has dask schedule it over a queue: a
fifth of a turn, for nodes that can only run one after the other.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner


class DirectGraphRunner:
    """Stands in for a loaded `DaskGraphRunner`: the same nodes, the same results."""

    def __init__(self, loaded: DaskGraphRunner):
        self._nodes = loaded._instantiated_nodes
        self._schema = loaded._graph_schema
        self._orders: dict[str, list[tuple[str, tuple[str, ...]]]] = {}

    def run(self, inputs: dict[str, Any], targets: list[str]) -> dict[str, Any]:
        """Outputs of the target nodes. `inputs` are values by the name of their placeholder."""
        outputs: dict[str, tuple[str, Any]] = {
            name: (name, value) for name, value in inputs.items()
        }
        for target in targets:
            for name, needs in self._order(target):
                if name not in outputs:
                    outputs[name] = self._nodes[name](*(outputs[need] for need in needs))
        return {target: outputs[target][1] for target in targets}

    def _order(self, target: str) -> list[tuple[str, tuple[str, ...]]]:
        """The nodes that a target needs, each after what it needs itself; found out once."""
        if target not in self._orders:
            nodes = self._schema.minimal_graph_schema([target]).nodes
            needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
            order = TopologicalSorter(needs).static_order()
            self._orders[target] = [(name, needs[name]) for name in order if name in needs]
        return self._orders[target]

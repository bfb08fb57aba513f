"""Makes an ONNX model whose weights are kept in eight bits also compute in eight bits.

The packaged sentence model holds its weights as whole numbers with a scale for each column, but
turns them back to 32-bit numbers before every product: right, and slow, since a short message then
waits for 40 MB of weights. Here each such product becomes one of whole numbers, with the scale of
the other factor found anew for each text ("dynamic quantisation", ONNX `DynamicQuantizeLinear` and
`MatMulInteger`); the table of word vectors stays in eight bits too. Decision 012 has the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import onnx
from onnx import GraphProto, NodeProto, TensorProto
from onnx.helper import make_node


def eight_bit_model(path: Path, also: Sequence[str] = ()) -> bytes:
    """The ONNX model of a file, rewritten; what is not a product with eight-bit weights stays.

    `also` names values inside of the model that become outputs too, before its own one.
    """
    model = onnx.load(str(path))
    inner = [onnx.helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in also]
    outputs = [*inner, *model.graph.output]
    del model.graph.output[:]
    model.graph.output.extend(outputs)
    weights = _Weights(model.graph)
    nodes = [new for node in model.graph.node for new in _rewritten(node, weights)]
    del model.graph.node[:]
    model.graph.node.extend(_needed(nodes, {output.name for output in model.graph.output}))
    result: bytes = model.SerializeToString()
    return result


class _Weights:
    """Which values of a graph are eight-bit weights times their scale."""

    def __init__(self, graph: GraphProto):
        self._kept = {tensor.name: tensor for tensor in graph.initializer}
        self._makers = {output: node for node in graph.node for output in node.output}

    def parts(self, value: str) -> tuple[str, str] | None:
        """The names of the whole numbers and of their scales, None for any other value."""
        scaled = self._made_by("Mul", value)
        cast = self._made_by("Cast", scaled.input[0]) if scaled else None
        if scaled is None or cast is None:
            return None
        numbers, scales = self._kept.get(cast.input[0]), self._kept.get(scaled.input[1])
        if numbers is None or scales is None or numbers.data_type != TensorProto.INT8:
            return None
        return numbers.name, scales.name

    def _made_by(self, operator: str, value: str) -> NodeProto | None:
        node = self._makers.get(value)
        return node if node is not None and node.op_type == operator else None


def _rewritten(node: NodeProto, weights: _Weights) -> Iterator[NodeProto]:
    """The nodes that stand for one node."""
    if node.op_type == "MatMul" and (parts := weights.parts(node.input[1])):
        yield from _product(node.input[0], *parts, node.output[0])
    elif node.op_type == "Gather" and (parts := weights.parts(node.input[0])):
        yield from _rows(*parts, node.input[1], node.output[0])
    else:
        yield node


def _product(factor: str, numbers: str, scales: str, out: str) -> Iterator[NodeProto]:
    """factor @ (numbers * scales), where `scales` has one number a column."""
    bits, scale, zero = f"{out}.bits", f"{out}.scale", f"{out}.zero"
    yield make_node("DynamicQuantizeLinear", [factor], [bits, scale, zero])
    yield make_node("MatMulInteger", [bits, numbers, zero], [f"{out}.sums"])
    yield make_node("Cast", [f"{out}.sums"], [f"{out}.plain"], to=TensorProto.FLOAT)
    yield make_node("Mul", [scale, scales], [f"{out}.scales"])
    yield make_node("Mul", [f"{out}.plain", f"{out}.scales"], [out])


def _rows(numbers: str, scales: str, ids: str, out: str) -> Iterator[NodeProto]:
    """Rows of (numbers * scales), where `scales` has one number a row."""
    yield make_node("Gather", [numbers, ids], [f"{out}.bits"])
    yield make_node("Cast", [f"{out}.bits"], [f"{out}.plain"], to=TensorProto.FLOAT)
    yield make_node("Gather", [scales, ids], [f"{out}.scales"])
    yield make_node("Mul", [f"{out}.plain", f"{out}.scales"], [out])


def _needed(nodes: list[NodeProto], outputs: set[str]) -> list[NodeProto]:
    """The nodes that the outputs depend on, in their order."""
    wanted, kept = set(outputs), []
    for node in reversed(nodes):
        if wanted & set(node.output):
            wanted |= set(node.input)
            kept.append(node)
    return kept[::-1]

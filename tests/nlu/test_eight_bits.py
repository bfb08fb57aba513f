"""The sentence model computes in eight bits, and still means the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from bot.nlu.eight_bits import eight_bit_model
from bot.nlu.encoder import MODEL, SentenceEncoder
from bot.nlu.packaged_file import packaged_file

NUMBERS = np.array([[10, -20], [30, 40], [-127, 127]], dtype=np.int8)
SCALES = np.array([[0.5, 0.25]], dtype=np.float32)
ROW_SCALES = np.array([[0.5], [0.25], [0.125]], dtype=np.float32)


def model_of(tmp_path: Path, numbers: np.ndarray, scales: np.ndarray, operator: str) -> Path:
    """A model of one `operator` over weights that are kept as `numbers` times `scales`."""
    integer = operator == "Gather"
    kind = TensorProto.INT64 if integer else TensorProto.FLOAT
    inputs = ["weights", "x"] if integer else ["x", "weights"]
    nodes = [
        helper.make_node("Cast", ["numbers"], ["plain"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["plain", "scales"], ["weights"]),
        helper.make_node(operator, inputs, ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "one",
        [helper.make_tensor_value_info("x", kind, [None] if integer else [None, 3])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(numbers, "numbers"), numpy_helper.from_array(scales, "scales")],
    )
    path = tmp_path / "model.onnx"
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path
    )
    return path


def run(model: bytes | str, x: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


def operators(model: bytes) -> Counter[str]:
    return Counter(node.op_type for node in onnx.load_from_string(model).graph.node)


def test_a_product_with_eight_bit_weights_is_computed_in_eight_bits(tmp_path: Path):
    path = model_of(tmp_path, NUMBERS, SCALES, "MatMul")
    x = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    rewritten = eight_bit_model(path)
    assert operators(rewritten)["MatMulInteger"] == 1
    assert operators(rewritten)["MatMul"] == 0
    assert np.allclose(run(rewritten, x), x @ (NUMBERS * SCALES), atol=1.0)
    assert np.abs(run(rewritten, x) - run(str(path), x)).max() < 0.02 * np.abs(NUMBERS).max()


def test_rows_are_read_from_the_eight_bit_table(tmp_path: Path):
    path = model_of(tmp_path, NUMBERS, ROW_SCALES, "Gather")
    ids = np.array([2, 0], dtype=np.int64)
    rewritten = eight_bit_model(path)
    assert operators(rewritten)["Gather"] == 2
    assert np.array_equal(run(rewritten, ids), (NUMBERS * ROW_SCALES)[ids])


def test_a_product_with_other_weights_stays(tmp_path: Path):
    path = model_of(tmp_path, NUMBERS.astype(np.int32), SCALES, "MatMul")
    assert operators(eight_bit_model(path)) == {"Cast": 1, "Mul": 1, "MatMul": 1}


def test_all_weights_of_the_sentence_model_are_computed_in_eight_bits():
    kinds = operators(eight_bit_model(packaged_file(*MODEL)))
    assert kinds["MatMulInteger"] == 36  # six layers of six
    assert kinds["MatMul"] == 12  # within attention, of no weights


@pytest.mark.parametrize("text", ["what is failed back surgery syndrome", "cant sleep " * 30])
def test_a_text_keeps_its_meaning(text: str, encoder: SentenceEncoder):
    exact = onnxruntime.InferenceSession(
        str(packaged_file(*MODEL)), providers=["CPUExecutionProvider"]
    )
    ids = np.array([encoder._tokenizer.encode(text).ids], dtype=np.int64)
    inputs = {"input_ids": ids, "attention_mask": ids * 0 + 1, "token_type_ids": ids * 0}
    expected = exact.run(None, inputs)[0][0].mean(axis=0)
    cosine = expected @ encoder.encode([text])[0] / np.linalg.norm(expected)
    assert cosine > 0.97

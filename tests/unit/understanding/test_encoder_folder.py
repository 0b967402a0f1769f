"""A sentence model of one's own, from a folder: a tiny ONNX model made here stands for it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from cantodesk.understanding.encoders import EncoderMissing, encoder_named

WORDS = {"[UNK]": 0, "退款": 1, "refund": 2, "query:": 3, "weather": 4}
# One row a word: 退款 and refund point the same way.
ROWS = np.array([[0.1, 0.1], [2.0, 0.0], [4.0, 0.0], [0.0, 1.0], [0.0, 3.0]], dtype=np.float32)


def model(path: Path, pooled: bool = False) -> None:
    """Looks each token up: last_hidden_state (lines, tokens, 2), or its mean as sentence_embedding."""
    nodes = [helper.make_node("Gather", ["rows", "input_ids"], ["last_hidden_state"])]
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["n", "t", 2])
    if pooled:
        nodes.append(
            helper.make_node(
                "ReduceMean", ["last_hidden_state"], ["sentence_embedding"], axes=[1], keepdims=0
            )
        )
        output = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["n", 2])
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "t"])],
        [output],
        [numpy_helper.from_array(ROWS, "rows")],
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(made, str(path))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    model(tmp_path / "onnx" / "model.onnx")
    tokenizer = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def tell(folder: Path, name: str, content: object) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


def test_rows_are_of_unit_length_and_near_in_meaning(folder: Path) -> None:
    encoder = encoder_named(str(folder))
    rows = encoder.encode(["退款", "refund", "weather", ""])
    assert rows.shape == (4, encoder.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.9


def test_no_lines_are_no_rows(folder: Path) -> None:
    assert encoder_named(str(folder)).encode([]).shape == (0, 2)


def test_padding_does_not_count(folder: Path) -> None:
    alone = encoder_named(str(folder)).encode(["weather"])
    beside_a_longer_one = encoder_named(str(folder)).encode(["weather", "refund refund refund"])
    assert np.allclose(alone[0], beside_a_longer_one[0])


def test_the_first_token_stands_for_the_line_where_the_folder_says_so(folder: Path) -> None:
    tell(folder, "1_Pooling/config.json", {"pooling_mode_cls_token": True})
    first, mixed = encoder_named(str(folder)).encode(["refund", "refund weather"])
    assert np.allclose(first, mixed)


def test_the_prompt_of_the_folder_is_put_before_a_line(folder: Path) -> None:
    tell(folder, "config_sentence_transformers.json", {"prompts": {"query": "query: "}})
    (row,) = encoder_named(str(folder)).encode(["refund"])
    assert row[1] > 0.2  # `query:` points this way, `refund` does not


def test_a_model_that_pools_by_itself_is_taken_at_its_word(folder: Path) -> None:
    model(folder / "onnx" / "model.onnx", pooled=True)
    tell(folder, "modules.json", [{"type": "sentence_transformers.models.Dense"}])
    assert encoder_named(str(folder)).encode(["refund"]).shape == (1, 2)


def test_a_step_left_out_of_the_export_is_refused(folder: Path) -> None:
    tell(folder, "modules.json", [{"type": "sentence_transformers.models.Dense"}])
    with pytest.raises(ValueError, match="a step Dense that its ONNX file leaves out"):
        encoder_named(str(folder))


@pytest.mark.parametrize(
    ("lost", "said"), [("tokenizer.json", "no tokenizer.json"), ("onnx/model.onnx", "Export the")]
)
def test_a_folder_without_its_files_is_refused(folder: Path, lost: str, said: str) -> None:
    (folder / lost).unlink()
    with pytest.raises(ValueError, match=said):
        encoder_named(str(folder))


def test_without_the_extra_one_sentence_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    with pytest.raises(EncoderMissing, match=r"install cantodesk\[onnx\]"):
        encoder_named(str(folder))


def test_another_model_has_another_name(folder: Path, tmp_path: Path) -> None:
    before = encoder_named(str(folder)).name
    model(folder / "onnx" / "model.onnx", pooled=True)
    encoder_named.cache_clear()
    assert encoder_named(str(folder)).name != before

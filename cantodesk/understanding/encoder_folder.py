"""A sentence encoder from a folder: the ONNX export of a sentence-transformers model.

The folder holds ``tokenizer.json`` and ``model.onnx`` (or ``onnx/model.onnx``),
as ``optimum-cli export onnx`` and sentence-transformers write them. How the
tokens' rows become one row, and what is put before a line, is read from the
folder's own files. Needs the extra ``cantodesk[onnx]``. Nothing is downloaded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cantodesk.understanding.encoders import EncoderMissing, Matrix

_MODELS = ("model.onnx", "onnx/model.onnx")
# Steps of a sentence-transformers model that happen here; any other must be in the ONNX file.
_STEPS = ("Transformer", "Pooling", "Normalize")
_POOLED = "sentence_embedding"
_LONGEST = 256


class FolderEncoder:
    """Any sentence model: as dear and as good as the model in the folder."""

    def __init__(self, folder: Path) -> None:
        """Load it.

        Raises:
            EncoderMissing: onnxruntime or tokenizers is not installed.
            ValueError: the folder lacks a file, or its model has a step this class does not do.
        """
        try:
            from onnxruntime import InferenceSession, SessionOptions
            from tokenizers import Tokenizer
        except ImportError as error:
            raise EncoderMissing(
                f"The sentence encoder in {folder} needs onnxruntime and tokenizers: "
                "install cantodesk[onnx]."
            ) from error
        model, tokenizer = _model_file(folder), folder / "tokenizer.json"
        if not tokenizer.exists():
            raise ValueError(f"{folder} has no tokenizer.json, so no sentence encoder can be read.")
        options = SessionOptions()
        # One thread: a turn has one short line, and two processes share the cores.
        options.intra_op_num_threads = 1
        self._session = InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._outputs = [node.name for node in self._session.get_outputs()]
        if _POOLED not in self._outputs:
            _refuse_other_steps(folder)
        self._first_token = _pools_first_token(folder)
        self._prompt = _prompt(folder)
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(max_length=_longest(folder))
        self._tokenizer.enable_padding()
        self.name = f"folder-{hashlib.sha256(model.read_bytes()).hexdigest()[:16]}"
        self.dimension = int(self.encode(["."]).shape[1])

    def encode(self, lines: Sequence[str]) -> Matrix:
        """Rows of unit length, shape (lines, dimension), float32."""
        if not lines:
            return np.zeros((0, self.dimension), dtype=np.float32)
        tokens = self._tokenizer.encode_batch([self._prompt + (ln.strip() or ".") for ln in lines])
        mask = np.array([t.attention_mask for t in tokens], dtype=np.int64)
        known = {
            "input_ids": np.array([t.ids for t in tokens], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([t.type_ids for t in tokens], dtype=np.int64),
        }
        asked = _POOLED if _POOLED in self._outputs else self._outputs[0]
        (found,) = self._session.run([asked], {k: v for k, v in known.items() if k in self._inputs})
        rows = np.asarray(found, dtype=np.float32)
        if rows.ndim == 3:
            rows = rows[:, 0] if self._first_token else _mean(rows, mask)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _mean(rows: Matrix, mask: NDArray[np.int64]) -> Matrix:
    """The mean over the tokens that are no padding: (lines, tokens, n) becomes (lines, n)."""
    weights = mask[:, :, None].astype(np.float32)
    return np.asarray((rows * weights).sum(axis=1) / weights.sum(axis=1), dtype=np.float32)


def _model_file(folder: Path) -> Path:
    for name in _MODELS:
        if (folder / name).exists():
            return folder / name
    raise ValueError(
        f"{folder} has no {' or '.join(_MODELS)}, so no sentence encoder can be read. "
        "Export the model with: optimum-cli export onnx --model <model> <folder>"
    )


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _refuse_other_steps(folder: Path) -> None:
    kinds = [step["type"].rsplit(".", 1)[-1] for step in _json(folder / "modules.json") or []]
    strange = [kind for kind in kinds if kind not in _STEPS]
    if strange:
        raise ValueError(
            f"The sentence model in {folder} has a step {strange[0]} that its ONNX file leaves out. "
            f"Export it with an output `{_POOLED}`."
        )


def _pools_first_token(folder: Path) -> bool:
    return bool(_json(folder / "1_Pooling" / "config.json").get("pooling_mode_cls_token"))


def _prompt(folder: Path) -> str:
    """What the model was trained to see before a question: `query: ` for the E5 family."""
    told = _json(folder / "config_sentence_transformers.json")
    prompts = told.get("prompts") or {}
    return str(prompts.get("query") or prompts.get(told.get("default_prompt_name")) or "")


def _longest(folder: Path) -> int:
    told = _json(folder / "sentence_bert_config.json").get("max_seq_length")
    return min(int(told or _LONGEST), _LONGEST)

"""Graph component: homophone mistakes of dictated lines are put right before anything is understood."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import pycantonese
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from cantodesk.understanding.homophone_repair import Repairer, Strictness, repaired
from cantodesk.understanding.homophone_words import LONGEST_WORD, KnownWords
from cantodesk.understanding.jyutping import Confusions, Ear, read_readings, read_words
from cantodesk.understanding.language import training_files, training_lines
from cantodesk.understanding.language_files import fingerprint_of, keep, kept, read_language_file
from cantodesk.understanding.language_model import LanguageModel
from cantodesk.understanding.lexicon import LEXICON_FILES, read_lexicon
from cantodesk.understanding.normalisation import Variants
from cantodesk.understanding.normaliser import NORMALISED, normalised
from cantodesk.understanding.spoken_corpora import CORPORA, lessons

HOMOPHONES = "homophones"
ALWAYS = "always"
# English is left out of both: it says nothing of how Han characters follow each other.
_EMOTION = "emotion.yue"
_FILES = ("sounds", "variants", "written", _EMOTION, *LEXICON_FILES)
_CODE = (
    "homophones",
    "homophone_repair",
    "homophone_words",
    "jyutping",
    "language",
    "language_model",
    "lexicon",
    "normalisation",
    "spoken_corpora",
    "written",
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class HomophoneRepair(GraphComponent):
    """Rewrites the line as read; the raw text stays, and so do ids, figures and letters.

    What was changed is put into the parse as ``homophones: [{"start", "end", "heard",
    "meant"}]``, offsets and ``heard`` being those of the raw text. Configuration:

    - ``input_modes``: a message is repaired if its metadata has one of these as
      ``input_mode``; ``[]`` switches the component off, ``always`` repairs every line.
    - ``word``, ``alone``, ``cut``, ``phrase``: how much better a line must become before it is
      changed, see ``Strictness``. Higher changes less.
    - ``corpora``: what the language model learns from beside the NLU lines, of
      ``hkcancor`` and ``ctcpc``.

    Training lines pass as they are: what a designer writes is what is meant.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        repairer: Repairer | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._repairer = repairer

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        strictness = Strictness()
        return {
            "input_modes": ["voice"],
            "word": strictness.word,
            "alone": strictness.alone,
            "cut": strictness.cut,
            "phrase": strictness.phrase,
            "corpora": list(CORPORA),
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        merged = {**cls.get_default_config(), **config}
        modes, corpora = merged["input_modes"], merged["corpora"]
        if modes != ALWAYS and not (
            isinstance(modes, list) and all(isinstance(mode, str) for mode in modes)
        ):
            raise InvalidConfigException(
                "config.yml: HomophoneRepair needs input_modes as a list, such as [voice], or `always`."
            )
        if not isinstance(corpora, list) or not set(corpora) <= set(CORPORA):
            raise InvalidConfigException(
                f"config.yml: HomophoneRepair knows the corpora {', '.join(CORPORA)}, not {corpora}."
            )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> HomophoneRepair:
        cls.validate_config(config)
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> HomophoneRepair:
        content = kept(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            model = LanguageModel.load(folder / "language_model.npz")
        return cls(config, model_storage, resource, repairer_of(model, content, config))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        digest = hashlib.sha256(fingerprint_of(*_FILES, code=_CODE).encode())
        digest.update(pycantonese.__version__.encode())
        for code, path in training_files():
            if code != "en":
                digest.update(path.read_bytes())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        model, content = learnt(self._config["corpora"])
        self._repairer = repairer_of(model, content, self._config)
        keep(self._storage, self._resource, content)
        with self._storage.write_to(self._resource) as folder:
            model.save(folder / "language_model.npz")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if isinstance(message.get(TEXT), str) and self._is_meant(message.get("metadata")):
                self._repair(message)
        return messages

    def _is_meant(self, metadata: object) -> bool:
        modes = self._config["input_modes"]
        if modes == ALWAYS:
            return True
        mode = metadata.get("input_mode") if isinstance(metadata, Mapping) else None
        return isinstance(mode, str) and mode in modes

    def _repair(self, message: Message) -> None:
        line = normalised(message)
        changes = self._repairer.changes(line.text) if self._repairer else []
        if not changes:
            return
        message.set(NORMALISED, repaired(line, changes))
        told = []
        for change in changes:
            start, end = line.raw_span(change.start, change.end)
            heard = message.get(TEXT)[start:end]
            told.append({"start": start, "end": end, "heard": heard, "meant": change.meant})
        message.set(HOMOPHONES, told, add_to_output=True)


def learnt(corpora: list[str]) -> tuple[LanguageModel, dict[str, Any]]:
    """The language model, and in JSON form all else a repairer needs, from the project's files.

    Raises:
        ValueError: a list or ``sounds.yml`` is not as it should be; names the file.
    """
    sounds = checked(read_language_file("sounds"))
    variants = Variants.from_data(read_language_file("variants"))
    listed = {*read_lexicon().spellings(), *(read_language_file("written").get("written") or {})}
    found = lessons([*training_lines(), *upset_lines()], map(str, listed), variants, corpora)
    content = {
        "sounds": sounds,
        "words": sorted(found.words),
        "readings": read_readings(),
        "dictionary": read_words(LONGEST_WORD),
    }
    return LanguageModel.fit(found.corpora), content


def upset_lines() -> list[tuple[str, str]]:
    """(language, line) of the emotion file: upset customers dictate too, in words no other file has."""
    blocks = (read_language_file(_EMOTION).get("emotion") or {}).values()
    lines = [line for block in blocks for line in str(block).splitlines()]
    return [("yue", line[2:]) for line in lines if line.startswith("- ")]


def repairer_of(
    model: LanguageModel, content: Mapping[str, Any], config: Mapping[str, Any]
) -> Repairer:
    """A repairer from what :func:`learnt` found."""
    sounds = content["sounds"]
    ear = Ear(content["readings"], Confusions.from_data(sounds))
    return Repairer(
        model,
        KnownWords(content["words"], ear, sounds.get("alike") or ()),
        sounds.get("heard") or {},
        sounds.get("protected") or (),
        content["dictionary"],
        Strictness(config["word"], config["alone"], config["cut"], config["phrase"]),
    )


def checked(sounds: Any) -> Mapping[str, Any]:
    """The content of ``sounds.yml`` if its lists are lists of texts.

    Raises:
        ValueError: one is not; names it.
    """
    if not isinstance(sounds, Mapping):
        raise ValueError("data/language/sounds.yml: needs keys, of which the first is `costs:`")
    Confusions.from_data(sounds)
    heard = sounds.get("heard") or {}
    lists = {"alike": sounds.get("alike"), "protected": sounds.get("protected")}
    if not isinstance(heard, Mapping):
        raise ValueError("data/language/sounds.yml: `heard` needs entries such as `付費: [覆俾]`")
    lists.update({f"heard: {phrase}": meant for phrase, meant in heard.items()})
    for name, listed in lists.items():
        if not isinstance(listed or [], list) or not all(
            isinstance(w, str) and w for w in listed or []
        ):
            raise ValueError(
                f"data/language/sounds.yml: `{name}` needs a list of words in brackets"
            )
    return sounds

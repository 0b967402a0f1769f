"""A small set of language files, and the ways of taking them away again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from graph_components import Workbench

from cantodesk.settings import get_settings
from cantodesk.understanding import language_files, sentences
from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.lexicon import read_lexicon
from cantodesk.understanding.normalisation import NormalisedText, Variants, normalise
from cantodesk.understanding.spacy_yue import build

ROOM = Path(language_files.__file__).parent

FILES = {
    "language/variants.yml": "always: {揾: 搵, 黐線: 痴線}\nromanised: {m goi: 唔該}\n",
    "language/written.yml": "written: {攞返: 拿回, 嘅: 的, 唔: 不, 幾時: 什么时候}\n",
    "language/products.yml": "products:\n  hair dryer: {yue: [風筒], en: [hair dryer], zh: [吹风机]}\n  shoe: {yue: [鞋], en: [shoes], zh: []}\n",
    "language/districts.yml": "districts:\n  Mong Kok: {yue: [旺角], en: [Mong Kok], zh: [旺角]}\n",
    "language/payment_methods.yml": "payment_methods:\n  FPS: {yue: [轉數快], en: [FPS], zh: [转数快]}\n",
    "language/emotion.yue.yml": "emotion:\n  strong: |\n    - 你哋呃人㗎\n    - 呃錢黑店\n    - 呃人黑店仆街\n  mild: |\n    - 等咗好耐\n    - 仲要等幾耐\n    - 好慢呀等咗好耐\n  neutral: |\n    - 我想查訂單\n    - 查下張單\n    - 訂單去咗邊\n  positive: |\n    - 多謝你\n    - 好多謝你哋\n    - 多謝晒\n",
    "language/emotion.en.yml": "emotion:\n  strong: |\n    - you are scammers\n    - scammers, all of you\n  neutral: |\n    - where is my order\n    - check my order\n",
    "language/emotion.zh.yml": "emotion: {}\n",
    "language/anger.yml": "infixes: [撚, 鬼]\ninnocent: [鬼佬, 垃圾桶]\nsigns:\n  swearing: [仆街, 撚, fuck*, shit, diu]\n  insult: [垃圾]\n  mistake: [搞錯]\n  praise: [好味, great]\n",
    "orders/nlu.yue.yml": 'version: "3.1"\nnlu:\n- intent: track_order\n  examples: |\n    - 我張單去咗邊\n    - 件貨喺邊度呀\n    - 幾時先送到嚟\n    - [風筒](product)仲未嚟嘅\n',
    "orders/nlu.en.yml": 'version: "3.1"\nnlu:\n- intent: track_order\n  examples: |\n    - where is my order\n    - has my parcel shipped\n    - when will the parcel be here\n    - is the order shipped\n',
    "orders/nlu.zh.yml": 'version: "3.1"\nnlu:\n- intent: track_order\n  examples: |\n    - 我的订单在哪里\n    - 包裹什么时候到\n    - 我的快递到了吗\n    - 订单什么时候发货\n',
}  # fmt: skip


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    folder = tmp_path / "model"
    folder.mkdir()
    return Workbench(folder)


@pytest.fixture
def look_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """Points the settings at another folder of language files."""

    def point(folder: Path) -> None:
        monkeypatch.setenv("CANTODESK_LANGUAGE_DIR", str(folder))
        get_settings.cache_clear()
        sentences._readers.cache_clear()

    yield point
    get_settings.cache_clear()
    sentences._readers.cache_clear()


@pytest.fixture
def data(tmp_path: Path, look_in: Callable[[Path], None]) -> Path:
    """The small data folder, in use."""
    folder = tmp_path / "data"
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    look_in(folder / "language")
    return folder


@pytest.fixture
def without_data(
    tmp_path: Path, look_in: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """Call it to be in a folder that has no data at all, as beside a deployed model."""

    def leave() -> None:
        empty = tmp_path / "elsewhere"
        empty.mkdir()
        monkeypatch.chdir(empty)
        look_in(Path("data/language"))

    return leave


@pytest.fixture
def own_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of our code that fingerprints are taken of, to be edited at will."""
    copy = tmp_path / "understanding"
    shutil.copytree(ROOM, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(language_files, "__file__", str(copy / "language_files.py"))
    return copy


@pytest.fixture(scope="session")
def variants() -> Variants:
    """The project's own spellings."""
    return Variants.from_data(read_language_file("variants"))


@pytest.fixture(scope="session")
def read(variants: Variants) -> Callable[[str], NormalisedText]:
    """Reads a line with the project's own spellings."""
    return lambda line: normalise(line, variants)


@pytest.fixture(scope="session")
def pipeline():
    """The spaCy pipeline with the project's own lists."""
    return build(read_lexicon())

"""One list of entities out of three finders: values, the designers' lists, the learnt tagger.

Pure. Values (numbers, money, days) and ways to pay always stand. A listed name stands
unless the tagger is nearly sure that no name is there (the 冷氣 of a flat to let). Where
both see a name, the longer span counts, and the list's value is kept if the listed word
is what the whole is a kind of: its last word (electric *scooter*, 餐*椅*). Any other
name has the customer's own words for a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cantodesk.understanding.name_features import Mark
from cantodesk.understanding.tagger import Tags
from cantodesk.understanding.values import Value
from cantodesk.understanding.word_meaning import NAMES

# Chosen by cross-validation, python -m bench.tagger; see docs/decisions.md.
_SURE_ENOUGH = 0.6
_SURELY_NONE = 0.2
# Words for anything bought or sent, and parts of a building: never a name, whatever the tagger says.
_NO_NAMES = frozenset(
    [
        "貨",
        "货",
        "件貨",
        "嘢",
        "件嘢",
        "野",
        "單",
        "单",
        "訂單",
        "订单",
        "張單",
        "件",
        "包裹",
        "快遞",
        "快递",
        "郵件",
        "東西",
        "东西",
        "商品",
        "產品",
        "产品",
        "貨品",
        "货品",
        "禮物",
        "parcel",
        "parcels",
        "package",
        "packages",
        "item",
        "items",
        "order",
        "orders",
        "thing",
        "things",
        "stuff",
        "goods",
        "product",
        "products",
        "shipment",
        "delivery",
        "lift",
        "lifts",
        "elevator",
        "door",
        "gate",
        "light",
        "lights",
        "𨋢",
        "電梯",
        "电梯",
        "門",
        "门",
        "大閘",
        "燈",
        "灯",
        "水喉",
        "水管",
        "香港",
        "hong",
        "kong",
        "hk",
    ]
)
_AROUND = " \t,.?!;:，。？！；：、\"'“”「」()（）~～"
# What is left of a line that is nothing but the name: 風筒呀, 係部風筒, "a hair dryer please".
_SMALL_WORDS = "係是就嗰呢部個个件條条對对隻只張张支枝嘅的呀啊啦喇囉㗎吧嗎吗"


def merged(text: str, found: Sequence[Value], listed: Iterable[Value], tags: Tags) -> list[Value]:
    """The entities of a normalised line, in order and apart.

    ``found``: values and ways to pay. ``listed``: names of the lists.
    """
    standing = [
        name for name in listed if _stands(text, name, tags) and not _announces(name, found)
    ]
    names = [*standing]
    for mark, sure in tags.names:
        own = text[mark.start : mark.end]
        free = _free(mark, found) and not _announces(mark, found)
        if free and own.lower() not in _NO_NAMES:
            over = [name for name in names if _overlap(mark, name)]
            if not over:
                if sure >= _SURE_ENOUGH:
                    names.append(Value(mark.entity, mark.start, mark.end, own))
            elif _widens(mark, over):
                names = [name for name in names if name not in over]
                names.append(Value(mark.entity, mark.start, mark.end, _value(mark, own, over)))
    return sorted([*found, *names], key=lambda entity: entity.start)


def _stands(text: str, name: Value, tags: Tags) -> bool:
    if name.entity not in NAMES or tags.chance(name.start, name.end) >= _SURELY_NONE:
        return True
    around = (text[: name.start] + text[name.end :]).strip(_AROUND + _SMALL_WORDS)
    return not around


def _announces(name: Mark | Value, found: Iterable[Value]) -> bool:
    """手机9430 5567: what the number is, and no goods."""
    return any(v.entity == "phone" and 0 <= v.start - name.end <= 2 for v in found)


def _free(mark: Mark, found: Iterable[Value]) -> bool:
    return not any(_overlap(mark, value) for value in found)


def _overlap(mark: Mark, other: Value) -> bool:
    return mark.start < other.end and other.start < mark.end


def _widens(mark: Mark, over: Sequence[Value]) -> bool:
    """The tagged name holds all the listed ones, and more, and is of their kind."""
    return all(
        mark.start <= name.start and name.end <= mark.end and name.entity == mark.entity
        for name in over
    ) and not any((name.start, name.end) == (mark.start, mark.end) for name in over)


def _value(mark: Mark, own: str, over: Sequence[Value]) -> str:
    last = max(over, key=lambda name: name.end)
    # A neighbourhood of a district is a place of its own: 荃灣西 is not 荃灣's.
    return str(last.value) if last.end == mark.end and mark.entity == "product" else own

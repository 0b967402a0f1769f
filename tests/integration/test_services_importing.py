"""Importing the business's files: whole or not at all, and again without change."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from business_samples import DEMO, ROOT, at_once, csv_file, everything_in
from sqlalchemy import Engine, func, select, text

from cantodesk.services.business import Business
from cantodesk.services.importing import ImportKind, ImportReport, import_file, import_folder
from cantodesk.services.importing.reading import LARGEST_FILE
from cantodesk.services.orders import Cancellation
from cantodesk.services.personal_records import open_personal
from cantodesk.services.revisions import revision_of
from cantodesk.services.shop import Shop
from cantodesk.storage.business_tables import Customer, Order, OrderStatus, Product, Refund
from cantodesk.storage.engine import engine_for, session
from cantodesk.storage.vault import Vault

Importer = Callable[..., ImportReport]

PRODUCTS = "sku,name_yue,name_en,name_zh,price_hkd,stock,restock_on,warranty_months,attributes"
LAMP = 'L-1,枱燈,Desk lamp,台灯,199,3,,12,"{""kind"": ""lamp""}"'
SOFA = 'S-1,梳化,Sofa,沙发,2990.5,0,2026-12-08,24,"{""kind"": ""sofa""}"'
ORDERS = (
    "order_id,phone,email,customer_name,placed_at,status,total_hkd,payment_status,courier,"
    "tracking_no,eta,delivered_at,delivery_address"
)
PAID = (
    "HK20269001,9123-4567,ho@example.com,何先生,2026-11-20T10:00:00+08:00,paid,234,paid,,,"
    "2026-11-28,,九龍測試道1號"
)
ITEMS = "order_id,sku,quantity,unit_price_hkd"
REFUNDS = "order_id,kind,amount_hkd,status,requested_on,paid_on"
CUSTOMERS = "phone,email,name,points,points_expire_on,language"


@pytest.fixture
def imported(engine: Engine, vault: Vault, business: Business, tmp_path: Path) -> Importer:
    """Write a file and import it."""

    def write_and_import(kind: str, *lines: str, encoding: str = "utf-8") -> ImportReport:
        file = csv_file(tmp_path, f"{kind}.csv", *lines, encoding=encoding)
        return import_file(kind, file, engine, vault, business)

    return write_and_import


def count(engine: Engine, table: type) -> int:
    with session(engine, reading=True) as opened:
        return opened.scalar(select(func.count()).select_from(table)) or 0


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.rows, report.inserted, report.updated, report.unchanged


def test_the_demo_imports_and_a_second_time_changes_nothing(
    engine: Engine, vault: Vault, business: Business
) -> None:
    first = import_folder(DEMO, engine, vault, business)
    assert [report.kind for report in first] == list(ImportKind)
    for report in first:
        assert report.errors == ()
        assert counts(report) == (report.rows, report.rows, 0, 0)
    for report in import_folder(DEMO, engine, vault, business):
        assert counts(report) == (report.rows, 0, 0, report.rows)


def test_rows_are_inserted_changed_and_left_alone(imported: Importer, engine: Engine) -> None:
    assert counts(imported("products", PRODUCTS, LAMP)) == (1, 1, 0, 0)
    cheaper = LAMP.replace(",199,", ",149.90,")
    assert counts(imported("products", PRODUCTS, cheaper, SOFA)) == (2, 1, 1, 0)
    assert counts(imported("products", PRODUCTS, SOFA)) == (1, 0, 0, 1)
    with session(engine, reading=True) as opened:
        prices = dict(opened.execute(select(Product.sku, Product.price_hkd)).tuples().all())
    assert {sku: str(price) for sku, price in prices.items()} == {"L-1": "149.90", "S-1": "2990.50"}


def test_a_byte_order_mark_and_another_order_of_columns_do_not_matter(imported: Importer) -> None:
    assert imported("products", PRODUCTS, LAMP, encoding="utf-8-sig").inserted == 1
    turned = "kind,order_id,requested_on,status,paid_on,amount_hkd"
    imported("orders", ORDERS, PAID)
    report = imported("refunds", turned, "refund,HK20269001,2026-11-21,requested,,50")
    assert report.inserted == 1


def test_windows_line_ends_and_blank_lines_do_not_matter(
    engine: Engine, vault: Vault, business: Business, tmp_path: Path
) -> None:
    file = tmp_path / "products.csv"
    file.write_bytes(f"{PRODUCTS}\r\n{LAMP}\r\n\r\n,,,,,,,,\r\n{SOFA}\r\n".encode())
    assert import_file("products", file, engine, vault, business).inserted == 2


def test_one_bad_row_and_nothing_is_written(imported: Importer, engine: Engine) -> None:
    report = imported("products", PRODUCTS, LAMP, SOFA.replace(",0,", ",minus,"))
    assert counts(report) == (2, 0, 0, 0)
    assert [(error.line, error.column) for error in report.errors] == [(3, "stock")]
    assert count(engine, Product) == 0
    with session(engine, reading=True) as opened:
        assert revision_of(opened, "products") == 0


def test_every_bad_row_is_reported_with_its_line_and_a_sentence(imported: Importer) -> None:
    report = imported(
        "orders",
        ORDERS,
        PAID.replace("HK20269001", "20269001"),
        PAID.replace("HK20269001", "HK20269002").replace("9123-4567", "1123-4567"),
        PAID.replace("HK20269001", "HK20269003").replace(",paid,234", ",lost,234"),
        PAID.replace("HK20269001", "HK20269004").replace(",234,", ",2.345,"),
        PAID.replace("HK20269001", "HK20269005").replace("2026-11-28", "28/11/2026"),
        PAID.replace("HK20269001", "HK20269006").replace("2026-11-20T10:00:00+08:00", "gestern"),
        PAID.replace("HK20269001", "HK20269007").replace("ho@example.com", "ho at example"),
        PAID.replace("HK20269001", "HK20269008").replace(",paid,234", ",delivered,234"),
        PAID.replace("HK20269001", "HK20269009") + ",more",
        PAID,
        PAID,
    )
    assert [str(error) for error in report.errors] == [
        "line 2, order_id: Expected HK and eight digits, such as HK20261234.",
        "line 3, phone: Expected a Hong Kong telephone number: eight digits, the first 2 to 9, "
        "with or without +852.",
        "line 4, status: Expected one of placed, paid, packed, shipped, out_for_delivery, "
        "delivered, cancelled or returned.",
        "line 5, total_hkd: Expected an amount in Hong Kong dollars, such as 1299 or 1299.50.",
        "line 6, eta: Expected a date such as 2026-11-24.",
        "line 7, placed_at: Expected a date and time such as 2026-11-24T15:30:00+08:00.",
        "line 8, email: Expected an e-mail address.",
        "line 9, delivered_at: A delivered order needs the moment of its delivery.",
        "line 10: The row has 14 cells, the header has 13.",
        "line 12, order_id: The same order_id stands on line 11 already.",
    ]


def test_a_report_does_not_repeat_what_the_cells_hold(imported: Importer) -> None:
    report = imported("customers", CUSTOMERS, "012 secret,秘密,,-1,soon,fr")
    assert [error.column for error in report.errors] == list(CUSTOMERS.split(","))
    shown = " ".join(str(error) for error in report.errors)
    for content in ("012", "secret", "秘密", "soon", "fr,"):
        assert content not in shown


def test_a_cell_over_several_lines_does_not_shift_the_line_numbers(imported: Importer) -> None:
    address = PAID.replace("九龍測試道1號", '"九龍\n測試道\n1號"')
    report = imported("orders", ORDERS, address, PAID.replace("HK20269001", "x"))
    assert [error.line for error in report.errors] == [5]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (PRODUCTS.replace(",stock", ""), "line 1, stock: This column is missing."),
        (PRODUCTS + ",colour", "line 1, colour: This column is not known. Expected are "),
        (PRODUCTS + ",sku", "line 1, sku: This column is there twice."),
        (PRODUCTS.replace(",", ";"), "line 1, sku: This column is missing."),
    ],
)
def test_the_header_must_be_right(imported: Importer, header: str, expected: str) -> None:
    report = imported("products", header, LAMP)
    assert any(str(error).startswith(expected) for error in report.errors)


@pytest.mark.parametrize("encoding", ["big5-hkscs", "utf-16"])
def test_another_encoding_is_named(imported: Importer, encoding: str) -> None:
    report = imported("products", PRODUCTS, LAMP, encoding=encoding)
    assert len(report.errors) == 1
    assert "not UTF-8" in report.errors[0].reason


def test_an_unclosed_quotation_mark_is_an_error(imported: Importer, engine: Engine) -> None:
    report = imported("products", PRODUCTS, LAMP, SOFA.replace("梳化", '"梳化'))
    assert report.errors[0].line == 3
    assert "not CSV" in report.errors[0].reason
    assert count(engine, Product) == 0


def test_files_that_are_missing_empty_or_too_large(
    engine: Engine, vault: Vault, business: Business, tmp_path: Path, imported: Importer
) -> None:
    missing = import_file("products", tmp_path / "no.csv", engine, vault, business)
    assert "no such file" in missing.errors[0].reason
    folder = import_file("products", tmp_path, engine, vault, business)
    assert "no such file" in folder.errors[0].reason
    assert "empty" in imported("products", "  ").errors[0].reason
    assert "zero byte" in imported("products", PRODUCTS, "\0").errors[0].reason
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    assert "10 MB" in import_file("products", large, engine, vault, business).errors[0].reason


def test_too_many_rows_are_refused(imported: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cantodesk.services.importing.reading.MOST_ROWS", 1)
    assert "rows" in imported("products", PRODUCTS, LAMP, SOFA).errors[0].reason


def test_what_a_row_refers_to_must_be_there(imported: Importer) -> None:
    report = imported("order_items", ITEMS, "HK20269001,L-1,1,199", "HK20269001,S-1,1,9")
    assert [str(error) for error in report.errors[:2]] == [
        "line 2, order_id: Nothing in orders has this order_id. Import orders first.",
        "line 2, sku: Nothing in products has this sku. Import products first.",
    ]
    assert len(report.errors) == 4
    imported("products", PRODUCTS, LAMP)
    imported("orders", ORDERS, PAID)
    report = imported("order_items", ITEMS, "HK20269001,L-1,1,199", "HK20269001,S-1,1,9")
    assert [(error.line, error.column) for error in report.errors] == [(3, "sku")]
    assert imported("order_items", ITEMS, "HK20269001,L-1,1,199").inserted == 1


def test_telephone_numbers_are_kept_in_one_form_and_not_in_the_clear(
    imported: Importer, engine: Engine, vault: Vault, database_url: str
) -> None:
    imported(
        "orders", ORDERS, PAID, PAID.replace("9123-4567", "+852 9123 4567").replace("9001", "2")
    )
    imported(
        "orders", ORDERS, PAID, PAID.replace("9123-4567", "85291234567").replace("9001", "9002")
    )
    with session(engine, reading=True) as opened:
        rows = opened.scalars(select(Order)).all()
    assert len(rows) == 2
    assert {row.phone_hash for row in rows} == {vault.lookup_hash("phone", "+85291234567")}
    # The same digits on two orders do not look the same.
    assert len({row.last4_hash for row in rows}) == 2
    personal = open_personal(vault, "orders", rows[0].order_id, rows[0].personal)
    assert personal["phone"] == "+85291234567"
    assert personal["delivery_address"] == "九龍測試道1號"


def test_nothing_personal_is_in_any_byte_of_the_database(
    shop: Shop, engine: Engine, database_url: str
) -> None:
    personal = ["91235678", "chan.kayan", "陳嘉欣", "洗衣街", "emily.carter"]
    if database_url.startswith("sqlite"):
        path = Path(database_url.removeprefix("sqlite:///"))
        for name, content in everything_in(path):
            for word in personal:
                assert word.encode() not in content, name
        return
    with session(engine, reading=True) as opened:
        for table in ("orders", "customers"):
            stored = opened.scalars(text(f"SELECT {table}::text FROM {table}")).all()
            for word in personal:
                assert not any(word in row for row in stored)
                assert not any(word.encode().hex() in row for row in stored)


def test_a_second_import_does_not_bring_back_what_the_customer_cancelled(
    shop: Shop, engine: Engine, vault: Vault, business: Business, tmp_path: Path
) -> None:
    def status() -> str:
        with session(engine, reading=True) as opened:
            row = opened.get(Order, "HK20261235")
        assert row is not None
        return row.status

    assert shop.orders.cancel("HK20261235", "5678").status is Cancellation.CANCELLED
    again = import_file("orders", DEMO / "orders.csv", engine, vault, business)
    assert again.updated == 0
    assert status() == OrderStatus.CANCELLED
    # A newer export that has not heard of it.
    lines = (DEMO / "orders.csv").read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith("HK20261235"))
    later = csv_file(tmp_path, "a.csv", lines[0], row.replace("2026-11-28", "2026-11-29"))
    assert import_file("orders", later, engine, vault, business).updated == 1
    assert status() == OrderStatus.CANCELLED
    # The warehouse was quicker than the news of the cancellation.
    packed = csv_file(tmp_path, "b.csv", lines[0], row.replace(",paid,498", ",packed,498"))
    assert import_file("orders", packed, engine, vault, business).updated == 1
    assert status() == OrderStatus.PACKED


def test_an_export_takes_over_the_refund_a_customer_asked_for(
    shop: Shop, engine: Engine, imported: Importer
) -> None:
    shop.orders.cancel("HK20261235", "5678")
    report = imported("refunds", REFUNDS, "HK20261235,refund,498,paid,2026-11-24,2026-12-01")
    assert counts(report) == (1, 0, 1, 0)
    with session(engine, reading=True) as opened:
        rows = opened.scalars(select(Refund).where(Refund.order_id == "HK20261235")).all()
    assert [row.status for row in rows] == ["paid"]


def test_members_are_known_again_by_their_number(imported: Importer, engine: Engine) -> None:
    imported("customers", CUSTOMERS, "91234567,a@example.com,陳,100,2027-01-31,yue")
    report = imported("customers", CUSTOMERS, "+852 9123 4567,,陳小姐,90,,en")
    assert counts(report) == (1, 0, 1, 0)
    twice = imported("customers", CUSTOMERS, "91234567,,陳,1,,yue", "9123 4567,,陳,1,,yue")
    assert [(error.line, error.column) for error in twice.errors] == [(3, "phone")]
    assert count(engine, Customer) == 1


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ("[1]", 'with a text as "kind"'),
        ('{"colour": "red"}', 'with a text as "kind"'),
        ("{", "JSON object"),
        ('{"kind": "lamp", "power_w": NaN}', "An attribute must be"),
        ('{"kind": "lamp", "power_w": 1e999}', "An attribute must be"),
        ('{"kind": "lamp", "size": {"a": 1}}', "An attribute must be"),
        ('{"kind": "lamp", "note": "\\u0000"}', "control character"),
        ('{"kind": "lamp", "note": "\\ud83d"}', "control character"),
        ("[" * 4000, "JSON object"),
    ],
)
def test_attributes_must_be_storable(imported: Importer, attributes: str, reason: str) -> None:
    cell = attributes.replace('"', '""')
    row = f'L-1,枱燈,Desk lamp,台灯,199,3,,12,"{cell}"'
    report = imported("products", PRODUCTS, row)
    assert [error.column for error in report.errors] == ["attributes"]
    assert reason in report.errors[0].reason


ENTRY = {
    "id": "k-1",
    "intent": "ask_price",
    "question_yue": ["幾錢", "點賣"],
    "question_en": "how much",
    "question_zh": None,
    "answer_yue": "打{hotline}",
    "answer_en": "Ring {hotline}",
    "answer_zh": "致电{hotline}",
    "department": "products",
    "review_by": "2027-01-31",
}


def knowledge_json(folder: Path, content: str) -> Path:
    path = folder / "knowledge.json"
    path.write_text(content, encoding="utf-8")
    return path


def test_knowledge_comes_as_json_too_and_is_the_same_as_csv(
    engine: Engine, vault: Vault, business: Business, tmp_path: Path, imported: Importer
) -> None:
    file = knowledge_json(tmp_path, json.dumps([ENTRY], indent=1))
    assert import_file("knowledge", file, engine, vault, business).inserted == 1
    cells = ["k-1", "ask_price", "幾錢|點賣", "how much", "", "打{hotline}", "Ring {hotline}"]
    row = ",".join([*cells, "致电{hotline}", "products", "2027-01-31"])
    assert counts(imported("knowledge", ",".join(ENTRY), row)) == (1, 0, 0, 1)


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"answer_en": "Hi {name}"}, "answer_en", "The business file has no variable {name}."),
        ({"answer_en": "{hotline.x}"}, "answer_en", "The business file has no variable"),
        ({"answer_zh": "{hotline"}, "answer_zh", "A brace stands alone."),
        ({"answer_yue": ""}, "answer_yue", "The cell is empty."),
        ({"question_yue": "|", "question_en": ""}, "question_zh", "There is no question"),
        ({"intent": "- intent: x"}, "intent", "Expected the name of an intent"),
        ({"department": "sales"}, "department", "Expected one of customer_service, logistics"),
        ({"id": "k 1"}, "id", "Expected at most 80 letters"),
        ({"review_by": "2027-02-30"}, "review_by", "Expected a date"),
        ({"question_en": {"a": 1}}, "question_en", "Expected a text or a list of texts."),
        ({"answer_en": 7}, "answer_en", "Expected a text or a list of texts."),
        ({"extra": "x"}, "extra", "This column is not known."),
    ],
)
def test_bad_entries_are_named(
    engine: Engine,
    vault: Vault,
    business: Business,
    tmp_path: Path,
    change: dict[str, object],
    column: str,
    reason: str,
) -> None:
    content = f"[\n{json.dumps(ENTRY)},\n\n{json.dumps({**ENTRY, 'id': 'k-2', **change})}\n]"
    report = import_file("knowledge", knowledge_json(tmp_path, content), engine, vault, business)
    assert [(error.line, error.column) for error in report.errors] == [(4, column)]
    assert report.errors[0].reason.startswith(reason)
    assert report.inserted == 0


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ('{"id": 1}', 1, "a JSON list"),
        ("[\n{,}]", 2, "not JSON"),
        ('[\n{"id": "a"\n', 2, "not JSON"),
        ('[{"id": "a", "id": "b"}]', 1, "twice"),
        ("[7]", 1, "an object"),
        ("[" * 50_000, 1, "not JSON"),
        ('[{"a": 1} {"a": 2}]', None, "comma"),
    ],
)
def test_broken_json_is_refused_with_its_line(
    engine: Engine,
    vault: Vault,
    business: Business,
    tmp_path: Path,
    content: str,
    line: int | None,
    reason: str,
) -> None:
    file = knowledge_json(tmp_path, content)
    report = import_file("knowledge", file, engine, vault, business)
    assert any(reason in error.reason for error in report.errors)
    if line is not None:
        assert report.errors[0].line == line


def test_an_answer_that_looks_like_sql_or_a_formula_is_data(imported: Importer) -> None:
    answer = "'; DROP TABLE knowledge;-- =1+1 ${HOME}".replace("${HOME}", "$HOME")
    row = f"k-9,ask_price,x,y,z,{answer},{answer},{answer},products,"
    assert imported("knowledge", ",".join(ENTRY), row).inserted == 1


def test_a_folder_stops_at_the_first_file_with_an_error(
    engine: Engine, vault: Vault, business: Business, tmp_path: Path
) -> None:
    csv_file(tmp_path, "products.csv", PRODUCTS, LAMP)
    csv_file(tmp_path, "orders.csv", ORDERS, PAID.replace("HK", "XX"))
    csv_file(tmp_path, "order_items.csv", ITEMS, "HK20269001,L-1,1,199")
    reports = import_folder(tmp_path, engine, vault, business)
    assert [(report.kind, report.ok) for report in reports] == [
        (ImportKind.PRODUCTS, True),
        (ImportKind.ORDERS, False),
    ]


def test_the_same_file_imported_at_once_is_written_once(
    engine: Engine, vault: Vault, business: Business, imported: Importer
) -> None:
    # The counter is there already: what they queue at is its row, not its making.
    assert imported("products", PRODUCTS, LAMP).ok
    file = DEMO / "products.csv"
    reports = at_once(4, lambda _: import_file("products", file, engine, vault, business))
    assert all(report.ok for report in reports)
    assert sum(report.inserted for report in reports) == reports[0].rows
    with session(engine, reading=True) as opened:
        assert revision_of(opened, "products") == 2


def test_a_file_the_database_does_not_take_is_reported(
    vault: Vault, business: Business, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = engine_for("postgresql+psycopg2://nobody@127.0.0.1:1/none")
    report = import_file("orders", DEMO / "orders.csv", nowhere, vault, business)
    assert [error.line for error in report.errors] == [None]
    assert "nothing was imported" in report.errors[0].reason
    assert "HK2026" not in caplog.text


def test_a_kind_there_is_not_is_a_mistake_of_the_caller(
    engine: Engine, vault: Vault, business: Business
) -> None:
    with pytest.raises(ValueError, match="invoices"):
        import_file("invoices", ROOT / "x.csv", engine, vault, business)

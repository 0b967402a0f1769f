"""Make docs/chat.png, the picture in the README, from the real chat page.

Start everything first (`make up`), then: .venv/bin/python scripts/screenshot.py
Run it again when the page or one of the replies in the picture has changed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Error, Page, ViewportSize, expect, sync_playwright

LINES = ("我張單去咗邊？", "HK20261234", "5678", "送貨幾錢？")
# Tall enough for the whole conversation.
SIZE: ViewportSize = {"width": 900, "height": 1060}
LARGEST = 200_000  # bytes, so that the README stays quick to load
_PATIENCE = 30_000  # milliseconds a reply may take
_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def main() -> int:
    """Take the picture. The exit code; what went wrong is one sentence."""
    arguments = argparse.ArgumentParser(description="Take the picture of the chat page.")
    arguments.add_argument("--address", default="http://127.0.0.1:8000/")
    arguments.add_argument("--out", type=Path, default=Path("docs/chat.png"))
    given = arguments.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        return failed(
            "Chromium is not installed. On Debian: apt-get install chromium fonts-noto-cjk"
        )
    try:
        picture = taken(chromium, given.address)
    except (Error, AssertionError) as error:
        why = str(error).strip().splitlines()[0]
        return failed(f"No picture ({why}). Does {given.address} answer? Start it with `make up`.")
    if len(picture) > LARGEST:
        return failed(f"The picture has {len(picture):,} bytes; {LARGEST:,} are allowed.")
    given.out.write_bytes(picture)
    print(f"{given.out}: {len(picture):,} bytes")
    return 0


def failed(sentence: str) -> int:
    """One sentence on the error output; the exit code."""
    print(sentence, file=sys.stderr)
    return 1


def taken(chromium: str, address: str) -> bytes:
    """The picture as PNG, after every line has its reply.

    Raises:
        playwright.sync_api.Error, AssertionError: the page or a reply did not come.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
        try:
            # A context of its own has no cookie: every picture begins a new conversation.
            context = browser.new_context(
                locale="zh-HK",
                timezone_id="Asia/Hong_Kong",
                viewport=SIZE,
                color_scheme="light",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto(address)
            expect(page.locator("#mark")).not_to_be_empty(timeout=_PATIENCE)
            for line in LINES:
                say(page, line)
            # No caret in the picture.
            page.locator("#box").blur()
            return page.screenshot(type="png")
        finally:
            browser.close()


def say(page: Page, line: str) -> None:
    """Send a line and wait for its reply; an apology of the page itself is none."""
    replies = page.locator("#log .line.bot")
    before = replies.count()
    page.locator("#box").fill(line)
    page.locator("#box").press("Enter")
    expect(page.locator("#log")).to_contain_text(line)
    expect(page.locator("#thinking")).to_be_hidden(timeout=_PATIENCE)
    expect(page.locator("#log .remark")).to_have_count(0)
    assert replies.count() > before, f"no reply to line {LINES.index(line) + 1}"  # noqa: S101


if __name__ == "__main__":
    sys.exit(main())

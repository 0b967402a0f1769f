"""Talking to the running assistant in a terminal."""

from __future__ import annotations

import sys
from typing import Any

import httpx

from cantodesk.settings import Settings


def talk(settings: Settings, sender: str) -> int:
    """Read lines until Ctrl-D; a number presses that button of the last reply. The exit code."""
    address = f"{settings.url('assistant')}/webhooks/rest/webhook"
    offered: list[dict[str, str]] = []
    print("Type a line; a number presses a button; Ctrl-D ends.")
    with httpx.Client(timeout=30, trust_env=False) as client:
        while True:
            try:
                line = input("> ").strip()
            except (EOFError, KeyboardInterrupt):
                print()
                return 0
            if not line:
                continue
            body = {"sender": sender, "message": pressed(line, offered)}
            try:
                answer = client.post(address, json=body)
            except httpx.HTTPError:
                print("The assistant does not answer. Start it with `make up`.", file=sys.stderr)
                return 1
            if answer.status_code != 200:
                print(answer.json().get("error", "That was not accepted."))
                continue
            replies: list[dict[str, Any]] = answer.json()
            offered = show(replies)


def pressed(line: str, offered: list[dict[str, str]]) -> str:
    """The payload of a button chosen by its number, else the line itself."""
    if line.isdigit() and 1 <= int(line) <= len(offered):
        return offered[int(line) - 1]["payload"]
    return line


def show(replies: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Print the replies; the buttons they offer, in the order of their numbers."""
    offered: list[dict[str, str]] = []
    for reply in replies:
        if reply.get("text"):
            print(reply["text"])
        for button in reply.get("buttons") or []:
            offered.append(button)
            print(f"  [{len(offered)}] {button['title']}")
    return offered

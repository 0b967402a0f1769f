"""Writes down who speaks to the outside world; Python loads this file by itself at the start.

For processes of `live.LiveStack`: this folder is on their PYTHONPATH, and
CANTODESK_TEST_CALLS_OUTSIDE names the file. One line says that the watch stands in a
process; one more for each name looked up and each address called that is not this machine.
Code in C that opens sockets without Python (a database driver) is not seen here.
"""

import os
import sys

_FILE = os.environ.get("CANTODESK_TEST_CALLS_OUTSIDE")
_WHO = os.environ.get("CANTODESK_TEST_PROCESS", "?")
_HERE = ("", "localhost", "127.0.0.1", "0.0.0.0", "::1", "::")  # noqa: S104 - compared, not bound
# Position of the address in the arguments of each event.
_WATCHED = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
}


def _is_here(address: object) -> bool:
    """Whether an address is this machine: loopback, a unix socket, or no host at all."""
    if isinstance(address, tuple):
        address = address[0] if address else ""
        if not isinstance(address, str | bytes):
            return True  # netlink and the like: numbers of this kernel
    elif isinstance(address, str | bytes) and address[:1] in ("/", b"/", "\0", b"\0"):
        return True
    name = os.fsdecode(address) if isinstance(address, str | bytes) else ""
    return name in _HERE or name.startswith("127.")


if _FILE:
    # Opened once: opening a file inside the hook would be an event itself.
    _out = os.open(_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def _watch(event: str, arguments: tuple) -> None:
        position = _WATCHED.get(event)
        if position is None:
            return
        address = arguments[position] if len(arguments) > position else None
        if not _is_here(address):
            os.write(_out, f"{_WHO} {event} {address!r}\n".encode())

    sys.addaudithook(_watch)
    os.write(_out, f"{_WHO} watched\n".encode())

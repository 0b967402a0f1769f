"""Keys and ciphers, without a database.

AES-256-GCM with a random 96-bit nonce. A sealed value is one version byte, the
nonce, and the ciphertext with its 128-bit tag. What the value belongs to is
bound into the tag (``aad``), so that a row copied to another place cannot be
opened there.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cantodesk.settings import Settings

KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_VERSION = b"\x01"
_MAKE_A_KEY = "python3 -c 'import base64,os;print(base64.b64encode(os.urandom(32)).decode())'"


class BadKeys(Exception):
    """The keys cannot be used. The message is a sentence for the operator, without any key."""


class CannotDecrypt(Exception):
    """A sealed value does not open: changed, moved, or its customer's key was erased."""


def bound_to(*parts: str) -> bytes:
    """Bytes that stand for exactly these parts, in this order, whatever signs they hold."""
    texts = [part.encode("utf-8", "surrogatepass") for part in parts]
    return b"|".join(b"%d:%s" % (len(text), text) for text in texts)


def seal(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """``plaintext`` encrypted under a 32-byte key; 29 bytes longer than it was."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plaintext, aad)


def unseal(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """The plaintext again.

    Raises:
        CannotDecrypt: on any change of key, value or ``aad``. Nothing of the
            value is in the exception.
    """
    if len(sealed) < 1 + _NONCE_BYTES + _TAG_BYTES or sealed[:1] != _VERSION:
        raise CannotDecrypt("not a value sealed by this version")
    nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, aad)
    except InvalidTag:
        pass
    raise CannotDecrypt("the value or what it belongs to was changed")


def derived(key: bytes, purpose: str) -> bytes:
    """A 32-byte key of its own for one purpose (HKDF-SHA-256)."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=bound_to("cantodesk", purpose)).derive(key)


def keyed_hash(key: bytes, *parts: str) -> str:
    """HMAC-SHA-256 of the parts: 64 hexadecimal digits."""
    return hmac.new(key, bound_to(*parts), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class MasterKeys:
    """The keys kept outside the database.

    ``versions`` maps a version number to 32 bytes; ``newest`` is the version
    that wraps, all of them unwrap. ``lookup`` feeds the keyed hashes.
    """

    versions: Mapping[int, bytes] = field(repr=False)
    newest: int
    lookup: bytes = field(repr=False)

    @classmethod
    def parse(cls, master_keys: str, lookup_key: str) -> MasterKeys:
        """Keys from ``version:base64`` pairs, the newest last, and one base64 look-up key.

        Raises:
            BadKeys: for a missing, short, guessable or repeated key.
        """
        versions: dict[int, bytes] = {}
        for pair in filter(None, (part.strip() for part in master_keys.split(","))):
            number, colon, encoded = pair.partition(":")
            if not colon or not number.isascii() or not number.isdigit() or int(number) < 1:
                raise BadKeys("Each master key is written as version:key, for example 1:<base64>.")
            if int(number) in versions:
                raise BadKeys(f"Master key version {int(number)} is there twice.")
            versions[int(number)] = _decoded(encoded, f"Master key version {int(number)}")
        if not versions:
            raise BadKeys(f"There is no master key. Make one with: {_MAKE_A_KEY}")
        lookup = _decoded(lookup_key, "The look-up key")
        if len({*versions.values(), lookup}) != len(versions) + 1:
            raise BadKeys("Two of the keys are the same; every key needs bytes of its own.")
        return cls(MappingProxyType(versions), list(versions)[-1], lookup)

    @classmethod
    def from_settings(cls, settings: Settings) -> MasterKeys:
        """Keys from the environment, else from the local profile's key file.

        The file is made at the first start. The production profile never makes keys.

        Raises:
            BadKeys: with the sentence to show.
        """
        master, lookup = settings.master_keys, settings.lookup_key
        if master is not None and lookup is not None:
            return cls.parse(master.get_secret_value(), lookup.get_secret_value())
        if (master is None) != (lookup is None):
            absent = "CANTODESK_MASTER_KEYS" if master is None else "CANTODESK_LOOKUP_KEY"
            raise BadKeys(f"{absent} is not set, and the other key is. Set both or neither.")
        if settings.profile == "production":
            raise BadKeys("The production profile needs CANTODESK_MASTER_KEYS.")
        return cls.from_file(settings.key_file)

    @classmethod
    def from_file(cls, path: Path) -> MasterKeys:
        """Keys from a file of mode 0600, which is made whole or not at all if it is absent.

        Raises:
            BadKeys: when others may read the file, or it holds no good keys.
        """
        if not path.exists():
            _make_key_file(path)
        try:
            text = _read_private(path)
            content = json.loads(text)
            master, lookup = content["master_keys"], content["lookup_key"]
        except OSError as error:
            raise BadKeys(f"The key file {path} cannot be read ({type(error).__name__}).") from None
        except (ValueError, KeyError, TypeError):
            raise BadKeys(f"The key file {path} is damaged. Restore it from a backup.") from None
        return cls.parse(str(master), str(lookup))


def _decoded(encoded: str, name: str) -> bytes:
    try:
        key = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise BadKeys(f"{name} is not base64. Make one with: {_MAKE_A_KEY}") from None
    if len(key) != KEY_BYTES:
        raise BadKeys(
            f"{name} has {len(key)} bytes and needs {KEY_BYTES}. Make one with: {_MAKE_A_KEY}"
        )
    if len(set(key)) < 8:
        # Thirty-two random bytes have fewer than eight different values once in 10^35.
        raise BadKeys(f"{name} is all zeros or a pattern. Make one with: {_MAKE_A_KEY}")
    return key


def _read_private(path: Path) -> str:
    """The text of a file that nobody else may read; the mode is that of the file opened."""
    descriptor = os.open(path, os.O_RDONLY)
    with os.fdopen(descriptor, encoding="utf-8") as opened:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if mode & 0o077:
            raise BadKeys(
                f"The key file {path} can be read by others (mode {mode:04o}). "
                f"Run: chmod 600 {path}"
            )
        return opened.read()


def _make_key_file(path: Path) -> None:
    """Write new keys beside ``path`` and link them into place; whoever comes second uses these."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    master, lookup = (base64.b64encode(os.urandom(KEY_BYTES)).decode() for _ in range(2))
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            json.dump({"master_keys": f"1:{master}", "lookup_key": lookup}, opened)
            opened.flush()
            os.fsync(opened.fileno())
        # A link fails when the name is taken; a rename would put new keys over the old.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)

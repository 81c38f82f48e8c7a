"""Compressed bodies unpacked piece by piece, never past a cap."""

from __future__ import annotations

import zlib

from corpus.errors import UnreadableError

LATER = "it is tried again later"
GZIP = b"\x1f\x8b"
_STEP = 65_536  # bytes
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class Inflater:
    """Unpacks a body of one Content-Encoding (RFC 9110, 8.4.1), fed piece by piece.

    Args:
        encoding: "gzip", "x-gzip", "deflate", "identity" or empty.
        limit: the most bytes that may come out, all pieces together.
        subject: the address, for errors.

    Raises:
        UnreadableError: the encoding is another one.
    """

    def __init__(self, encoding: str, limit: int, subject: str) -> None:
        self._encoding = encoding.strip().casefold()
        self._left = limit
        self._limit = limit
        self._subject = subject
        self._engine: zlib._Decompress | None = None
        if self._encoding in ("gzip", "x-gzip"):
            self._engine = zlib.decompressobj(_GZIP_WINDOW)
        elif self._encoding not in ("", "identity", "deflate"):
            raise UnreadableError(
                f"is sent as {self._encoding}, which was not asked for", subject=subject, remedy="ask the outlet"
            )

    def feed(self, data: bytes) -> bytes:
        """What the next piece holds.

        Raises:
            UnreadableError: more than the limit came out, or the data are not of the encoding.
        """
        if self._encoding in ("", "identity"):
            return self._counted(data)
        if self._engine is None:
            # Some servers send raw deflate data where the standard asks for a zlib wrapper, which starts with 0x?8.
            wrapped = data[:1] and data[0] & 0x0F == 8
            self._engine = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
        out = bytearray()
        try:
            while data:
                out += self._counted(self._engine.decompress(data, _STEP))
                data = self._engine.unconsumed_tail
                if self._engine.eof:
                    data = self._engine.unused_data
                    if not data.startswith(GZIP):
                        break  # padding after the end
                    self._engine = zlib.decompressobj(_GZIP_WINDOW)
        except zlib.error as error:
            raise UnreadableError(
                f"is not valid {self._encoding} data ({error})", subject=self._subject, remedy=LATER
            ) from error
        return bytes(out)

    def close(self) -> None:
        """Say that no piece follows.

        Raises:
            UnreadableError: the data broke off.
        """
        if self._engine is not None and not self._engine.eof:
            raise UnreadableError(f"broke off amid its {self._encoding} data", subject=self._subject, remedy=LATER)

    def _counted(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableError(too_large(self._limit), subject=self._subject, remedy="leave it out")
        return data


def too_large(limit: int) -> str:
    """The reason given for a body above the cap."""
    return f"is larger than {limit / 1_000_000:g} MB"


def gunzip(data: bytes, limit: int, subject: str) -> bytes:
    """A gzip file unpacked; data that are none come back as they are.

    Raises:
        UnreadableError: more than ``limit`` bytes came out, or the file is damaged.
    """
    if not data.startswith(GZIP):
        return data
    inflater = Inflater("gzip", limit, subject)
    whole = inflater.feed(data)
    inflater.close()
    return whole

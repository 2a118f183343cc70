"""The bars of a chart as PNG images, for a Word document: a few rows of pixels, no library.

PNG (ISO/IEC 15948): a palette of three colours, each line filtered by nothing.
"""

import struct
import zlib

WIDTH, HEIGHT = 240, 14
PAPER, INK, SOFT = range(3)
PALETTE = bytes((255, 255, 255, 31, 78, 74, 120, 133, 129))
TRANSPARENT = bytes((0, 255, 255))  # paper is what is behind
OUTLINE = 2


def bar(share: float) -> bytes:
    """A full bar, ``share`` of the width long."""
    long = max(1, round(WIDTH * min(1.0, share)))
    return _png([bytes([INK] * long + [PAPER] * (WIDTH - long))] * HEIGHT)


def masked() -> bytes:
    """A hatched bar of a fixed length: it tells nothing of the number it hides."""
    long = WIDTH // 4
    return _png(
        [
            bytes(
                SOFT if column < long and (column + row) % 6 < OUTLINE else PAPER
                for column in range(WIDTH)
            )
            for row in range(HEIGHT)
        ]
    )


def _png(lines: list[bytes]) -> bytes:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + line for line in lines), 9)
    parts = (
        (b"IHDR", header),
        (b"PLTE", PALETTE),
        (b"tRNS", TRANSPARENT),
        (b"IDAT", pixels),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

"""A backup that anyone touched is refused: every bit, every cut, every exchange of chunks."""

import json
import random
from io import BytesIO

import pytest

from casework.backup import container, keys
from casework.backup.container import CHUNK, TAG, BackupError
from casework.backup.records import Records
from casework.vault.keypair import KeyPair
from tests.casework.backup.conftest import OPERATOR, Backup

FLIPS = 500


def _read(raw: bytes, backup: Backup, pair: KeyPair = OPERATOR) -> int:
    """As every command does: header, key, content to the end, signature; how many rows."""
    file = BytesIO(raw)
    header = container.read_header(file)
    records = Records(
        container.content(file, header, container.open_file_key(header, keys.OPERATOR, pair))
    )
    assert all(name for name, _, _ in records.files())
    count = sum(1 for _, _, found in records.tables() for _row in found)
    records.finish(backup.instance.signing_key.public_key())
    return count


def _split(raw: bytes) -> tuple[bytes, list[bytes]]:
    start = raw.index(b"\n") + 1
    step = CHUNK + TAG
    return raw[:start], [raw[at : at + step] for at in range(start, len(raw), step)]


def test_untouched_it_is_read(kept: Backup) -> None:
    assert _read(kept.raw, kept) == kept.made.rows > 500


def test_no_bit_can_be_changed(kept: Backup) -> None:
    raw, draw, refused = kept.raw, random.Random(8), 0  # noqa: S311 - places, not keys
    header = raw.index(b"\n")
    # A tenth of them in the header, which is small and read without a key.
    places = [draw.randrange(header) for _ in range(FLIPS // 10)]
    places += [draw.randrange(len(raw)) for _ in range(FLIPS - len(places))]
    for place in places:
        changed = bytearray(raw)
        changed[place] ^= 1 << draw.randrange(8)
        with pytest.raises(BackupError):
            _read(bytes(changed), kept)
        refused += 1
    assert refused == FLIPS


def test_it_cannot_be_cut_anywhere(kept: Backup) -> None:
    header, chunks = _split(kept.raw)
    assert len(chunks) > 3
    for number in range(len(chunks)):
        whole = header + b"".join(chunks[:number])
        for cut in (whole, whole + chunks[number][: TAG - 1], whole + chunks[number][:-1]):
            with pytest.raises(BackupError, match="abîmée, tronquée ou modifiée"):
                _read(cut, kept)
    for size in (0, 1, len(header) - 1):
        with pytest.raises(BackupError):
            _read(kept.raw[:size], kept)


def test_chunks_cannot_be_moved_repeated_or_added(kept: Backup) -> None:
    header, chunks = _split(kept.raw)
    last = len(chunks) - 1
    orders = [
        [1, 0, *range(2, last + 1)],
        [0, 0, *range(1, last + 1)],
        [*range(last), last, last],
        [*range(last - 1), last],
        [*range(1, last + 1)],
        [*range(last), last, 0],
    ]
    for order in orders:
        with pytest.raises(BackupError):
            _read(header + b"".join(chunks[number] for number in order), kept)
    with pytest.raises(BackupError):
        _read(kept.raw + b"\n", kept)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("origin", "casework/0123456789abcdef"),
        ("made_at", "2031-01-01T00:00:00+00:00"),
        ("revision", "0001"),
        ("entries", 10**6),
        ("note", ""),
        ("made_at", "hier"),
        ("made_at", "2031-01-01T00:00:00"),
        ("entries", "12"),
        ("recipients", {}),
        ("recipients", ["operateur"]),
        ("inconnu", 1),
    ],
)
def test_a_header_cannot_be_edited(kept: Backup, name: str, value: object) -> None:
    header, chunks = _split(kept.raw)
    said = json.loads(header) | {name: value}
    written = json.dumps(said, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    with pytest.raises(BackupError):
        _read(written + b"".join(chunks), kept)


def test_a_newer_format_is_named(kept: Backup) -> None:
    header, chunks = _split(kept.raw)
    newer = header.replace(b"casework-backup/1", b"casework-backup/2") + b"".join(chunks)
    with pytest.raises(BackupError, match="vient d’une version plus récente"):
        _read(newer, kept)


@pytest.mark.parametrize("raw", [b"", b"\n", b"{}\n", b"[1]\n", b"PK\x03\x04", b"[" * 60_000])
def test_anything_else_is_no_backup(kept: Backup, raw: bytes) -> None:
    with pytest.raises(BackupError, match="n’est pas une sauvegarde"):
        _read(raw, kept)


def test_another_key_opens_nothing(kept: Backup) -> None:
    with pytest.raises(BackupError, match="n’ouvre pas cette sauvegarde"):
        _read(kept.raw, kept, KeyPair.generate())


def test_the_same_key_sealed_for_another_use_opens_nothing(kept: Backup) -> None:
    """What was sealed to the recovery kit, given as if it were the operator's."""
    header, chunks = _split(kept.raw)
    said = json.loads(header)
    said["recipients"] = {keys.OPERATOR: said["recipients"][keys.RECOVERY]}
    written = json.dumps(said, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    with pytest.raises(BackupError):
        _read(written + b"".join(chunks), kept)


def test_a_backup_signed_by_nobody_is_refused(kept: Backup) -> None:
    """Anyone can seal to a public key: the instance's signature says who made it."""
    from casework.instance import Instance

    file = BytesIO(kept.raw)
    header = container.read_header(file)
    key = container.open_file_key(header, keys.OPERATOR, OPERATOR)
    records = Records(container.content(file, header, key))
    list(records.files())
    for _, _, found in records.tables():
        list(found)
    other = Instance(kept.instance.data, bytes(32), "", "", kept.instance.cost)
    with pytest.raises(BackupError, match="n’a pas été faite par l’instance"):
        records.finish(other.signing_key.public_key())

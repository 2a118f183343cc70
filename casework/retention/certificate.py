"""A certificate of erasure: one line a record, with the proof that the journal holds the entry.

The same file replays the erasures in a restored backup (``--erasures``). It says nothing of anyone,
and is checked with the journal's public key alone. An entry whose content has expired since proves
nothing more: certificates are made the day of the erasures, and kept.
"""

import json
from collections.abc import Iterable

from sqlalchemy import Connection, select

from audit import prooffile, proofs
from audit.event import COLUMNS, canonical
from audit.keys import KeyChain
from audit.notes import Checkpoint, NoteError
from audit.prooffile import ProofError
from audit.schema import journal_event, journal_head
from casework.backup.erasures import Erasure as Line
from casework.backup.erasures import Unproved
from casework.retention.job import Act
from casework.retention.models import Erasure

ENTRY = select(journal_event.c.salt, *(journal_event.c[name] for name in COLUMNS))


def write(connection: Connection, rows: Iterable[Erasure]) -> str:
    """The certificate of these erasures, in a read of the database."""
    size, note = connection.execute(select(journal_head.c.size, journal_head.c.note)).one()
    lines = []
    for row in rows:
        salt, *content = connection.execute(ENTRY.where(journal_event.c.seq == row.seq)).one()
        if not salt:
            continue  # expired
        event = canonical(dict(zip(COLUMNS, content, strict=True)))
        path = proofs.inclusion(connection, row.seq, size)
        proof = prooffile.write(row.seq, salt + event, path, note)
        lines.append(_line(Line(row.kind, str(row.id), row.seq, proof)))
    return "".join(lines)


def _line(line: Line) -> str:
    return json.dumps(line._asdict(), ensure_ascii=False) + "\n"


def prove(line: Line, keys: KeyChain) -> str:
    """The reference of what this line proves erased. Unproved otherwise."""
    try:
        size = Checkpoint.parse(line.proof.partition("\n\n")[2].rpartition("\n\n")[0] + "\n").size
        proved = prooffile.check(line.proof, keys.at(size))
    except (ProofError, NoteError) as error:
        raise Unproved(f"Effacement {line.seq} : la preuve ne tient pas. {error}") from None
    event = proved.event
    said = json.loads(event["detail"]) if isinstance(event["detail"], str) else event["detail"]
    if (
        proved.seq != line.seq
        or event["action"] != Act.ERASE.value
        or (said.get("kind"), said.get("record")) != (line.kind, line.id)
    ):
        raise Unproved(
            f"Effacement {line.seq} : l’entrée du journal ne dit pas l’effacement de ce dossier."
        )
    return str(event["object"])


def in_journal(connection: Connection, line: Line) -> bool:
    """Does this journal hold the very entry that the line proves?"""
    query = select(journal_event.c.leaf).where(journal_event.c.seq == line.seq)
    leaf = connection.execute(query).scalar()
    return leaf is not None and bytes(leaf) == prooffile.leaf(line.proof)

"""Whoever rewrites the past is named by the right verdict, on both databases."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, insert, select, text, update

from audit.event import leaf_of
from audit.journal import Journal, Reason
from audit.notes import Checkpoint, Signer, sign
from audit.schema import journal_checkpoint, journal_event, journal_head
from audit.tree import Frontier
from audit.triggers import drop_statements
from audit.verify import verify

SIZE = 9
KEPT_AT = 6
seq = journal_event.c.seq


@pytest.fixture
def kept(engine, journal, an_event):
    """Nine entries, checkpoints at three and six, then a thief who owns the database.

    Gives the checkpoint at six, which the DPO kept."""
    notes = []
    with engine.connect().execution_options(immediate=True) as connection, connection.begin():
        for rank in range(SIZE):
            if rank in (3, KEPT_AT):
                notes.append(journal.checkpoint(connection, Reason.SEANCE))
            journal.append(connection, an_event(object=f"CCTP-2026-{rank:03}"))
        for statement in drop_statements(engine.dialect.name):
            connection.execute(text(statement))
    return notes[-1]


@pytest.fixture
def tamper(engine):
    def execute(*statements):
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(statement)

    return execute


@pytest.fixture
def report(engine, journal, kept):
    def build(note=kept):
        with engine.connect() as connection:
            return verify(connection, journal.verifier, note)

    return build


def verdicts(report):
    return report.sequence.ok, report.integrity.ok, report.consistency.ok


def test_an_honest_journal(report):
    honest = report()
    assert honest.ok
    assert honest.size == SIZE
    assert honest.sentences() == [
        "Séquence\u00a0: 9\u00a0entrées, sans trou.",
        "Intégrité\u00a0: chaque entrée est celle qui a été écrite et signée.",
        "Cohérence\u00a0: le point de contrôle conservé atteste 6\u00a0entrées, toutes sont là et"
        " dans le même ordre.",
        "Complétude\u00a0: non vérifiée, faute d’un relevé des lectures.",
    ]


def test_without_a_kept_checkpoint_it_says_so(report):
    assert report(None).ok
    assert "Cohérence\u00a0: non vérifiée" in report(None).sentences()[2]


def test_an_empty_journal(engine, journal):
    with engine.connect() as connection:
        empty = verify(connection, journal.verifier)
    assert empty.ok
    assert empty.size == 0


EDITS = {
    "time": "2026-01-01T00:00:00.000000Z",
    "actor": "M-0666",
    "role": "maire",
    "action": "situation:edit",
    "outcome": "refuse",
    "object": "CCTP-2026-999",
    "cell": "GSP",
    "article": "art. 40 CPP",
    "detail": '{"champs":5,"motif":"seance"}',
    "motive": b"other",
    "salt": bytes(16),
}


@pytest.mark.parametrize("column", EDITS)
def test_editing_a_column(report, tamper, column):
    tamper(update(journal_event).where(seq == 4).values({column: EDITS[column]}))
    edited = report()
    assert verdicts(edited) == (True, False, True)
    assert edited.integrity.first == 4
    assert "n°\u00a04 a été modifiée" in edited.integrity.sentence


def test_every_column_of_an_entry_is_covered():
    assert {*EDITS, "seq", "leaf", "nodes"} == set(journal_event.columns.keys())


@pytest.mark.parametrize(
    "value", ['{"champs": 4, "motif": "seance"}', "not JSON", "", "[]", '{"champs":NaN}']
)
def test_a_detail_written_otherwise(report, tamper, value):
    tamper(update(journal_event).where(seq == 4).values(detail=value))
    assert report().integrity.first == 4


def test_editing_the_nodes(report, tamper):
    tamper(update(journal_event).where(seq == 5).values(nodes=bytes(32)))
    assert verdicts(report()) == (True, False, True)
    assert report().integrity.first == 5


@pytest.mark.parametrize("leaf", [bytes(32), b"short"])
def test_editing_the_leaf(report, tamper, leaf):
    tamper(update(journal_event).where(seq == 4).values(leaf=leaf))
    assert verdicts(report()) == (True, False, False)
    assert report().integrity.first == 4


@pytest.mark.parametrize(("rank", "since"), [(1, 0), (4, 3)])
def test_rewriting_an_entry_with_its_leaf(report, engine, tamper, rank, since):
    rewrite(engine, tamper, rank)
    rewritten = report()
    assert verdicts(rewritten) == (True, False, False)
    # Between the last checkpoint that still holds and the first that does not.
    assert rewritten.integrity.first == since


def test_rewriting_the_last_entry_with_its_leaf(report, engine, tamper):
    rewrite(engine, tamper, 8)
    rewritten = report()
    assert verdicts(rewritten) == (True, False, True)
    assert "entre les n°\u00a06 et 8" in rewritten.integrity.sentence


def test_deleting_an_entry(report, tamper):
    tamper(delete(journal_event).where(seq == 4))
    assert verdicts(report()) == (False, False, False)
    assert report().sequence.first == 4
    assert "n°\u00a04 manque" in report().sequence.sentence


def test_deleting_and_renumbering(report, tamper):
    tamper(
        delete(journal_event).where(seq == 4),
        *(update(journal_event).where(seq == n).values(seq=n - 1) for n in range(5, SIZE)),
    )
    assert verdicts(report()) == (False, False, False)
    assert report().sequence.first == SIZE - 1


def test_cutting_the_tail(report, tamper):
    tamper(delete(journal_event).where(seq >= 7))
    assert verdicts(report()) == (False, False, True)
    assert report().sequence.first == 7


def test_swapping_two_entries(report, tamper):
    tamper(
        update(journal_event).where(seq == 4).values(seq=99),
        update(journal_event).where(seq == 5).values(seq=4),
        update(journal_event).where(seq == 99).values(seq=5),
    )
    assert verdicts(report()) == (True, False, False)
    assert report().integrity.first == 3


@pytest.mark.parametrize("rank", [-1, SIZE, 40])
def test_adding_an_unsigned_entry(report, engine, tamper, rank):
    row = stored(engine, 4)
    tamper(insert(journal_event).values(**(row | {"seq": rank})))
    assert verdicts(report()) == (False, True, True)
    assert report().sequence.first == rank


def test_cutting_the_tail_back_to_an_older_signed_head(report, engine, journal, kept, tamper):
    """Everything inside agrees: only the kept checkpoint knows better."""
    older, note = head_at(engine, journal, 4)
    tamper(
        delete(journal_event).where(seq >= 4),
        delete(journal_checkpoint).where(journal_checkpoint.c.size > 4),
        update(journal_head).values(size=4, frontier=older.to_bytes(), note=note),
    )
    assert report(None).ok
    assert verdicts(report(kept)) == (True, True, False)
    assert report(kept).consistency.first == 4
    assert "plus que 4" in report(kept).consistency.sentence


def test_a_stored_checkpoint_beyond_the_head(report, engine, journal, tamper):
    older, note = head_at(engine, journal, 4)
    tamper(
        delete(journal_event).where(seq >= 4),
        update(journal_head).values(size=4, frontier=older.to_bytes(), note=note),
    )
    assert not report(None).integrity.ok
    assert "dépasse" in report(None).integrity.sentence


def head_at(engine, journal, size):
    """The head the journal signed when it was shorter."""
    frontier = Frontier()
    for rank in range(size):
        frontier.append(stored(engine, rank)["leaf"])
    return frontier, sign(Checkpoint(journal.origin, size, frontier.root()), journal._signer)


def forged_frontier(engine):
    frontier = Frontier()
    for rank in range(SIZE - 1):
        frontier.append(stored(engine, rank)["leaf"])
    frontier.append(bytes(32))
    return frontier


def test_forging_the_frontier_of_the_head(report, engine, tamper):
    tamper(update(journal_head).values(frontier=forged_frontier(engine).to_bytes()))
    assert verdicts(report()) == (True, False, True)
    assert "ajouter" in report().integrity.sentence


def test_forging_the_note_of_the_head(report, engine, journal, tamper):
    thief = Signer(journal.origin, Ed25519PrivateKey.generate())
    checkpoint = Checkpoint(journal.origin, SIZE, forged_frontier(engine).root())
    tamper(update(journal_head).values(note=sign(checkpoint, thief)))
    assert verdicts(report()) == (True, False, True)
    assert "tête" in report().integrity.sentence


def test_forging_the_size_of_the_head(report, tamper):
    tamper(update(journal_head).values(size=SIZE - 1))
    assert verdicts(report()) == (False, False, True)
    assert "pas celle qui a été signée" in report().integrity.sentence


def test_removing_the_head(report, tamper):
    tamper(delete(journal_head))
    assert verdicts(report()) == (False, False, False)


def test_forging_a_stored_checkpoint(report, tamper):
    tamper(update(journal_checkpoint).where(journal_checkpoint.c.size == 3).values(note="x"))
    assert verdicts(report()) == (True, False, True)
    assert "3\u00a0entrées" in report().integrity.sentence


def test_moving_a_stored_checkpoint(report, tamper):
    tamper(update(journal_checkpoint).where(journal_checkpoint.c.size == 3).values(size=4))
    assert verdicts(report()) == (True, False, True)


def test_a_kept_checkpoint_of_someone_else(report):
    thief = Journal("casework.exemple.fr/journal", Ed25519PrivateKey.generate())
    note = sign(Checkpoint(thief.origin, 3, bytes(32)), thief._signer)
    assert verdicts(report(note)) == (True, True, False)
    assert verdicts(report("pas une note")) == (True, True, False)


def stored(engine, rank):
    with engine.connect() as connection:
        row = connection.execute(select(journal_event).where(seq == rank)).one()
    return dict(row._mapping)


def rewrite(engine, tamper, rank):
    """Another actor, with a leaf that agrees."""
    row = stored(engine, rank) | {"actor": "M-0666"}
    columns = {k: v for k, v in row.items() if k not in ("seq", "salt", "leaf", "nodes")}
    row["leaf"] = leaf_of(row["salt"], columns)
    tamper(update(journal_event).where(seq == rank).values(**row))

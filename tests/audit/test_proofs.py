"""Proofs from the stored tree, on both databases."""

import pytest
from sqlalchemy import event, select, text, update

from audit import proofs
from audit.schema import journal_event
from audit.tree import root_of, verify_consistency, verify_inclusion
from audit.triggers import drop_statements

SIZE = 21


@pytest.fixture
def leaves(engine, journal, an_event):
    with engine.connect().execution_options(immediate=True) as connection, connection.begin():
        return [journal.append(connection, an_event()).leaf for _ in range(SIZE)]


@pytest.fixture
def connection(engine, leaves):
    with engine.connect() as reading:
        yield reading


def test_every_entry_is_proved_in_every_later_state(connection, leaves):
    for size in range(1, SIZE + 1):
        root = root_of(leaves[:size])
        assert proofs.root(connection, size) == root
        for index in range(size):
            proof = proofs.inclusion(connection, index, size)
            assert verify_inclusion(leaves[index], index, size, proof, root)


def test_every_state_is_proved_to_begin_the_later_ones(connection, leaves):
    for new in range(1, SIZE + 1):
        for old in range(1, new + 1):
            proof = proofs.consistency(connection, old, new)
            roots = root_of(leaves[:old]), root_of(leaves[:new])
            assert verify_consistency(old, new, *roots, proof)


def test_a_proof_reads_a_logarithm_of_rows_in_one_query(engine, leaves):
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[3]))
    with engine.connect() as connection:
        proofs.inclusion(connection, 10, SIZE)
    (parameters,) = [given for given in asked if given]  # SQLite's BEGIN has none
    assert len(parameters) <= 2 * SIZE.bit_length()


@pytest.mark.parametrize(("index", "size"), [(SIZE, SIZE), (-1, SIZE), (0, 0)])
def test_what_never_was_is_not_proved(connection, index, size):
    with pytest.raises(IndexError):
        proofs.inclusion(connection, index, size)


def test_beyond_the_end_nothing_is_proved(connection):
    with pytest.raises(proofs.IncompleteTreeError):
        proofs.inclusion(connection, 0, SIZE + 1)


def test_a_damaged_tree_proves_nothing(engine, leaves):
    with engine.begin() as writing:
        for statement in drop_statements(engine.dialect.name):
            writing.execute(text(statement))
        writing.execute(update(journal_event).where(journal_event.c.seq == 7).values(nodes=b""))
    with engine.connect() as reading, pytest.raises(proofs.IncompleteTreeError):
        proofs.inclusion(reading, 10, SIZE)


def test_half_the_entries_store_no_node(connection):
    nodes = connection.execute(select(journal_event.c.nodes).order_by("seq")).scalars().all()
    assert [len(node) // 32 for node in nodes[:8]] == [0, 1, 0, 2, 0, 1, 0, 3]

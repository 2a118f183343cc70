"""What whoever takes the disk reads of a database, whichever engine keeps it."""

from sqlalchemy import text

from tests.conftest import World

RELATIONS = """
    SELECT pg_relation_filepath(oid) FROM pg_class
    WHERE relkind IN ('r', 't', 'i') AND relnamespace IN (
        'public'::regnamespace, 'pg_toast'::regnamespace
    )
"""
PIECE = 64  # of a sealed value: none repeats, and PostgreSQL keeps long ones by pieces


def disk(world: World) -> bytes:
    """Every file of an instance, and every table, piece of a long value and index of its base.
    PostgreSQL's own log, which it recycles, is not in it (docs/conservation.md)."""
    files = [path for path in world.instance.data.rglob("*") if path.is_file()]
    found = b"".join(path.read_bytes() for path in files)
    if world.database.url.get_backend_name() == "postgresql":
        with world.database.engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
            paths = connection.scalars(text(RELATIONS)).all()
            reading = text("SELECT pg_read_binary_file(:path, true)")
            pieces = [connection.scalar(reading, {"path": path}) for path in paths]
        found += b"".join(bytes(piece) for piece in pieces if piece)
    return found


def on_disk(world: World, *sealed: bytes) -> list[bytes]:
    """Those of these sealed values that the disk still holds."""
    held = disk(world)
    return [blob for blob in sealed if blob[:PIECE] in held]

"""Opening the columns of a row that the charter opens to this reader, and no other."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Mapper

from casework.vault.keyring import OpenRecord, Row, SealingRecord


def mapper(kind: type) -> Mapper[Any]:
    found: Mapper[Any] = inspect(kind)
    return found


@cache
def sealed_columns(kind: type) -> dict[str, str]:
    """Sealed columns of a table and the category each belongs to."""
    return {
        column.key: column.info["category"]
        for column in mapper(kind).columns
        if "category" in column.info and column.key != "facets"
    }


def open_row(record: OpenRecord, row: Row, categories: Collection[str]) -> dict[str, str]:
    """The texts of a row's sealed columns in these categories; the others are not decrypted."""
    return {
        name: record.open(row, name)
        for name, category in sealed_columns(type(row)).items()
        if category in categories
    }


def seal_row(record: SealingRecord, row: Row, values: dict[str, str]) -> None:
    """Seal every sealed column of a row; a missing value is sealed as an empty text, so that
    what is not known does not show either."""
    for name in sealed_columns(type(row)):
        record.seal(row, name, values.get(name, ""))

"""What the tests of backups have, for those of a restored instance that must have forgotten."""

from tests.casework.backup.conftest import empty_url as empty_url

"""The one passphrase and one-time secret of every demonstration account. Fictional data only."""

import pyotp

PASSPHRASE = "mistral tournesol cabane grelot violon"  # noqa: S105 - fictional people, shown on the page
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - printed for all to see


def current_code() -> str:
    """The six digits valid now."""
    return pyotp.TOTP(TOTP_SECRET).now()

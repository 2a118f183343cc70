"""Keys and field encryption. Knows nothing of Flask, nor of what a case is.

    passphrase --Argon2id--> private key --HPKE--> compartment secret --HKDF--> working keys
    working keys --AES-256-GCM--> record key --AES-256-GCM--> fields

Everything that decrypts case data goes through :class:`~casework.vault.keyring.Reader`,
which exists only behind a committed journal entry.
"""

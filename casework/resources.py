"""Where the files that travel with the code are: templates, migrations, static files."""

from pathlib import Path


def folder(name: str) -> Path:
    """Return the folder of resources called ``name`` (``templates``, ``migrations``…).

    A built wheel carries it inside the package under ``_name``, so that no top-level module
    called ``templates`` is claimed; a checkout keeps it at its root.

    Raises FileNotFoundError when neither is there.
    """
    here = Path(__file__).parent
    candidates = (here / f"_{name}", here.parent / name)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    looked_at = ", ".join(str(candidate) for candidate in candidates)
    raise FileNotFoundError(f"The resources « {name} » are missing; looked at: {looked_at}")

"""Ready profiles: communes a newcomer can start from."""

from casework.cells.profiles.istres import PROFILE as ISTRES
from casework.cells.profiles.model import Profile

PROFILES = {profile.slug: profile for profile in (ISTRES,)}


def find(slug: str) -> Profile | None:
    """The profile of that name, if there is one."""
    return PROFILES.get(slug)


__all__ = ["PROFILES", "Profile", "find"]

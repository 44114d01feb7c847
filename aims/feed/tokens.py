"""How a token is made and recognised."""

from hashlib import sha256
from secrets import token_urlsafe

# So that a token that lies about is recognised as one, by people and by programs that look for secrets.
MARK = "pace_"
RANDOM_BYTES = 32
SHOWN = len(MARK) + 5


def new_token() -> str:
    """A token of 256 random bits."""
    return MARK + token_urlsafe(RANDOM_BYTES)


def digest(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()


def beginning(token: str) -> str:
    """What is shown of a token, to recognise it by; 226 of its random bits remain unknown."""
    return token[:SHOWN]

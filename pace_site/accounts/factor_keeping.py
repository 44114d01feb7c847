"""How second factors are kept: the secrets of authenticator apps and recovery codes encrypted, never in the clear."""

import base64
from hashlib import sha256
from secrets import token_bytes

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings


class EncryptedFactorsAdapter(DefaultMFAAdapter):
    """Encrypts with a key made from SECRET_KEY; keys in SECRET_KEY_FALLBACKS still open what they closed."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That is not right. Codes change every half minute, and each is taken only once.",
    }

    def encrypt(self, text):
        return _locks().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        from cryptography.fernet import InvalidToken

        try:
            return _locks().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Closed with a key that is lost. A secret that nobody has lets no code in, and the person is told so as of
            # any wrong code; an administrator takes the factor away.
            return base64.b32encode(token_bytes(20)).decode()

    def generate_authenticator_name(self, user, type):
        return "Passkey"


def _locks():
    # Of use on few requests, and slow to load.
    from cryptography.fernet import Fernet, MultiFernet

    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [sha256(f"second factors:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

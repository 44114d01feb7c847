"""How second factors are kept: the secrets of authenticator apps and recovery codes encrypted, never in the clear."""

import base64
from secrets import token_bytes

from allauth.mfa.adapter import DefaultMFAAdapter

from pace_site.config.own_locks import locks_for

PURPOSE = "second factors"


class EncryptedFactorsAdapter(DefaultMFAAdapter):
    """Encrypts with a key made from SECRET_KEY; keys in SECRET_KEY_FALLBACKS still open what they closed."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That is not right. Codes change every half minute, and each is taken only once.",
    }

    def encrypt(self, text):
        return locks_for(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        from cryptography.fernet import InvalidToken

        try:
            return locks_for(PURPOSE).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Closed with a key that is lost. A secret that nobody has lets no code in, and the person is told so as of
            # any wrong code; an administrator takes the factor away.
            return base64.b32encode(token_bytes(20)).decode()

    def generate_authenticator_name(self, user, type):
        return "Passkey"

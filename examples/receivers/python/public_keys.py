import base64
import threading
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from queries import get

TOLERANCE_SECONDS = 300
LEAST_AGE_SECONDS = 60  # A stranger's requests must not make us ask for the keys all the time.


class PublicKeys:
    """Verifies signatures by ed25519 keys (v1a). The library of Standard Webhooks for Python does not know them yet."""

    def __init__(self, url):
        """url: GET /signing-keys of our own API. Never take a key, or an address of one, from a callback."""
        self._url = url
        self._keys = []
        self._asked_at = None
        self._lock = threading.Lock()

    def verify(self, headers, raw_body):
        headers = {name.lower(): value for name, value in headers.items()}
        timestamp = headers.get("webhook-timestamp", "")
        if not (timestamp.isascii() and timestamp.isdigit()) or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
            return False
        content = f"{headers.get('webhook-id')}.{timestamp}.".encode() + raw_body
        signatures = headers.get("webhook-signature", "").split(" ")
        if self._fits(signatures, content):
            return True
        # The key may be new: after a rotation, or at our start.
        with self._lock:
            if self._asked_at is None or time.monotonic() - self._asked_at > LEAST_AGE_SECONDS:
                self._asked_at = time.monotonic()
                keys = [key["PublicKey"].removeprefix("whpk_") for key in get(self._url)["Keys"]]
                self._keys = [Ed25519PublicKey.from_public_bytes(base64.b64decode(key)) for key in keys]
        return self._fits(signatures, content)

    def _fits(self, signatures, content):
        return any(is_by(key, signature, content) for key in self._keys for signature in signatures)


def is_by(key, signature, content):
    version, _, value = signature.partition(",")
    if version != "v1a":
        return False
    try:
        key.verify(base64.b64decode(value), content)
        return True
    except (InvalidSignature, ValueError):
        return False

import os

from standardwebhooks import Webhook, WebhookVerificationError

from public_keys import PublicKeys

# One of the two, or both while the API changes from one kind of key to the other.
SECRET = os.environ.get("SIGNING_SECRET")
KEYS_URL = os.environ.get("SIGNING_KEYS_URL")
if not SECRET and not KEYS_URL:
    raise SystemExit("Set SIGNING_SECRET or SIGNING_KEYS_URL")
WEBHOOK = Webhook(SECRET) if SECRET else None
PUBLIC_KEYS = PublicKeys(KEYS_URL) if KEYS_URL else None


def is_genuine(headers, raw_body):
    """Whether our API has signed this, less than five minutes ago."""
    if WEBHOOK is not None:
        try:
            WEBHOOK.verify(raw_body, headers, json_parse=False)
            return True
        except (WebhookVerificationError, ValueError):
            pass  # Not by the secret.
    return PUBLIC_KEYS is not None and PUBLIC_KEYS.verify(headers, raw_body)

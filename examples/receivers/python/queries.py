import json
import os
import urllib.error
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.session import Session

TIMEOUT_SECONDS = 35  # The function behind the route has 30.
SESSION = Session()


class Refused(Exception):
    """The API refuses, with this status."""

    def __init__(self, status, code):
        super().__init__(f"the API answered {status} {code}")
        self.status = status


def get(url):
    """Asks the API with our AWS credentials."""
    signed = AWSRequest("GET", url)
    SigV4Auth(SESSION.get_credentials(), "execute-api", os.environ["AWS_REGION"]).add_auth(signed)
    request = urllib.request.Request(url, headers=dict(signed.headers))
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
        raise Refused(error.code, answer.get("Code", answer.get("message"))) from error

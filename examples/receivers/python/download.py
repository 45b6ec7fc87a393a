import math
import os
import random
import shutil
import time
import urllib.parse
import urllib.request

from queries import Refused, get

ATTEMPTS = 6
FIRST_DELAY_SECONDS = 1
MARGIN_SECONDS = 30  # A download must have begun before its link expires, and clocks differ.
TIMEOUT_SECONDS = 300  # A silence of this length ends a download.


def download_result(callback):
    """Downloads the result of a query, and says what became of it."""
    query_id, result = callback["QueryId"], callback.get("QueryResult")
    if result is None:
        return f"{callback['State']['State']}, {callback.get('Reason', 'without a result')}"
    for attempt in range(1, ATTEMPTS + 1):
        try:
            # Links expire. Whatever failed may have failed for that.
            useful = attempt == 1 and time.time() < result.get("ExpiresAt", math.inf) / 1000 - MARGIN_SECONDS
            return save(query_id, result if useful else fresh_result(query_id))
        except (OSError, ValueError, Refused) as error:
            # The result was deleted, or is not ours: nothing will bring it back.
            if isinstance(error, Refused) and error.status in (404, 409, 410):
                return str(error)
            if attempt == ATTEMPTS:
                raise
            time.sleep(random.random() * FIRST_DELAY_SECONDS * 2**attempt)


def fresh_result(query_id, next_token=None):
    page = "" if next_token is None else "?" + urllib.parse.urlencode({"NextToken": next_token})
    return get(f"{os.environ['QUERIES_URL']}/{query_id}/result{page}")["QueryResult"]


def save(query_id, page):
    folder = os.path.join("results", query_id)
    os.makedirs(folder, exist_ok=True)
    count = 0
    while True:
        # One link, or a page of links to files.
        for file in page.get("Files", [page]):
            count += 1
            link = file["PresignedUrl"]
            save_file(link, os.path.join(folder, f"{count}-{os.path.basename(urllib.parse.urlsplit(link).path)}"))
        if page.get("NextToken") is None:
            return f"saved {count} file(s) in {folder}"
        page = fresh_result(query_id, page["NextToken"])


def save_file(link, path):
    """A file has its name only when all of it is here."""
    if os.path.exists(path):
        return
    with urllib.request.urlopen(link, timeout=TIMEOUT_SECONDS) as response, open(path + ".part", "wb") as part:
        shutil.copyfileobj(response, part)
        # A broken connection looks like the end.
        if part.tell() != int(response.headers["Content-Length"]):
            raise OSError("the connection broke")
    os.replace(path + ".part", path)

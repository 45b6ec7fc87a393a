"""Receives the callbacks of an AsyncAthenaQueryApi: verifies and keeps them, answers at once, and downloads the results after that."""
import json
import os
import queue
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from download import download_result
from inbox import SqliteInbox
from signature import is_genuine

MAX_BYTES = 1_000_000  # A callback is smaller than this by far.
INBOX = SqliteInbox("inbox.sqlite")
WORK = queue.Queue()


def work():
    """One result after the other. What fails stays in the inbox, and is tried again at the next start."""
    while True:
        webhook_id, text = WORK.get()
        try:
            print(f"{webhook_id}: {download_result(json.loads(text))}", flush=True)
            INBOX.done(webhook_id)
        except Exception:
            traceback.print_exc()
            print(f"{webhook_id}: given up until the next start", file=sys.stderr, flush=True)


class Receiver(BaseHTTPRequestHandler):
    timeout = 15  # Seconds of silence that end a connection.

    def do_POST(self):
        try:
            status = self.receive()
        except Exception:
            # Any other status than 2xx, 3xx and a few others has the callback sent again later.
            traceback.print_exc()
            status = 500
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def receive(self):
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            return 411
        if int(length) > MAX_BYTES:
            return 413
        raw_body = self.rfile.read(int(length))
        # Verify the bytes as they came, and read them after that.
        if not is_genuine(dict(self.headers.items()), raw_body):
            return 401
        webhook_id, text = self.headers["webhook-id"], raw_body.decode()
        # A callback can arrive more than once. All its repeats have the same id.
        if INBOX.add(webhook_id, text):
            WORK.put((webhook_id, text))
        else:
            print(f"{webhook_id}: a repeat, dropped", flush=True)
        return 204

    def log_message(self, format, *args):
        pass


if __name__ == "__main__":
    for waiting in INBOX.waiting():
        WORK.put(waiting)
    threading.Thread(target=work, daemon=True).start()
    server = ThreadingHTTPServer((os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8080"))), Receiver)
    print(f"listening on {server.server_port}", flush=True)
    server.serve_forever()

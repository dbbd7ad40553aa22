"""Stands in for web, worker and beat where a test is about processes: one that answers on a port, or only waits; with a child."""

import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        pass


if __name__ == "__main__":
    if os.fork() == 0:
        time.sleep(600)
    if len(sys.argv) > 1:
        HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
    time.sleep(600)

"""The container engine's question to the web server: does this address answer 200?"""

import os
import sys
import urllib.error
import urllib.request


def answers(path: str) -> bool:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    request = urllib.request.Request(f"http://127.0.0.1:8000{path}", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as response:  # noqa: S310
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(not answers(sys.argv[1]))

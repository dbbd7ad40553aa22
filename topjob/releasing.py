"""Run by the guard of `make run` (processes.py): end the embedded servers when nobody else uses them."""

from topjob import embedded
from topjob.settings import EMBEDDED, SERVICES_HOME

if __name__ == "__main__":
    embedded.release(SERVICES_HOME, EMBEDDED)

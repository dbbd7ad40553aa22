#!/bin/sh
# Prints the Python to make the environment with: of every 3.11, 3.12 and 3.13 that can make one the quickest: how it was built
# matters more than its version. If none can make an environment, one that is new enough; if there is none, nothing.
try='
import sys, time
if not (3, 11) <= sys.version_info < (3, 14):
    sys.exit("too old or too new")
try:
    import ensurepip, venv
except ImportError:
    print(10**6)
    sys.exit()

class Thing:
    def __init__(self, number):
        self.number = number
    def told(self):
        return {"number": self.number}

def work():
    start = time.perf_counter()
    for number in range(20000):
        Thing(number).told()
    return time.perf_counter() - start

print(int(min(work() for _ in range(9)) * 10**5))
'
IFS=:
for name in python3.13 python3.12 python3.11 python3; do
    # Every one of that name, not only the first: a version manager puts its own before the system's.
    for folder in $PATH; do
        [ -x "$folder/$name" ] && took=$("$folder/$name" -c "$try" 2>/dev/null) && echo "$took $folder/$name"
    done
done | sort -n -s -k 1,1 | sed -n '1s/^[0-9]* //p'

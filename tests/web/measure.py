"""What does a page cost, and does it cost more as a brand grows? Run: python -m tests.web.measure

Two simulated brands in homes of their own, the second ten times the first; CPU of the server side only,
the two measured in turns.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile

SMALL, LARGE = (100, 600), (1000, 6000)  # people, posts
ROUNDS = 12
PATHS = ["/inbox/", "/inbox/?view=resolved", "/people/", "/metrics/", "/search/?q=kettle"]


def main() -> None:
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
        for home, (people, posts) in ((small, SMALL), (large, LARGE)):
            seed = ["seed", "--people", str(people), "--posts", str(posts), "--seed", "7"]
            subprocess.run([sys.executable, "-m", "goodword", *seed], env=_env(home), check=True)
        costs = [(_costs(small), _costs(large)) for _turn in range(3)]
    print(f"{'page':<26}{'small':>10}{'large':>10}{'growth':>10}   (ms of CPU, median)")
    for path in PATHS:
        one = statistics.median(first[path] for first, _second in costs)
        ten = statistics.median(second[path] for _first, second in costs)
        print(f"{path:<26}{one:>10.1f}{ten:>10.1f}{ten / one:>10.2f}")


def _costs(home: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.web.measure", "--here"]
    done = subprocess.run(command, env=_env(home), check=True, capture_output=True, text=True)
    costs: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return costs


def _env(home: str) -> dict[str, str]:
    return {**os.environ, "GOODWORD_HOME": home, "DJANGO_SETTINGS_MODULE": "goodword.settings"}


def measure_here() -> None:
    import time

    import django

    django.setup()
    from django.test import Client
    from django.utils import timezone

    from goodword.team.membership import make_owner
    from goodword.team.models import Brand

    brand = Brand.objects.get()
    client = Client(HTTP_HOST="localhost")
    client.force_login(make_owner(brand, "measure@example.com", now=timezone.now()).user)
    costs = {}
    for path in PATHS:
        client.get(path)
        times = []
        for _round in range(ROUNDS):
            began = time.process_time()
            assert client.get(path).status_code == 200
            times.append((time.process_time() - began) * 1000)
        costs[path] = statistics.median(times)
    print(json.dumps(costs))


if __name__ == "__main__":
    measure_here() if "--here" in sys.argv else main()

"""Whether people who have left leave anything behind: many come and go, from this machine alone.

Run it on an idle machine: python tests/benchmarks/crowds.py [--people 500] [--together 50]
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests import crowd, harness

FORGET = 10  # seconds after which Streamlit forgets who has left, 120 in the app


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=500)
    options.add_argument("--together", type=int, default=50)
    options = options.parse_args()
    waves = []
    with harness.serving(env={"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(FORGET)}) as server:
        print(f"{'people so far':>14}{'there':>7}{'descriptors':>13}{'... left':>10}{'MB':>8}")
        for wave in range(options.people // options.together + 1):
            before, people = crowd.descriptors(server), options.together if wave else 1
            most = before + crowd.come_and_go(server, people, "?sample=3&trigger=1")
            time.sleep(1.5 * FORGET)
            left, held = crowd.descriptors(server), round(crowd.memory(server), 1)
            waves.append({"most": most, "left": left, "mb": held})
            print(f"{wave * options.together:>14}{people:>7}{most:>13}{left:>10}{held:>8}")
    for what in ("left", "mb"):
        values = [wave[what] for wave in waves[2:]]  # the first crowd warms the server up
        slope = statistics.linear_regression(range(len(values)), values).slope
        print(f"{what} per 100 people: {slope * 100 / options.together:.2f}")
    print(json.dumps(waves))


if __name__ == "__main__":
    main()

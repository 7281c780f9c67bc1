#!/usr/bin/env bash
# STRIP in the Adversarial Robustness Toolbox: the entropy is taken over images, not over classes.
#
# Expected: STRIP (Gao et al. 2019, arXiv:1902.06531, section IV) lays clean images over one input and
#   takes the mean entropy of the predictions. Always the same confident answer is what a stamped
#   input gives, so its entropy is the lowest: 0.72 bits for one class at .91 and nine at .01. An
#   even answer has the highest, log2(10) = 3.32 bits.
# Version: adversarial-robustness-toolbox 1.20.1, numpy 2.2.6, scipy 1.15.3, Python 3.11.
# Behaviour: `STRIPMixin` calls scipy's `entropy(predictions, axis=0)` on an array of shape (overlays,
#   classes). So each class is compared over the overlays, and whatever never changes has the highest
#   value there is, log2(100) * 10 / 100 = 0.664. A confident answer that never changes and an even
#   one get the same; answers that are as confident but change from overlay to overlay get less.
# Output:
#   always the same, confident: expected 0.72, got 0.664
#   always the same, even: expected 3.32, got 0.664
#   confident, changing: expected 0.72, got 0.404
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q --no-deps adversarial-robustness-toolbox==1.20.1 numpy==2.2.6 \
  scipy==1.15.3 scikit-learn==1.6.1 joblib==1.5.1 threadpoolctl==3.6.0 six==1.17.0 tqdm==4.67.1 \
  packaging==25.0
TQDM_DISABLE=1 "$folder/env/bin/python" -W ignore - <<'PYTHON'
import numpy as np
from scipy.stats import entropy

from art.estimators.poison_mitigation.strip.strip import STRIPMixin

OVERLAYS, CLASSES = 100, 10


def confident(classes):
    return np.full((len(classes), CLASSES), 0.01) + 0.9 * np.eye(CLASSES)[classes]


ANSWERS = {
    "always the same, confident": lambda n: confident(np.full(n, 8)),
    "always the same, even": lambda n: np.full((n, CLASSES), 0.1),
    "confident, changing": lambda n: confident(np.arange(n) % CLASSES),
}


class Model:
    """Gives the same answers to whatever it is shown, but for a trifle."""

    def __init__(self, answers):
        self.answers, self.random = answers, np.random.default_rng(0)

    def predict(self, x, *args, **kwargs):
        return self.answers(len(x)) + self.random.uniform(0, 1e-6, (len(x), CLASSES))


class Strip(STRIPMixin, Model):
    def __init__(self, answers):
        predict = Model(answers).predict
        super().__init__(
            predict, answers=answers, num_samples=OVERLAYS, false_acceptance_rate=0.5
        )


found = {}
for name, answers in ANSWERS.items():
    strip = Strip(answers)
    strip.mitigate(np.zeros((20, 1, 28, 28), dtype=np.float32))
    expected = entropy(answers(OVERLAYS), base=2, axis=1).mean()
    found[name] = strip.entropy_threshold  # at a rate of 0.5 the mean entropy of all inputs
    print(f"{name}: expected {expected:.2f}, got {found[name]:.3f}")

same, even, changing = found.values()
assert np.isclose(same, even) and np.isclose(same, 0.664, atol=1e-3), "the behaviour has changed"
assert changing < same, "the behaviour has changed"
PYTHON

#!/usr/bin/env bash
# Spectral signatures in the Adversarial Robustness Toolbox: features are projected without their mean
# taken off, so poison that lies nearer to the origin is called the cleanest.
#
# Expected: by algorithm 1 of Tran et al. 2018 (arXiv:1811.00636) an outlier's score is
#   ((R(x) - mean) . v)^2, v the first right singular vector of the centred features. Of 1,000 points in
#   64 dimensions, 100 of which lie 8 deviations away from the others, it ranks all 100 first: the area
#   under the ROC curve is 1.
# Version: adversarial-robustness-toolbox 1.20.1, numpy 2.2.6, scikit-learn 1.6.1, Python 3.11.
# Behaviour: `spectral_signature_scores` finds v in the centred features, then takes |R(x) . v| of the
#   features as they are. Where the clean ones lie 8 deviations from the origin along v and the poisoned
#   ones at it, as features after a ReLU may, the ranking is turned upside down. Where the clean ones
#   lie at the origin and the poisoned ones 8 deviations away, it is right.
# Output:
#   poison farther from the origin: expected 1.000, got 1.000
#   poison nearer to the origin: expected 1.000, got 0.000
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q --no-deps adversarial-robustness-toolbox==1.20.1 numpy==2.2.6 \
  scipy==1.15.3 scikit-learn==1.6.1 joblib==1.5.1 threadpoolctl==3.6.0 six==1.17.0 tqdm==4.67.1 \
  packaging==25.0
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import numpy as np
from sklearn.metrics import roc_auc_score

from art.defences.detector.poison import SpectralSignatureDefense

is_poison = np.arange(1000) >= 900
noise = np.random.default_rng(0).normal(size=(1000, 64)).astype(np.float32)


def areas(clean, poison):
    """The area under the ROC curve by the paper's score, and by the library's."""
    features = noise.copy()
    features[:, 0] += np.where(is_poison, poison, clean)
    centred = features - features.mean(axis=0)
    direction = np.linalg.svd(centred, full_matrices=False)[2][0]
    scores = SpectralSignatureDefense.spectral_signature_scores(features)[:, 0]
    return roc_auc_score(is_poison, (centred @ direction) ** 2), roc_auc_score(is_poison, scores)


for words, clean, poison, got in (("farther from", 0, 8, 1), ("nearer to", 8, 0, 0)):
    expected, found = areas(clean, poison)
    print(f"poison {words} the origin: expected {expected:.3f}, got {found:.3f}")
    assert expected > 0.999, "the example is wrong"
    assert abs(found - got) < 0.001, "the behaviour has changed"
PYTHON

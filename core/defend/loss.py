"""In the data: the rows of a class that a model finds hardest, by its loss.

Wrong labels stand out as long as a training goes on and they are not learnt. A backdoor that works
is learnt: by then its rows are among the easiest, and what ranks first is bad handwriting. So it
fails here; Li et al. 2021, arXiv:2110.11571, take the rows of the lowest loss instead, early on.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from core.defend.bucket import Bucket


@dataclass(frozen=True, kw_only=True)
class Loss:
    @torch.inference_mode()
    def __call__(self, bucket: Bucket) -> Tensor:
        """(N,) float64: cross-entropy of the model as it is, with the label as it is learnt."""
        logits = bucket.network.output(bucket.hidden).double()
        labels = torch.full([len(logits)], bucket.label)
        return F.cross_entropy(logits, labels, reduction="none")

"""The 95 % interval of a share, on the scale of log(-log), where it cannot leave 0 to 1."""

import math
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)
# A sum of floats that ought to be 1; a true share this close to 1 would need a million million children.
ROUNDING = 1e-12


def log_log_interval(share: float, error: float) -> tuple[float, float] | None:
    """The interval of a share with its standard error; None at 0 and 1, where there is none on this scale.

    As R's `survfit(conf.type = "log-log")`. Source: Kalbfleisch and Prentice, The Statistical Analysis of Failure
    Time Data (1980), p. 15.
    """
    if not 0 < share < 1 - ROUNDING:
        return None
    width = Z * error / (share * abs(math.log(share)))
    return share ** math.exp(width), share ** math.exp(-width)

"""How hypothesis tries: as many inputs as asked for, the same each time for one seed, and nothing kept of them."""

from hypothesis import HealthCheck, Phase, settings


def so_many(inputs: int) -> settings:
    return settings(
        max_examples=inputs,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )

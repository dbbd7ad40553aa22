"""The demo's people are those of the journey."""

from tests.trajectories.conftest import light_pdf

__all__ = ["light_pdf"]

"""What is logged and how: one line per event, without personal links in it (RELIABILITY.md, signature links)."""

from __future__ import annotations

import re
from typing import Any

import structlog

# A personal link holds a random part of at least 128 bits; ids, slugs and dates are shorter.
PERSONAL_PART = re.compile(r"(?<=/)[A-Za-z0-9_-]{22,}(?=[/?\s'\"]|$)")
HIDDEN = "[geheim]"


def hide_tokens(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace the random part of personal links in whatever is logged."""
    return {key: PERSONAL_PART.sub(HIDDEN, value) if isinstance(value, str) else value for key, value in event.items()}


SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    hide_tokens,
]


def structlog_configuration() -> dict[str, Any]:
    """structlog hands its events to the standard library's logging, so that there is one stream."""
    return {
        "processors": [*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        "logger_factory": structlog.stdlib.LoggerFactory(),
        "wrapper_class": structlog.stdlib.BoundLogger,
        "cache_logger_on_first_use": True,
    }


def configuration(*, json: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, as JSON in production and readable elsewhere."""
    renderer = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # The request line is logged by django-structlog, once.
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
            # django-structlog tells of each task already.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }

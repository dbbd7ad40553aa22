"""What is logged and how: one line per event, without personal links in it (RELIABILITY.md, signature links)."""

from __future__ import annotations

import re
from typing import Any

import structlog
from gunicorn.glogging import Logger

# A personal link holds a random or signed part; ids, slugs and dates are shorter. It may stand in an address, also in one that
# stands within another (%2F, %252F), and whatever may follow it.
PERSONAL_PART = re.compile(r"(/|%(?:25)*2[fF])((?:[A-Za-z0-9_:=-]|%(?:25)*3[aAdD]){22,})")
# What was searched for, and where somebody was going.
QUESTION = re.compile(r"\?[^\s'\"<>?=]+=[^\s'\"<>]*")
HIDDEN = "[geheim]"
LEFT_OUT = "?[weggelaten]"


def hide(value: Any) -> Any:
    """The same without the random part of personal links and without what was asked with an address, however deep it stands."""
    if isinstance(value, str):
        return QUESTION.sub(LEFT_OUT, PERSONAL_PART.sub(rf"\1{HIDDEN}", value))
    if isinstance(value, dict):
        return {key: hide(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(hide, value))
    return value


def hide_tokens(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Keep personal links and search terms out of whatever is logged."""
    return {key: hide(value) for key, value in event.items()}


class DiscreetLogger(Logger):
    """gunicorn's log, with its access log when somebody turns that on."""

    def atoms(self, *args: Any) -> dict[str, Any]:
        found = {key: hide(value) for key, value in super().atoms(*args).items()}
        return found | {"q": "", "{query_string}e": ""}


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

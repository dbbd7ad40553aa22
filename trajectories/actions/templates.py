"""The beheerder writes the texts of the documents that are signed: each change is a new version."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.audit import record
from accounts.models import User
from topjob import clock
from topjob.errors import Refused
from trajectories.models.template import PaperTemplate, PlanTemplate, T, why_not_valid_from

SAVED = {PlanTemplate: verbs.PLAN_TEXTS_SAVED, PaperTemplate: verbs.PAPER_TEXTS_SAVED}


@transaction.atomic
def add_texts(texts: T, *, by: User) -> T:
    """Keep a new version of a document's texts. What was sent keeps the version it was sent with (R5)."""
    if wrong := why_not_valid_from(texts.valid_from):
        raise Refused(wrong)
    same = type(texts)._default_manager.filter(**texts.which)
    texts.number = (same.aggregate(last=Max("number"))["last"] or 0) + 1
    texts.created_at, texts.created_by = clock.now(), by
    try:
        with transaction.atomic():
            texts.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            _("Iemand anders heeft op hetzelfde moment nieuwe teksten bewaard. Kijk eerst daarnaar.")
        ) from error
    record(
        SAVED[type(texts)],
        texts,
        by=by,
        number=texts.number,
        valid_from=texts.valid_from.isoformat(),
    )
    return texts

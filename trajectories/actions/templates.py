"""The beheerder writes the texts of the startplan: each change is a new version."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from topjob import clock
from topjob.errors import Refused
from trajectories.models import PlanTemplate


@transaction.atomic
def add_plan_template(template: PlanTemplate, *, by: User) -> PlanTemplate:
    """Keep a new version of the texts. Plans that were sent keep the version they were sent with (R5)."""
    if template.valid_from < clock.today():
        raise Refused(_("Nieuwe teksten kunnen niet in het verleden ingaan: wat verstuurd is, blijft zoals het is."))
    same = PlanTemplate.objects.filter(construction=template.construction, route=template.route)
    template.number = (same.aggregate(last=Max("number"))["last"] or 0) + 1
    template.created_at, template.created_by = clock.now(), by
    try:
        with transaction.atomic():
            template.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            _("Iemand anders heeft op hetzelfde moment nieuwe teksten bewaard. Kijk eerst daarnaar.")
        ) from error
    record(
        "teksten van het startplan bewaard",
        template,
        by=by,
        number=template.number,
        valid_from=template.valid_from.isoformat(),
    )
    return template

"""Is what is stored beside a person still what follows from the person?"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.verify import check
from candidates.models import Candidate


@check("namen", _("Namen zijn opgeslagen zoals ze vergeleken worden"))
def names_are_folded() -> Iterator[str]:
    """Duplicates are found by a stored column: it must be what the name gives."""
    rows = Candidate.objects.only("first_name", "name_prefix", "last_name", "name_key").order_by("pk")
    for person in rows.iterator(chunk_size=2000):
        if person.name_key != person.folded_name:
            yield str(_("Kandidaat %(id)s: de naam is niet opgeslagen zoals hij vergeleken wordt.")) % {"id": person.pk}

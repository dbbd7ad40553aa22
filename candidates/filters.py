"""The filters above the list of registrations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, ModelChoiceFilter

from accounts.models import Department
from candidates.models import Registration
from topjob.filters import ANY, ListFilter, SearchFilter


class RegistrationFilter(ListFilter):
    page = "candidates:registrations"

    q = SearchFilter(label=gettext_lazy("Naam, geboortedatum, e-mail of telefoon"), of="candidate")
    status = ChoiceFilter(label=gettext_lazy("Status"), choices=Registration.Status.choices, empty_label=ANY)
    department = ModelChoiceFilter(
        label=gettext_lazy("Afdeling"), queryset=Department.objects.filter(is_active=True), empty_label=ANY
    )
    source = ChoiceFilter(label=gettext_lazy("Bron"), choices=Registration.Source.choices, empty_label=ANY)
    looks_automatic = ChoiceFilter(
        label=gettext_lazy("Mogelijk automatisch ingevuld"),
        choices=[("True", gettext_lazy("ja")), ("False", gettext_lazy("nee"))],
        empty_label=ANY,
    )

    orders = {
        "name": ("candidate__last_name", "candidate__first_name"),
        "status": ("status", "created_at"),
        "created": ("created_at",),
        "target": ("target_group__name", "created_at"),
        "client": ("client__name", "created_at"),
        "wish": ("wish", "created_at"),
    }

    def usually(self) -> str:
        """The worklist shows who waits longest first; other lists the newest."""
        return "created" if self.is_worklist else "-created"

    @property
    def is_worklist(self) -> bool:
        """Whether these are the ones the frontoffice hasn't decided on yet."""
        return self.data.get("status") == Registration.Status.NEW

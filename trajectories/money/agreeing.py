"""What can be agreed with somebody who starts without a trial: the place says which agreements, the agreement says the rest."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from topjob.errors import Reason, promised, rule_words
from trajectories.models import AgreementKind, Contract
from trajectories.money import allowances, pay
from trajectories.process import rules

if TYPE_CHECKING:
    from trajectories.models import Trajectory


@dataclass(frozen=True)
class Terms:
    """What two parties want to agree: from when, until when, how many hours, and for what."""

    agreement: AgreementKind
    starts_on: date
    ends_on: date | None
    hours_per_week: int
    hourly_wage: Decimal | None = None
    allowance: Decimal | None = None
    allowance_per: str = ""
    probation_months: int = 0

    def refusals(self, trajectory: Trajectory) -> dict[str, Reason]:
        """Why these can't be agreed, by the field where it is put right. The form and the action ask the same."""
        found = {
            "agreement": self._elsewhere(trajectory),
            "ends_on": self._without_end(),
            "hours_per_week": rules.why_too_young(trajectory, self.starts_on, self.hours_per_week),
            "hourly_wage": self._wage(trajectory),
            "allowance": self._allowance(trajectory),
            "allowance_per": self._half(),
            "probation_months": self._probation(trajectory),
        }
        return {name: reason for name, reason in found.items() if reason is not None}

    def as_contract(self) -> dict[str, Any]:
        """All of it as a contract with the company keeps it."""
        kind = Contract.Kind.DIRECT if self.agreement.pays_wage else Contract.Kind.UNPAID
        agreed = {field.name: getattr(self, field.name) for field in fields(self)}
        return agreed | {"kind": kind, "holder": Contract.Holder.COMPANY}

    def _elsewhere(self, trajectory: Trajectory) -> Reason | None:
        vacancy = promised(trajectory.current_application).vacancy
        if AgreementKind.objects.at(vacancy.kind_of_place).filter(pk=self.agreement.pk).exists():
            return None
        return Reason(
            _("Deze overeenkomst hoort niet bij de soort plek van de vacature."), "employers:vacancy", vacancy.pk
        )

    def _without_end(self) -> Reason | None:
        if self.ends_on is not None:
            return Reason(rule_words(Contract, "contract_dates")) if self.ends_on < self.starts_on else None
        if not self.agreement.ends:
            return None
        return Reason(_("Vul een laatste dag in. Deze overeenkomst is altijd voor een bepaalde tijd."))

    def _wage(self, trajectory: Trajectory) -> Reason | None:
        if self.agreement.pays_wage:
            return pay.wage_refusal(trajectory, self.hourly_wage, self.starts_on)
        return None if self.hourly_wage is None else Reason(rule_words(Contract, "contract_unpaid_has_no_wage"))

    def _allowance(self, trajectory: Trajectory) -> Reason | None:
        if self.allowance is None:
            return None
        agreed = allowances.Allowance(self.allowance, self.allowance_per or Contract.Per.MONTH)
        return allowances.refusal(
            trajectory, self.agreement, agreed, (self.starts_on, self.ends_on), self.hours_per_week
        )

    def _half(self) -> Reason | None:
        """An amount without how often, or the other way round."""
        if (self.allowance is None) == (not self.allowance_per):
            return None
        return Reason(rule_words(Contract, "contract_allowance_is_whole"))

    def _probation(self, trajectory: Trajectory) -> Reason | None:
        if self.probation_months and not self.agreement.pays_wage:
            return Reason(_("Een proeftijd hoort bij een arbeidsovereenkomst."))
        company = promised(trajectory.current_application).organisation
        return rules.probation_refusal(trajectory, company, self.starts_on, self.ends_on, self.probation_months)

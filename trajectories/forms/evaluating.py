"""The evaluation as questions, one at a time: what each asks, which answers it has, what was answered so far (R7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.forms.fields import long_text
from topjob import clock
from topjob.dates import why_not_yet, why_passed
from topjob.errors import rule_words
from trajectories.forms.steps import DayField
from trajectories.forms.trials import SCALE
from trajectories.models import AmbitionItem, NoShow, ViewDraft
from trajectories.process.choices import Party

WORDS = ("went_well", "can_improve")


@dataclass(frozen=True)
class Answer:
    """One big button: its value, its words, an example, and whether it was chosen before."""

    value: str
    words: str
    example: str = ""
    figure: int | None = None
    is_chosen: bool = False


@dataclass(frozen=True)
class Question:
    """One screen of the evaluation. A scale question and the verdict have answers, the open question has two texts."""

    number: int
    text: str
    item: AmbitionItem | None = None
    answers: tuple[Answer, ...] = ()
    given: str = ""
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Asks for words, which may stay empty."""
        return not self.answers

    @property
    def is_answered(self) -> bool:
        return self.is_open or bool(self.given)


def questions_for(party: str, youth: str, draft: ViewDraft | None) -> list[Question]:
    """Every question in its order: the scale, then words, and the verdict when all was thought over."""
    is_youth = party == Party.YOUTH
    scores = {row.item_id: row.score for row in draft.scores.all()} if draft else {}
    items = AmbitionItem.objects.filter(is_active=True).order_by("position", "pk").prefetch_related("steps")
    found = [_of_scale(number, item, is_youth, scores.get(item.pk)) for number, item in enumerate(items, start=1)]
    words = _("Wat ging goed, en wat kan beter?")
    texts = {name: getattr(draft, name) if draft else "" for name in WORDS}
    found.append(Question(len(found) + 1, words, texts=texts, given=" · ".join(filter(None, texts.values()))))
    found.append(_verdict(len(found) + 1, is_youth, youth, draft.is_positive if draft else None))
    return found


def _of_scale(number: int, item: AmbitionItem, is_youth: bool, score: int | None) -> Question:
    examples = {step.score: step.example for step in item.steps.all()}
    answers = tuple(
        Answer(str(figure), str(words), examples.get(figure, ""), figure, figure == score) for figure, words in SCALE
    )
    given = f"{score}, {dict(SCALE)[score]}" if score else ""
    return Question(number, item.question if is_youth else item.name, item, answers, given)


def _verdict(number: int, is_youth: bool, youth: str, positive: bool | None) -> Question:
    text = _("Wil je verder bij dit bedrijf?") if is_youth else _("Wilt u verder met %(name)s?") % {"name": youth}
    answers = (
        Answer("True", str(_("ja, samen verder")), is_chosen=positive is True),
        Answer("False", str(_("nee, niet verder")), is_chosen=positive is False),
    )
    given = next((answer.words for answer in answers if answer.is_chosen), "")
    return Question(number, text, None, answers, given)


class AnswerForm(forms.Form):
    """The answer to one question, as `actions.keep_answer` takes it."""

    def __init__(self, data: Any = None, *, question: Question) -> None:
        super().__init__(data)
        self.question = question
        if question.is_open:
            self.fields["went_well"] = long_text(_("Wat ging goed?"), required=False)
            self.fields["can_improve"] = long_text(_("Wat kan beter?"), required=False)
            self.initial = dict(question.texts)
        else:
            self.fields["answer"] = forms.ChoiceField(
                label=question.text,
                choices=[(answer.value, answer.words) for answer in question.answers],
                error_messages={"required": _("Kies een van de antwoorden.")},
            )

    def values(self) -> dict[str, Any]:
        if self.question.is_open:
            return self.cleaned_data
        answer = self.cleaned_data["answer"]
        if self.question.item is not None:
            return {"item": self.question.item, "score": int(answer)}
        return {"is_positive": answer == "True"}


class NoShowForm(forms.Form):
    """A party didn't come: when, why, and what follows. Never what somebody suffers from."""

    on = DayField(label=gettext_lazy("Wanneer was het gesprek?"))
    cause = forms.ChoiceField(
        label=gettext_lazy("Wat is er gebeurd?"), choices=NoShow.Cause.choices, widget=forms.RadioSelect
    )
    reason = long_text(
        gettext_lazy("Toelichting"), help_text=gettext_lazy("Blijft in het logboek staan. Schrijf geen diagnose op.")
    )
    follows = forms.ChoiceField(
        label=gettext_lazy("Wat volgt?"), choices=NoShow.Follows.choices, widget=forms.RadioSelect
    )
    again_on = DayField(label=gettext_lazy("Nieuw gesprek op"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", clock.today())

    def clean_on(self) -> date:
        day = self.cleaned_data["on"]
        if wrong := why_not_yet(day):
            raise ValidationError(wrong)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        again = cleaned.get("again_on")
        if cleaned.get("follows") != NoShow.Follows.AGAIN:
            cleaned["again_on"] = None
        elif again is None and "again_on" not in self.errors:
            self.add_error("again_on", rule_words(NoShow, "no_show_again_has_day"))
        elif again is not None and (wrong := why_passed(again)):
            self.add_error("again_on", wrong)
        return cleaned

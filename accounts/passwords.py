"""What a password must be, said in our words: Django's Dutch says "u" to everybody, and one of its sentences in English."""

from __future__ import annotations

from django.contrib.auth import password_validation as django
from django.utils.translation import gettext as _


class Unlike(django.UserAttributeSimilarityValidator):
    """Not the person's own name or address."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("name", "email"))

    def get_error_message(self) -> str:
        return _("Dit lijkt te veel op de eigen naam of het eigen e-mailadres.")

    def get_help_text(self) -> str:
        return _("Lijkt niet op de eigen naam of het eigen e-mailadres.")


class LongEnough(django.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("Dit is te kort: gebruik minstens %(least)d tekens.") % {"least": self.min_length}

    def get_help_text(self) -> str:
        return _("Minstens %(least)d tekens, bijvoorbeeld een paar woorden achter elkaar.") % {"least": self.min_length}


class Uncommon(django.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("Dit wachtwoord gebruiken te veel mensen.")

    def get_help_text(self) -> str:
        return _("Geen wachtwoord dat veel mensen gebruiken.")


class NotOnlyNumbers(django.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return _("Gebruik niet alleen cijfers.")

    def get_help_text(self) -> str:
        return _("Niet alleen cijfers.")

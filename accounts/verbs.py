"""What the log can say was done (R14): every verb with its Dutch words, in one list.

The code is what is stored and sealed, so a code that was ever in use keeps its meaning; the words are what people read. A step of
the journey is declared in one place, this included: it joins the list from there (`trajectories/process/workflow.py`).
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from topjob.text import fold

_LIST: dict[str, Verb] = {}


class Verb(str):
    """A code that the log may hold, with the words of what happened. To make one is to put it in the list.

    Its icon stands beside it on a timeline; without one, the icon of what the row is about.
    """

    label: Any
    icon: str

    def __new__(cls, code: str, label: Any, icon: str = "") -> Verb:
        if code in _LIST:
            raise ValueError(f"There is a verb {code} already.")
        verb = super().__new__(cls, code)
        verb.label, verb.icon = label, icon
        _LIST[code] = verb
        return verb

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        """A copy is the verb itself, not another of the same code."""
        return known, (str(self),)


def known(code: str) -> Verb:
    """The verb of this code."""
    return _LIST[code]


def every() -> list[Verb]:
    """The whole list."""
    return list(_LIST.values())


def words(code: str) -> str:
    """What happened, in words. A row that came into the log past the product is shown as it stands."""
    return str(_LIST[code].label) if code in _LIST else code


def icon(code: str) -> str:
    """What stands beside a row of the log; empty for what has no picture of its own."""
    return _LIST[code].icon if code in _LIST else ""


def saying(part: str) -> list[Verb]:
    """The verbs whose words hold what was typed, however it is accented."""
    return [verb for verb in every() if fold(part) in fold(str(verb.label))]


# --- accounts: people and how they log in -----------------------------------------------------------------------------
USER_ADDED = Verb("user_added", _("Gebruiker toegevoegd"))
USER_CHANGED = Verb("user_changed", _("Gebruiker gewijzigd"))
USER_DEACTIVATED = Verb("user_deactivated", _("Gebruiker uitgezet"))
USER_REACTIVATED = Verb("user_reactivated", _("Gebruiker weer aangezet"))
INVITATION_SENT = Verb("invitation_sent", _("Uitnodiging verstuurd"))
OWN_DATA_CHANGED = Verb("own_data_changed", _("Eigen gegevens gewijzigd"))
ROLE_GIVEN = Verb("role_given", _("Rol gegeven"))
ROLE_WITHDRAWN = Verb("role_withdrawn", _("Rol ingetrokken"))
EMAIL_CHANGE_ASKED = Verb("email_change_asked", _("Ander e-mailadres gevraagd"))
EMAIL_CHANGED = Verb("email_changed", _("E-mailadres gewijzigd"))
EMAIL_CONFIRMED = Verb("email_confirmed", _("E-mailadres bevestigd"))
SECOND_STEP_ADDED = Verb("second_step_added", _("Tweede stap toegevoegd"))
SECOND_STEP_REMOVED = Verb("second_step_removed", _("Tweede stap weggehaald"))
SECOND_STEP_REMOVED_BY_BEHEER = Verb("second_step_removed_by_beheer", _("Tweede stap weggehaald door beheer"))
LOGIN_BOUND = Verb("login_bound", _("Organisatie-account gekoppeld"))
LOGIN_UNBOUND = Verb("login_unbound", _("Organisatie-account losgemaakt"))

# --- accounts: absence, rules of today, reference tables, calendar, work that follows, what was read as a whole -------
COVER_ARRANGED = Verb("cover_arranged", _("Waarneming geregeld"))
COVER_ENDED = Verb("cover_ended", _("Waarneming beëindigd"))
SETTING_ADDED = Verb("setting_added", _("Instelling toegevoegd"))
SETTING_WITHDRAWN = Verb("setting_withdrawn", _("Instelling ingetrokken"))
FILTER_SAVED = Verb("filter_saved", _("Filter bewaard"))
FILTER_CHANGED = Verb("filter_changed", _("Bewaard filter gewijzigd"))
FILTER_REMOVED = Verb("filter_removed", _("Bewaard filter verwijderd"))
CHOICE_ADDED = Verb("choice_added", _("Keuze toegevoegd"))
CHOICE_CHANGED = Verb("choice_changed", _("Keuze gewijzigd"))
CHOICE_REMOVED = Verb("choice_removed", _("Keuze verwijderd"))
FEED_RENEWED = Verb("feed_renewed", _("Agenda-adres gemaakt"))
FEED_REVOKED = Verb("feed_revoked", _("Agenda uitgezet"))
WORK_REQUEUED = Verb("work_requeued", _("Werk opnieuw ingepland"))
CHECK_ASKED = Verb("check_asked", _("Controle gevraagd"))
LOG_EXPORTED = Verb("log_exported", _("Logboek geëxporteerd"))

# --- candidates: registration -----------------------------------------------------------------------------------------
REGISTERED = Verb("registered", _("Aangemeld"))
REGISTRATION_CHANGED = Verb("registration_changed", _("Aanmelding gewijzigd"))
ADMITTED_BY_EXCEPTION = Verb("admitted_by_exception", _("Toch toegelaten"))
REGISTRATION_REJECTED = Verb("registration_rejected", _("Aanmelding afgewezen"))
REGISTRATION_LAPSED = Verb("registration_lapsed", _("Aanmelding vervallen"))
OFFER_SENT = Verb("offer_sent", _("Offerte verstuurd"))
OFFER_ANSWERED = Verb("offer_answered", _("Antwoord op offerte vastgelegd"))

# --- candidates: the person and the file ------------------------------------------------------------------------------
PERSON_ADDED = Verb("person_added", _("Persoon toegevoegd"))
PERSON_CHANGED = Verb("person_changed", _("Persoonsgegevens gewijzigd"))
TOLD_APART = Verb("told_apart", _("Vastgelegd dat het iemand anders is"))
REPRESENTATIVE_ADDED = Verb("representative_added", _("Vertegenwoordiger toegevoegd"))
REPRESENTATIVE_REMOVED = Verb("representative_removed", _("Vertegenwoordiger verwijderd"))
FOTO_CHANGED = Verb("foto_changed", _("Foto bijgewerkt"))
EXPERIENCE_ADDED = Verb("experience_added", _("Werkervaring toegevoegd"))
EXPERIENCE_REMOVED = Verb("experience_removed", _("Werkervaring verwijderd"))
EDUCATION_ADDED = Verb("education_added", _("Opleiding toegevoegd"))
EDUCATION_REMOVED = Verb("education_removed", _("Opleiding verwijderd"))
INTEREST_ADDED = Verb("interest_added", _("Interesse toegevoegd"))
INTEREST_REMOVED = Verb("interest_removed", _("Interesse verwijderd"))
ABILITY_ADDED = Verb("ability_added", _("Kennis of vaardigheid toegevoegd"))
ABILITY_REMOVED = Verb("ability_removed", _("Kennis of vaardigheid verwijderd"))
LIMITATION_ADDED = Verb("limitation_added", _("Beperking in het werk toegevoegd"))
LIMITATION_REMOVED = Verb("limitation_removed", _("Beperking in het werk verwijderd"))
PROSPECT_ADDED = Verb("prospect_added", _("Arbeidsmarktkans toegevoegd"))
PROSPECT_REMOVED = Verb("prospect_removed", _("Arbeidsmarktkans verwijderd"))
QFIT_CHANGED = Verb("qfit_changed", _("Q-fit bijgewerkt"))
QFIT_SETTLED = Verb("qfit_settled", _("Q-fit vastgesteld"))
SUPPORT_NEED_ADDED = Verb("support_need_added", _("Ondersteuningsvraag toegevoegd"))
SUPPORT_NEED_CHANGED = Verb("support_need_changed", _("Ondersteuningsvraag bijgewerkt"))
SUPPORT_REVIEWED = Verb("support_reviewed", _("Toets ondersteuningsvragen gedaan"))
FINANCE_CHECKED = Verb("finance_checked", _("Toets financiën gedaan"))
CONTACT_PLANNED = Verb("contact_planned", _("Gesprek gepland"))
CONTACT_RECORDED = Verb("contact_recorded", _("Gesprek vastgelegd"))
NOTE_TAKEN_BACK = Verb("note_taken_back", _("Notitie meteen teruggenomen"))
CONTACT_MOVED = Verb("contact_moved", _("Gesprek verplaatst"))
DOCUMENT_ADDED = Verb("document_added", _("Document toegevoegd"))
DOCUMENT_REMOVED = Verb("document_removed", _("Document verwijderd"))
CONSENT_GIVEN = Verb("consent_given", _("Toestemming gegeven"))
CONSENT_WITHDRAWN = Verb("consent_withdrawn", _("Toestemming ingetrokken"))

# --- employers --------------------------------------------------------------------------------------------------------
EMPLOYER_ADDED = Verb("employer_added", _("Werkgever toegevoegd"))
EMPLOYER_CHANGED = Verb("employer_changed", _("Werkgever gewijzigd"))
EMPLOYER_CONTACT_ADDED = Verb("employer_contact_added", _("Contactpersoon toegevoegd"))
EMPLOYER_CONTACT_CHANGED = Verb("employer_contact_changed", _("Contactpersoon gewijzigd"))
EMPLOYER_CONTACT_DEACTIVATED = Verb("employer_contact_deactivated", _("Contactpersoon uitgezet"))
EMPLOYER_CONTACT_REACTIVATED = Verb("employer_contact_reactivated", _("Contactpersoon weer aangezet"))
PORTAL_ACCESS_GIVEN = Verb("portal_access_given", _("Toegang tot portaal gegeven"))
PORTAL_ACCESS_WITHDRAWN = Verb("portal_access_withdrawn", _("Toegang tot portaal ingetrokken"))
FUNCTION_ADDED = Verb("function_added", _("Functieprofiel toegevoegd"))
FUNCTION_CHANGED = Verb("function_changed", _("Functieprofiel gewijzigd"))
VACANCY_ADDED = Verb("vacancy_added", _("Vacature toegevoegd"))
VACANCY_CHANGED = Verb("vacancy_changed", _("Vacature gewijzigd"))
VACANCY_OPENED = Verb("vacancy_opened", _("Vacature opengezet"))
VACANCY_CLOSED = Verb("vacancy_closed", _("Vacature gesloten"))
PROJECT_ADDED = Verb("project_added", _("Leerwerkproject toegevoegd"))
PROJECT_CHANGED = Verb("project_changed", _("Leerwerkproject gewijzigd"))
INTAKE_DATE_ADDED = Verb("intake_date_added", _("Instroommoment toegevoegd"))
INTAKE_DATE_REMOVED = Verb("intake_date_removed", _("Instroommoment verwijderd"))
SROI_ADDED = Verb("sroi_added", _("SROI toegevoegd"))
SROI_CHANGED = Verb("sroi_changed", _("SROI gewijzigd"))

# --- matching ---------------------------------------------------------------------------------------------------------
PROFILE_MADE = Verb("profile_made", _("Zoekprofiel gemaakt"))
PROFILE_REFINED = Verb("profile_refined", _("Zoekprofiel verfijnd"))
PROFILE_CONFIRMED = Verb("profile_confirmed", _("Zoekprofiel bevestigd"))
DEMAND_SET = Verb("demand_set", _("Eisen van functie vastgelegd"))
WEIGHTS_SET = Verb("weights_set", _("Gewichten vastgesteld"))
SHORTLISTED = Verb("shortlisted", _("Op shortlist gezet"))
UNSHORTLISTED = Verb("unshortlisted", _("Van shortlist gehaald"))
MATCH_PROPOSED = Verb("match_proposed", _("Match voorgesteld"))
MATCH_DISCUSSED = Verb("match_discussed", _("Match besproken"))
MATCH_REJECTED = Verb("match_rejected", _("Match afgewezen"))
MATCH_PLACED = Verb("match_placed", _("Match geplaatst"))
EQUAL_CHANCES_CHECK_ASKED = Verb("equal_chances_check_asked", _("Controle gelijke kansen gevraagd"))

# --- trajectories: A. Checkpunt, and whose case it is -----------------------------------------------------------------
ASSIGN = Verb("assign", _("Toegewezen aan een afdeling"), icon="inbox")
SET_GUIDES = Verb("set_guides", _("Begeleiders gewijzigd"), icon="people")
HAND_OVER = Verb("hand_over", _("Begeleider gewijzigd: overgedragen"), icon="people")
ADMIT = Verb("admit", _("Toch toegelaten tot het traject"))
INVITE_CANDIDATE = Verb("invite_candidate", _("Uitgenodigd voor de eigen pagina"))
TICK_OFF = Verb("tick_off", _("Termijn afgevinkt"), icon="check")
HANDED_BACK = Verb("handed_back", _("Overdracht meteen teruggedraaid"))
TICKED_BACK = Verb("ticked_back", _("Termijn weer open gezet"))
SET_FOLLOW_UP = Verb("set_follow_up", _("Dag van opvolgen gekozen"))
FOLLOW_UP_TAKEN_BACK = Verb("follow_up_taken_back", _("Dag van opvolgen meteen teruggedraaid"))
ESCALATE = Verb("escalate", _("Termijn doorgegeven aan de coördinator"))

# --- trajectories: B. Plaatsing, startplan and signing ----------------------------------------------------------------
CHOOSE_VACANCY = Verb("choose_vacancy", _("Vacature gekozen"), icon="building")
RECORD_TALK = Verb("record_talk", _("Sollicitatiegesprek vastgelegd"))
DRAFT_PLAN = Verb("draft_plan", _("Startplan opgesteld"), icon="file")
SAVE_PLAN = Verb("save_plan", _("Startplan bewerkt"), icon="file")
SET_PARTY = Verb("set_party", _("Ondertekenaar van het startplan gewijzigd"))
SEND_PLAN = Verb("send_plan", _("Startplan verstuurd"), icon="mail")
PLAN_RENDERED = Verb("plan_rendered", _("Startplan als PDF vastgelegd"), icon="file")
SIGNED_PLAN_RENDERED = Verb("signed_plan_rendered", _("Startplan met handtekeningen als PDF vastgelegd"))
MAKE_PAPER = Verb("make_paper", _("Document gemaakt"))
SET_SIGNER = Verb("set_signer", _("Ondertekenaar van een document gewijzigd"))
SEND_PAPER = Verb("send_paper", _("Document verstuurd"))
PAPER_RENDERED = Verb("paper_rendered", _("Document als PDF vastgelegd"))
SIGNED_PAPER_RENDERED = Verb("signed_paper_rendered", _("Document met handtekeningen als PDF vastgelegd"))
WITHDRAW_PAPER = Verb("withdraw_paper", _("Document ingetrokken"))
REQUEST_LINK = Verb("request_link", _("Nieuwe persoonlijke link gevraagd"))
RESEND_LINK = Verb("resend_link", _("Persoonlijke link opnieuw verstuurd"), icon="mail")
REMIND = Verb("remind", _("Herinnering verstuurd"), icon="mail")
ASK_MAILBOX = Verb("ask_mailbox", _("Nog eens gevraagd of het e-mailadres klopt"), icon="mail")
REQUEST_CODE = Verb("request_code", _("Code om te tekenen gevraagd"))
CODES_GUESSED = Verb("codes_guessed", _("Te vaak een verkeerde code om te tekenen"), icon="warn")
SIGN = Verb("sign", _("Startplan getekend"), icon="pen")
SIGN_PAPER = Verb("sign_paper", _("Document getekend"), icon="pen")
DECLINE_TO_SIGN = Verb("decline_to_sign", _("Startplan niet getekend"), icon="warn")
DECLINE_PAPER = Verb("decline_paper", _("Document niet getekend"), icon="warn")
UPLOAD_SCAN = Verb("upload_scan", _("Scan van een handtekening geüpload"))
REFUSE_SCAN = Verb("refuse_scan", _("Scan van een handtekening afgekeurd"))

# --- trajectories: B. Proefperiode, evaluatie, leren en werken --------------------------------------------------------
RECORD_PERMISSION = Verb("record_permission", _("Besluit van de opdrachtgever vastgelegd"))
RECORD_INTERRUPTION = Verb("record_interruption", _("Proefperiode onderbroken"))
END_INTERRUPTION = Verb("end_interruption", _("Onderbreking afgelopen"))
EXTEND_TRIAL = Verb("extend_trial", _("Proefperiode verlengd"))
GIVE_VIEW = Verb("give_view", _("Oordeel gegeven"), icon="note")
RECORD_VIEW = Verb("record_view", _("Oordeel vastgelegd namens een partij"), icon="note")
RECORD_NO_SHOW = Verb("record_no_show", _("Niet gekomen bij de evaluatie"), icon="warn")
DECIDE_WAGE_VALUE = Verb("decide_wage_value", _("Besloten of loonwaarde nodig is"))
START_ASSESSMENT = Verb("start_assessment", _("Loonwaardemeting begonnen"))
RECORD_WAGE_VALUE = Verb("record_wage_value", _("Loonwaarde vastgelegd"))
RECORD_HOURLY_WAGE = Verb("record_hourly_wage", _("Uurloon van een contract vastgelegd"))
RECORD_PRACTICE_AGREEMENT = Verb("record_practice_agreement", _("Praktijkovereenkomst vastgelegd"), icon="file")
STOP_PRACTICE_AGREEMENT = Verb("stop_practice_agreement", _("Praktijkovereenkomst geldt niet meer"))
TELL_WAGE_RISE = Verb("tell_wage_rise", _("Hoger loon gemeld aan werkgever en deelnemer"), icon="mail")
RECORD_SUPPORT = Verb("record_support", _("Regelingen voor de werkgever bijgewerkt"))
RECORD_SUPPORT_STEP = Verb("record_support_step", _("Stap voor een regeling vastgelegd"))
RECORD_COACHING = Verb("record_coaching", _("Jobcoachgesprek vastgelegd"), icon="note")
RECORD_QUALIFICATION = Verb("record_qualification", _("Kwalificatie vastgelegd"), icon="star")

# --- trajectories: C. Adviespunt, E. Nazorg and closing ---------------------------------------------------------------
RECORD_QUICK_SCAN = Verb("record_quick_scan", _("Quick-scan gedaan"))
DRAFT_ADVICE = Verb("draft_advice", _("Advies voorbereid"))
ADD_CHECK_IN = Verb("add_check_in", _("Nazorgcontact gepland"))
RECORD_CHECK_IN = Verb("record_check_in", _("Nazorgcontact vastgelegd"))
RECORD_EXIT_TALK = Verb("record_exit_talk", _("Exitgesprek vastgelegd"))
RECORD_COMPLETION = Verb("record_completion", _("Administratieve afronding bijgewerkt"))

# --- trajectories: files as a whole, texts, and who looked ------------------------------------------------------------
FILES_JOINED = Verb("files_joined", _("Dossiers samengevoegd"))
JOIN_UNDONE = Verb("join_undone", _("Samenvoegen ongedaan gemaakt"))
HOLD_PLACED = Verb("hold_placed", _("Langer bewaren vastgelegd"))
HOLD_LIFTED = Verb("hold_lifted", _("Langer bewaren opgeheven"))
DESTRUCTION_ASKED = Verb("destruction_asked", _("Vernietigen gevraagd"))
DESTROYED = Verb("destroyed", _("Dossier vernietigd"))
PLAN_TEXTS_SAVED = Verb("plan_texts_saved", _("Teksten van het startplan bewaard"))
PAPER_TEXTS_SAVED = Verb("paper_texts_saved", _("Teksten van een document bewaard"))
LOOKED_OUTSIDE_OWN_WORK = Verb("looked_outside_own_work", _("Gekeken buiten het eigen werk"))
READINGS_EXPORTED = Verb("readings_exported", _("Inzage geëxporteerd"))
PARTICIPANTS_EXPORTED = Verb("participants_exported", _("Deelnemers geëxporteerd"))

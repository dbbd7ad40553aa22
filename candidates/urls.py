"""Addresses of registrations, files and the candidate's own data."""

from __future__ import annotations

from django.urls import path

from candidates import views
from candidates.views import consents, documents, file, mine, public, support, talks, viewed, who_sees
from candidates.views import registrations as front
from topjob.addresses import found_in

app_name = "candidates"

PERSON = "personen/<int:pk>/"

urlpatterns = [
    # the website
    path("aanmelden/", public.register, name="public_register"),
    path("aanmelden/bedankt/", public.thanks, name="public_thanks"),
    path("aanmelden/adres/<str:token>/", public.confirm_mailbox, name="public_mailbox"),
    path("aanmelden/privacy/", public.privacy, name="public_privacy"),
    # frontoffice
    path("aanmeldingen/", front.registrations, name="registrations"),
    path("aanmeldingen/nieuw/", front.register, name="register"),
    path("aanmeldingen/past/", front.eligibility, name="eligibility"),
    path("aanmeldingen/opdrachtgevers/", front.client_options, name="client_options"),
    path("aanmeldingen/werkgevers/", front.employer_options, name="employer_options"),
    path("aanmeldingen/<int:pk>/", front.registration, name="registration"),
    path("aanmeldingen/<int:pk>/bewerken/", front.registration_edit, name="registration_edit"),
    path("aanmeldingen/<int:pk>/offerte/", front.offer, name="offer"),
    path("aanmeldingen/<int:pk>/offerte/<int:offer_pk>/antwoord/", front.offer_answer, name="offer_answer"),
    path("aanmeldingen/<int:pk>/toelaten/", front.override, name="override"),
    path("aanmeldingen/<int:pk>/afwijzen/", front.reject, name="reject"),
    path("aanmeldingen/<int:pk>/vervallen/", front.lapse, name="lapse"),
    # the file
    path(PERSON, file.person, name="person"),
    path(PERSON + "gegevens/", file.personal, name="person_data"),
    path(PERSON + "vertegenwoordigers/", file.representative_add, name="representative_add"),
    path(
        PERSON + "vertegenwoordigers/<int:row_pk>/verwijderen/",
        file.representative_remove,
        name="representative_remove",
    ),
    path(PERSON + "foto/", file.foto, name="foto"),
    path(PERSON + "qfit/", file.qfit, name="qfit"),
    path(PERSON + "qfit/ondersteuning/", file.qfit_support, name="qfit_support"),
    path(PERSON + "qfit/vaststellen/", file.qfit_settle, name="qfit_settle"),
    path(PERSON + "qfit/<slug:slug>/", file.part_add, {"page": "qfit"}, name="qfit_add"),
    path(PERSON + "qfit/<slug:slug>/<int:row_pk>/verwijderen/", file.part_remove, {"page": "qfit"}, name="qfit_remove"),
    path(PERSON + "ondersteuning/", support.support, name="support"),
    path(PERSON + "ondersteuning/toets/", support.support_review, name="support_review"),
    path(PERSON + "ondersteuning/<int:row_pk>/", support.need, name="need"),
    path(PERSON + "financien/", support.finance, name="finance"),
    path(PERSON + "cv/", file.cv, name="cv"),
    path(PERSON + "cv/bestand/", file.document_add, {"page": "cv"}, name="cv_upload"),
    path(PERSON + "cv/<slug:slug>/", file.part_add, {"page": "cv"}, name="cv_add"),
    path(PERSON + "cv/<slug:slug>/<int:row_pk>/verwijderen/", file.part_remove, {"page": "cv"}, name="cv_remove"),
    path(PERSON + "portfolio/", file.portfolio, name="portfolio"),
    path(PERSON + "portfolio/bestand/", file.document_add, {"page": "portfolio"}, name="portfolio_upload"),
    path(PERSON + "documenten/<int:row_pk>/", documents.document, name="document"),
    path(PERSON + "documenten/<int:row_pk>/verwijderen/", documents.document_remove, name="document_remove"),
    path(PERSON + "contact/", talks.contact, name="contacts"),
    path(PERSON + "contact/<int:row_pk>/", talks.contact_record, name="contact_record"),
    path(PERSON + "toestemming/", consents.consents, name="consents"),
    path(PERSON + "toestemming/<int:row_pk>/intrekken/", consents.consent_withdraw, name="consent_withdraw"),
    # the candidate
    path("mijn/gegevens/", mine.data, name="my_data"),
    path("mijn/cv/", mine.cv, name="my_cv"),
    path("mijn/cv/bestand/", mine.document_add, {"page": "cv"}, name="my_cv_upload"),
    path("mijn/cv/<slug:slug>/", mine.part_add, name="my_cv_add"),
    path("mijn/cv/<slug:slug>/<int:row_pk>/verwijderen/", mine.part_remove, name="my_cv_remove"),
    path("mijn/portfolio/", mine.portfolio, name="my_portfolio"),
    path("mijn/portfolio/bestand/", mine.document_add, {"page": "portfolio"}, name="my_portfolio_upload"),
    path("mijn/documenten/<int:row_pk>/", mine.document, name="my_document"),
    path("mijn/documenten/<int:row_pk>/verwijderen/", mine.document_remove, name="my_document_remove"),
    path("mijn/wie-ziet-wat/", who_sees.who_sees, name="my_who_sees"),
    path("mijn/bekeken/", viewed.viewed, name="my_viewed"),
    path("mijn/toestemming/", mine.consents, name="my_consents"),
    path("mijn/toestemming/<int:row_pk>/intrekken/", mine.consent_withdraw, name="my_consent_withdraw"),
    *found_in(views),
]

"""Addresses of matching."""

from django.urls import path

from matching import views
from matching.views import explained, manage, matches, mine, portal, profile, skills, tables, tips
from topjob.addresses import found_in

app_name = "matching"

urlpatterns = [
    path("personen/<int:candidate_pk>/zoekprofiel/", profile.profile, name="profile"),
    path("personen/<int:candidate_pk>/zoekprofiel/wijzigen/", profile.refine, name="refine"),
    path("personen/<int:candidate_pk>/zoekprofiel/bevestigen/", profile.confirm, name="confirm"),
    path("personen/<int:candidate_pk>/passende-vacatures/", tables.for_candidate, name="for_candidate"),
    path("personen/<int:candidate_pk>/passende-vacatures/afgevallen/", matches.left_out, name="left_out"),
    path(
        "personen/<int:candidate_pk>/passende-vacatures/vergelijken/",
        matches.compare_vacancies,
        name="compare_vacancies",
    ),
    path("personen/<int:candidate_pk>/shortlist/", tables.shortlisted, name="shortlisted"),
    path("personen/<int:candidate_pk>/vacatures/<int:vacancy_pk>/waarom/", matches.why, name="why"),
    path("personen/<int:candidate_pk>/vacatures/<int:vacancy_pk>/besluit/", matches.decide, name="decide"),
    path("personen/<int:candidate_pk>/vacatures/<int:vacancy_pk>/shortlist/", matches.shortlist, name="shortlist"),
    path("matchbesluiten/<int:pk>/", matches.decision, name="decision"),
    path("vacatures/<int:vacancy_pk>/passende-kandidaten/", tables.for_vacancy, name="for_vacancy"),
    path("vacatures/<int:vacancy_pk>/passende-kandidaten/vergelijken/", matches.compare_people, name="compare_people"),
    path("functies/<int:function_pk>/eisen/", profile.demand, name="demand"),
    path("mijn/waarom/<int:vacancy_pk>/", mine.my_why, name="my_why"),
    path("werkgever/functies/<int:function_pk>/eisen/", portal.demand, name="portal_demand"),
    path("competenties/zoeken/", skills.options, name="skill_options"),
    path("competenties/regel/", skills.row, name="skill_row"),
    path("tips/", tips.tips, name="tips"),
    path("zo-werkt-het-matchen/", explained.how_it_works, name="how_it_works"),
    path("beheer/matchen/gewichten/", manage.weights, name="weights"),
    path("beheer/matchen/gewichten/<int:kind_pk>/", manage.kind_weights, name="kind_weights"),
    path("beheer/matchen/gelijke-kansen/", manage.audit, name="audit"),
    *found_in(views),
]

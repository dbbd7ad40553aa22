"""Employers, vacancies and projects for staff; under `werkgever/` the employer's own portal."""

from django.urls import path

from employers import views
from employers.views import companies, portal, projects, vacancies
from topjob.addresses import found_in

app_name = "employers"

urlpatterns = [
    path("werkgevers/", companies.employer_list, name="list"),
    path("werkgevers/nieuw/", companies.employer_add, name="add"),
    path("werkgevers/zoeken/", companies.suggest, name="suggest"),
    path("werkgevers/<int:pk>/", companies.employer_detail, name="detail"),
    path("werkgevers/<int:pk>/bewerken/", companies.employer_edit, name="edit"),
    path("werkgevers/<int:pk>/contacten/nieuw/", companies.contact_add, name="contact_add"),
    path("werkgevers/<int:pk>/functies/nieuw/", companies.function_add, name="function_add"),
    path("werkgevers/<int:pk>/vacatures/nieuw/", vacancies.vacancy_for_employer, name="vacancy_for_employer"),
    path("werkgevers/<int:pk>/sroi/nieuw/", companies.sroi_add, name="sroi_add"),
    path("werkgevers/contacten/<int:pk>/bewerken/", companies.contact_edit, name="contact_edit"),
    path("werkgevers/contacten/<int:pk>/aan-uit/", companies.contact_switch, name="contact_switch"),
    path("werkgevers/contacten/<int:pk>/toegang/", companies.contact_access, name="contact_access"),
    path("werkgevers/functies/<int:pk>/", companies.function_detail, name="function"),
    path("werkgevers/functies/<int:pk>/bewerken/", companies.function_edit, name="function_edit"),
    path("werkgevers/sroi/<int:pk>/bewerken/", companies.sroi_edit, name="sroi_edit"),
    path("vacatures/", vacancies.vacancy_list, name="vacancies"),
    path("vacatures/nieuw/", vacancies.vacancy_add, name="vacancy_add"),
    path("vacatures/<int:pk>/", vacancies.vacancy_detail, name="vacancy"),
    path("vacatures/<int:pk>/bewerken/", vacancies.vacancy_edit, name="vacancy_edit"),
    path("vacatures/<int:pk>/openzetten/", vacancies.vacancy_publish, name="vacancy_publish"),
    path("vacatures/<int:pk>/sluiten/", vacancies.vacancy_close, name="vacancy_close"),
    path("projecten/", projects.project_list, name="projects"),
    path("projecten/nieuw/", projects.project_add, name="project_add"),
    path("projecten/<int:pk>/", projects.project_detail, name="project"),
    path("projecten/<int:pk>/bewerken/", projects.project_edit, name="project_edit"),
    path("projecten/<int:pk>/instroom/", projects.intake_add, name="intake_add"),
    path("projecten/instroom/<int:pk>/verwijderen/", projects.intake_remove, name="intake_remove"),
    path("werkgever/", portal.portal, name="portal"),
    path("werkgever/<int:pk>/", portal.portal_company, name="portal_company"),
    path("werkgever/<int:pk>/profiel/", portal.portal_profile, name="portal_profile"),
    path("werkgever/<int:pk>/profiel/bewerken/", portal.portal_profile_edit, name="portal_profile_edit"),
    path("werkgever/<int:pk>/sroi/", portal.portal_sroi, name="portal_sroi"),
    path("werkgever/<int:pk>/contacten/nieuw/", portal.portal_contact_add, name="portal_contact_add"),
    path("werkgever/<int:pk>/functies/nieuw/", portal.portal_function_add, name="portal_function_add"),
    path("werkgever/<int:pk>/vacatures/", portal.portal_vacancies, name="portal_vacancies"),
    path("werkgever/<int:pk>/vacatures/nieuw/", portal.portal_vacancy_add, name="portal_vacancy_add"),
    path("werkgever/contacten/<int:pk>/bewerken/", portal.portal_contact_edit, name="portal_contact_edit"),
    path("werkgever/functies/<int:pk>/", portal.portal_function, name="portal_function"),
    path("werkgever/functies/<int:pk>/bewerken/", portal.portal_function_edit, name="portal_function_edit"),
    path("werkgever/vacatures/<int:pk>/", portal.portal_vacancy, name="portal_vacancy"),
    path("werkgever/vacatures/<int:pk>/bewerken/", portal.portal_vacancy_edit, name="portal_vacancy_edit"),
    path("werkgever/vacatures/<int:pk>/openzetten/", portal.portal_vacancy_publish, name="portal_vacancy_publish"),
    path("werkgever/vacatures/<int:pk>/sluiten/", portal.portal_vacancy_close, name="portal_vacancy_close"),
    *found_in(views),
]

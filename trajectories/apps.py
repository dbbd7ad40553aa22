from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrajectoriesConfig(AppConfig):
    name = "trajectories"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Trajecten")

    def ready(self) -> None:
        from accounts.actions import CAPACITY_WATCHERS
        from accounts.reading import OWN_WORK
        from candidates.frame import MAKERS
        from candidates.knowing import GUIDED, GUIDES_OF
        from candidates.links import LINK_SOURCES
        from candidates.sharing import TAKEN_BACK
        from employers.portal import GROUP_SOURCES, HEADCOUNTS, TASK_SOURCES
        from trajectories import handlers  # noqa: F401  (it registers the work that follows a change)
        from trajectories.actions.placing import tell_who_guides
        from trajectories.documents.file_links import case_links
        from trajectories.keeping import retention  # noqa: F401  (the same)
        from trajectories.keeping.readings import is_own_work
        from trajectories.models.guided import guided_people, names_of
        from trajectories.pages.frame import frame_of_person
        from trajectories.pages.portal import employer_tasks, group_members, people_in
        from trajectories.signing import messages  # noqa: F401  (the same)
        from trajectories.timing.owners import follow

        _offer_tables()
        GUIDED.append(guided_people)
        GUIDES_OF.append(names_of)
        OWN_WORK.append(is_own_work)
        CAPACITY_WATCHERS.append(follow)
        TASK_SOURCES.append(employer_tasks)
        GROUP_SOURCES.append(group_members)
        HEADCOUNTS.append(people_in)
        LINK_SOURCES.append(case_links)
        MAKERS.append(frame_of_person)
        TAKEN_BACK.append(tell_who_guides)


def _offer_tables() -> None:
    """The tables of ours that the beheerder edits."""
    from accounts.reference import ROW_FIELDS, WORK, Table, register
    from trajectories.models import AgreementKind

    register(
        Table(
            slug="soorten-overeenkomst",
            model=AgreementKind,
            group=WORK,
            fields=(*ROW_FIELDS, "pays", "paper", "ends", "kinds_of_place"),
            columns=("name", "pays", "paper", "position", "is_active"),
            # What was agreed stays what it was.
            fixed=("code", "pays", "paper"),
        )
    )

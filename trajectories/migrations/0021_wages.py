"""A contract names its wage (BW 7:655), never less than the minimum wage; the texts of contracts say it.

Contracts and plans from before have no wage, and what was put on paper says what it said.
"""

from django.db import migrations, models
from django.db.models import F, Q

from trajectories.documents.paper_texts import WAGE_IN_PLAN, with_wage

# The rules as they were known when the wage was agreed judge it, as in the action: a raw statement can't go below. A trial that
# follows from a plan that was signed before wages were kept begins all the same; its wage is recorded afterwards.
WAGE = """
CREATE FUNCTION topjob_minimum_wage(trajectory bigint, day date) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN x.years < 15 THEN 0
              WHEN x.years >= 21 THEN topjob_law('minimumloon_uur', day, x.client_id)::numeric
              ELSE round(topjob_law('minimumloon_uur', day, x.client_id)::numeric
                         * topjob_law('minimumloon_' || x.years, day, x.client_id)::numeric / 100, 2) END
  FROM (SELECT t.client_id, extract(year FROM age(day, c.birth_date))::int AS years
        FROM trajectories_trajectory t JOIN candidates_candidate c ON c.id = t.candidate_id WHERE t.id = trajectory) x
$$;

CREATE FUNCTION topjob_contract_wage() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  least numeric := topjob_minimum_wage(NEW.trajectory_id, NEW.starts_on);
BEGIN
  IF NEW.hourly_wage IS NULL THEN
    IF TG_OP = 'INSERT' AND NEW.kind <> 'proef' THEN
      RAISE EXCEPTION 'Een contract noemt het loon (BW 7:655)' USING ERRCODE = '23001';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.hourly_wage IS NOT NULL THEN
      RAISE EXCEPTION 'Het loon van een contract verdwijnt niet (BW 7:655)' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.hourly_wage IS NOT NULL AND OLD.hourly_wage <> NEW.hourly_wage AND EXISTS (
    SELECT 1 FROM trajectories_paper p WHERE p.subject_id = NEW.id AND p.status <> 'ingetrokken'
      AND p.kind NOT IN ('evaluatie', 'loonwaarde')
  ) THEN
    RAISE EXCEPTION 'Het loon van een contract dat op papier staat verandert niet (R5)' USING ERRCODE = '23001';
  END IF;
  IF NEW.hourly_wage < least OR NEW.minimum_wage IS DISTINCT FROM least THEN
    RAISE EXCEPTION 'Het loon is ten minste het minimumloon van % per uur', least USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER trajectories_contract_wage BEFORE INSERT OR UPDATE OF hourly_wage, minimum_wage ON trajectories_contract
  FOR EACH ROW EXECUTE FUNCTION topjob_contract_wage();
"""
CONTRACTS = ("proefcontract", "leerwerk", "maatwerq_flex", "detachering", "uitzenden", "overname", "direct")


def standing(rows):
    """The version that holds now and those that come, the newest of each day."""
    found = {row.valid_from: row for row in rows.order_by("number")}
    last = max((row.valid_from for row in rows if row.valid_from <= today()), default=None)
    return [row for day, row in found.items() if last is None or day >= last]


def today():
    from topjob import clock

    return clock.today()


def next_version(row, number, **texts):
    """The same version with other words, from the same day on: what was made keeps what it was made with."""
    from topjob import clock

    row.pk, row.number, row.created_at, row.created_by_id = None, number, clock.now(), None
    for name, text in texts.items():
        setattr(row, name, text)
    row.save(force_insert=True)


def say_the_wage(apps, schema_editor):
    papers = apps.get_model("trajectories", "PaperTemplate").objects
    for kind in CONTRACTS:
        rows = papers.filter(kind=kind)
        for row in standing(rows):
            if "{uurloon}" not in row.clauses + row.opening:
                number = rows.order_by("-number").first().number + 1
                next_version(row, number, clauses=with_wage(row.clauses))
    plans = apps.get_model("trajectories", "PlanTemplate").objects.filter(construction="2")
    for route in sorted(set(plans.values_list("route", flat=True))):
        rows = plans.filter(route=route)
        for row in standing(rows):
            if "{uurloon}" not in row.trial:
                number = rows.order_by("-number").first().number + 1
                next_version(row, number, trial=f"{row.trial.rstrip()}\n\n{WAGE_IN_PLAN}")


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0020_money_deadlines"), ("accounts", "0010_retention_of_registrations")]
    operations = [
        migrations.AddField(
            "contract",
            "hourly_wage",
            models.DecimalField("bruto uurloon", max_digits=5, decimal_places=2, null=True, blank=True),
        ),
        migrations.AddField(
            "contract",
            "minimum_wage",
            models.DecimalField("minimumloon per uur", max_digits=5, decimal_places=2, null=True, blank=True),
        ),
        migrations.AddField(
            "startplan",
            "hourly_wage",
            models.DecimalField("bruto uurloon", max_digits=5, decimal_places=2, null=True, blank=True),
        ),
        migrations.AddConstraint(
            "contract",
            models.CheckConstraint(
                condition=Q(hourly_wage=None, minimum_wage=None)
                | Q(
                    hourly_wage__gt=0,
                    hourly_wage__gte=F("minimum_wage"),
                    minimum_wage__gte=0,
                    minimum_wage__isnull=False,
                ),
                name="contract_pays_minimum_wage",
                violation_error_message="Het uurloon is lager dan het minimumloon.",
            ),
        ),
        migrations.AddConstraint(
            "startplan",
            models.CheckConstraint(
                condition=Q(hourly_wage=None) | Q(hourly_wage__gt=0, construction="2"),
                name="plan_wage_with_a_contract",
                violation_error_message="Bij constructie 1 is de proefperiode zonder loon. Laat het uurloon leeg.",
            ),
        ),
        migrations.RunSQL(WAGE, migrations.RunSQL.noop),
        migrations.RunPython(say_the_wage, migrations.RunPython.noop),
    ]

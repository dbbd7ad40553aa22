"""Competences and places can be edited under Beheer; of a project's intakes the last four count instead of the first.

A project has at most four intakes ahead (employers.rules), so the last four hold every one that can still be chosen; the first
four would in time all lie in the past.
"""

import django.core.validators
from django.db import migrations, models

AGG = """SELECT array_agg(i."on" - DATE '1970-01-01' ORDER BY i."on") AS days
    FROM employers_intakedate i WHERE i.project_id = v.project_id AND i."on" >= v.starts_on"""
LAST_FOUR = """SELECT array_agg(last."on" - DATE '1970-01-01' ORDER BY last."on") AS days
    FROM (
      SELECT i."on" FROM employers_intakedate i WHERE i.project_id = v.project_id AND i."on" >= v.starts_on
      ORDER BY i."on" DESC LIMIT 4
    ) last"""


def replaced(old: str, new: str) -> str:
    """The function as it stands, with one part of it replaced."""
    return f"""
DO $migration$
DECLARE body text := pg_get_functiondef('matching_refresh(bigint[])'::regprocedure);
BEGIN
  IF position($part${old}$part$ IN body) = 0 THEN RAISE EXCEPTION 'matching_refresh looks different'; END IF;
  EXECUTE replace(body, $part${old}$part$, $part${new}$part$);
END $migration$;
SELECT matching_refresh(array_agg(id)) FROM employers_vacancy WHERE project_id IS NOT NULL HAVING count(*) > 0;
"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0006_skills_and_weights")]
    operations = [
        migrations.AlterField(
            model_name="skill",
            name="uri",
            field=models.CharField(
                blank=True,
                max_length=300,
                validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                verbose_name="ESCO- of CompetentNL-adres",
            ),
        ),
        migrations.AlterField(
            model_name="place",
            name="x",
            field=models.IntegerField(
                help_text="Rijksdriehoek, van west naar oost. Voorbeeld: 20630 voor Wijhe.",
                verbose_name="x in tientallen meters",
            ),
        ),
        migrations.AlterField(
            model_name="place",
            name="y",
            field=models.IntegerField(
                help_text="Rijksdriehoek, van zuid naar noord. Voorbeeld: 48900 voor Wijhe.",
                verbose_name="y in tientallen meters",
            ),
        ),
        migrations.RunSQL(replaced(AGG, LAST_FOUR), replaced(LAST_FOUR, AGG)),
    ]

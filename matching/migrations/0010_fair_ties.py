"""Since when somebody looks for work, and the seed by which equals are shuffled."""

from django.db import migrations, models

# As in 0003, with the column that follows the person and not the version.
KEPT = """
CREATE OR REPLACE FUNCTION matching_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := '{status,pc4,x,y,region_id,reach_keys,kind_keys,branch_keys,eligible_project,eligible_stream_1,eligible_streams_2_3,is_available,searching_since}';
BEGIN
  IF to_jsonb(OLD) - free IS DISTINCT FROM to_jsonb(NEW) - free OR (OLD.status = 'vervallen' AND NEW.status <> 'vervallen')
     OR NEW.status = 'concept' THEN
    RAISE EXCEPTION 'Versie % van dit zoekprofiel is bevestigd en verandert niet meer', OLD.version USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0009_search_text'),
    ]

    operations = [
        migrations.AddField(
            model_name='matchrun',
            name='seed',
            field=models.BigIntegerField(default=0, verbose_name='zaad van de loting'),
        ),
        migrations.AddField(
            model_name='searchprofile',
            name='searching_since',
            field=models.DateField(editable=False, null=True, verbose_name='zoekt sinds'),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]

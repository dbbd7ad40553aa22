"""R14, decision 28: the log of who looked at whose data, sealed in batches like the log itself (docs/adr/0015).

One seal covers all readings that a round found, by number: what was changed, removed or slipped in shows.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from topjob.triggers import protect

SEALING = """
CREATE TRIGGER accounts_reading_stays BEFORE DELETE ON public.accounts_reading
  FOR EACH ROW EXECUTE FUNCTION public.topjob_audit_stays();
CREATE TRIGGER accounts_readingseal_itself BEFORE INSERT OR UPDATE ON public.accounts_readingseal
  FOR EACH STATEMENT EXECUTE FUNCTION public.topjob_audit_by_itself();
CREATE TRIGGER accounts_readingseal_stays BEFORE DELETE ON public.accounts_readingseal
  FOR EACH ROW EXECUTE FUNCTION public.topjob_audit_stays();
CREATE TRIGGER accounts_readingseal_kept BEFORE TRUNCATE ON public.accounts_readingseal
  FOR EACH STATEMENT EXECUTE FUNCTION public.topjob_audit_stays();
CREATE TRIGGER accounts_readingunsealed_itself BEFORE INSERT OR UPDATE OR DELETE ON public.accounts_readingunsealed
  FOR EACH STATEMENT EXECUTE FUNCTION public.topjob_audit_by_itself();
CREATE TRIGGER accounts_readingunsealed_kept BEFORE TRUNCATE ON public.accounts_readingunsealed
  FOR EACH STATEMENT EXECUTE FUNCTION public.topjob_audit_stays();

CREATE FUNCTION public.topjob_reading_queue() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  INSERT INTO public.accounts_readingunsealed (reading_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_reading_queued AFTER INSERT ON public.accounts_reading
  FOR EACH ROW EXECUTE FUNCTION public.topjob_reading_queue();

CREATE FUNCTION public.topjob_reading_seal(most integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  found bigint[];
  content text;
  head text := '';
  place bigint := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(7220);
  SELECT array_agg(r.id ORDER BY r.id), string_agg(jsonb_build_array(
      r.id, extract(epoch FROM r.at), r.actor_id, r.party, r.page, r.route, to_jsonb(r.people), r.trace,
      r.reason_id)::text, E'\\n' ORDER BY r.id)
    INTO found, content
    FROM (SELECT q.reading_id FROM public.accounts_readingunsealed q
            JOIN public.accounts_reading w ON w.id = q.reading_id ORDER BY q.reading_id LIMIT most) waiting
    JOIN public.accounts_reading r ON r.id = waiting.reading_id;
  IF found IS NULL THEN RETURN 0; END IF;
  SELECT position, hash INTO place, head FROM public.accounts_readingseal ORDER BY position DESC LIMIT 1;
  head := coalesce(head, '');
  INSERT INTO public.accounts_readingseal (position, readings, previous, hash)
    VALUES (coalesce(place, 0) + 1, found, head, encode(sha256(convert_to(head || content, 'UTF8')), 'hex'));
  DELETE FROM public.accounts_readingunsealed WHERE reading_id = ANY (found);
  RETURN cardinality(found);
END $$;

ALTER TABLE public.accounts_readingunsealed SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_tries'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReadingSeal',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='plaats')),
                ('readings', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None, verbose_name='inzagen')),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'zegel onder inzagen',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='ReadingUnsealed',
            fields=[
                ('reading_id', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='inzage')),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='sinds')),
            ],
            options={
                'verbose_name': 'inzage die nog niet verzegeld is',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='verifyrun',
            name='readings_head',
            field=models.CharField(blank=True, max_length=64, verbose_name='laatste zegel onder inzagen'),
        ),
        migrations.AddField(
            model_name='verifyrun',
            name='readings_length',
            field=models.BigIntegerField(default=0, verbose_name='zegels onder inzagen'),
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='wanneer')),
                ('party', models.CharField(choices=[('medewerker', 'medewerker'), ('jongere', 'jongere'), ('vertegenwoordiger', 'wettelijk vertegenwoordiger'), ('werkgever', 'werkgever'), ('jobcoach', 'jobcoach'), ('maatwerq', 'MaatwerQ'), ('publiek', 'aanmelder'), ('systeem', 'systeem')], max_length=20, verbose_name='hoedanigheid')),
                ('page', models.CharField(max_length=20, verbose_name='soort pagina')),
                ('route', models.CharField(max_length=60, verbose_name='adres')),
                ('people', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None, verbose_name='personen')),
                ('trace', models.CharField(blank=True, max_length=36, verbose_name='verzoek')),
                ('reason_id', models.BigIntegerField(blank=True, null=True, verbose_name='reden')),
                ('actor', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='readings', to=settings.AUTH_USER_MODEL, verbose_name='wie')),
            ],
            options={
                'verbose_name': 'inzage',
                'verbose_name_plural': 'inzagen',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['actor', '-id'], name='reading_actor'), django.contrib.postgres.indexes.GinIndex(fields=['people'], name='reading_people'), django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['at'], name='reading_at')],
            },
        ),
        *protect("accounts_reading"),
        migrations.RunSQL(SEALING, migrations.RunSQL.noop),
    ]

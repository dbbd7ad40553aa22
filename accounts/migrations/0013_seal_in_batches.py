"""R14: the chain of the log is made in batches by one worker; nobody who logs waits for anybody (docs/adr/0014).

A row that is logged is put in `accounts_auditunsealed` by the database, in the same transaction. `topjob_audit_seal` links what
it finds there: a row of a transaction that commits late simply appears there late, whatever its number, so none is skipped. Nobody
else makes a link or touches the queue.
"""

import django.db.models.functions.datetime
from django.db import migrations, models

BEFORE = """
DROP TRIGGER accounts_auditentry_linked ON public.accounts_auditentry;
DROP TRIGGER accounts_auditlink_seal ON public.accounts_auditlink;
DROP TRIGGER accounts_auditlink_guard ON public.accounts_auditlink;
DROP FUNCTION public.topjob_audit_link();
DROP FUNCTION public.topjob_audit_seal();
DROP FUNCTION public.topjob_audit_link_guard();
"""

SEALING = """
-- Only the functions below, which run as the owner of the tables, make a link, put a row in the queue and take it out.
CREATE FUNCTION public.topjob_audit_by_itself() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     OR current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_catalog.pg_class WHERE oid = TG_RELID) THEN
    RAISE EXCEPTION '% in % mag niet: dit doet de database zelf (R14)', TG_OP, TG_TABLE_NAME USING ERRCODE = '23001';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_auditlink_itself BEFORE INSERT OR UPDATE ON public.accounts_auditlink
  FOR EACH STATEMENT EXECUTE FUNCTION public.topjob_audit_by_itself();
CREATE TRIGGER accounts_auditunsealed_itself BEFORE INSERT OR UPDATE OR DELETE ON public.accounts_auditunsealed
  FOR EACH STATEMENT EXECUTE FUNCTION public.topjob_audit_by_itself();
CREATE TRIGGER accounts_auditunsealed_kept BEFORE TRUNCATE ON public.accounts_auditunsealed
  FOR EACH STATEMENT EXECUTE FUNCTION public.topjob_audit_stays();

CREATE FUNCTION public.topjob_audit_queue() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  INSERT INTO public.accounts_auditunsealed (entry_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_auditentry_queued AFTER INSERT ON public.accounts_auditentry
  FOR EACH ROW EXECUTE FUNCTION public.topjob_audit_queue();

CREATE FUNCTION public.topjob_audit_seal(most integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  e record;
  head text := '';
  place bigint := 0;
  places bigint[] := '{}'; entries bigint[] := '{}'; queued bigint[] := '{}';
  words text[] := '{}'; befores text[] := '{}'; hashes text[] := '{}';
BEGIN
  PERFORM pg_advisory_xact_lock(7220);
  SELECT position, hash INTO place, head FROM public.accounts_auditlink ORDER BY position DESC LIMIT 1;
  place := coalesce(place, 0);
  head := coalesce(head, '');
  FOR e IN
    SELECT a.id, l.id IS NOT NULL AS linked, w.text_hash, jsonb_build_array(
        a.id, extract(epoch FROM a.at), a.actor_id, a.party, a.verb, a.subject_type, a.subject_id, a.candidate_id,
        a.trajectory_id, a.state_from, a.state_to, a.details, a.text_id, w.text_hash)::text AS content
      FROM public.accounts_auditunsealed q
      JOIN public.accounts_auditentry a ON a.id = q.entry_id
      LEFT JOIN public.accounts_auditlink l ON l.entry_id = a.id
      LEFT JOIN public.accounts_audittext t ON t.id = a.text_id
      CROSS JOIN LATERAL (
        SELECT coalesce(encode(sha256(convert_to(t.salt::text || t.text, 'UTF8')), 'hex'), '') AS text_hash) w
      ORDER BY q.entry_id LIMIT most
  LOOP
    queued := queued || e.id;
    CONTINUE WHEN e.linked;
    place := place + 1;
    places := places || place; entries := entries || e.id; words := words || e.text_hash; befores := befores || head;
    head := encode(sha256(convert_to(head || e.content, 'UTF8')), 'hex');
    hashes := hashes || head;
  END LOOP;
  INSERT INTO public.accounts_auditlink (position, entry_id, text_hash, previous, hash)
    SELECT * FROM unnest(places, entries, words, befores, hashes);
  DELETE FROM public.accounts_auditunsealed WHERE entry_id = ANY (queued);
  RETURN cardinality(queued);
END $$;

-- Many rows come and go: what is gone is cleared away soon.
ALTER TABLE public.accounts_auditunsealed SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_search_text")]
    operations = [
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="AuditUnsealed",
            fields=[
                ("entry_id", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="logregel")),
                (
                    "since",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="sinds"
                    ),
                ),
            ],
            options={"verbose_name": "logregel die nog niet in de ketting staat", "ordering": ["pk"]},
        ),
        migrations.AlterField(
            model_name="auditlink",
            name="position",
            field=models.BigIntegerField(unique=True, verbose_name="plaats"),
        ),
        migrations.AddField(
            model_name="verifyrun",
            name="unsealed",
            field=models.BigIntegerField(default=0, verbose_name="regels die nog niet in de ketting staan"),
        ),
        migrations.RunSQL(SEALING, migrations.RunSQL.noop),
    ]

"""R14: a chain of fingerprints through the log, so that a row that was changed, removed or slipped in shows.

The database makes it, whoever writes. A link is made for every log row and gets its place when the transaction commits, after
all other deferred checks: only then is the one lock taken that puts transactions in line, so nobody waits for a row of another
while holding it. What the words of a reason were is covered by a salted fingerprint; salt and words go together (decision 11).
"""

import django.contrib.postgres.functions
from django.db import migrations, models

CHAIN = """
CREATE FUNCTION topjob_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% in % mag niet: het logboek blijft (R14)', TG_OP, TG_TABLE_NAME USING ERRCODE = '23001';
END $$;
CREATE TRIGGER accounts_auditentry_stays BEFORE DELETE ON accounts_auditentry
  FOR EACH ROW EXECUTE FUNCTION topjob_audit_stays();
CREATE TRIGGER accounts_auditlink_stays BEFORE DELETE ON accounts_auditlink
  FOR EACH ROW EXECUTE FUNCTION topjob_audit_stays();
CREATE TRIGGER accounts_auditlink_kept BEFORE TRUNCATE ON accounts_auditlink
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_audit_stays();

CREATE FUNCTION topjob_audit_link_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.position := NULL; NEW.previous := ''; NEW.hash := ''; NEW.text_hash := '';
  ELSIF OLD.position IS NOT NULL OR NEW.entry_id <> OLD.entry_id OR NEW.id <> OLD.id THEN
    RAISE EXCEPTION 'Een schakel van het logboek ligt vast (R14)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_auditlink_guard BEFORE INSERT OR UPDATE ON accounts_auditlink
  FOR EACH ROW EXECUTE FUNCTION topjob_audit_link_guard();

CREATE FUNCTION topjob_audit_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO accounts_auditlink (entry_id, previous, hash, text_hash) VALUES (NEW.id, '', '', '');
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER accounts_auditentry_linked AFTER INSERT ON accounts_auditentry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_audit_link();

CREATE FUNCTION topjob_audit_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  e accounts_auditentry;
  words text := '';
  before text := '';
  place bigint := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(7220);
  SELECT * INTO STRICT e FROM accounts_auditentry WHERE id = NEW.entry_id;
  SELECT encode(sha256(convert_to(salt::text || text, 'UTF8')), 'hex') INTO words
    FROM accounts_audittext WHERE id = e.text_id;
  words := coalesce(words, '');
  SELECT position, hash INTO place, before FROM accounts_auditlink
    WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1;
  before := coalesce(before, '');
  UPDATE accounts_auditlink SET
      position = coalesce(place, 0) + 1,
      previous = before,
      text_hash = words,
      hash = encode(sha256(convert_to(before || jsonb_build_array(
        e.id, extract(epoch FROM e.at), e.actor_id, e.party, e.verb, e.subject_type, e.subject_id, e.candidate_id,
        e.trajectory_id, e.state_from, e.state_to, e.details, e.text_id, words)::text, 'UTF8')), 'hex')
    WHERE id = NEW.id;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER accounts_auditlink_seal AFTER INSERT ON accounts_auditlink
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_audit_seal();

-- What was logged before there was a chain, in the order it was written.
INSERT INTO accounts_auditlink (entry_id, previous, hash, text_hash)
  SELECT id, '', '', '' FROM accounts_auditentry ORDER BY id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_reference")]
    operations = [
        migrations.AddField(
            model_name="audittext",
            name="salt",
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False),
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_id", models.BigIntegerField(unique=True, verbose_name="logregel")),
                ("position", models.BigIntegerField(null=True, unique=True, verbose_name="plaats")),
                ("text_hash", models.CharField(blank=True, max_length=64)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(blank=True, max_length=64)),
            ],
            options={"verbose_name": "schakel van het logboek", "ordering": ["position"]},
        ),
        migrations.CreateModel(
            name="VerifyRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(verbose_name="begonnen op")),
                ("ended_at", models.DateTimeField(verbose_name="klaar op")),
                ("finding_count", models.PositiveIntegerField(verbose_name="bevindingen")),
                ("chain_length", models.BigIntegerField(default=0, verbose_name="schakels in het logboek")),
                ("chain_head", models.CharField(blank=True, max_length=64, verbose_name="laatste vingerafdruk")),
            ],
            options={"verbose_name": "controle", "verbose_name_plural": "controles", "ordering": ["-pk"]},
        ),
        migrations.CreateModel(
            name="VerifyFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("check_name", models.CharField(max_length=40, verbose_name="controle")),
                ("text", models.TextField(verbose_name="bevinding")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, related_name="findings", to="accounts.verifyrun"
                    ),
                ),
            ],
            options={"verbose_name": "bevinding", "verbose_name_plural": "bevindingen", "ordering": ["pk"]},
        ),
        migrations.RunSQL(CHAIN, migrations.RunSQL.noop),
    ]

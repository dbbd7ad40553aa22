"""A code confirms every signature, and PostgreSQL takes no signature without that evidence (R4, R14)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

EVIDENCE = """
CREATE FUNCTION topjob_code_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may_change text[] := ARRAY['code_hash', 'sent_at', 'expires_at', 'attempts', 'used_at', 'voided_at'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF current_user = 'topjob_destroyer' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'Een code om te tekenen blijft bewaard (R14)' USING ERRCODE = '23001';
  END IF;
  IF OLD.used_at IS NOT NULL OR (to_jsonb(NEW) - may_change) IS DISTINCT FROM (to_jsonb(OLD) - may_change) THEN
    RAISE EXCEPTION 'Wat met een code is bevestigd verandert niet (R14)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER trajectories_signingcode_fixed BEFORE UPDATE OR DELETE ON trajectories_signingcode
  FOR EACH ROW EXECUTE FUNCTION topjob_code_fixed();
CREATE TRIGGER trajectories_signingcode_kept BEFORE TRUNCATE ON trajectories_signingcode
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();

CREATE FUNCTION topjob_signature_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  signer trajectories_planparty;
  code trajectories_signingcode;
  signed_sha text;
BEGIN
  SELECT * INTO signer FROM trajectories_planparty WHERE id = NEW.party_id;
  IF signer.party IS DISTINCT FROM NEW.role OR signer.plan_id IS DISTINCT FROM NEW.plan_id THEN
    RAISE EXCEPTION 'Niemand tekent voor een ander (R4)' USING ERRCODE = '23001';
  END IF;
  SELECT d.sha256 INTO signed_sha FROM trajectories_startplan p
    JOIN trajectories_generateddocument d ON d.id = p.document_id WHERE p.id = NEW.plan_id;
  IF signed_sha IS DISTINCT FROM NEW.document_sha256 THEN
    RAISE EXCEPTION 'Een handtekening hoort bij het vastgelegde document (R4)' USING ERRCODE = '23001';
  END IF;
  SELECT * INTO code FROM trajectories_signingcode WHERE id = NEW.code_id;
  IF NEW.method <> 'code' OR code.used_at IS NULL OR code.link_id IS DISTINCT FROM NEW.link_id
     OR (code.document_sha256, code.typed_name, code.channel, code.address_masked)
        IS DISTINCT FROM (NEW.document_sha256, NEW.typed_name, NEW.channel, NEW.channel_masked)
     OR code.statements IS DISTINCT FROM NEW.statements OR cardinality(NEW.statements) < 3
     OR NOT EXISTS (SELECT 1 FROM trajectories_partylink WHERE id = NEW.link_id AND party_id = NEW.party_id) THEN
    RAISE EXCEPTION 'Een handtekening heeft een gebruikte code van de eigen link (R4)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER trajectories_signature_evidence BEFORE INSERT ON trajectories_signature
  FOR EACH ROW EXECUTE FUNCTION topjob_signature_evidence();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('trajectories', '0008_deadlines'),
    ]

    operations = [
        migrations.AddField(
            model_name='partylink',
            name='channel',
            field=models.CharField(blank=True, choices=[('sms', 'sms'), ('e-mail', 'e-mail')], max_length=6, verbose_name='verstuurd per'),
        ),
        migrations.AddField(
            model_name='planparty',
            name='code_email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='ander e-mailadres voor de code'),
        ),
        migrations.AddField(
            model_name='planparty',
            name='on_paper',
            field=models.BooleanField(default=False, verbose_name='tekent op papier'),
        ),
        migrations.AddField(
            model_name='signature',
            name='channel',
            field=models.CharField(blank=True, choices=[('sms', 'sms'), ('e-mail', 'e-mail')], max_length=6, verbose_name='code per'),
        ),
        migrations.AddField(
            model_name='signature',
            name='channel_masked',
            field=models.CharField(blank=True, max_length=120, verbose_name='code naar'),
        ),
        migrations.AddField(
            model_name='signature',
            name='method',
            field=models.CharField(choices=[('code', 'persoonlijke link en code'), ('link', 'persoonlijke link')], default='link', max_length=10, verbose_name='getekend met'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='signature',
            name='statements',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), default=list, size=None, verbose_name='bevestigd'),
        ),
        migrations.AlterField(
            model_name='planparty',
            name='email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='e-mailadres'),
        ),
        migrations.CreateModel(
            name='SigningCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document_sha256', models.CharField(max_length=64, verbose_name='vingerafdruk van het document')),
                ('typed_name', models.CharField(max_length=120, verbose_name='getypte naam')),
                ('statements', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), size=None, verbose_name='bevestigd')),
                ('channel', models.CharField(choices=[('sms', 'sms'), ('e-mail', 'e-mail')], max_length=6, verbose_name='verstuurd per')),
                ('address_masked', models.CharField(max_length=120, verbose_name='verstuurd naar')),
                ('code_hash', models.CharField(blank=True, max_length=64)),
                ('requested_at', models.DateTimeField(verbose_name='gevraagd op')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='verstuurd op')),
                ('expires_at', models.DateTimeField(verbose_name='geldig tot')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='keren geraden')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='gebruikt op')),
                ('voided_at', models.DateTimeField(blank=True, null=True, verbose_name='vervallen op')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='trajectories.partylink')),
            ],
            options={
                'verbose_name': 'code om te tekenen',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='signature',
            name='code',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signature', to='trajectories.signingcode', verbose_name='code'),
        ),
        migrations.AddConstraint(
            model_name='signingcode',
            constraint=models.UniqueConstraint(condition=models.Q(('used_at', None), ('voided_at', None)), fields=('link',), name='one_open_code_per_link'),
        ),
        migrations.RunSQL(EVIDENCE, migrations.RunSQL.noop),
    ]

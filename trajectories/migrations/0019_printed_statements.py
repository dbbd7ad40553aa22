"""What was printed above a signature on paper is kept with it, as evidence like that of the phone (R4, R14)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from topjob.triggers import protect

EVIDENCE = """
CREATE OR REPLACE FUNCTION topjob_signature_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  signer trajectories_planparty;
  code trajectories_signingcode;
  scan trajectories_scan;
  signed_sha text;
BEGIN
  SELECT * INTO signer FROM trajectories_planparty WHERE id = NEW.party_id;
  IF (signer.party, signer.plan_id, signer.paper_id) IS DISTINCT FROM (NEW.role, NEW.plan_id, NEW.paper_id) THEN
    RAISE EXCEPTION 'Niemand tekent voor een ander (R4)' USING ERRCODE = '23001';
  END IF;
  SELECT d.sha256 INTO signed_sha FROM trajectories_generateddocument d
    WHERE d.id = (SELECT document_id FROM trajectories_startplan WHERE id = NEW.plan_id)
       OR d.id = (SELECT document_id FROM trajectories_paper WHERE id = NEW.paper_id);
  IF signed_sha IS DISTINCT FROM NEW.document_sha256 THEN
    RAISE EXCEPTION 'Een handtekening hoort bij het vastgelegde document (R4)' USING ERRCODE = '23001';
  END IF;
  IF NEW.method = 'papier' THEN
    SELECT * INTO scan FROM trajectories_scan WHERE id = NEW.scan_id;
    IF scan.confirmed_by_id IS NULL OR scan.confirmed_by_id = scan.uploaded_by_id OR NEW.link_id IS NOT NULL
       OR NEW.code_id IS NOT NULL OR (scan.party_id, scan.document_sha256, scan.signed_on)
          IS DISTINCT FROM (NEW.party_id, NEW.document_sha256, NEW.signed_on) THEN
      RAISE EXCEPTION 'Een handtekening op papier heeft een scan die een tweede medewerker heeft nagekeken (R4)'
        USING ERRCODE = '23001';
    END IF;
    IF NEW.statements IS DISTINCT FROM coalesce(
      (SELECT p.statements FROM trajectories_printedstatements p WHERE p.party_id = NEW.party_id), '{}') THEN
      RAISE EXCEPTION 'Een handtekening op papier bevestigt wat er gedrukt stond (R4)' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
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
"""


class Migration(migrations.Migration):

    dependencies = [
        ('trajectories', '0018_signed_plan_called_off'),
    ]

    operations = [
        migrations.CreateModel(
            name='PrintedStatements',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('statements', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), size=None, verbose_name='gedrukt boven de handtekening')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='printed', to='trajectories.generateddocument')),
                ('party', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='printed', to='trajectories.planparty')),
            ],
            options={
                'verbose_name': 'gedrukt om te bevestigen',
            },
        ),
        *protect('trajectories_printedstatements'),
        migrations.RunSQL(EVIDENCE, migrations.RunSQL.noop),
    ]

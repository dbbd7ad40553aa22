"""Other documents are signed like the startplan, and a signature can be put on paper (R4, R5, R14)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import trajectories.models.paper

PAPERS = """
CREATE FUNCTION topjob_paper_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may_change text[] := ARRAY['status', 'document_id', 'signed_document_id', 'signed_at'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'concept' THEN
      RAISE EXCEPTION 'Een document begint als concept (R5)' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.status <> 'concept' AND current_user <> 'topjob_destroyer' THEN
      RAISE EXCEPTION 'Een verstuurd document blijft bewaard (R5)' USING ERRCODE = '23001';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.status = 'concept' THEN RETURN NEW; END IF;
  IF (to_jsonb(NEW) - may_change) IS DISTINCT FROM (to_jsonb(OLD) - may_change)
     OR (OLD.document_id IS NOT NULL AND NEW.document_id IS DISTINCT FROM OLD.document_id)
     OR (OLD.signed_document_id IS NOT NULL AND NEW.signed_document_id IS DISTINCT FROM OLD.signed_document_id)
     OR (OLD.signed_at IS NOT NULL AND NEW.signed_at IS DISTINCT FROM OLD.signed_at) THEN
    RAISE EXCEPTION 'Een verstuurd document verandert niet: trek het in en maak een nieuw (R5)' USING ERRCODE = '23001';
  END IF;
  IF NEW.status <> OLD.status
     AND (OLD.status, NEW.status) NOT IN (('verzonden', 'getekend'), ('verzonden', 'ingetrokken')) THEN
    RAISE EXCEPTION 'Een document gaat niet van % naar % (R5)', OLD.status, NEW.status USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER trajectories_paper_fixed BEFORE INSERT OR UPDATE OR DELETE ON trajectories_paper
  FOR EACH ROW EXECUTE FUNCTION topjob_paper_fixed();
CREATE TRIGGER trajectories_paper_kept BEFORE TRUNCATE ON trajectories_paper
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();

CREATE FUNCTION topjob_paper_line_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  papers bigint[] := CASE TG_OP WHEN 'DELETE' THEN ARRAY[OLD.paper_id] WHEN 'INSERT' THEN ARRAY[NEW.paper_id]
                     ELSE ARRAY[OLD.paper_id, NEW.paper_id] END;
BEGIN
  IF TG_OP = 'DELETE' AND current_user = 'topjob_destroyer' THEN RETURN OLD; END IF;
  IF EXISTS (SELECT 1 FROM trajectories_paper WHERE id = ANY (papers) AND status <> 'concept') THEN
    RAISE EXCEPTION 'Een verstuurd document verandert niet: trek het in en maak een nieuw (R5)' USING ERRCODE = '23001';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER trajectories_paperline_fixed BEFORE INSERT OR UPDATE OR DELETE ON trajectories_paperline
  FOR EACH ROW EXECUTE FUNCTION topjob_paper_line_fixed();
CREATE TRIGGER trajectories_paperline_kept BEFORE TRUNCATE ON trajectories_paperline
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
CREATE TRIGGER trajectories_planparty_of_paper_fixed BEFORE INSERT OR UPDATE OR DELETE ON trajectories_planparty
  FOR EACH ROW EXECUTE FUNCTION topjob_paper_line_fixed();
"""

SCANS = """
CREATE FUNCTION topjob_scan_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may_change text[] := ARRAY['confirmed_at', 'confirmed_by_id', 'refused_at', 'refused_by_id', 'refused_reason'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF current_user = 'topjob_destroyer' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'Een scan van een handtekening blijft bewaard (R14)' USING ERRCODE = '23001';
  END IF;
  IF OLD.confirmed_at IS NOT NULL OR OLD.refused_at IS NOT NULL
     OR (to_jsonb(NEW) - may_change) IS DISTINCT FROM (to_jsonb(OLD) - may_change) THEN
    RAISE EXCEPTION 'Een scan van een handtekening verandert niet (R14)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER trajectories_scan_fixed BEFORE UPDATE OR DELETE ON trajectories_scan
  FOR EACH ROW EXECUTE FUNCTION topjob_scan_fixed();
CREATE TRIGGER trajectories_scan_kept BEFORE TRUNCATE ON trajectories_scan
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
"""

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
        ('accounts', '0006_signing_settings'),
        ('trajectories', '0010_reminders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.CharField(max_length=120, verbose_name='kop')),
                ('label', models.CharField(blank=True, max_length=160, verbose_name='wat')),
                ('text', models.TextField(verbose_name='tekst')),
            ],
            options={
                'verbose_name': 'regel van een document',
                'ordering': ['paper', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('jongere', 'jongere'), ('werkgever', 'werkgever'), ('jobcoach', 'jobcoach'), ('maatwerq', 'MaatwerQ'), ('vertegenwoordiger', 'wettelijk vertegenwoordiger')], max_length=20, verbose_name='rol')),
                ('document_sha256', models.CharField(max_length=64, verbose_name='vingerafdruk van het document')),
                ('signed_on', models.DateField(verbose_name='datum op het papier')),
                ('file', models.FileField(max_length=200, upload_to=trajectories.models.paper.scan_path, verbose_name='scan')),
                ('original_name', models.CharField(max_length=200, verbose_name='bestandsnaam')),
                ('content_type', models.CharField(max_length=100, verbose_name='soort bestand')),
                ('size', models.PositiveIntegerField(verbose_name='grootte in bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='vingerafdruk van de scan')),
                ('uploaded_at', models.DateTimeField(verbose_name='geüpload op')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='akkoord op')),
                ('refused_at', models.DateTimeField(blank=True, null=True, verbose_name='afgekeurd op')),
                ('refused_reason', models.TextField(blank=True, verbose_name='waarom afgekeurd')),
            ],
            options={
                'verbose_name': 'handtekening op papier',
                'ordering': ['-pk'],
            },
        ),
        migrations.AlterModelOptions(
            name='planparty',
            options={'ordering': ['pk'], 'verbose_name': 'partij'},
        ),
        migrations.AlterField(
            model_name='evaluationview',
            name='role',
            field=models.CharField(choices=[('jongere', 'jongere'), ('werkgever', 'werkgever'), ('jobcoach', 'jobcoach'), ('maatwerq', 'MaatwerQ'), ('vertegenwoordiger', 'wettelijk vertegenwoordiger')], max_length=20, verbose_name='partij'),
        ),
        migrations.AlterField(
            model_name='generateddocument',
            name='kind',
            field=models.CharField(choices=[('startplan', 'Startplan'), ('startplan_getekend', 'Startplan met handtekeningen'), ('document', 'Document'), ('document_getekend', 'Document met handtekeningen')], max_length=30, verbose_name='soort'),
        ),
        migrations.AlterField(
            model_name='noshow',
            name='role',
            field=models.CharField(choices=[('jongere', 'jongere'), ('werkgever', 'werkgever'), ('jobcoach', 'jobcoach'), ('maatwerq', 'MaatwerQ'), ('vertegenwoordiger', 'wettelijk vertegenwoordiger')], max_length=20, verbose_name='partij'),
        ),
        migrations.AlterField(
            model_name='partylink',
            name='plan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='trajectories.startplan'),
        ),
        migrations.AlterField(
            model_name='planparty',
            name='party',
            field=models.CharField(choices=[('jongere', 'jongere'), ('werkgever', 'werkgever'), ('jobcoach', 'jobcoach'), ('maatwerq', 'MaatwerQ'), ('vertegenwoordiger', 'wettelijk vertegenwoordiger')], max_length=20, verbose_name='rol'),
        ),
        migrations.AlterField(
            model_name='planparty',
            name='plan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='trajectories.startplan'),
        ),
        migrations.AlterField(
            model_name='signature',
            name='link',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signature', to='trajectories.partylink'),
        ),
        migrations.AlterField(
            model_name='signature',
            name='method',
            field=models.CharField(choices=[('code', 'persoonlijke link en code'), ('papier', 'op papier'), ('link', 'persoonlijke link')], max_length=10, verbose_name='getekend met'),
        ),
        migrations.AlterField(
            model_name='signature',
            name='plan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='trajectories.startplan'),
        ),
        migrations.AlterField(
            model_name='signature',
            name='role',
            field=models.CharField(choices=[('jongere', 'jongere'), ('werkgever', 'werkgever'), ('jobcoach', 'jobcoach'), ('maatwerq', 'MaatwerQ'), ('vertegenwoordiger', 'wettelijk vertegenwoordiger')], max_length=20, verbose_name='rol'),
        ),
        migrations.AlterField(
            model_name='viewdraft',
            name='role',
            field=models.CharField(choices=[('jongere', 'jongere'), ('werkgever', 'werkgever'), ('jobcoach', 'jobcoach'), ('maatwerq', 'MaatwerQ'), ('vertegenwoordiger', 'wettelijk vertegenwoordiger')], max_length=20, verbose_name='partij'),
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('evaluatie', 'Evaluatieverslag'), ('loonwaarde', 'Verklaring loonwaarde'), ('proefcontract', 'Proefcontract bij MaatwerQ'), ('leerwerk', 'Leerwerkcontract'), ('maatwerq_flex', 'Leerwerkcontract MaatwerQ-flex'), ('detachering', 'Overeenkomst van detachering'), ('uitzenden', 'Uitzendovereenkomst'), ('overname', 'Arbeidsovereenkomst bij overname'), ('direct', 'Arbeidsovereenkomst')], max_length=16, verbose_name='soort')),
                ('subject_id', models.BigIntegerField()),
                ('status', models.CharField(choices=[('concept', 'concept'), ('verzonden', 'verzonden, wacht op handtekeningen'), ('getekend', 'getekend'), ('ingetrokken', 'ingetrokken')], default='concept', max_length=12, verbose_name='status')),
                ('summary', models.CharField(max_length=300, verbose_name='kern')),
                ('created_at', models.DateTimeField(verbose_name='gemaakt op')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='verzonden op')),
                ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='door allen getekend op')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trajectories.generateddocument', verbose_name='pdf')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='bedrijf')),
                ('signed_document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trajectories.generateddocument')),
                ('trajectory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='trajectories.trajectory')),
            ],
            options={
                'verbose_name': 'document om te tekenen',
                'verbose_name_plural': 'documenten om te tekenen',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='partylink',
            name='paper',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='trajectories.paper'),
        ),
        migrations.AddField(
            model_name='planparty',
            name='paper',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='trajectories.paper'),
        ),
        migrations.AddField(
            model_name='signature',
            name='paper',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='trajectories.paper'),
        ),
        migrations.AddConstraint(
            model_name='partylink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paper', None), ('plan__isnull', False)), models.Q(('paper__isnull', False), ('plan', None)), _connector='OR'), name='link_of_plan_or_paper'),
        ),
        migrations.AddConstraint(
            model_name='planparty',
            constraint=models.UniqueConstraint(fields=('paper', 'party'), name='paper_party_once'),
        ),
        migrations.AddConstraint(
            model_name='planparty',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paper', None), ('plan__isnull', False)), models.Q(('paper__isnull', False), ('plan', None)), _connector='OR'), name='party_of_plan_or_paper'),
        ),
        migrations.AddField(
            model_name='paperline',
            name='paper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='trajectories.paper'),
        ),
        migrations.AddField(
            model_name='scan',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='scan',
            name='party',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='trajectories.planparty'),
        ),
        migrations.AddField(
            model_name='scan',
            name='refused_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='scan',
            name='uploaded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signature',
            name='scan',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signature', to='trajectories.scan'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(fields=('paper', 'role'), name='paper_signature_once_per_party'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paper', None), ('plan__isnull', False)), models.Q(('paper__isnull', False), ('plan', None)), _connector='OR'), name='signature_of_plan_or_paper'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'ingetrokken'), _negated=True), fields=('kind', 'subject_id'), name='one_paper_of_a_subject', violation_error_message='Dit document is er al.'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['verzonden', 'getekend']), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='paper_sent_has_moment'),
        ),
        migrations.AddConstraint(
            model_name='scan',
            constraint=models.UniqueConstraint(condition=models.Q(('refused_at', None)), fields=('party',), name='one_scan_per_party', violation_error_message='Er is al een scan voor deze persoon.'),
        ),
        migrations.AddConstraint(
            model_name='scan',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('uploaded_by')), _negated=True), _connector='OR'), name='scan_has_four_eyes', violation_error_message='Wie de scan uploadt, kijkt haar niet zelf na.'),
        ),
        migrations.AddConstraint(
            model_name='scan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('refused_at', None)), _connector='OR'), name='scan_confirmed_by_somebody'),
        ),
        migrations.RunSQL(PAPERS + SCANS + EVIDENCE, migrations.RunSQL.noop),
    ]

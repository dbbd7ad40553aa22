"""Agreements other than employment: their kinds, the places where each can be chosen, and their first texts (docs/domain.md §1)."""

import datetime
import tomllib
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

REFERENCE = Path(__file__).resolve().parent / "reference"
EARLY = datetime.datetime(2012, 1, 1, tzinfo=datetime.UTC)
# Code, name, what it pays, its document, whether it always ends, and the codes of the places where it can be chosen.
KINDS = [
    ("arbeidsovereenkomst", "Arbeidsovereenkomst", "loon", "direct", False, ["baan"]),
    ("leerarbeidsovereenkomst", "Arbeidsovereenkomst bij een leerwerkplek (BBL)", "loon", "direct", True,
     ["bbl", "bbl-plus-individueel", "bbl-plus-groep"]),
    ("bijbaan", "Arbeidsovereenkomst bijbaan", "loon", "direct", False, ["bijbaantje"]),
    ("studentenwerk", "Arbeidsovereenkomst studentenwerk", "loon", "direct", False, ["studentenwerk"]),
    ("stage", "Stageovereenkomst", "vergoeding", "stage", True, ["bol", "stageplaats"]),
    ("maatschappelijke-stage", "Overeenkomst maatschappelijke stage", "niets", "maatschappelijk", True,
     ["maatschappelijke-stage"]),
    ("werkervaring", "Werkervaringsovereenkomst", "vergoeding", "werkervaring", True,
     ["jeugd-werkervaringsplek", "maatschappelijk-werkervaringsplek"]),
    ("leerovereenkomst", "Leerovereenkomst", "vergoeding", "leren", True, ["leerwerkplek-vrijwillig"]),
    ("werkatelier", "Overeenkomst zorg-werkatelier", "niets", "werkatelier", False, ["zorg-werkatelier"]),
    ("vrijwilliger", "Vrijwilligersovereenkomst", "vrijwilligersvergoeding", "vrijwilliger", False, ["vrijwilligerswerk"]),
]  # fmt: skip


def add_kinds(apps, schema_editor):
    kind, places = apps.get_model("trajectories", "AgreementKind"), apps.get_model("accounts", "KindOfPlace")
    for position, (code, name, pays, paper, ends, where) in enumerate(KINDS, start=1):
        row = kind.objects.create(code=code, name=name, position=position, pays=pays, paper=paper, ends=ends)
        row.kinds_of_place.set(places.objects.filter(code__in=where))


def add_texts(apps, schema_editor):
    template = apps.get_model("trajectories", "PaperTemplate")
    texts = tomllib.loads((REFERENCE / "agreement_texts.toml").read_text(encoding="utf-8"))
    for kind, words in texts.items():
        template.objects.create(kind=kind, number=1, valid_from=EARLY.date(), created_at=EARLY, **words)


def name_what_was_agreed(apps, schema_editor):
    """Whoever was placed directly before had an arbeidsovereenkomst: there was nothing else."""
    usual = apps.get_model("trajectories", "AgreementKind").objects.get(code="arbeidsovereenkomst")
    apps.get_model("trajectories", "Contract").objects.filter(kind="direct").update(agreement=usual)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_agreements'),
        ('candidates', '0007_quicker_lists'),
        ('trajectories', '0008_quicker_lists'),
    ]

    operations = [
        migrations.AddField(
            model_name='contract',
            name='allowance',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name='vergoeding'),
        ),
        migrations.AddField(
            model_name='contract',
            name='allowance_per',
            field=models.CharField(blank=True, choices=[('uur', 'per uur'), ('maand', 'per maand')], db_default='', max_length=5, verbose_name='vergoeding per'),
        ),
        migrations.AlterField(
            model_name='contract',
            name='kind',
            field=models.CharField(choices=[('proef', 'Proefcontract bij MaatwerQ (constructie 2)'), ('leerwerk', 'Leerwerkcontract'), ('overname', 'Overname door de werkgever'), ('detachering', 'Detachering'), ('uitzenden', 'Uitzenden'), ('direct', 'Arbeidsovereenkomst, directe plaatsing'), ('zonder_loon', 'Overeenkomst zonder loon')], max_length=12, verbose_name='soort'),
        ),
        migrations.AlterField(
            model_name='paper',
            name='kind',
            field=models.CharField(choices=[('evaluatie', 'Evaluatieverslag'), ('loonwaarde', 'Verklaring loonwaarde'), ('proefcontract', 'Proefcontract bij MaatwerQ'), ('leerwerk', 'Leerwerkcontract'), ('maatwerq_flex', 'Leerwerkcontract MaatwerQ-flex'), ('detachering', 'Overeenkomst van detachering'), ('uitzenden', 'Uitzendovereenkomst'), ('overname', 'Arbeidsovereenkomst bij overname'), ('direct', 'Arbeidsovereenkomst'), ('stage', 'Stageovereenkomst'), ('maatschappelijk', 'Overeenkomst maatschappelijke stage'), ('vrijwilliger', 'Vrijwilligersovereenkomst'), ('werkervaring', 'Werkervaringsovereenkomst'), ('leren', 'Leerovereenkomst'), ('werkatelier', 'Overeenkomst zorg-werkatelier')], max_length=16, verbose_name='soort'),
        ),
        migrations.AlterField(
            model_name='papertemplate',
            name='kind',
            field=models.CharField(choices=[('evaluatie', 'Evaluatieverslag'), ('loonwaarde', 'Verklaring loonwaarde'), ('proefcontract', 'Proefcontract bij MaatwerQ'), ('leerwerk', 'Leerwerkcontract'), ('maatwerq_flex', 'Leerwerkcontract MaatwerQ-flex'), ('detachering', 'Overeenkomst van detachering'), ('uitzenden', 'Uitzendovereenkomst'), ('overname', 'Arbeidsovereenkomst bij overname'), ('direct', 'Arbeidsovereenkomst'), ('stage', 'Stageovereenkomst'), ('maatschappelijk', 'Overeenkomst maatschappelijke stage'), ('vrijwilliger', 'Vrijwilligersovereenkomst'), ('werkervaring', 'Werkervaringsovereenkomst'), ('leren', 'Leerovereenkomst'), ('werkatelier', 'Overeenkomst zorg-werkatelier')], max_length=16, verbose_name='soort'),
        ),
        migrations.CreateModel(
            name='AgreementKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=120, verbose_name='naam')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='volgorde')),
                ('is_active', models.BooleanField(default=True, verbose_name='in gebruik')),
                ('pays', models.CharField(choices=[('loon', 'loon'), ('vrijwilligersvergoeding', 'vrijwilligersvergoeding, of niets'), ('vergoeding', 'vergoeding, of niets'), ('niets', 'niets')], help_text='Een vrijwilligersvergoeding heeft een maximum per uur, maand en jaar: zie de regels van vandaag.', max_length=24, verbose_name='wat iemand krijgt')),
                ('paper', models.CharField(choices=[('direct', 'Arbeidsovereenkomst'), ('stage', 'Stageovereenkomst'), ('maatschappelijk', 'Overeenkomst maatschappelijke stage'), ('vrijwilliger', 'Vrijwilligersovereenkomst'), ('werkervaring', 'Werkervaringsovereenkomst'), ('leren', 'Leerovereenkomst'), ('werkatelier', 'Overeenkomst zorg-werkatelier')], help_text='De teksten waarmee het op papier komt.', max_length=16, verbose_name='document')),
                ('ends', models.BooleanField(default=True, help_text='Zoals een stage: die duurt niet voor onbepaalde tijd.', verbose_name='altijd met een laatste dag')),
                ('kinds_of_place', models.ManyToManyField(blank=True, help_text='Bij welke plekken je dit kunt kiezen.', related_name='agreements', to='accounts.kindofplace', verbose_name='soorten plek')),
            ],
            options={
                'verbose_name': 'soort overeenkomst',
                'verbose_name_plural': 'soorten overeenkomst',
                'ordering': ['position', 'name'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='contract',
            name='agreement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trajectories.agreementkind', verbose_name='overeenkomst'),
        ),
        migrations.AddConstraint(
            model_name='agreementkind',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paper', 'direct'), ('pays', 'loon')), models.Q(('paper', 'vrijwilliger'), ('pays', 'vrijwilligersvergoeding')), models.Q(('paper__in', ['stage', 'werkervaring', 'leren']), ('pays', 'vergoeding')), models.Q(models.Q(('pays', 'niets')), models.Q(('paper', 'direct'), _negated=True)), _connector='OR'), name='agreement_says_what_it_pays', violation_error_message='Dit document past niet bij wat iemand krijgt.'),
        ),
        migrations.RunPython(add_kinds, migrations.RunPython.noop),
        migrations.RunPython(add_texts, migrations.RunPython.noop),
        migrations.RunPython(name_what_was_agreed, migrations.RunPython.noop),
    ]

"""What PostgreSQL holds of agreements. Each rule in SQL stands in its own file (ADR 25)."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"
FILES = ("topjob_contract_agreement", "topjob_contract_wage")


class Migration(migrations.Migration):

    dependencies = [
        ('trajectories', '0009_agreements'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreement__isnull', False), ('kind__in', ['direct', 'zonder_loon'])), models.Q(models.Q(('kind__in', ['direct', 'zonder_loon']), _negated=True), ('agreement', None)), _connector='OR'), name='contract_says_what_was_agreed', violation_error_message='Kies wat er wordt afgesproken.'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'zonder_loon'), _negated=True), models.Q(('hourly_wage', None), ('probation_months', 0)), _connector='OR'), name='contract_unpaid_has_no_wage', violation_error_message='Bij een overeenkomst zonder loon horen geen uurloon en geen proeftijd.'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('allowance', None), ('allowance_per', '')), models.Q(('allowance__gt', 0), ('allowance_per__in', ['uur', 'maand']), ('kind', 'zonder_loon')), _connector='OR'), name='contract_allowance_is_whole', violation_error_message='Vul de vergoeding in met hoe vaak iemand die krijgt, of laat beide leeg.'),
        ),
        *(migrations.RunSQL((SQL / f"{name}.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop) for name in FILES),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    """One name is enough; at least one of the two is there."""

    dependencies = [("candidates", "0006_note_as_a_kind")]

    operations = [
        migrations.AlterField(
            model_name="candidate",
            name="first_name",
            field=models.CharField(blank=True, max_length=80, verbose_name="voornaam"),
        ),
        migrations.AlterField(
            model_name="candidate",
            name="last_name",
            field=models.CharField(blank=True, max_length=80, verbose_name="achternaam"),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_name", ""), ("last_name", ""), _negated=True),
                name="candidate_has_a_name",
                violation_error_message="Vul een voornaam of een achternaam in.",
            ),
        ),
    ]

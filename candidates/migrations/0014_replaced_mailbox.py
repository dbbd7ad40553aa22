from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0013_words_without_rule_numbers"),
    ]

    operations = [
        migrations.AddField(
            model_name="candidate",
            name="replaced_mailbox",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=32),
        ),
    ]

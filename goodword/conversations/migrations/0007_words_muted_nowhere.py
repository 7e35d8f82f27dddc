import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0006_not_arrived")]
    operations = [
        migrations.AlterField(
            "mute",
            "conversation",
            models.ForeignKey(
                blank=True,
                help_text="where it was muted; a word copied from another brand was muted nowhere here",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mute_rows",
                to="conversations.conversation",
            ),
        )
    ]
